import { randomUUID } from "node:crypto";

import {
  afterAll,
  beforeAll,
  beforeEach,
  describe,
  expect,
  test,
} from "vitest";

import type { Context } from "@/lib/server/context";
import type { Db } from "@/lib/server/db/client";
import { createTestDb } from "@/lib/testing/db";
import { createTenant, userContext } from "@/lib/testing/factories";

import {
  createSource,
  deleteSource,
  editSource,
  emptySource,
  findSourceByIdentifier,
  getSource,
  listProperties,
  listSources,
} from "./service";

let testDb: Awaited<ReturnType<typeof createTestDb>>;
let db: Db;
let admin: Context;
let editor: Context;
let viewer: Context;

beforeAll(async () => {
  testDb = await createTestDb();
  db = testDb.db;
});
afterAll(() => testDb.close());

beforeEach(async () => {
  const tenantId = await newTenantId();
  admin = userContext(db, tenantId, "admin");
  editor = userContext(db, tenantId, "editor");
  viewer = userContext(db, tenantId, "viewer");
});

const newTenantId = () => createTenant(db);
const input = (identifier: string, name = "Products") => ({
  identifier,
  name,
  originSystem: "SAP",
  description: "All that we sell",
});

/** One row of everything that can belong to a source. */
async function fill(ctx: Context, sourceId: string): Promise<void> {
  const { tenantId } = ctx;
  const [providerId, runId] = [randomUUID(), randomUUID()];
  const own = [tenantId, sourceId];
  await db.rows(
    `insert into entries (tenant_id, source_id, key, properties)
     select $1, $2, 'k' || n, '{"name:": "x"}' from generate_series(1, 3) n`,
    own,
  );
  await db.rows(
    `update source_stats set entries = 3, last_import_at = now()
     where tenant_id = $1 and source_id = $2`,
    own,
  );
  await db.rows(
    `insert into source_properties (tenant_id, source_id, prop, entries, sample)
     values ($1, $2, 'name:', 3, 'x'), ($1, $2, 'name:*', 3, 'x')`,
    own,
  );
  await db.rows(
    `insert into search_jobs (tenant_id, source_id, id, keys) values ($1, $2, $3, '{k1}')`,
    [...own, randomUUID()],
  );
  await db.rows(
    `insert into entry_search (tenant_id, source_id, key, words) values ($1, $2, 'k1', 'x')`,
    own,
  );
  await db.rows(
    `insert into recipes (tenant_id, source_id, id, name, recipe, author_name)
     values ($1, $2, $3, 'nightly', '{}', 'Anna')`,
    [...own, randomUUID()],
  );
  await db.rows(
    `insert into providers (tenant_id, id, name) values ($1, $2, 'erp')`,
    [tenantId, providerId],
  );
  await db.rows(
    `insert into provider_sources (tenant_id, provider_id, source_id) values ($1, $3, $2)`,
    [...own, providerId],
  );
  await db.rows(
    `insert into imports (tenant_id, source_id, id, provider_id, status, request_id, body_hash, bytes)
     values ($1, $2, $3, $4, 'accepted', 'r', 'h', 1)`,
    [...own, randomUUID(), providerId],
  );
  await db.rows(
    `insert into import_runs (tenant_id, source_id, id, status, actor_id, actor_name, file_name,
       file_bytes, file_hash, table_options, mapping, headers, "check", batches_total)
     values ($1, $2, $3, 'paused', $3, 'a', 'f.csv', 1, 'h', '{}', '{}', '[]', '{}', 2)`,
    [...own, runId],
  );
  await db.rows(
    `insert into run_batches (tenant_id, run_id, sequence, hash, bytes, entities, created, updated,
       unchanged, deleted, first_row, last_row, ms)
     values ($1, $2, 1, 'h', 1, 1, 1, 0, 0, 0, 2, 3, 1)`,
    [tenantId, runId],
  );
  await db.rows(
    `insert into run_undo (tenant_id, run_id, sequence, entries, hashes)
     values ($1, $2, 1, 1, '')`,
    [tenantId, runId],
  );
  await db.rows(
    `insert into remote_batches (tenant_id, source_id, run_id, sequence, endpoint_id, hash, bytes, body, is_ordered)
     values ($1, $2, $3, 2, $3, 'h', 1, '', true)`,
    [...own, runId],
  );
  await db.rows(
    `insert into remote_answers (tenant_id, source_id, run_id, sequence, attempt, asked,
       from_at, to_at, entities, outcome, excerpt, ms, at, last_at)
     values ($1, $2, $3, 2, 1, 'import', 0, 0, 1, 'busy', '', 1, now(), now())`,
    [...own, runId],
  );
}

