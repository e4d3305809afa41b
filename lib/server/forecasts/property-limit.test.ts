import { randomUUID } from "node:crypto";

import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";

import { ENTRY_CHANGES } from "@/lib/domain/entry-changes";
import { ACCEPT_LIMITS } from "@/lib/domain/limits";
import {
  SKIP,
  tableBatchEntities,
  type BatchCell,
  type BatchColumn,
  type BatchRow,
  type TableBatch,
} from "@/lib/domain/table-batch";
import { withDb, type Context } from "@/lib/server/context";
import { ingestEntities, readValues } from "@/lib/server/entries/service";
import { applyEntities } from "@/lib/server/imports/apply-entities";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import {
  createSourceRow,
  createTenant,
  userContext,
} from "@/lib/testing/factories";

import { endForecast, forecastTableBatch } from "./service";

let testDb: TestDb;
let ctx: Context;
beforeAll(async () => {
  testDb = await createTestDb();
  const tenantId = await createTenant(testDb.db);
  ctx = userContext(testDb.db, tenantId, "editor");
});
afterAll(() => testDb.close());

const KEYS = ["k1", "k2", "k3", "k4", "k5", "__proto__"];
const COLUMNS: BatchColumn[] = [
  ...["a", "b", "c", "__proto__"].flatMap((id): BatchColumn[] => [
    [id, ""],
    [id, "sv"],
  ]),
];
const row = fc
  .record({
    key: fc.constantFrom(...KEYS),
    isDelete: fc.oneof(
      { weight: 5, arbitrary: fc.constant(false) },
      fc.boolean(),
    ),
    cells: fc.array(
      fc.constantFrom<BatchCell>("1", "2", null, SKIP, SKIP, SKIP, SKIP),
      { maxLength: COLUMNS.length },
    ),
  })
  .map(({ key, isDelete, cells }): BatchRow =>
    isDelete ? [key, 1] : [key, 0, ...cells],
  );
const batches = fc.array(
  fc
    .uniqueArray(row, { selector: ([key]) => key, minLength: 1 })
    .map((rows): TableBatch => ({
      ...{ firstRow: 2, lastRow: 9, columns: COLUMNS, rows },
    })),
  { minLength: 1, maxLength: 3 },
);

/** A source with so many names that `room` more are taken. */
async function sourceWithRoom(
  room: number,
  history: readonly TableBatch[],
): Promise<string> {
  const { id } = await createSourceRow(testDb.db, ctx.tenantId);
  for (const batch of history) {
    await ingestEntities(ctx, id, tableBatchEntities(batch));
  }
  await testDb.db.rows(
    `insert into source_properties (tenant_id, source_id, prop, entries)
     select $1::uuid, $2::uuid, 'filler' || n || ':', 1 from generate_series(1, $3::int - (
       select count(*)::int from source_properties
       where tenant_id = $1 and source_id = $2 and entries > 0 and prop not like '%:*')) n`,
    [ctx.tenantId, id, ACCEPT_LIMITS.propertiesPerSourceMax - room],
  );
  return id;
}

async function forecastAll(sourceId: string, all: readonly TableBatch[]) {
  const forecastId = randomUUID();
  const seen = new Set<string>();
  const aside: number[][] = [];
  for (const [index, batch] of all.entries()) {
    const repeats = { first: [] as number[], again: [] as number[] };
    for (const [position, [key]] of batch.rows.entries()) {
      (seen.has(key) ? repeats.again : repeats.first).push(position);
    }
    for (const [key] of batch.rows) seen.add(key);
    const body = { ...batch, repeats, isNearLimit: true };
    const bytes = new TextEncoder().encode(JSON.stringify(body));
    const place = { sourceId, forecastId, sequence: index + 1 };
    const answer = await forecastTableBatch(ctx, { ...place, bytes });
    // Asked again, as after an answer that was lost.
    expect(await forecastTableBatch(ctx, { ...place, bytes })).toEqual({
      ...{ ...answer, at: expect.any(String) as string },
    });
    aside.push(positionsOf([...answer.changes], String(ASIDE)));
  }
  await endForecast(ctx, { sourceId, forecastId });
  return aside;
}

const ASIDE = ENTRY_CHANGES.indexOf("aside");

async function importAll(sourceId: string, all: readonly TableBatch[]) {
  const aside: number[][] = [];
  for (const batch of all) {
    const { outcomes } = await ctx.db.transaction((tx) =>
      applyEntities(withDb(ctx, tx), sourceId, batch, new Map()),
    );
    aside.push(positionsOf(outcomes, "aside"));
  }
  return aside;
}

function positionsOf<T>(list: readonly T[], wanted: T): number[] {
  return list.flatMap((one, at) => (one === wanted ? [at] : []));
}

test("near the limit of properties a forecast rejects what the import sets aside", async () => {
  let asideInAll = 0;
  await fc.assert(
    fc.asyncProperty(
      batches,
      batches,
      fc.nat({ max: 4 }),
      async (history, file, room) => {
        const sourceId = await sourceWithRoom(room, history.slice(1));
        const before = await readValues(ctx, sourceId, KEYS);
        const foreseen = await forecastAll(sourceId, file);
        expect(await readValues(ctx, sourceId, KEYS)).toEqual(before);
        const aside = await importAll(sourceId, file);
        expect(foreseen).toEqual(aside);
        asideInAll += aside.flat().length;
      },
    ),
    { numRuns: 15 },
  );
  expect(asideInAll).toBeGreaterThan(5);
}, 60_000);
