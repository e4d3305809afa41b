import {
  afterAll,
  beforeAll,
  beforeEach,
  describe,
  expect,
  test,
  vi,
} from "vitest";

import { withDb, type Context } from "@/lib/server/context";
import { ingestEntities } from "@/lib/server/entries/service";
import { deleteSource } from "@/lib/server/sources/service";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import {
  createSourceRow,
  createTenant,
  userContext,
} from "@/lib/testing/factories";
import {
  batchBytes,
  deleting,
  finishUndo,
  OTHER_TAB,
  runBatches,
  setting,
  storedEntries,
  studioRunInput,
  TAB,
} from "@/lib/testing/studio-run";

import {
  cancelRun,
  continueUndo,
  getRun,
  getUndoState,
  listBatches,
  listKept,
  pauseRun,
  startRun,
  startUndo,
  submitBatch,
  takeRun,
} from "./service";

let testDb: TestDb;
let ctx: Context;
let sourceId: string;
beforeAll(async () => {
  testDb = await createTestDb();
});
afterAll(() => testDb.close());
beforeEach(async () => {
  ctx = userContext(testDb.db, await createTenant(testDb.db), "editor");
  ({ id: sourceId } = await createSourceRow(ctx.db, ctx.tenantId));
});

const asObject = async () =>
  Object.fromEntries(await storedEntries(ctx, sourceId));

const undo = async (runId: string) =>
  finishUndo(ctx, (await startUndo(ctx, runId, TAB)).id);

