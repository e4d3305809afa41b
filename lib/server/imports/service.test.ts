import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

import type { RunInput } from "@/lib/domain/import-run";
import type { TableBatch } from "@/lib/domain/table-batch";
import type { Context } from "@/lib/server/context";
import { createPool } from "@/lib/server/db/client";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import {
  createSourceRow,
  createTenant,
  userContext,
} from "@/lib/testing/factories";

import {
  appliedSequences,
  cancelRun,
  finishRun,
  getRun,
  listBatches,
  listRuns,
  pauseRun,
  startRun,
  submitBatch,
  takeRun,
} from "./service";

const TAB = "11111111-1111-4111-8111-111111111111";
const OTHER_TAB = "22222222-2222-4222-8222-222222222222";

let testDb: TestDb;
beforeAll(async () => {
  testDb = await createTestDb();
});
afterAll(() => testDb.close());

async function newContext(): Promise<Context> {
  const tenantId = await createTenant(testDb.db);
  return userContext(testDb.db, tenantId, "editor");
}

function runInput(
  sourceId: string,
  batches: number,
  change: Partial<RunInput> = {},
): RunInput {
  return {
    sourceId,
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
      rowsRead: batches * 2,
      rowsRejected: 0,
      rowsBlank: 0,
      rowsMerged: 0,
      entities: batches * 2,
      deletes: 0,
      batches,
      issues: [],
      needsOrder: false,
    },
    tabId: TAB,
    ...change,
  };
}

async function newRun(batches: number, change: Partial<RunInput> = {}) {
  const ctx = await newContext();
  const source = await createSourceRow(testDb.db, ctx.tenantId);
  const run = await startRun(ctx, runInput(source.id, batches, change));
  return { ctx, source, run };
}

function body(sequence: number, name = "Chair"): Uint8Array {
  const batch: TableBatch = {
    firstRow: sequence * 2,
    lastRow: sequence * 2 + 1,
    columns: [["name", ""]],
    rows: [
      [`k-${sequence}-a`, 0, name],
      [`k-${sequence}-b`, 0, name],
    ],
  };
  return new TextEncoder().encode(JSON.stringify(batch));
}

async function storedKeys(ctx: Context): Promise<string[]> {
  const rows = await testDb.db.rows<{ key: string }>(
    `select key from entries where tenant_id = $1 order by key`,
    [ctx.tenantId],
  );
  return rows.map(({ key }) => key);
}

const send = (
  ctx: Context,
  runId: string,
  sequence: number,
  more: { bytes?: Uint8Array; tabId?: string } = {},
) =>
  submitBatch(ctx, {
    runId,
    sequence,
    bytes: more.bytes ?? body(sequence),
    tabId: more.tabId ?? TAB,
  });

