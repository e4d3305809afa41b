import { randomUUID } from "node:crypto";

import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { compareEntry, sumChanges } from "@/lib/domain/entry-changes";
import type { ForecastAnswer } from "@/lib/domain/forecast";
import { valueName } from "@/lib/domain/identifiers";
import type { StoredValues } from "@/lib/domain/merge";
import {
  SKIP,
  tableBatchEntities,
  type BatchCell,
  type BatchColumn,
  type BatchRow,
  type TableBatch,
} from "@/lib/domain/table-batch";
import { withDb, type Context } from "@/lib/server/context";
import {
  ingestEntities,
  readValues,
  type IngestCounts,
} from "@/lib/server/entries/service";
import { readStoredValues } from "@/lib/server/entries/stored-values";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import {
  createSourceRow,
  createTenant,
  userContext,
} from "@/lib/testing/factories";

import { endForecast, forecastTableBatch } from "./service";
import { deleteUntouched } from "./store";
import { sweepForecastsJob } from "./sweep";

let testDb: TestDb;
let ctx: Context;
beforeAll(async () => {
  testDb = await createTestDb();
  const tenantId = await createTenant(testDb.db);
  ctx = userContext(testDb.db, tenantId, "editor");
});
afterAll(() => testDb.close());

async function newSource(): Promise<string> {
  return (await createSourceRow(testDb.db, ctx.tenantId)).id;
}

/** Forecasts batches as the browser does: which keys come again is known beforehand. */
async function forecastAll(
  sourceId: string,
  batches: readonly TableBatch[],
  timesEach = 1,
): Promise<{ forecastId: string; answers: ForecastAnswer[] }> {
  const forecastId = randomUUID();
  const mentions = new Map<string, number>();
  for (const [key] of batches.flatMap(({ rows }) => rows)) {
    mentions.set(key, (mentions.get(key) ?? 0) + 1);
  }
  const seen = new Set<string>();
  const answers: ForecastAnswer[] = [];
  for (const [index, batch] of batches.entries()) {
    const repeats = { first: [] as number[], again: [] as number[] };
    for (const [position, [key]] of batch.rows.entries()) {
      if ((mentions.get(key) ?? 0) < 2) continue;
      (seen.has(key) ? repeats.again : repeats.first).push(position);
      seen.add(key);
    }
    let answer: ForecastAnswer | undefined;
    for (let time = 0; time < timesEach; time += 1) {
      answer = await forecastTableBatch(ctx, {
        ...{ sourceId, forecastId, sequence: index + 1 },
        bytes: new TextEncoder().encode(JSON.stringify({ ...batch, repeats })),
      });
    }
    if (answer) answers.push(answer);
  }
  return { forecastId, answers };
}

async function importAll(sourceId: string, batches: readonly TableBatch[]) {
  const receipts: IngestCounts[] = [];
  for (const batch of batches) {
    receipts.push(
      await ingestEntities(ctx, sourceId, tableBatchEntities(batch)),
    );
  }
  return receipts;
}

const ALL_KEYS = ["k1", "k2", "k3", "__proto__", "constructor"];
const COLUMNS: BatchColumn[] = [
  ["a", ""],
  ["a", "sv"],
  ["b", "en"],
  ["__proto__", ""],
  ["constructor", "toString"],
];

const someRow = fc
  .record({
    key: fc.constantFrom(...ALL_KEYS),
    isDelete: fc.oneof(
      { weight: 3, arbitrary: fc.constant(false) },
      fc.boolean(),
    ),
    cells: fc.array(fc.constantFrom<BatchCell>("", "1", "2", null, SKIP), {
      maxLength: COLUMNS.length,
    }),
  })
  .map(({ key, isDelete, cells }): BatchRow =>
    isDelete ? [key, 1] : [key, 0, ...cells],
  );
