import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { FileMeasures } from "@/lib/domain/column-measures";
import type { RunInput } from "@/lib/domain/import-run";
import type { ColumnMapping, RecipeUse } from "@/lib/domain/mapping";
import { TextHasher } from "@/lib/domain/text-hash";
import type { Context } from "@/lib/server/context";
import {
  cancelRun,
  continueUndo,
  startRun,
  startUndo,
  submitBatch,
} from "@/lib/server/imports/service";
import { createRecipe, deleteRecipe } from "@/lib/server/recipes/service";
import { emptySource } from "@/lib/server/sources/service";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import {
  createSourceRow,
  createTenant,
  userContext,
} from "@/lib/testing/factories";

import {
  beginSnapshot,
  findKeysByHash,
  getPart,
  getSnapshot,
  PART_BYTES_MAX,
  putPart,
} from "./service";

const TAB = "11111111-1111-4111-8111-111111111111";
const MEASURES: FileMeasures = { rows: 2, columns: [] };
const OPTIONS = {
  ...{ encoding: "utf-8", delimiter: ",", headerRow: 1 },
  quotes: "standard" as const,
};
const MAPPING: ColumnMapping = {
  columns: [
    { as: "key", property: null },
    { as: "property", id: "name", language: "", emptyCell: "skip" },
  ],
  ...{ keySeparator: "-", repeatedKeys: "merge" },
};

let testDb: TestDb;
beforeAll(async () => {
  testDb = await createTestDb();
});
afterAll(() => testDb.close());

async function setUp() {
  const tenantId = await createTenant(testDb.db);
  const ctx = userContext(testDb.db, tenantId, "editor");
  const source = await createSourceRow(testDb.db, tenantId);
  const { id } = await createRecipe(ctx, source.id, {
    name: "Nightly",
    recipe: {
      version: 1,
      headers: ["sku", "name"],
      tableOptions: OPTIONS,
      mapping: MAPPING,
    },
  });
  return { ctx, source, recipeId: id };
}

async function start(
  ctx: Context,
  sourceId: string,
  recipe: RecipeUse,
  batches = 1,
): Promise<string> {
  const input: RunInput = {
    sourceId,
    file: { name: "prices.csv", bytes: 10, hash: "h" },
    tableOptions: OPTIONS,
    headers: ["sku", "name"],
    mapping: { ...MAPPING, recipe },
    check: {
      ...{ rowsRead: 2, rowsRejected: 0, rowsBlank: 0, rowsMerged: 0 },
      ...{ entities: 2, deletes: 0, batches, issues: [], needsOrder: false },
    },
    tabId: TAB,
  };
  return (await startRun(ctx, input)).id;
}

const send = (ctx: Context, runId: string, sequence = 1) =>
  submitBatch(ctx, {
    ...{ runId, sequence, tabId: TAB },
    bytes: new TextEncoder().encode(
      JSON.stringify({
        ...{ firstRow: 2, lastRow: 3, columns: [["name", ""]] },
        rows: [
          ["a", 0, "x"],
          ["b", 0, "y"],
        ],
      }),
    ),
  });

/** A snapshot of two keys, whole. */
async function keep(ctx: Context, runId: string, recipeId: string) {
  const { id } = await beginSnapshot(ctx, runId, {
    ...{ recipeId, keys: 2, measures: MEASURES },
  });
  await putPart(ctx, id, { part: 0, bytes: new Uint8Array(32).fill(7) });
  return id;
}

/** A file of the recipe that was accepted. */
async function accept(ctx: Context, sourceId: string, recipeId: string) {
  const runId = await start(ctx, sourceId, { id: recipeId });
  const snapshotId = await keep(ctx, runId, recipeId);
  await send(ctx, runId);
  return { runId, snapshotId };
}

