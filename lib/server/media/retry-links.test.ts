import { afterAll, beforeAll, expect, test } from "vitest";

import type { Context } from "@/lib/server/context";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import { createWireProvider } from "@/lib/testing/wire-provider";

import { retryMediaFiles, submitLinks } from "./service";

let database: TestDb;
let ctx: Context;

beforeAll(async () => {
  database = await createTestDb();
  ({ ctx } = await createWireProvider(database));
});
afterAll(() => database.close());

/** A link that failed, whose identifier is free again. */
async function failed(uniqueIdentifier: string): Promise<string> {
  const link = { link: "http://files.test/a", filename: "a", uniqueIdentifier };
  const { accepted } = await submitLinks(ctx, [link]);
  const id = accepted[0]?.id ?? "";
  await database.db.rows(
    "update media_files set state = 'failed', failure_code = 'cut_off', due_at = null where id = $1",
    [id],
  );
  return id;
}

test("of links that failed with one identifier one is tried again, also at the same moment", async () => {
  const ids = [];
  for (let n = 0; n < 6; n += 1) ids.push(await failed("shared"));
  const retried = await Promise.all(
    ids.map((id) => retryMediaFiles(ctx, [id])),
  );
  expect(retried.flat()).toHaveLength(1);
  expect(await retryMediaFiles(ctx, ids)).toEqual([]);
});

test("a link whose identifier another file has got stays failed", async () => {
  const id = await failed("taken");
  await submitLinks(ctx, [
    { link: "http://files.test/b", filename: "b", uniqueIdentifier: "taken" },
  ]);
  expect(await retryMediaFiles(ctx, [id])).toEqual([]);
});

test("another tenant's link is not touched", async () => {
  const id = await failed("theirs");
  const { ctx: other } = await createWireProvider(database);
  expect(await retryMediaFiles(other, [id])).toEqual([]);
});
