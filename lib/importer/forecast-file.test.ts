import { describe, expect, test } from "vitest";

import { NO_CHANGES } from "@/lib/domain/entry-changes";
import {
  forecastBatch,
  type ForecastAnswer,
  type RepeatedEntry,
} from "@/lib/domain/forecast";
import type { ColumnMapping } from "@/lib/domain/mapping";
import type { StoredValues } from "@/lib/domain/merge";
import { tableBatchEntities, type TableBatch } from "@/lib/domain/table-batch";

import { createForecastAsker } from "./ask-forecast";
import { forecastFile } from "./forecast-file";
import { createForecastStore, type ForecastStore } from "./forecast-store";

const MAPPING: ColumnMapping = {
  columns: [
    { as: "key", property: null },
    { as: "property", id: "name", language: "", emptyCell: "skip" },
    { as: "property", id: "name", language: "sv", emptyCell: "clear" },
  ],
  keySeparator: "-",
  repeatedKeys: "merge",
};

type Respond = (path: string, init: RequestInit) => Response;

/** A server that computes and keeps as the real one does. */
function fakeServer(stored: Record<string, StoredValues>) {
  const kept = new Map<string, RepeatedEntry>();
  const requests: { path: string; body: Record<string, unknown> }[] = [];
  const answer: Respond = (path, init) => {
    const text = typeof init.body === "string" ? init.body : "";
    const body = JSON.parse(text) as TableBatch & {
      repeats?: { first: number[]; again: number[] };
    };
    requests.push({ path, body });
    const { answer, repeated } = forecastBatch({
      sequence: Number(path.split("/").at(-1)),
      entities: tableBatchEntities(body),
      repeats: body.repeats ?? { first: [], again: [] },
      stored: new Map(Object.entries(stored)),
      earlier: kept,
    });
    for (const [key, entry] of repeated) kept.set(key, entry);
    const at = "2026-11-22T10:42:00.000Z";
    return Response.json({ ...answer, at } satisfies ForecastAnswer);
  };
  return { requests, answer };
}

async function forecastCsv(
  csv: string,
  respond: Respond,
  options: { needsOrder?: boolean; signal?: AbortSignal } = {},
): Promise<ForecastStore> {
  const store = createForecastStore();
  const signal = options.signal ?? new AbortController().signal;
  const needsOrder = options.needsOrder ?? false;
  const asker = createForecastAsker({
    url: (sequence) => `/batches/${sequence}`,
    inFlightMax: needsOrder ? 1 : 3,
    isNearLimit: false,
    fetch: (path, init) => Promise.resolve(respond(path as string, init ?? {})),
    sleep: () => Promise.resolve(),
    signal,
    onAnswer: (...answered) => store.add(...answered),
  });
  await forecastFile({
    file: new Blob([csv]),
    options: {
      ...{ encoding: "utf-8", delimiter: ",", headerRow: 1 },
      quotes: "standard",
    },
    mapping: MAPPING,
    ...{ asker, needsOrder, signal },
  });
  return store;
}

