import { afterAll, beforeAll, expect, test } from "vitest";

import type { Context } from "@/lib/server/context";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import {
  createSourceRow,
  createTenant,
  userContext,
} from "@/lib/testing/factories";
import { runBatches, setting } from "@/lib/testing/studio-run";

import { describeUndoBatch, forecastUndo } from "./service";

let testDb: TestDb;
let ctx: Context;
beforeAll(async () => {
  testDb = await createTestDb();
  ctx = userContext(testDb.db, await createTenant(testDb.db), "editor");
});
afterAll(() => testDb.close());

async function newRun(): Promise<string> {
  const { id } = await createSourceRow(testDb.db, ctx.tenantId);
  return runBatches(ctx, id, [
    [setting("a", { "v:": "1" })],
    [setting("b", { "v:": "1" })],
  ]);
}

test("a person previews two undos at once, and another one when one of them is over", async () => {
  const runId = await newRun();
  const first = forecastUndo(ctx, runId);
  const second = forecastUndo(ctx, runId);
  expect((await first.next()).value).toMatchObject({ batch: 1 });
  expect((await second.next()).value).toMatchObject({ batch: 1 });
  await expect(forecastUndo(ctx, runId).next()).rejects.toMatchObject({
    ...{ code: "rate_limited", retryAfterSeconds: 5 },
  });
  // The reader has gone away.
  await first.return(undefined);
  const third = forecastUndo(ctx, runId);
  expect((await third.next()).value).toMatchObject({ batch: 1 });
  await Promise.all([second.return(undefined), third.return(undefined)]);
});

test("the entries of batches are described few at once, and again later", async () => {
  const runId = await newRun();
  const asked = await Promise.allSettled(
    Array.from({ length: 6 }, () => describeUndoBatch(ctx, runId, 1)),
  );
  expect(asked.filter(({ status }) => status === "fulfilled")).toHaveLength(4);
  expect(await describeUndoBatch(ctx, runId, 1)).toHaveLength(1);
});

test("an undo that cannot be previewed leaves its place to others", async () => {
  const unknown = "11111111-1111-4111-8111-111111111111";
  for (let time = 0; time < 4; time += 1) {
    await expect(forecastUndo(ctx, unknown).next()).rejects.toMatchObject({
      code: "not_found",
    });
  }
});