test("batches that wait for their source leave the database to others", async () => {
  const { ctx, source, run } = await newRun(12);
  const others = createPool(testDb.url, 1);
  const holder = await others.connect();
  await holder.query("begin");
  await holder.query(
    "select 1 from source_stats where source_id = $1 for update",
    [source.id],
  );
  const sent = Array.from({ length: 12 }, (_, at) => send(ctx, run.id, at + 1));
  await vi.waitFor(async () => {
    const rows = await testDb.db.rows(
      "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    expect(rows.length).toBeGreaterThan(0);
  });
  // One after another, so that all batches have come before the last of them.
  for (let page = 0; page < 5; page += 1) {
    expect((await getRun(ctx, run.id)).applied.batches).toBe(0);
  }
  await holder.query("rollback");
  holder.release();
  await others.end();
  expect(await Promise.all(sent)).toHaveLength(12);
  expect((await getRun(ctx, run.id)).status).toBe("finished");
});

describe("startRun", () => {
  test("stores the run before any batch, held by the tab that started it", async () => {
    const { ctx, source, run } = await newRun(3);
    expect(run).toMatchObject({
      status: "running",
      source: { id: source.id, identifier: source.identifier },
      batchesTotal: 3,
      applied: { batches: 0, entities: 0 },
      lease: { tabId: TAB, actorName: "editor" },
      actorName: "editor",
      finishedAt: null,
    });
    expect(await getRun(ctx, run.id)).toEqual(run);
  });

  test("refuses a viewer, another tenant's source and a mapping without a key", async () => {
    const { ctx, source } = await newRun(1);
    const viewer = userContext(testDb.db, ctx.tenantId, "viewer");
    const input = runInput(source.id, 1);
    await expect(startRun(viewer, input)).rejects.toMatchObject({
      code: "forbidden",
    });
    await expect(startRun(await newContext(), input)).rejects.toMatchObject({
      code: "not_found",
    });
    const mapping = {
      ...input.mapping,
      columns: input.mapping.columns.with(0, { as: "ignore" }),
    };
    await expect(startRun(ctx, { ...input, mapping })).rejects.toMatchObject({
      code: "invalid_input",
      message: expect.stringContaining("key") as string,
    });
  });

  test("refuses a check that found nothing to send", async () => {
    const { ctx, source } = await newRun(1);
    await expect(startRun(ctx, runInput(source.id, 0))).rejects.toMatchObject({
      code: "invalid_input",
    });
  });
});

describe("submitBatch", () => {
  test("applies a batch and finishes the run with the last one", async () => {
    const { ctx, run } = await newRun(2);
    expect(await send(ctx, run.id, 2)).toEqual({
      sequence: 2,
      entities: 2,
      created: 2,
      updated: 0,
      unchanged: 0,
      deleted: 0,
      aside: 0,
      setAside: [],
      isRepeat: false,
    });
    expect((await getRun(ctx, run.id)).status).toBe("running");
    await send(ctx, run.id, 1);

    const ended = await getRun(ctx, run.id);
    expect(ended).toMatchObject({
      status: "finished",
      lease: null,
      applied: { batches: 2, entities: 4, created: 4 },
    });
    expect(ended.finishedAt).not.toBeNull();
    expect(await storedKeys(ctx)).toEqual(["k-1-a", "k-1-b", "k-2-a", "k-2-b"]);
  });

  test("applies ten identical requests at the same time once", async () => {
    const { ctx, run } = await newRun(2);
    const receipts = await Promise.all(
      Array.from({ length: 10 }, () => send(ctx, run.id, 1)),
    );
    expect(receipts.filter(({ isRepeat }) => !isRepeat)).toHaveLength(1);
    expect(new Set(receipts.map(({ created }) => created))).toEqual(
      new Set([2]),
    );
    expect((await getRun(ctx, run.id)).applied).toMatchObject({
      batches: 1,
      created: 2,
    });
    const [entry] = await testDb.db.rows<{ version: number }>(
      `select version from entries where tenant_id = $1 and key = 'k-1-a'`,
      [ctx.tenantId],
    );
    expect(entry?.version).toBe(1);
  });

  test("finishes exactly once when the last batches arrive at the same time", async () => {
    const { ctx, run } = await newRun(8);
    await Promise.all(
      Array.from({ length: 8 }, (_, i) => send(ctx, run.id, i + 1)),
    );
    expect((await getRun(ctx, run.id)).status).toBe("finished");
    const audits = await testDb.db.rows(
      `select 1 from audit_log where tenant_id = $1 and action = 'import_run.finished'`,
      [ctx.tenantId],
    );
    expect(audits).toHaveLength(1);
  });

  test("answers a repeat after the end, and refuses the same sequence with another body", async () => {
    const { ctx, run } = await newRun(1);
    await send(ctx, run.id, 1);
    expect(await send(ctx, run.id, 1)).toMatchObject({
      created: 2,
      isRepeat: true,
    });
    await expect(
      send(ctx, run.id, 1, { bytes: body(1, "Table") }),
    ).rejects.toMatchObject({
      code: "unprocessable",
      message: expect.stringContaining("rows 2 to 3") as string,
    });
    const [entry] = await testDb.db.rows<{ properties: unknown }>(
      `select properties from entries where tenant_id = $1 and key = 'k-1-a'`,
      [ctx.tenantId],
    );
    expect(entry?.properties).toEqual({ "name:": "Chair" });
  });

  test("stores neither the ledger line nor an entry of a batch that fails", async () => {
    const { ctx, run } = await newRun(2);
    const broken = new TextEncoder().encode('{"rows": [["a b", 0]]}');
    await expect(send(ctx, run.id, 1, { bytes: broken })).rejects.toMatchObject(
      { code: "invalid_input" },
    );
    const cut = body(1).slice(0, 20);
    await expect(send(ctx, run.id, 1, { bytes: cut })).rejects.toMatchObject({
      code: "invalid_input",
    });
    expect(await appliedSequences(ctx, run.id)).toEqual([]);
    expect(await send(ctx, run.id, 1)).toMatchObject({ isRepeat: false });
  });

  test("refuses a sequence outside the run, a cancelled run and another tenant's", async () => {
    const { ctx, run } = await newRun(2);
    for (const sequence of [0, 3, -1]) {
      await expect(send(ctx, run.id, sequence)).rejects.toMatchObject({
        code: "invalid_input",
      });
    }
    await expect(send(await newContext(), run.id, 1)).rejects.toMatchObject({
      code: "not_found",
    });
    await send(ctx, run.id, 1);
    await cancelRun(ctx, run.id);
    await expect(send(ctx, run.id, 2)).rejects.toMatchObject({
      code: "conflict",
    });
    expect(await send(ctx, run.id, 1)).toMatchObject({ isRepeat: true });
    expect(await storedKeys(ctx)).toEqual(["k-1-a", "k-1-b"]);
  });

  test("never deadlocks with the end of its run or an emptied source", async () => {
    const { ctx, run } = await newRun(20);
    const results = await Promise.allSettled([
      ...Array.from({ length: 20 }, (_, i) => send(ctx, run.id, i + 1)),
      takeRun(ctx, run.id, { tabId: TAB, isForced: false }),
      cancelRun(ctx, run.id),
    ]);
    for (const result of results) {
      if (result.status === "rejected") {
        expect(result.reason).toMatchObject({ code: "conflict" });
      }
    }
    const { applied } = await getRun(ctx, run.id);
    expect(await storedKeys(ctx)).toHaveLength(applied.batches * 2);
  });
});

describe("the lease", () => {
  test("keeps another tab out, names who holds it, and can be taken over by choice", async () => {
    const { ctx, run } = await newRun(3);
    await expect(
      takeRun(ctx, run.id, { tabId: OTHER_TAB, isForced: false }),
    ).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("editor sends this run") as string,
    });
    await expect(
      send(ctx, run.id, 1, { tabId: OTHER_TAB }),
    ).rejects.toMatchObject({ code: "conflict" });

    await send(ctx, run.id, 1);
    const taken = await takeRun(ctx, run.id, {
      tabId: OTHER_TAB,
      isForced: true,
    });
    expect(taken.appliedSequences).toEqual([1]);
    expect(taken.run.lease?.tabId).toBe(OTHER_TAB);
    await expect(send(ctx, run.id, 2)).rejects.toMatchObject({
      code: "conflict",
    });
    await send(ctx, run.id, 2, { tabId: OTHER_TAB });
  });

  test("ends by itself, and then any tab may go on", async () => {
    const { ctx, run } = await newRun(2);
    await testDb.db.rows(
      `update import_runs set lease_until = now() - interval '1 second' where id = $1`,
      [run.id],
    );
    expect((await getRun(ctx, run.id)).lease).toBeNull();
    await send(ctx, run.id, 1, { tabId: OTHER_TAB });
    expect((await getRun(ctx, run.id)).lease?.tabId).toBe(OTHER_TAB);
  });

  test("is let go by a pause, and a batch that was under way is still applied", async () => {
    const { ctx, run } = await newRun(2);
    expect(await pauseRun(ctx, run.id, TAB)).toMatchObject({
      status: "paused",
      lease: null,
    });
    await send(ctx, run.id, 1);
    expect((await getRun(ctx, run.id)).status).toBe("paused");
    const taken = await takeRun(ctx, run.id, {
      tabId: OTHER_TAB,
      isForced: false,
    });
    expect(taken.run.status).toBe("running");
    await expect(pauseRun(ctx, run.id, TAB)).rejects.toMatchObject({
      code: "conflict",
    });
  });

  test("is not written again while most of it is left", async () => {
    const { ctx, run } = await newRun(3);
    await send(ctx, run.id, 1);
    expect((await getRun(ctx, run.id)).lease).toEqual(run.lease);
  });
});