describe("undoing a run", () => {
  test("restores values, deletes what it made, brings back what it deleted, and names both runs", async () => {
    await ingestEntities(ctx, sourceId, [
      setting("A", { "name:": "Chair", "name:sv": "Stol", "size:": "1" }),
      setting("B", { "name:": "Table" }),
    ]);
    const before = await asObject();
    const runId = await runBatches(ctx, sourceId, [
      [
        setting("A", { "name:": "Armchair", "name:sv": null, "new:": "x" }),
        deleting("B"),
      ],
      [setting("C", { "name:": "Lamp" })],
    ]);
    const done = await undo(runId);

    expect(await asObject()).toEqual(before);
    expect(done).toMatchObject({
      ...{ kind: "undo", undoOf: runId, status: "finished", keptCount: 0 },
      applied: { batches: 2, entities: 3, created: 1, updated: 1, deleted: 1 },
    });
    expect((await getRun(ctx, runId)).undoneBy).toEqual({
      ...{ id: done.id, status: "finished", isUndone: false },
    });
    const { batches } = await listBatches(ctx, done.id);
    expect(batches.map(({ deleted }) => deleted)).toEqual([1, 0]);
    const audit = await testDb.db.rows<{ action: string }>(
      `select action from audit_log where tenant_id = $1 and object_id = $2 order by at`,
      [ctx.tenantId, done.id],
    );
    expect(audit.map(({ action }) => action)).toEqual([
      "import_run.undo_started",
      "import_run.finished",
    ]);
  });

  test("leaves what others changed since, and lists each with what stands there", async () => {
    await ingestEntities(ctx, sourceId, [
      setting("A", { "name:": "Chair", "size:": "1" }),
      setting("B", { "name:": "Table" }),
      setting("C", { "name:": "Lamp" }),
    ]);
    const runId = await runBatches(ctx, sourceId, [
      [
        setting("A", { "name:": "Armchair", "size:": "2" }),
        deleting("B"),
        setting("C", { "name:": "Light" }),
        setting("D", { "name:": "Rug" }),
        setting("E", { "name:": "Bed" }),
      ],
    ]);
    await ingestEntities(ctx, sourceId, [
      setting("A", { "name:": "Sofa" }),
      setting("B", { "name:": "Desk" }),
      deleting("C"),
      setting("D", { "colour:sv": "röd" }),
    ]);
    const done = await undo(runId);
    expect(await asObject()).toEqual({
      A: { "name:": "Sofa", "size:": "1" },
      B: { "name:": "Desk" },
      D: { "colour:sv": "röd" },
    });
    expect(done.keptCount).toBe(4);
    const whole = { id: null, language: null, current: null, before: null };
    expect((await listKept(ctx, done.id)).lines).toEqual([
      { key: "D", reason: "entry_kept", ...whole },
      {
        ...{ key: "A", id: "name", language: null, reason: "changed" },
        ...{ current: "Sofa", before: "Chair" },
      },
      { key: "C", reason: "entry_deleted", ...whole },
      { key: "B", reason: "entry_created", ...whole },
    ]);
  });

  test("lists a value that two batches wrote once, with what stood there before both", async () => {
    await ingestEntities(ctx, sourceId, [setting("A", { "name:": "0" })]);
    const runId = await runBatches(ctx, sourceId, [
      [setting("A", { "name:": "1" })],
      [setting("A", { "name:": "2" })],
    ]);
    await ingestEntities(ctx, sourceId, [setting("A", { "name:": "9" })]);
    const done = await undo(runId);
    expect(done.keptCount).toBe(1);
    expect((await listKept(ctx, done.id)).lines).toMatchObject([
      { key: "A", id: "name", current: "9", before: "0" },
    ]);
  });

  test("takes a later run on the same values for somebody else", async () => {
    const first = await runBatches(ctx, sourceId, [
      [setting("A", { "name:": "1", "size:": "1" })],
    ]);
    await runBatches(ctx, sourceId, [[setting("A", { "name:": "2" })]]);
    const done = await undo(first);
    expect(await asObject()).toEqual({ A: { "name:": "2" } });
    expect(done.keptCount).toBe(2);
  });

  test("goes on exactly where it stopped, in whichever tab, and never twice", async () => {
    const batches = Array.from({ length: 6 }, (_, batch) => [
      setting(`K${batch}`, { "name:": "x" }),
    ]);
    const runId = await runBatches(ctx, sourceId, batches);
    const { id } = await startUndo(ctx, runId, TAB);
    await pauseRun(ctx, id, TAB);
    await expect(continueUndo(ctx, id, TAB)).rejects.toMatchObject({
      code: "conflict",
    });
    await takeRun(ctx, id, { tabId: TAB, isForced: false });
    await expect(continueUndo(ctx, id, OTHER_TAB)).rejects.toThrow(
      /another browser tab/,
    );
    await Promise.all([1, 2, 3].map(() => continueUndo(ctx, id, TAB)));
    const done = await finishUndo(ctx, id);
    expect(done.applied).toMatchObject({ batches: 6, deleted: 6 });
    expect(await asObject()).toEqual({});
  });

  test("may be cancelled, then made again for the rest", async () => {
    await ingestEntities(ctx, sourceId, [setting("A", { "name:": "0" })]);
    const runId = await runBatches(ctx, sourceId, [
      [setting("A", { "name:": "1" })],
    ]);
    const { id } = await startUndo(ctx, runId, TAB);
    await cancelRun(ctx, id);
    await expect(continueUndo(ctx, id, TAB)).rejects.toThrow(/cancelled/);
    expect((await getUndoState(ctx, runId)).refusal).toBeNull();
    await undo(runId);
    expect(await asObject()).toEqual({ A: { "name:": "0" } });
  });

  test("can itself be undone, and the first run says so", async () => {
    const runId = await runBatches(ctx, sourceId, [
      [setting("A", { "name:": "1" })],
    ]);
    const first = await undo(runId);
    await undo(first.id);
    expect(await asObject()).toEqual({ A: { "name:": "1" } });
    expect((await getRun(ctx, runId)).undoneBy).toMatchObject({
      ...{ id: first.id, isUndone: true },
    });
  });
});

test("an undo that goes on after a cancelled one lists nothing that the first one brought back", async () => {
  await ingestEntities(ctx, sourceId, [
    setting("A", { "name:": "Chair" }),
    setting("B", { "name:": "Table" }),
  ]);
  const before = await asObject();
  const runId = await runBatches(ctx, sourceId, [
    [deleting("A"), deleting("B")],
    [setting("C", { "name:": "Lamp" })],
  ]);
  // As a first undo left it that was cancelled in the middle.
  await ingestEntities(ctx, sourceId, [setting("A", { "name:": "Chair" })]);
  const done = await undo(runId);
  expect(await asObject()).toEqual(before);
  expect(done.keptCount).toBe(0);
  expect(await listKept(ctx, done.id)).toMatchObject({ lines: [] });
});

