import { afterAll, beforeAll, expect, test } from "vitest";

import type { RunInput } from "@/lib/domain/import-run";
import type { Context } from "@/lib/server/context";
import { listKeys } from "@/lib/server/entries/list-keys";
import { ingestEntities } from "@/lib/server/entries/service";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import {
  createSourceRow,
  createTenant,
  userContext,
} from "@/lib/testing/factories";

import { cancelRun, getRun, startRun, submitBatch } from "./service";

const TAB = "11111111-1111-4111-8111-111111111111";

let testDb: TestDb;
beforeAll(async () => {
  testDb = await createTestDb();
});
afterAll(() => testDb.close());

async function newSource() {
  const tenantId = await createTenant(testDb.db);
  const ctx = userContext(testDb.db, tenantId, "editor");
  const { id } = await createSourceRow(testDb.db, tenantId);
  return { ctx, sourceId: id };
}

const put = (ctx: Context, sourceId: string, keys: string[], value: string) =>
  ingestEntities(
    ctx,
    sourceId,
    keys.map((key) => ({
      ...{ key, delete: false },
      properties: [{ id: "name", language: null, value }],
    })),
  );

function start(
  { ctx, sourceId }: { ctx: Context; sourceId: string },
  check: Partial<RunInput["check"]>,
) {
  return startRun(ctx, {
    sourceId,
    file: { name: "products.csv", bytes: 1_000, hash: "abc" },
    tableOptions: {
      ...{ encoding: "utf-8", delimiter: ",", headerRow: 1 },
      quotes: "standard",
    },
    headers: ["key", "delete"],
    mapping: {
      columns: [{ as: "key", property: null }, { as: "delete" }],
      ...{ keySeparator: "-", repeatedKeys: "merge" },
    },
    check: {
      ...{ rowsRead: 4, rowsRejected: 0, rowsBlank: 0, rowsMerged: 0 },
      ...{ entities: 4, deletes: 0, batches: 1, issues: [] },
      ...{ needsOrder: false, ...check },
    },
    tabId: TAB,
  });
}

const deleteAll = (ctx: Context, runId: string, keys: string[]) =>
  submitBatch(ctx, {
    ...{ runId, sequence: 1, tabId: TAB },
    bytes: new TextEncoder().encode(
      JSON.stringify({
        ...{ firstRow: 2, lastRow: keys.length + 1, columns: [] },
        rows: keys.map((key) => [key, 1]),
      }),
    ),
  });

test("deletes what is as it was reviewed, and names what was made or changed since", async () => {
  const { ctx, sourceId } = await newSource();
  await put(ctx, sourceId, ["kept", "gone", "changed", "again"], "before");
  const main = await start({ ctx, sourceId }, { missing: { entries: 4 } });
  expect(main.check.missing).toEqual({ entries: 4 });
  expect(main.mirroredBy).toBeNull();

  const { at } = await listKeys(ctx, sourceId, null);
  await put(ctx, sourceId, ["changed"], "after");
  await put(ctx, sourceId, ["kept"], "before");
  await ingestEntities(ctx, sourceId, [
    { key: "again", delete: true, properties: [] },
  ]);
  await put(ctx, sourceId, ["again"], "anew");

  const mirrorOf = { runId: main.id, unchangedSince: at };
  const run = await start({ ctx, sourceId }, { deletes: 4, mirrorOf });
  expect((await getRun(ctx, main.id)).mirroredBy).toEqual({
    ...{ id: run.id, status: "running" },
  });
  const receipt = await deleteAll(ctx, run.id, [
    ...["gone", "changed", "again", "never"],
  ]);
  expect(receipt).toMatchObject({ entities: 4, deleted: 1, aside: 2 });
  expect(receipt.setAside.map(({ key }) => key)).toEqual(["changed", "again"]);
  expect(receipt.setAside[0]?.reason).toMatch(/changed after the list/);
  expect((await listKeys(ctx, sourceId, null)).keys).toEqual([
    ...["again", "changed", "kept"],
  ]);
  expect((await getRun(ctx, main.id)).mirroredBy?.status).toBe("finished");
});

test("a deletion that was cancelled is told with the run it belongs to", async () => {
  const { ctx, sourceId } = await newSource();
  await put(ctx, sourceId, ["gone"], "before");
  const main = await start({ ctx, sourceId }, { missing: { entries: 1 } });
  const { at } = await listKeys(ctx, sourceId, null);
  const mirrorOf = { runId: main.id, unchangedSince: at };
  const run = await start({ ctx, sourceId }, { deletes: 1, mirrorOf });
  await cancelRun(ctx, run.id);
  expect((await getRun(ctx, main.id)).mirroredBy).toEqual({
    ...{ id: run.id, status: "cancelled" },
  });
});