describe("the forecast of a file", () => {
  test("adds up, and shows each entry with its old and new texts", async () => {
    const server = fakeServer({
      a: { "name:": "Chair", "name:sv": "Stol", "size:": "L" },
      b: { "name:": "Table" },
    });
    const store = await forecastCsv(
      "key,name,sv\na,Stool,\nb,Table,\nc,Desk,Bord",
      server.answer,
    );
    expect(store.counts()).toEqual({
      ...{ created: 1, updated: 1, unchanged: 1, deleted: 0 },
    });
    expect(store.asOf()).toBe("2026-11-22T10:42:00.000Z");
    expect(store.totals().values).toMatchObject({
      ...{ set: 2, replaced: 1, cleared: 1, left: 1 },
    });
    const { entries } = await all(store);
    expect(entries).toEqual([
      {
        ...{ key: "a", row: 2, change: "updated" },
        values: [
          value("name", null, "replaced", "Chair", "Stool"),
          value("name", "sv", "cleared", "Stol", null),
        ],
      },
      {
        ...{ key: "b", row: 3, change: "unchanged" },
        values: [value("name", null, "same", "Table", "Table")],
      },
      {
        ...{ key: "c", row: 4, change: "created" },
        values: [
          value("name", null, "set", null, "Desk"),
          value("name", "sv", "set", null, "Bord"),
        ],
      },
    ]);
  });

  test("can be paged and filtered by what happens and by property, over all batches", async () => {
    const rows = Array.from({ length: 2_345 }, (_, i) =>
      i % 3 === 0 ? `k${i},Same,` : `k${i},New,${i % 3 === 1 ? "Ny" : ""}`,
    );
    const stored = Object.fromEntries(
      rows.map((_, i) => [`k${i}`, { "name:": "Same" }]),
    );
    const store = await forecastCsv(
      `key,name,sv\n${rows.join("\n")}`,
      fakeServer(stored).answer,
    );
    const updated = await all(store, { change: "updated" });
    expect(updated.total).toBe(1_563);
    const swedish = await store.page(
      { change: null, property: "name:sv" },
      ...([700, 50] as const),
    );
    expect(swedish.total).toBe(782);
    expect(swedish.entries.map(({ key }) => key).slice(0, 2)).toEqual([
      "k2101",
      "k2104",
    ]);
    expect((await all(store, { property: "nowhere:" })).total).toBe(0);
  });

  test("tells the server which entries come again, and shows these once, in the end", async () => {
    const filler = Array.from({ length: 1_100 }, (_, i) => `f${i},x,`);
    const server = fakeServer({ a: { "name:": "Chair" } });
    const store = await forecastCsv(
      ["key,name,sv", "a,Stool,", ...filler, "a,,Pall"].join("\n"),
      server.answer,
      { needsOrder: true },
    );
    expect(server.requests.map(({ body }) => body.repeats)).toEqual([
      { first: [0], again: [] },
      { first: [], again: [101] },
    ]);
    const { entries, total } = await all(store, { change: "updated" });
    expect(total).toBe(1);
    expect(entries[0]).toEqual({
      ...{ key: "a", row: 1103, change: "updated" },
      values: [
        value("name", null, "replaced", "Chair", "Stool"),
        value("name", "sv", "set", null, "Pall"),
      ],
    });
    expect(store.totals().entries).toMatchObject({
      created: 1_100,
      updated: 1,
    });
    // The import counts what each batch does.
    expect(store.counts()).toMatchObject({ created: 1_100, updated: 2 });
  });

  test("asks again while the server is away, and gives up in the end", async () => {
    const server = fakeServer({});
    let calls = 0;
    const store = await forecastCsv("key,name,sv\na,x,", (path, init) => {
      calls += 1;
      return calls < 3
        ? new Response("", { status: 503 })
        : server.answer(path, init);
    });
    expect(store.counts().created).toBe(1);

    const away = () =>
      Response.json({ error: { message: "Closed today." } }, { status: 503 });
    await expect(forecastCsv("key,name,sv\na,x,", away)).rejects.toThrow(
      "Closed today.",
    );
  });

  test("ends when it is stopped", async () => {
    const stop = new AbortController();
    const rows = Array.from({ length: 5_000 }, (_, i) => `k${i},x,`);
    const server = fakeServer({});
    const forecast = forecastCsv(
      `key,name,sv\n${rows.join("\n")}`,
      (path, init) => {
        stop.abort(new Error("Enough."));
        return server.answer(path, init);
      },
      { signal: stop.signal },
    );
    await expect(forecast).rejects.toThrow("Enough.");
    expect(server.requests.length).toBeLessThan(5);
  });
});

test("a forecast too large to keep still says what becomes of each entry", async () => {
  const store = createForecastStore(10);
  for (const sequence of [1, 2]) {
    store.add(
      {
        ...{ firstRow: 2, lastRow: 2, columns: [["name", ""]] },
        rows: [[`k${sequence}`, 0, "x"]],
      },
      {
        ...{ sequence, at: "2026-11-22T10:42:00.000Z", changes: "0" },
        counts: { created: 1, updated: 0, unchanged: 0, deleted: 0 },
        ...{ totals: NO_CHANGES, details: [], others: [], supersedes: [] },
      },
    );
  }
  const { entries } = await all(store);
  expect(entries.map(({ key, values }) => [key, values.length])).toEqual([
    ["k1", 1],
    ["k2", 0],
  ]);
});

const all = (
  store: ForecastStore,
  filter: Partial<Parameters<ForecastStore["page"]>[0]> = {},
) => store.page({ change: null, property: null, ...filter }, 0, 10_000);

function value(
  id: string,
  language: string | null,
  change: string,
  before: string | null,
  after: string | null,
) {
  return { id, language, change, before, after };
}