describe("an undo is refused", () => {
  const refusal = async (runId: string) => {
    const { refusal } = await getUndoState(ctx, runId);
    await expect(startUndo(ctx, runId, TAB)).rejects.toMatchObject({
      ...{ code: "conflict", message: refusal },
    });
    return refusal;
  };

  test("while the run goes on, and when it is undone or being undone", async () => {
    const open = await startRun(ctx, studioRunInput(sourceId, 2));
    expect(await refusal(open.id)).toMatch(/has not ended/);
    await cancelRun(ctx, open.id);
    expect(await refusal(open.id)).toMatch(/nothing to undo/);

    const runId = await runBatches(ctx, sourceId, [
      [setting("A", { "name:": "1" })],
    ]);
    const { id } = await startUndo(ctx, runId, TAB);
    expect(await refusal(runId)).toMatch(/being undone/);
    await finishUndo(ctx, id);
    expect(await refusal(runId)).toMatch(/undone already/);
  });

  test("when two begin at once, for one of them", async () => {
    const runId = await runBatches(ctx, sourceId, [
      [setting("A", { "name:": "1" })],
    ]);
    const begun = await Promise.allSettled([
      startUndo(ctx, runId, TAB),
      startUndo(ctx, runId, OTHER_TAB),
    ]);
    expect(begun.map(({ status }) => status).sort()).toEqual([
      "fulfilled",
      "rejected",
    ]);
  });

  test("when the run changed nothing, is too old, or is older than undo itself", async () => {
    const entity = setting("A", { "name:": "1" });
    const runId = await runBatches(ctx, sourceId, [[entity]]);
    const again = await runBatches(ctx, sourceId, [[entity]]);
    expect(await refusal(again)).toMatch(/changed nothing/);
    await testDb.db.rows(`delete from run_undo where run_id = $1`, [runId]);
    expect(await refusal(runId)).toMatch(/not kept/);
    await testDb.db.rows(
      `update import_runs set started_at = now() - interval '91 days' where id = $1`,
      [runId],
    );
    expect(await refusal(runId)).toMatch(/90 days/);
  });

  test("to viewers, to other tenants, and as a place for a file", async () => {
    const runId = await runBatches(ctx, sourceId, [
      [setting("A", { "name:": "1" })],
    ]);
    const viewer = userContext(testDb.db, ctx.tenantId, "viewer");
    const stranger = userContext(
      ...([testDb.db, await createTenant(testDb.db), "admin"] as const),
    );
    await expect(startUndo(viewer, runId, TAB)).rejects.toMatchObject({
      code: "forbidden",
    });
    for (const id of [runId, "none"]) {
      await expect(startUndo(stranger, id, TAB)).rejects.toMatchObject({
        code: "not_found",
      });
    }
    await expect(continueUndo(ctx, runId, TAB)).rejects.toThrow(
      /imports a file/,
    );
    const { id } = await startUndo(ctx, runId, TAB);
    const bytes = batchBytes([setting("Z", { "name:": "1" })]);
    await expect(
      submitBatch(ctx, { runId: id, sequence: 1, bytes, tabId: TAB }),
    ).rejects.toThrow(/takes another one back/);
    await expect(continueUndo(stranger, id, TAB)).rejects.toMatchObject({
      code: "not_found",
    });
    await expect(continueUndo(viewer, id, TAB)).rejects.toMatchObject({
      code: "forbidden",
    });
  });
});

test("a source that is deleted while an undo begins takes the undo with it", async () => {
  const source = await createSourceRow(ctx.db, ctx.tenantId);
  const runId = await runBatches(ctx, source.id, [
    [setting("a", { "name:": "1" })],
  ]);
  const admin = userContext(testDb.db, ctx.tenantId, "admin");
  let deleting: Promise<unknown> | undefined;
  await testDb.db.transaction(async (tx) => {
    await startUndo(withDb(ctx, tx), runId, TAB);
    deleting = deleteSource(admin, source.id, source.identifier);
    await vi.waitFor(async () => {
      const waiting = await testDb.db.rows(
        "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      );
      expect(waiting).toHaveLength(1);
    });
  });
  await deleting;
  expect(
    await testDb.db.rows("select from import_runs where source_id = $1", [
      source.id,
    ]),
  ).toEqual([]);
});
