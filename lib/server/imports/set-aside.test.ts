import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { RunInput } from "@/lib/domain/import-run";
import { readOutcome } from "@/lib/domain/outcome";
import type { BatchRow, TableBatch } from "@/lib/domain/table-batch";
import type { Context } from "@/lib/server/context";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import {
  createSourceRow,
  createTenant,
  userContext,
} from "@/lib/testing/factories";

import { getRun, startRun, submitBatch } from "./service";

const TAB = "11111111-1111-4111-8111-111111111111";

let testDb: TestDb;
beforeAll(async () => {
  testDb = await createTestDb();
  // A refusal of the database itself, such as an entry that grows too large.
  await testDb.db.rows(
    `create function refuse_poison() returns trigger language plpgsql as $$
     begin
       if new.key like 'poison%' then
         raise exception 'too large' using errcode = '54000';
       elsif new.key like 'away%' then
         raise exception 'shutting down' using errcode = '57P01';
       end if;
       return new;
     end $$`,
  );
  await testDb.db.rows(
    `create trigger refuse_poison before insert on entries
     for each row execute function refuse_poison()`,
  );
});
afterAll(() => testDb.close());

async function newRun(entities: number) {
  const tenantId = await createTenant(testDb.db);
  const ctx = userContext(testDb.db, tenantId, "editor");
  const source = await createSourceRow(testDb.db, tenantId);
  const input: RunInput = {
    sourceId: source.id,
    file: { name: "products.csv", bytes: 1_000, hash: "abc" },
    tableOptions: {
      encoding: "utf-8",
      delimiter: ",",
      headerRow: 1,
      quotes: "standard",
    },
    headers: ["sku", "name"],
    mapping: {
      columns: [
        { as: "key", property: null },
        { as: "property", id: "name", language: "", emptyCell: "skip" },
      ],
      keySeparator: "-",
      repeatedKeys: "merge",
    },
    check: {
      rowsRead: entities,
      rowsRejected: 0,
      rowsBlank: 0,
      rowsMerged: 0,
      entities,
      deletes: 0,
      batches: 1,
      issues: [],
      needsOrder: false,
    },
    tabId: TAB,
  };
  return { ctx, source, run: await startRun(ctx, input) };
}

function batchOf(
  rows: BatchRow[],
  change: Partial<TableBatch> = {},
): Uint8Array {
  const batch: TableBatch = {
    firstRow: 2,
    lastRow: rows.length + 1,
    columns: [["name", ""]],
    rows,
    ...change,
  };
  return new TextEncoder().encode(JSON.stringify(batch));
}

const send = (ctx: Context, runId: string, bytes: Uint8Array) =>
  submitBatch(ctx, { runId, sequence: 1, bytes, tabId: TAB });

async function storedKeys({ tenantId }: Context): Promise<string[]> {
  const rows = await testDb.db.rows<{ key: string }>(
    `select key from entries where tenant_id = $1 order by key`,
    [tenantId],
  );
  return rows.map(({ key }) => key);
}

const rowsOf = (keys: string[]) => keys.map((key): BatchRow => [key, 0, key]);
const many = (count: number) =>
  Array.from({ length: count }, (_, i) => `k-${String(i).padStart(4, "0")}`);

