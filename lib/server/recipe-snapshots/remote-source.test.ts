import { afterAll, beforeAll, expect, test } from "vitest";

import type { RunInput } from "@/lib/domain/import-run";
import type { Context } from "@/lib/server/context";
import {
  createEndpoint,
  type RemoteClient,
} from "@/lib/server/endpoints/service";
import { deliverBatch } from "@/lib/server/imports/deliver-batch";
import { claimDue } from "@/lib/server/imports/delivery-store";
import { cancelRun, startRun, submitBatch } from "@/lib/server/imports/service";
import { createRecipe } from "@/lib/server/recipes/service";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import { createTenant, userContext } from "@/lib/testing/factories";

import { beginSnapshot, getSnapshot, putPart } from "./service";

const TAB = "11111111-1111-4111-8111-111111111111";
const FILE: Omit<RunInput, "sourceId"> = {
  file: { name: "prices.csv", bytes: 10, hash: "h" },
  tableOptions: {
    ...{ encoding: "utf-8", delimiter: ",", headerRow: 1 },
    quotes: "standard",
  },
  headers: ["sku", "name"],
  mapping: {
    columns: [
      { as: "key", property: null },
      { as: "property", id: "name", language: "", emptyCell: "skip" },
    ],
    ...{ keySeparator: "-", repeatedKeys: "merge" },
  },
  check: {
    ...{ rowsRead: 1, rowsRejected: 0, rowsBlank: 0, rowsMerged: 0 },
    ...{ entities: 1, deletes: 0, batches: 1, issues: [], needsOrder: false },
  },
  tabId: TAB,
};
const accepting: RemoteClient = {
  host: "ingest.example.com",
  signIn: () => Promise.resolve(ACCEPTED),
  importBody: () => Promise.resolve(ACCEPTED),
};
const ACCEPTED = {
  ...{ outcome: "accepted" as const, status: 202, requestId: null },
  ...{ excerpt: "", ms: 1 },
};

let testDb: TestDb;
beforeAll(async () => {
  testDb = await createTestDb();
});
afterAll(() => testDb.close());

async function handOver(ctx: Context, sourceId: string, recipeId: string) {
  const mapping = { ...FILE.mapping, recipe: { id: recipeId } };
  const { id: runId } = await startRun(ctx, { ...FILE, sourceId, mapping });
  const rows = [["a", 0, "x"]];
  const batch = { firstRow: 2, lastRow: 2, columns: [["name", ""]], rows };
  const bytes = new TextEncoder().encode(JSON.stringify(batch));
  await submitBatch(ctx, { runId, sequence: 1, tabId: TAB, bytes });
  return runId;
}

test("of a remote source the last file is the one that the endpoint accepted, until another one is handed over", async () => {
  const tenantId = await createTenant(testDb.db);
  const { sources } = await createEndpoint(
    userContext(testDb.db, tenantId, "admin"),
    {
      ...{ name: "Elsewhere", url: "https://ingest.example.com" },
      ...{ providerId: "p", secret: "s3cret-s3cret", sources: ["products"] },
    },
  );
  const ctx = userContext(testDb.db, tenantId, "editor");
  const sourceId = sources[0]?.id ?? "";
  const { tableOptions, headers, mapping } = FILE;
  const { id: recipeId } = await createRecipe(ctx, sourceId, {
    name: "Nightly",
    recipe: { version: 1, headers, tableOptions, mapping },
  });
  const runId = await handOver(ctx, sourceId, recipeId);
  const { id } = await beginSnapshot(ctx, runId, {
    ...{ recipeId, keys: 1, measures: { rows: 1, columns: [] } },
  });
  await putPart(ctx, id, { part: 0, bytes: new Uint8Array(16) });
  expect(await getSnapshot(ctx, recipeId)).toBeNull();

  const [batch] = await claimDue(testDb.db, 1);
  if (!batch) throw new Error("No batch is due.");
  await deliverBatch(testDb.db, batch, {
    signal: new AbortController().signal,
    clientOf: () => Promise.resolve(accepting),
  });
  const snapshot = { id, runId, keys: 1 };
  expect(await getSnapshot(ctx, recipeId)).toMatchObject({
    ...{ ...snapshot, isCurrent: true },
  });
  const later = await handOver(ctx, sourceId, recipeId);
  expect(await getSnapshot(ctx, recipeId)).toMatchObject({
    ...{ ...snapshot, isCurrent: false },
  });
  // A request that was under way may have been carried out there.
  await cancelRun(ctx, later);
  expect(await getSnapshot(ctx, recipeId)).toMatchObject({
    ...{ ...snapshot, isCurrent: false },
  });
});
