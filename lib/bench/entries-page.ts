import type { EntryPage, EntryQueryInput } from "@/lib/domain/entry";
import type { Context } from "@/lib/server/context";
import { indexNextBatch } from "@/lib/server/entries/index-words";
import { ingestEntities, searchEntries } from "@/lib/server/entries/service";
import { createSource } from "@/lib/server/sources/service";

import { openBenchTenant } from "./bench-tenant";
import { createRandom, keyOf, makeProduct, PLANTED } from "./catalogue";
import { printFigure, quantile } from "./figures";

const SMALL = 10_000;
const LARGE = Number(process.env.BENCH_ENTRIES ?? 1_000_000);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 60);
const BATCH = 1_000;

type Case = [name: string, query: (random: () => number) => EntryQueryInput];

/** Where a query can vary it does, so that a round does not read what the last one has cached. */
const CASES: Case[] = [
  ["first page", () => ({})],
  [
    "deep page",
    (random) => ({ cursor: `aw:${keyOf(Math.floor(random() * SMALL))}` }),
  ],
  [
    "key prefix",
    (random) => ({
      text: `SKU-${String(Math.floor(random() * 1e4)).padStart(4, "0")}`,
    }),
  ],
  ["rare word", () => ({ text: PLANTED.rare })],
  ["word of 1 % of entries", () => ({ text: PLANTED.uncommon })],
  ["common word", () => ({ text: PLANTED.common })],
  ["two words", () => ({ text: `${PLANTED.rare} ${PLANTED.common}` })],
  ["no match", (random) => ({ text: `zzq${Math.floor(random() * 1e6)}` })],
  ["present, common", () => ({ property: "care", language: "en" })],
  ["present, rare", () => ({ property: "recall" })],
  ["missing, 10 %", () => ({ property: "care", presence: "missing" })],
  ["missing, none", () => ({ property: "name", presence: "missing" })],
  [
    "word and missing",
    () => ({ text: PLANTED.common, property: "care", presence: "missing" }),
  ],
];

/**
 * Figure (d): pages and searches of the entries page through its service, at
 * 10,000 and at 1,000,000 entries of 20 values, and how fast words are indexed.
 * `isWhole` counts requests that ended with a full page or the end; the others
 * ran out of their time and say so.
 */
export async function benchEntriesPage(): Promise<void> {
  const { ctx, close } = await openBenchTenant();
  try {
    const small = await loadSource(ctx, SMALL);
    const atSmall = await measureAll(ctx, small, SMALL, new Map());
    const large = await loadSource(ctx, LARGE);
    await measureAll(ctx, large, LARGE, atSmall);
  } finally {
    await close();
  }
}

async function loadSource(ctx: Context, entries: number): Promise<string> {
  const identifier = `bench-${entries}`;
  const { id } = await createSource(ctx, {
    ...{ identifier, name: identifier },
    ...{ originSystem: "", description: "" },
  });
  let startedAt = performance.now();
  const perSecond = () => entries / ((performance.now() - startedAt) / 1_000);
  for (let from = 0; from < entries; from += BATCH) {
    const length = Math.min(BATCH, entries - from);
    const batch = Array.from({ length }, (_, at) => makeProduct(from + at));
    await ingestEntities(ctx, id, batch);
  }
  printFigure("entries page: load", { entries, perSecond: perSecond() });

  startedAt = performance.now();
  while ((await indexNextBatch(ctx.db)) > 0);
  printFigure("entries page: index words", { entries, perSecond: perSecond() });
  // What autovacuum does within a minute or so.
  await ctx.db.rows("vacuum analyze entries");
  await ctx.db.rows("vacuum analyze entry_search");
  return id;
}

async function measureAll(
  ctx: Context,
  sourceId: string,
  entries: number,
  before: ReadonlyMap<string, number>,
): Promise<Map<string, number>> {
  const times = new Map<string, number[]>();
  const pages = new Map<string, EntryPage[]>();
  const random = createRandom(7);
  // Interleaved: a slow moment of the machine falls on all of them.
  for (let round = -2; round < ROUNDS; round += 1) {
    for (const [name, query] of CASES) {
      const startedAt = performance.now();
      const page = await searchEntries(ctx, sourceId, query(random));
      const ms = performance.now() - startedAt;
      if (round < 0) continue;
      times.set(name, [...(times.get(name) ?? []), ms]);
      pages.set(name, [...(pages.get(name) ?? []), page]);
    }
  }
  const p95s = new Map<string, number>();
  for (const [name] of CASES) {
    const own = times.get(name) ?? [];
    const p95 = quantile(own, 0.95);
    p95s.set(name, p95);
    const small = before.get(name);
    const all = pages.get(name) ?? [];
    printFigure(`entries page: ${name}`, {
      ...{ entries, p50Ms: quantile(own, 0.5), p95Ms: p95 },
      rows: all[0]?.rows.length ?? 0,
      wholeShare: all.filter((page) => page.isComplete).length / all.length,
      ...(small !== undefined && { timesOfSmall: p95 / small }),
    });
  }
  return p95s;
}