describe("a snapshot", () => {
  test("is the last file's once its run has finished", async () => {
    const { ctx, source, recipeId } = await setUp();
    expect(await getSnapshot(ctx, recipeId)).toBeNull();
    const runId = await start(ctx, source.id, { id: recipeId });
    const id = await keep(ctx, runId, recipeId);
    expect(await getSnapshot(ctx, recipeId)).toBeNull();
    await send(ctx, runId);
    expect(await getSnapshot(ctx, recipeId)).toMatchObject({
      ...{ id, runId, fileName: "prices.csv", keys: 2, isCurrent: true },
      ...{ aside: [], measures: MEASURES },
    });
    expect([...(await getPart(ctx, id, 0))]).toEqual(Array(32).fill(7));
  });

  test("can be begun and filled again, and is not changed when it is whole", async () => {
    const { ctx, source, recipeId } = await setUp();
    const runId = await start(ctx, source.id, { id: recipeId });
    const input = { recipeId, keys: 250_001, measures: MEASURES };
    const { id } = await beginSnapshot(ctx, runId, input);
    expect(await beginSnapshot(ctx, runId, input)).toEqual({
      ...{ id, isComplete: false },
    });
    const first = { part: 0, bytes: new Uint8Array(PART_BYTES_MAX) };
    for (const bytes of [first.bytes.subarray(1), new Uint8Array(0)]) {
      await expect(putPart(ctx, id, { part: 0, bytes })).rejects.toMatchObject({
        code: "invalid_input",
      });
    }
    await expect(
      putPart(ctx, id, { part: 2, bytes: new Uint8Array(0) }),
    ).rejects.toMatchObject({ code: "invalid_input" });
    await putPart(ctx, id, first);
    expect((await putPart(ctx, id, first)).isComplete).toBe(false);
    const rest = { part: 1, bytes: new Uint8Array(16).fill(1) };
    expect((await putPart(ctx, id, rest)).isComplete).toBe(true);
    await putPart(ctx, id, { part: 1, bytes: new Uint8Array(16).fill(2) });
    await send(ctx, runId);
    expect([...(await getPart(ctx, id, 1))]).toEqual(Array(16).fill(1));
    expect(await beginSnapshot(ctx, runId, input)).toMatchObject({
      isComplete: true,
    });
  });

  test("is no longer current when a later run of the recipe stored something and left none", async () => {
    const { ctx, source, recipeId } = await setUp();
    const { snapshotId } = await accept(ctx, source.id, recipeId);
    const runId = await start(ctx, source.id, { id: recipeId }, 2);
    expect(await getSnapshot(ctx, recipeId)).toMatchObject({
      ...{ id: snapshotId, isCurrent: true },
    });
    await send(ctx, runId, 1);
    await cancelRun(ctx, runId);
    expect(await getSnapshot(ctx, recipeId)).toMatchObject({
      ...{ id: snapshotId, isCurrent: false },
    });
    const next = await accept(ctx, source.id, recipeId);
    expect(await getSnapshot(ctx, recipeId)).toMatchObject({
      ...{ id: next.snapshotId, isCurrent: true },
    });
  });

  test("is no longer current when its run is taken back", async () => {
    const { ctx, source, recipeId } = await setUp();
    const { runId } = await accept(ctx, source.id, recipeId);
    await testDb.db.rows(
      `update import_runs set undo_of = $2, kind = 'undo'
       where tenant_id = $1 and id = $3`,
      [ctx.tenantId, runId, await start(ctx, source.id, { id: recipeId })],
    );
    expect(await getSnapshot(ctx, recipeId)).toMatchObject({
      isCurrent: false,
    });
  });

  test("is no longer current when an earlier run is taken back, whose values it found unchanged", async () => {
    const { ctx, source, recipeId } = await setUp();
    const first = await accept(ctx, source.id, recipeId);
    const { snapshotId } = await accept(ctx, source.id, recipeId);
    expect(await getSnapshot(ctx, recipeId)).toMatchObject({
      ...{ id: snapshotId, isCurrent: true },
    });
    const undo = await startUndo(ctx, first.runId, TAB);
    await continueUndo(ctx, undo.id, TAB);
    expect(await getSnapshot(ctx, recipeId)).toMatchObject({
      ...{ id: snapshotId, isCurrent: false },
    });
    const next = await accept(ctx, source.id, recipeId);
    expect(await getSnapshot(ctx, recipeId)).toMatchObject({
      ...{ id: next.snapshotId, isCurrent: true },
    });
  });

  test("gives way to the next, unless an open run leaves entities out by it", async () => {
    const { ctx, source, recipeId } = await setUp();
    const first = await accept(ctx, source.id, recipeId);
    const since = first.snapshotId;
    const pinned = await start(ctx, source.id, {
      ...{ id: recipeId, onlyChangedSince: since },
    });
    await accept(ctx, source.id, recipeId);
    await accept(ctx, source.id, recipeId);
    expect(await getSnapshot(ctx, recipeId, since)).toMatchObject({
      id: since,
    });
    await expect(deleteRecipe(ctx, recipeId)).rejects.toMatchObject({
      code: "conflict",
    });
    await cancelRun(ctx, pinned);
    await accept(ctx, source.id, recipeId);
    await accept(ctx, source.id, recipeId);
    expect(await getSnapshot(ctx, recipeId, since)).toBeNull();
    const [left] = await testDb.db.rows<{ n: number }>(
      `select count(*)::int as n from recipe_snapshot_parts where tenant_id = $1`,
      [ctx.tenantId],
    );
    expect(left?.n).toBeLessThan(4);
    await deleteRecipe(ctx, recipeId);
    expect(
      await testDb.db.rows(
        `select 1 from recipe_snapshot_parts where tenant_id = $1`,
        [ctx.tenantId],
      ),
    ).toEqual([]);
  });

  test("is needed by a run that leaves entities out by it", async () => {
    const { ctx, source, recipeId } = await setUp();
    await expect(
      start(ctx, source.id, { id: recipeId, onlyChangedSince: randomUUID() }),
    ).rejects.toMatchObject({ code: "conflict" });
    // A recipe that is gone is no reason not to import all.
    await start(ctx, source.id, { id: randomUUID() });
  });

  test("is forgotten when its source is emptied", async () => {
    const { ctx, source, recipeId } = await setUp();
    await accept(ctx, source.id, recipeId);
    await emptySource(ctx, source.id, source.identifier);
    expect(await getSnapshot(ctx, recipeId)).toBeNull();
  });

  test("belongs to its tenant, its source, and to editors", async () => {
    const { ctx, source, recipeId } = await setUp();
    const { runId, snapshotId } = await accept(ctx, source.id, recipeId);
    const input = { recipeId, keys: 2, measures: MEASURES };
    const stranger = await setUp();
    for (const act of [
      () => beginSnapshot(stranger.ctx, runId, input),
      () => getPart(stranger.ctx, snapshotId, 0),
      () => getSnapshot(stranger.ctx, recipeId),
      () =>
        putPart(stranger.ctx, snapshotId, {
          ...{ part: 0, bytes: new Uint8Array(32) },
        }),
      () => findKeysByHash(stranger.ctx, recipeId, [[1, 1]]),
    ]) {
      await expect(act()).rejects.toMatchObject({ code: "not_found" });
    }
    const other = await createSourceRow(testDb.db, ctx.tenantId);
    const elsewhere = await start(ctx, other.id, { id: recipeId });
    await expect(beginSnapshot(ctx, elsewhere, input)).rejects.toMatchObject({
      code: "conflict",
    });
    const viewer = userContext(testDb.db, ctx.tenantId, "viewer");
    await expect(beginSnapshot(viewer, runId, input)).rejects.toMatchObject({
      code: "forbidden",
    });
    await expect(getPart(viewer, snapshotId, 0)).rejects.toMatchObject({
      code: "forbidden",
    });
  });

  test("finds the names of keys that are still in the source", async () => {
    const { ctx, source, recipeId } = await setUp();
    await accept(ctx, source.id, recipeId);
    const hasher = new TextHasher();
    const hashes = ["b", "not there"].map((key): [number, number] => {
      hasher.hash(key);
      return [hasher.low, hasher.high];
    });
    expect(await findKeysByHash(ctx, recipeId, hashes)).toEqual(["b"]);
  });
});
