import { afterAll, beforeAll, expect, test } from "vitest";

import type { RunInput } from "@/lib/domain/import-run";
import type { Context } from "@/lib/server/context";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import {
  createSourceRow,
  createTenant,
  userContext,
} from "@/lib/testing/factories";

import { listChain, startRun } from "./service";

let testDb: TestDb;
beforeAll(async () => {
  testDb = await createTestDb();
});
afterAll(() => testDb.close());

async function newContext(): Promise<Context> {
  return userContext(testDb.db, await createTenant(testDb.db), "editor");
}

function start(
  ctx: Context,
  sourceId: string,
  change: Partial<RunInput> = {},
): Promise<{ id: string }> {
  return startRun(ctx, {
    sourceId,
    file: { name: "products.csv", bytes: 10, hash: "abc" },
    tableOptions: {
      ...{ encoding: "utf-8", delimiter: ",", headerRow: 1 },
      ...{ quotes: "standard", answersAt: 1 },
    },
    headers: ["sku"],
    mapping: {
      columns: [{ as: "key", property: null }],
      ...{ keySeparator: "-", repeatedKeys: "merge" },
    },
    check: {
      ...{ rowsRead: 2, rowsRejected: 1, rowsBlank: 0, rowsMerged: 0 },
      ...{ entities: 1, deletes: 0, batches: 1, issues: [], needsOrder: false },
    },
    tabId: "11111111-1111-4111-8111-111111111111",
    ...change,
  });
}

test("runs of rejected rows dropped again are one chain, from whichever it is asked for", async () => {
  const ctx = await newContext();
  const source = await createSourceRow(testDb.db, ctx.tenantId);
  const first = await start(ctx, source.id);
  await start(ctx, source.id);
  const second = await start(ctx, source.id, { continues: first.id });
  const third = await start(ctx, source.id, { continues: second.id });
  const branch = await start(ctx, source.id, { continues: first.id });
  const all = [first.id, second.id, third.id, branch.id];
  for (const id of all) {
    const chain = await listChain(ctx, id);
    expect(chain.map((link) => link.id)).toEqual(all);
  }
});

test("a run of another source or tenant is not continued, and the import goes on without", async () => {
  const ctx = await newContext();
  const source = await createSourceRow(testDb.db, ctx.tenantId);
  const elsewhere = await createSourceRow(testDb.db, ctx.tenantId);
  const before = await start(ctx, elsewhere.id);
  const run = await start(ctx, source.id, { continues: before.id });
  expect(await listChain(ctx, run.id)).toHaveLength(1);

  const stranger = await newContext();
  await expect(listChain(stranger, run.id)).rejects.toMatchObject({
    code: "not_found",
  });
  const own = await createSourceRow(testDb.db, stranger.tenantId);
  const theirs = await start(stranger, own.id, { continues: run.id });
  expect(await listChain(stranger, theirs.id)).toHaveLength(1);
});
