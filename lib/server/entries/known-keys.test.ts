import { afterAll, beforeAll, expect, test } from "vitest";

import {
  commandContext,
  createSourceRow,
  createTenant,
} from "@/lib/testing/factories";
import { createTestDb, type TestDb } from "@/lib/testing/db";

import { findKnownKeys } from "./known-keys";
import { ingestEntities } from "./service";

let database: TestDb;
beforeAll(async () => {
  database = await createTestDb();
});
afterAll(() => database.close());

async function createEntries(keys: string[]) {
  const ctx = commandContext(database.db, await createTenant(database.db));
  const { id } = await createSourceRow(database.db, ctx.tenantId);
  const entities = keys.map((key) => ({ key, delete: false, properties: [] }));
  await ingestEntities(ctx, id, entities);
  return { ctx, id };
}

test("tells which texts are keys of the source, and passes over what can be none", async () => {
  const { ctx, id } = await createEntries(["A-1", "__proto__"]);
  const asked = ["__proto__", "A-1", "a-1", "B", "no key", ""];
  const { keys } = await findKnownKeys(ctx, id, asked);
  expect(keys.sort()).toEqual(["A-1", "__proto__"]);
});

test("knows nothing of other tenants, other sources and ids that are none", async () => {
  const { id } = await createEntries(["A-1"]);
  const other = await createEntries(["B-1"]);
  for (const sourceId of [id, "nonsense"])
    expect(await findKnownKeys(other.ctx, sourceId, ["A-1"])).toEqual({
      keys: [],
    });
});

test("refuses to look up more than 200 keys at once", async () => {
  const { ctx, id } = await createEntries([]);
  const keys = Array.from({ length: 201 }, (_, at) => `k${at}`);
  await expect(findKnownKeys(ctx, id, keys)).rejects.toThrow(/at most 200/);
});