describe("the end of a run", () => {
  test("is refused while batches are missing, and repeatable after", async () => {
    const { ctx, run } = await newRun(2);
    await send(ctx, run.id, 1);
    await expect(finishRun(ctx, run.id)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("1 of 2 batches") as string,
    });
    await send(ctx, run.id, 2);
    const finished = await finishRun(ctx, run.id);
    expect(finished.status).toBe("finished");
    expect(await finishRun(ctx, run.id)).toEqual(finished);
    await expect(cancelRun(ctx, run.id)).rejects.toMatchObject({
      code: "conflict",
    });
    await expect(
      takeRun(ctx, run.id, { tabId: TAB, isForced: true }),
    ).rejects.toMatchObject({ code: "conflict" });
  });
});

describe("listRuns and listBatches", () => {
  test("list this tenant's runs newest first, by source and status, a page at a time", async () => {
    const { ctx, source, run } = await newRun(1);
    const other = await createSourceRow(testDb.db, ctx.tenantId);
    for (let i = 0; i < 51; i += 1) {
      await startRun(ctx, runInput(other.id, 1));
    }
    await send(ctx, run.id, 1);
    const first = await listRuns(ctx);
    expect(first.runs).toHaveLength(50);
    const second = await listRuns(ctx, { cursor: first.nextCursor ?? "" });
    expect(second.runs).toHaveLength(2);
    expect(second.nextCursor).toBeNull();
    expect(second.runs.at(-1)?.id).toBe(run.id);

    const mine = await listRuns(ctx, {
      sourceId: source.id,
      status: "finished",
    });
    expect(mine.runs).toMatchObject([
      { id: run.id, fileName: "products.csv", applied: { created: 2 } },
    ]);
    expect((await listRuns(await newContext())).runs).toEqual([]);
    await expect(listRuns(ctx, { cursor: "x~y" })).rejects.toMatchObject({
      code: "invalid_input",
    });
  });

  test("list a run's batches in order", async () => {
    const { ctx, run } = await newRun(3);
    for (const sequence of [3, 1]) await send(ctx, run.id, sequence);
    const { batches, nextAfter } = await listBatches(ctx, run.id);
    expect(nextAfter).toBeNull();
    expect(batches).toMatchObject([
      { sequence: 1, firstRow: 2, lastRow: 3, entities: 2, created: 2 },
      { sequence: 3, firstRow: 6, lastRow: 7 },
    ]);
    expect((await listBatches(ctx, run.id, 1)).batches).toHaveLength(1);
    await expect(listBatches(await newContext(), run.id)).rejects.toMatchObject(
      { code: "not_found" },
    );
  });
});
