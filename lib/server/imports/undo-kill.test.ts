import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";

import { afterAll, beforeAll, expect, test } from "vitest";

import type { Context } from "@/lib/server/context";
import { ingestEntities } from "@/lib/server/entries/service";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import {
  createSourceRow,
  createTenant,
  userContext,
} from "@/lib/testing/factories";
import {
  countedProperties,
  countProperties,
  deleting,
  finishUndo,
  runBatches,
  setting,
  storedEntries,
  TAB,
} from "@/lib/testing/studio-run";

import { startUndo } from "./service";

const BATCHES = 24;
const ENTRIES = 90;
const KILLS = 2;
const POLL_MS = 5;

let database: TestDb;
let ctx: Context;
beforeAll(async () => {
  database = await createTestDb();
  ctx = userContext(
    ...([database.db, await createTenant(database.db), "editor"] as const),
  );
});
afterAll(() => database.close());

const keyOf = (batch: number, entry: number) => `K-${batch}-${entry}`;

/** Of each batch a third is there before, a third is new, a third goes. */
function entitiesOf(batch: number) {
  return Array.from({ length: ENTRIES }, (_, entry) =>
    entry % 3 === 2
      ? deleting(keyOf(batch, entry))
      : setting(keyOf(batch, entry), { "name:": "after", "new:sv": "x" }),
  );
}

async function countBatches(runId: string): Promise<number> {
  const rows = await database.db.rows(
    `select from run_batches where run_id = $1`,
    [runId],
  );
  return rows.length;
}

/** Lets a server go on with the undo and kills it when `batches` are taken back. */
async function killAfter(runId: string, batches: number): Promise<void> {
  const script = "lib/testing/undo-process.ts";
  const args = ["--conditions=react-server", "--import", "tsx", script];
  const child = spawn(
    process.execPath,
    [...args, database.url, ctx.tenantId, runId],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  const ended = once(child, "exit");
  while ((await countBatches(runId)) < batches && child.exitCode === null) {
    await delay(POLL_MS);
  }
  child.kill("SIGKILL");
  await ended;
}

test("an undo whose server is killed again and again ends with what was there before", async () => {
  const { id: sourceId } = await createSourceRow(database.db, ctx.tenantId);
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const before = entitiesOf(batch)
      .filter((_, entry) => entry % 3 !== 1)
      .map(({ key }) => setting(key, { "name:": `before ${key}` }));
    await ingestEntities(ctx, sourceId, before);
  }
  const before = await storedEntries(ctx, sourceId);
  const runId = await runBatches(
    ctx,
    sourceId,
    Array.from({ length: BATCHES }, (_, batch) => entitiesOf(batch)),
  );
  expect(await storedEntries(ctx, sourceId)).not.toEqual(before);

  const { id } = await startUndo(ctx, runId, TAB);
  const killedAt: number[] = [];
  for (let kill = 1; kill <= KILLS; kill += 1) {
    const done = await countBatches(id);
    await killAfter(id, done + BATCHES / (KILLS + 3));
    killedAt.push(await countBatches(id));
  }
  expect(killedAt.filter((count) => count > 0 && count < BATCHES)).not.toEqual(
    [],
  );
  const run = await finishUndo(ctx, id);
  expect(run.status).toBe("finished");
  expect(run.keptCount).toBe(0);
  expect(await countBatches(id)).toBe(BATCHES);
  expect(await storedEntries(ctx, sourceId)).toEqual(before);
  expect(await countedProperties(ctx, sourceId)).toEqual(
    countProperties(before),
  );
}, 240_000);