const someBatches = fc.array(
  fc
    .uniqueArray(someRow, { selector: ([key]) => key, minLength: 1 })
    .map((rows): TableBatch => ({
      firstRow: 2,
      lastRow: 9,
      columns: COLUMNS,
      rows,
    })),
  { minLength: 1, maxLength: 4 },
);

const stored = (sourceId: string): Promise<Map<string, StoredValues>> =>
  readValues(ctx, sourceId, ALL_KEYS);

describe("a forecast against the real store", () => {
  test("is what the import then does, to the value, and writes nothing", async () => {
    await fc.assert(
      fc.asyncProperty(someBatches, someBatches, async (history, batches) => {
        const sourceId = await newSource();
        await importAll(sourceId, history);
        const before = await stored(sourceId);
        const { answers } = await forecastAll(sourceId, batches, 2);
        expect(await stored(sourceId)).toEqual(before);

        const receipts = await importAll(sourceId, batches);
        expect(answers.map(({ counts }) => counts)).toEqual(
          receipts.map(({ created, updated, unchanged, deleted }) => ({
            ...{ created, updated, unchanged, deleted },
          })),
        );
        expect(
          sumChanges(answers.map(({ totals }) => totals)).properties,
        ).toEqual(differences(batches, before, await stored(sourceId)));
      }),
      { numRuns: 40 },
    );
  });

  test("says whether each entry is new, changed or deleted, and what was there", async () => {
    const sourceId = await newSource();
    await importAll(sourceId, [
      table([
        ["k1", 0, "old", "stays"],
        ["k2", 0, "x"],
      ]),
    ]);
    const { answers } = await forecastAll(sourceId, [
      table([
        ["k1", 0, "new", SKIP, "added"],
        ["k2", 1],
        ["k3", 0, "1"],
        ["constructor", 1],
      ]),
    ]);
    expect(answers[0]?.changes).toBe("1304");
    expect(answers[0]?.details).toEqual([[0, "~+", ["old"]]]);
    expect(answers[0]?.totals.values).toEqual({
      ...{ set: 2, replaced: 1, cleared: 0, removed: 1, same: 0, left: 1 },
    });
  });
});

describe("what a forecast keeps", () => {
  test("is only what several batches name, and goes when it ends", async () => {
    const sourceId = await newSource();
    const { forecastId } = await forecastAll(sourceId, [
      table([
        ["k1", 0, "1"],
        ["k2", 0, "1"],
      ]),
      table([["k1", 0, "2"]]),
    ]);
    expect(await keptKeys(forecastId)).toEqual(["k1"]);
    await endForecast(ctx, { sourceId, forecastId });
    expect(await keptKeys(forecastId)).toEqual([]);
  });

  test("is swept an hour after the last batch", async () => {
    const sourceId = await newSource();
    const { forecastId } = await forecastAll(sourceId, [
      table([["k1", 0, "1"]]),
      table([["k1", 0, "2"]]),
    ]);
    const inMinutes = (minutes: number) => () =>
      new Date(Date.now() + minutes * 60_000);
    await sweepForecastsJob(inMinutes(59))(testDb.db);
    expect(await keptKeys(forecastId)).toEqual(["k1"]);
    await sweepForecastsJob(inMinutes(61))(testDb.db);
    expect(await keptKeys(forecastId)).toEqual([]);
    expect(await deleteUntouched(testDb.db, new Date(), 10)).toBe(0);
  });

  test("is missed with a sentence when it is gone", async () => {
    const sourceId = await newSource();
    const batch = { ...table([["k1", 0, "1"]]), repeats: { again: [0] } };
    await expect(forecast(sourceId, batch)).rejects.toThrow(/Start it again/);
  });
});

