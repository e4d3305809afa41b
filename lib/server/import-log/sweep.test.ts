import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "vitest";

import {
  createSourceRow,
  createTenant,
  commandContext,
} from "@/lib/testing/factories";
import { createTestDb, type TestDb } from "@/lib/testing/db";

import { listImports } from "./service";
import { sweepImportLogJob } from "./sweep";

const NOW = new Date("2026-11-22T12:00:00Z");
const DAY_MS = 86_400_000;

let database: TestDb;
beforeAll(async () => {
  database = await createTestDb();
});
afterAll(() => database.close());

async function logImports(
  tenantId: string,
  sourceId: string,
  count: number,
  daysAgo: number,
) {
  await database.db.rows(
    `insert into imports (tenant_id, source_id, id, provider_id, status,
       request_id, body_hash, bytes, idempotency_key, at, last_at)
     select $1, $2, gen_random_uuid(), $3, 'accepted', '', '', 1, n::text, $5, $5
     from generate_series(1, $4::int) n`,
    [
      tenantId,
      sourceId,
      randomUUID(),
      count,
      new Date(NOW.getTime() - daysAgo * DAY_MS),
    ],
  );
}

test("imports leave the log after 90 days, a thousand at a time, in every tenant", async () => {
  const { db } = database;
  const places = await Promise.all(
    [1, 2].map(async () => {
      const tenantId = await createTenant(db);
      const source = await createSourceRow(db, tenantId);
      return { ctx: commandContext(db, tenantId), sourceId: source.id };
    }),
  );
  for (const { ctx, sourceId } of places) {
    await logImports(ctx.tenantId, sourceId, 700, 91);
    await logImports(ctx.tenantId, sourceId, 3, 89);
  }
  const job = sweepImportLogJob(() => NOW);
  expect(await job(db)).toBe("busy");
  expect(await job(db)).toBe("idle");
  for (const { ctx, sourceId } of places) {
    const { imports } = await listImports(ctx, sourceId, { rowsMax: 200 });
    expect(imports).toHaveLength(3);
  }
});