const SOURCE_TABLES = [
  "sources where id = $2",
  ...[
    "source_stats",
    "source_properties",
    "entries",
    "entry_search",
    "search_jobs",
    "imports",
    "import_runs",
    "recipes",
    "forecast_entries",
    "remote_answers",
    "remote_batches",
    "provider_sources",
  ].map((table) => `${table} where source_id = $2`),
  "run_batches where $2::text is not null",
  "run_undo where $2::text is not null",
];

/** Rows left by table, in one tenant. */
async function countRows(ctx: Context, sourceId: string): Promise<number[]> {
  const counts = SOURCE_TABLES.map((from) =>
    db.rows<{ n: number }>(
      `select count(*) as n from ${from} and tenant_id = $1`,
      [ctx.tenantId, sourceId],
    ),
  );
  return (await Promise.all(counts)).map(([row]) => row?.n ?? -1);
}

async function auditActions(ctx: Context): Promise<string[]> {
  const rows = await db.rows<{ action: string }>(
    `select action from audit_log where tenant_id = $1 order by at`,
    [ctx.tenantId],
  );
  return rows.map((row) => row.action);
}

describe("creating and editing", () => {
  test("answers the stored source, and leaves an audit row", async () => {
    const source = await createSource(editor, input("products"));
    expect(source).toMatchObject({
      ...input("products"),
      entryCount: 0,
      lastImportAt: null,
      providers: [],
    });
    expect(await getSource(viewer, source.id)).toEqual(source);
    expect(await auditActions(editor)).toEqual(["source.created"]);
  });

  test("refuses an identifier that is taken in another case, naming who has it", async () => {
    await createSource(editor, input("Products", "From SAP"));
    await expect(createSource(editor, input("pRODUCTS"))).rejects.toMatchObject(
      {
        code: "conflict",
        fields: { identifier: expect.stringContaining("“From SAP”") as string },
      },
    );
    expect(await listSources(viewer)).toHaveLength(1);
    expect(await auditActions(editor)).toEqual(["source.created"]);
  });

  test("lets two people who create the same identifier at once make one source", async () => {
    const tries = await Promise.allSettled(
      ["twin", "TWIN", "Twin"].map((id) => createSource(editor, input(id))),
    );
    expect(tries.filter((t) => t.status === "fulfilled")).toHaveLength(1);
    expect(await listSources(viewer)).toHaveLength(1);
  });

  test("gives each tenant its own identifiers", async () => {
    await createSource(editor, input("products"));
    const other = userContext(db, await newTenantId(), "editor");
    await createSource(other, input("products"));
    expect(await listSources(other)).toHaveLength(1);
  });

  test.each(["", "a b", "å", "a\n", "x".repeat(257)])(
    "refuses the identifier %j at its field",
    async (identifier) => {
      await expect(
        createSource(editor, input(identifier)),
      ).rejects.toMatchObject({
        code: "invalid_input",
        fields: { identifier: expect.any(String) as string },
      });
    },
  );

  test.each(["__proto__", "constructor", "toString"])(
    "takes %s as an identifier",
    async (identifier) => {
      const { id } = await createSource(editor, input(identifier));
      expect(await findSourceByIdentifier(viewer, identifier)).toEqual({
        id,
        identifier,
      });
    },
  );

  test("changes name, origin and description, never the identifier", async () => {
    const { id } = await createSource(editor, input("products"));
    const edit = { name: "Goods", originSystem: "", description: "" };
    await editSource(editor, id, { ...edit, ...{ identifier: "other" } });
    expect(await getSource(viewer, id)).toMatchObject({
      ...edit,
      identifier: "products",
    });
    expect(await auditActions(editor)).toEqual([
      "source.created",
      "source.edited",
    ]);
  });
});