describe("who may forecast what", () => {
  test("a viewer may not", async () => {
    const sourceId = await newSource();
    const viewer = userContext(testDb.db, ctx.tenantId, "viewer");
    await expect(
      forecast(sourceId, table([["k1", 0]]), viewer),
    ).rejects.toMatchObject({ code: "forbidden" });
  });

  test("another tenant's source is no source", async () => {
    const sourceId = await newSource();
    await importAll(sourceId, [table([["k1", 0, "1"]])]);
    const other = userContext(
      testDb.db,
      await createTenant(testDb.db),
      "editor",
    );
    await expect(
      forecast(sourceId, table([["k1", 0, "2"]]), other),
    ).rejects.toMatchObject({ code: "not_found" });
    expect(await readStoredValues(other, sourceId, ["k1"])).toEqual({
      entries: [],
    });
  });

  test.each([
    ["no JSON", "{"],
    ["no batch", "{}"],
    [
      "repeats outside the batch",
      JSON.stringify({ ...table([["k1", 0]]), repeats: { first: [1] } }),
    ],
    [
      "a position named twice",
      JSON.stringify({
        ...table([["k1", 0]]),
        repeats: { first: [0], again: [0] },
      }),
    ],
  ])("refuses a body with %s", async (_, text) => {
    await expect(
      forecastTableBatch(ctx, {
        ...{ sourceId: await newSource(), forecastId: randomUUID() },
        ...{ sequence: 1, bytes: new TextEncoder().encode(text) },
      }),
    ).rejects.toMatchObject({ code: "invalid_input" });
  });
});

test("stored values are given by name, cut, for keys that exist", async () => {
  const sourceId = await newSource();
  await importAll(sourceId, [table([["k1", 0, "x".repeat(9_000), "b"]])]);
  const { entries } = await readStoredValues(ctx, sourceId, ["k1", "k2", "?"]);
  expect(entries).toEqual([
    {
      key: "k1",
      values: [
        ["a:", ["x".repeat(240), 0]],
        ["a:sv", "b"],
      ],
    },
  ]);
});

const table = (rows: BatchRow[]): TableBatch => ({
  firstRow: 2,
  lastRow: 9,
  columns: COLUMNS,
  rows,
});

function forecast(sourceId: string, body: unknown, as: Context = ctx) {
  return forecastTableBatch(withDb(as, testDb.db), {
    ...{ sourceId, forecastId: randomUUID(), sequence: 2 },
    bytes: new TextEncoder().encode(JSON.stringify(body)),
  });
}

async function keptKeys(forecastId: string): Promise<string[]> {
  const rows = await testDb.db.rows<{ key: string }>(
    `select key from forecast_entries where forecast_id = $1 order by key`,
    [forecastId],
  );
  return rows.map(({ key }) => key);
}

/** What became of each property, from what was stored to what is. */
function differences(
  batches: readonly TableBatch[],
  before: ReadonlyMap<string, StoredValues>,
  after: ReadonlyMap<string, StoredValues>,
) {
  const sentTo = new Map<string, Set<string>>();
  for (const entity of batches.flatMap(tableBatchEntities)) {
    const sent = sentTo.get(entity.key) ?? new Set<string>();
    sentTo.set(entity.key, sent);
    for (const { id, language } of entity.properties) {
      sent.add(valueName(id, language));
    }
  }
  const none = {
    set: 0,
    replaced: 0,
    cleared: 0,
    removed: 0,
    same: 0,
    left: 0,
  };
  const totals = new Map<string, typeof none>();
  for (const [key, sent] of sentTo) {
    compareEntry(before.get(key), after.get(key), sent, (name, change) => {
      const counts = totals.get(name) ?? { ...none };
      counts[change] += 1;
      totals.set(name, counts);
    });
  }
  return COLUMNS.flatMap(([id, language]) => {
    const counts = totals.get(`${id}:${language}`);
    return counts ? [{ id, language: language || null, ...counts }] : [];
  }).sort((a, b) =>
    a.id === b.id
      ? (a.language ?? "") < (b.language ?? "")
        ? -1
        : 1
      : a.id < b.id
        ? -1
        : 1,
  );
}
