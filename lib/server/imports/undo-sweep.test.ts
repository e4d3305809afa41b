import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "vitest";

import { createTestDb, type TestDb } from "@/lib/testing/db";
import { createTenant } from "@/lib/testing/factories";

import { sweepUndoJob } from "./undo-sweep";

const NOW = new Date("2026-11-22T12:00:00Z");
const DAY_MS = 86_400_000;

let database: TestDb;
beforeAll(async () => {
  database = await createTestDb();
});
afterAll(() => database.close());

async function keep(runId: string, batches: number, daysAgo: number) {
  const tenantId = await createTenant(database.db);
  await database.db.rows(
    `insert into run_undo (tenant_id, run_id, sequence, entries, hashes, at)
     select $1, $2, n, 1, '', $4 from generate_series(1, $3::int) n`,
    [tenantId, runId, batches, new Date(NOW.getTime() - daysAgo * DAY_MS)],
  );
  return tenantId;
}

const left = async (runId: string) =>
  (await database.db.rows(`select from run_undo where run_id = $1`, [runId]))
    .length;

test("what runs changed is forgotten after 90 days, but not while it is being undone", async () => {
  const { db } = database;
  const [old, fresh, undone] = [randomUUID(), randomUUID(), randomUUID()];
  await keep(old, 250, 91);
  await keep(fresh, 3, 89);
  const tenantId = await keep(undone, 2, 91);
  const undoId = randomUUID();
  await db.rows(
    `insert into import_runs (tenant_id, source_id, id, kind, undo_of, status, actor_id, actor_name,
       file_name, file_bytes, file_hash, table_options, mapping, headers, "check", batches_total)
     values ($1, $2, $2, 'undo', $3, 'paused', $2, 'a', 'f.csv', 1, 'h', '{}', '{}', '[]', '{}', 2)`,
    [tenantId, undoId, undone],
  );
  const job = sweepUndoJob(() => NOW);
  expect(await job(db)).toBe("busy");
  expect(await job(db)).toBe("idle");
  expect([await left(old), await left(fresh), await left(undone)]).toEqual([
    0, 3, 2,
  ]);

  await db.rows(`update import_runs set status = 'finished' where id = $1`, [
    undoId,
  ]);
  await sweepUndoJob(() => NOW)(db);
  expect(await left(undone)).toBe(0);
});