describe("reading", () => {
  test("lists by name with entry count, last import and providers", async () => {
    const { id } = await createSource(editor, input("b", "beta"));
    await createSource(editor, input("a", "Alpha"));
    await fill(editor, id);
    const [alpha, beta] = await listSources(viewer);
    expect(alpha).toMatchObject({
      name: "Alpha",
      entryCount: 0,
      providers: [],
    });
    expect(beta).toMatchObject({
      name: "beta",
      entryCount: 3,
      providers: [{ name: "erp" }],
    });
    expect(beta?.lastImportAt).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  });

  test("finds an identifier without regard to case", async () => {
    const { id } = await createSource(editor, input("Price_List"));
    expect(await findSourceByIdentifier(viewer, "price_LIST")).toEqual({
      id,
      identifier: "Price_List",
    });
    expect(await findSourceByIdentifier(viewer, "price")).toBeUndefined();
  });

  test("gathers a property's languages, also under a prototype's name", async () => {
    const { id } = await createSource(editor, input("products"));
    await db.rows(
      `insert into source_properties (tenant_id, source_id, prop, entries, first_seen, last_seen, sample)
       values ($1, $2, '__proto__:', 2, '2026-01-02Z', '2026-01-05Z', 'plain'),
              ($1, $2, '__proto__:sv', 3, '2026-01-01Z', '2026-01-04Z', 'svenska'),
              ($1, $2, '__proto__:*', 4, '2026-01-01Z', '2026-01-05Z', 'svenska'),
              ($1, $2, 'B:toString', 1, '2026-01-01Z', '2026-01-01Z', null),
              ($1, $2, 'B:*', 1, '2026-01-01Z', '2026-01-01Z', null)`,
      [editor.tenantId, id],
    );
    const properties = await listProperties(viewer, id);
    expect(properties.map((property) => property.id)).toEqual([
      "__proto__",
      "B",
    ]);
    expect(properties[0]).toEqual({
      id: "__proto__",
      entryCount: 4,
      firstSeenAt: "2026-01-01T00:00:00.000Z",
      lastSeenAt: "2026-01-05T00:00:00.000Z",
      sample: "svenska",
      languages: [
        {
          language: null,
          entryCount: 2,
          lastSeenAt: "2026-01-05T00:00:00.000Z",
          sample: "plain",
        },
        {
          language: "sv",
          entryCount: 3,
          lastSeenAt: "2026-01-04T00:00:00.000Z",
          sample: "svenska",
        },
      ],
    });
    expect(properties[1]?.languages[0]?.language).toBe("toString");
  });

  test.each(["not-a-uuid", "", "__proto__", randomUUID()])(
    "answers not_found for the id %j",
    async (id) => {
      await expect(getSource(viewer, id)).rejects.toMatchObject({
        code: "not_found",
      });
      await expect(listProperties(viewer, id)).rejects.toMatchObject({
        code: "not_found",
      });
    },
  );
});

describe("emptying", () => {
  test("removes entries and search words, keeps properties and log, cancels unfinished runs", async () => {
    const { id } = await createSource(editor, input("products"));
    await fill(editor, id);
    expect(await emptySource(editor, id, "products")).toEqual({ removed: 3 });

    const source = await getSource(viewer, id);
    expect(source.entryCount).toBe(0);
    expect(source.lastImportAt).not.toBeNull();
    expect(await listProperties(viewer, id)).toMatchObject([
      { id: "name", entryCount: 0, sample: null },
    ]);
    // sources, stats, properties, entries, search, jobs, imports, runs, recipes, forecasts, answers, waiting batches, grants, batches, undo
    expect(await countRows(editor, id)).toEqual([
      1, 1, 2, 0, 0, 0, 1, 1, 1, 0, 1, 0, 1, 1, 1,
    ]);
    const runs = await db.rows(
      `select status from import_runs where tenant_id = $1`,
      [editor.tenantId],
    );
    expect(runs).toEqual([{ status: "cancelled" }]);
    expect(await auditActions(editor)).toContain("source.emptied");
  });

  test("leaves other sources alone", async () => {
    const { id } = await createSource(editor, input("products"));
    const other = await createSource(editor, input("other"));
    await fill(editor, other.id);
    await emptySource(editor, id, "products");
    expect((await getSource(viewer, other.id)).entryCount).toBe(3);
    expect((await countRows(editor, other.id)).slice(3, 6)).toEqual([3, 1, 1]);
  });

  test.each(["", "Products", "products "])(
    "does nothing when %j was typed to confirm",
    async (typed) => {
      const { id } = await createSource(editor, input("products"));
      await fill(editor, id);
      const before = await countRows(editor, id);
      await expect(emptySource(editor, id, typed)).rejects.toMatchObject({
        code: "invalid_input",
        message: expect.stringContaining("products") as string,
      });
      await expect(deleteSource(admin, id, typed)).rejects.toMatchObject({
        code: "invalid_input",
      });
      expect(await countRows(editor, id)).toEqual(before);
    },
  );

  test("waits for an import that holds the source", async () => {
    const { id } = await createSource(editor, input("products"));
    let emptying: Promise<unknown> | undefined;
    await db.transaction(async (tx) => {
      const own = [editor.tenantId, id];
      await tx.rows(
        `select 1 from source_stats where tenant_id = $1 and source_id = $2 for update`,
        own,
      );
      emptying = emptySource(editor, id, "products");
      await tx.rows(
        `insert into entries (tenant_id, source_id, key, properties) values ($1, $2, 'late', '{}')`,
        own,
      );
      await tx.rows(
        `update source_stats set entries = 1 where tenant_id = $1 and source_id = $2`,
        own,
      );
    });
    expect(await emptying).toEqual({ removed: 1 });
    expect((await getSource(viewer, id)).entryCount).toBe(0);
  });
});

