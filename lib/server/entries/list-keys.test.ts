import { afterAll, beforeAll, expect, test } from "vitest";

import {
  commandContext,
  createSourceRow,
  createTenant,
} from "@/lib/testing/factories";
import { createTestDb, type TestDb } from "@/lib/testing/db";

import { listKeys, readSamples } from "./list-keys";
import { ingestEntities } from "./service";

let database: TestDb;
beforeAll(async () => {
  database = await createTestDb();
});
afterAll(() => database.close());

async function createEntries(keys: string[], values: string[] = []) {
  const ctx = commandContext(database.db, await createTenant(database.db));
  const { id } = await createSourceRow(database.db, ctx.tenantId);
  const properties = values.map((value, at) => ({
    ...{ id: `p${at}`, language: null, value },
  }));
  const entities = keys.map((key) => ({ key, delete: false, properties }));
  await ingestEntities(ctx, id, entities);
  return { ctx, id };
}

test("lists all keys in byte order, page after page", async () => {
  const keys = Array.from({ length: 20_001 }, (_, at) => `k${at}`);
  const { ctx, id } = await createEntries([...keys, "__proto__"]);
  const listed: string[] = [];
  const sizes: number[] = [];
  let after: string | null = null;
  do {
    const page = await listKeys(ctx, id, after);
    sizes.push(page.keys.length);
    listed.push(...page.keys);
    after = page.next;
  } while (after !== null);
  expect(sizes).toEqual([10_000, 10_000, 2]);
  expect(listed).toEqual([...keys, "__proto__"].sort());
});

test("tells the time before it read, and nothing of other tenants", async () => {
  const { ctx, id } = await createEntries(["a"]);
  const { at } = await listKeys(ctx, id, null);
  expect(Math.abs(Date.parse(at) - Date.now())).toBeLessThan(60_000);
  const other = await createEntries(["b"]);
  expect((await listKeys(other.ctx, id, null)).keys).toEqual([]);
  expect((await readSamples(other.ctx, id, ["a"])).samples).toEqual([]);
  await expect(listKeys(ctx, id, "no key")).rejects.toThrow(/after a key/);
});

test("samples are the beginnings of a few values", async () => {
  const { ctx, id } = await createEntries(
    ["a"],
    ["", "x".repeat(500), "Chair", "Red", "Oak"],
  );
  const { samples } = await readSamples(ctx, id, ["a", "b", "no key"]);
  expect(samples).toEqual([
    { key: "a", text: `${"x".repeat(80)} · Chair · Red` },
  ]);
  const many = Array.from({ length: 51 }, (_, at) => `k${at}`);
  await expect(readSamples(ctx, id, many)).rejects.toThrow(/at most 50/);
});