describe("a batch with entities that are refused", () => {
  test("sets the offenders aside with row, key and reason; the others are stored", async () => {
    const keys = many(300).with(7, "poison-1").with(211, "poison-2");
    const { ctx, source, run } = await newRun(300);
    const receipt = await send(ctx, run.id, batchOf(rowsOf(keys)));
    expect(receipt).toMatchObject({
      entities: 300,
      created: 298,
      aside: 2,
      isRepeat: false,
    });
    expect(receipt.setAside).toMatchObject([
      { at: 7, key: "poison-1", row: 9, rows: 1 },
      { at: 211, key: "poison-2", row: 213, rows: 1 },
    ]);
    expect(receipt.setAside[0]?.reason).toContain("more than the database");
    expect(await storedKeys(ctx)).toEqual(
      keys.filter((key) => !key.startsWith("poison")).sort(),
    );
    const [stats] = await testDb.db.rows<{ entries: number }>(
      `select entries from source_stats where source_id = $1`,
      [source.id],
    );
    expect(stats?.entries).toBe(298);
  });

  test("is answered the same when it is sent again, and finishes its run", async () => {
    const { ctx, run } = await newRun(3);
    const bytes = batchOf(rowsOf(["a", "poison", "c"]));
    const first = await send(ctx, run.id, bytes);
    expect(await send(ctx, run.id, bytes)).toEqual({
      ...first,
      isRepeat: true,
    });
    expect(await getRun(ctx, run.id)).toMatchObject({
      status: "finished",
      applied: { batches: 1, entities: 3, created: 2, aside: 1, asideRows: 1 },
    });
  });

  test("keeps a letter for each entity, in the order of the batch", async () => {
    const { ctx, run } = await newRun(4);
    await send(
      ctx,
      run.id,
      batchOf([
        ["a", 0, "x"],
        ["poison", 0],
        ["b", 1],
        ["c", 0],
      ]),
    );
    const [line] = await testDb.db.rows<{ outcomes: string }>(
      `select outcomes from run_batches where run_id = $1`,
      [run.id],
    );
    const outcomes = [0, 1, 2, 3].map((at) =>
      readOutcome(line?.outcomes ?? "", at),
    );
    expect(outcomes).toEqual(["created", "aside", "absent", "created"]);
  });

  test("tells the rows that a merged entity came from", async () => {
    const { ctx, run } = await newRun(2);
    const { setAside } = await send(
      ctx,
      run.id,
      batchOf(rowsOf(["a", "poison"]), { lastRow: 9, rowNumbers: [2, [4, 3]] }),
    );
    expect(setAside).toMatchObject([{ key: "poison", row: 4, rows: 3 }]);
    const { applied } = await getRun(ctx, run.id);
    expect(applied).toMatchObject({ aside: 1, asideRows: 3 });
  });

  test("is applied without a row whose text cannot be stored", async () => {
    const { ctx, run } = await newRun(3);
    const rows: BatchRow[] = [
      ["a", 0, "x"],
      ["b", 0, "\ud83d"],
      ["c", 0, "y"],
    ];
    const { setAside } = await send(ctx, run.id, batchOf(rows));
    expect(setAside).toMatchObject([{ at: 1, key: "b", row: 3 }]);
    expect(setAside[0]?.reason).toMatch(/^The text for name holds/);
    expect(await storedKeys(ctx)).toEqual(["a", "c"]);
  });

  test("stores nothing, and no ledger line, while the database is away", async () => {
    const { ctx, run } = await newRun(3);
    const bytes = batchOf(rowsOf(["a", "away", "c"]));
    await expect(send(ctx, run.id, bytes)).rejects.toMatchObject({
      code: "unavailable",
    });
    expect(await storedKeys(ctx)).toEqual([]);
    expect((await getRun(ctx, run.id)).applied.batches).toBe(0);
  });
});

test("a source near its limit of properties takes the entities that bring no new ones", async () => {
  const { ctx, source, run } = await newRun(4);
  await testDb.db.rows(
    `insert into source_properties (tenant_id, source_id, prop, entries)
     select $1, $2, 'p' || n || ':', 1 from generate_series(1, 19999) n`,
    [ctx.tenantId, source.id],
  );
  const columns: TableBatch["columns"] = [
    ["p1", ""],
    ["new_1", ""],
    ["new_2", ""],
  ];
  const rows: BatchRow[] = [
    ["a", 0, "x"],
    ["b", 0, 0, "takes the last place"],
    ["c", 0, 0, 0, "one too many"],
    ["d", 0, "x", "y"],
  ];
  const receipt = await send(ctx, run.id, batchOf(rows, { columns }));
  expect(receipt).toMatchObject({ created: 3, aside: 1 });
  expect(receipt.setAside).toMatchObject([{ key: "c", row: 4 }]);
  expect(receipt.setAside[0]?.reason).toContain("more than 20000 properties");
  expect(await storedKeys(ctx)).toEqual(["a", "b", "d"]);
});