describe("deleting", () => {
  test("leaves nothing of the source in any table but the audit log", async () => {
    const { id } = await createSource(editor, input("products"));
    await fill(editor, id);
    expect(await deleteSource(admin, id, "products")).toEqual({ removed: 3 });
    expect(await countRows(editor, id)).toEqual(SOURCE_TABLES.map(() => 0));
    expect(await auditActions(editor)).toEqual([
      "source.created",
      "source.deleted",
    ]);
    await expect(getSource(viewer, id)).rejects.toMatchObject({
      code: "not_found",
    });
  });

  // A table added later with a source_id must be cleared as well.
  test("knows every table that names a source", async () => {
    const rows = await db.rows<{ table_name: string }>(
      `select table_name from information_schema.columns
       where column_name = 'source_id' and table_schema = 'public' order by 1`,
    );
    const known = SOURCE_TABLES.map((from) => from.split(" ")[0]);
    expect(
      rows.map((row) => row.table_name).filter((name) => !known.includes(name)),
    ).toEqual([]);
  });

  test("frees the identifier", async () => {
    const { id } = await createSource(editor, input("products"));
    await deleteSource(admin, id, "products");
    await createSource(editor, input("PRODUCTS"));
  });
});

describe("who may", () => {
  test("a viewer reads and does not write", async () => {
    const { id } = await createSource(editor, input("products"));
    const forbidden = { code: "forbidden" };
    await expect(createSource(viewer, input("x"))).rejects.toMatchObject(
      forbidden,
    );
    await expect(editSource(viewer, id, input("x"))).rejects.toMatchObject(
      forbidden,
    );
    await expect(emptySource(viewer, id, "products")).rejects.toMatchObject(
      forbidden,
    );
  });

  test("an editor does not delete a source", async () => {
    const { id } = await createSource(editor, input("products"));
    await expect(deleteSource(editor, id, "products")).rejects.toMatchObject({
      code: "forbidden",
    });
    expect(await getSource(viewer, id)).toMatchObject({ id });
  });

  test("another tenant's source is not found, whatever is tried", async () => {
    const { id } = await createSource(editor, input("products"));
    await fill(editor, id);
    const other = userContext(db, await newTenantId(), "admin");
    const missing = { code: "not_found" };
    await expect(getSource(other, id)).rejects.toMatchObject(missing);
    await expect(listProperties(other, id)).rejects.toMatchObject(missing);
    await expect(editSource(other, id, input("x"))).rejects.toMatchObject(
      missing,
    );
    await expect(emptySource(other, id, "products")).rejects.toMatchObject(
      missing,
    );
    await expect(deleteSource(other, id, "products")).rejects.toMatchObject(
      missing,
    );
    expect(await findSourceByIdentifier(other, "products")).toBeUndefined();
    expect(await listSources(other)).toEqual([]);
    expect((await getSource(viewer, id)).entryCount).toBe(3);
  });
});
