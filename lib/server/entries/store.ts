import "server-only";

import { randomUUID } from "node:crypto";

import { AppError } from "@/lib/domain/errors";
import { ACCEPT_LIMITS } from "@/lib/domain/limits";
import type { MergeResult, StoredValues } from "@/lib/domain/merge";
import type { Context } from "@/lib/server/context";
import type { Tx } from "@/lib/server/db/client";

import {
  COUNT_NAMES,
  DELETE_ENTRIES,
  LOCK_SOURCE,
  READ_ENTRIES,
  READ_NAMES,
  TRACK_ENTRIES,
  TRACK_NAMES,
  WRITE_ENTRIES,
  WRITE_ENTRIES_WITH_CLEARS,
} from "./merge-sql";

/** Characters of a sample value kept with a property. */
const SAMPLE_CHARS_MAX = 200;

/**
 * Takes the lock of a source for the rest of the transaction: one importer at a
 * time, in the order of arrival, so counts are exact and nobody deadlocks.
 *
 * @throws {AppError} `not_found` when the source is gone.
 */
export async function lockSource(
  ctx: Context,
  sourceId: string,
): Promise<{ entries: number }> {
  const [stats] = await ctx.db.rows<{ entries: number }>(
    LOCK_SOURCE,
    [ctx.tenantId, sourceId],
    "lock_source",
  );
  // An emptied source has no names: what comes now is counted from nothing.
  if (stats?.entries === 0) notesBySource.delete(`${ctx.tenantId}/${sourceId}`);
  if (stats) return stats;
  throw new AppError("not_found", "This source does not exist any more.");
}

/** The values of those of the keys that exist. */
export async function readValues(
  ctx: Context,
  sourceId: string,
  keys: string[],
): Promise<Map<string, StoredValues>> {
  const rows = await ctx.db.rows<{ key: string; properties: StoredValues }>(
    READ_ENTRIES,
    [ctx.tenantId, sourceId, keys],
  );
  return new Map(rows.map(({ key, properties }) => [key, properties]));
}

/** In how many entries each name that the source ever had has a value; `id:*` sums up the languages of an id. */
export async function readNames(
  ctx: Context,
  sourceId: string,
): Promise<Map<string, number>> {
  const rows = await ctx.db.rows<{ prop: string; entries: number }>(
    READ_NAMES,
    [ctx.tenantId, sourceId],
  );
  return new Map(rows.map(({ prop, entries }) => [prop, entries]));
}

/**
 * Writes what a merge came to: entries, counts, search jobs; three statements
 * at most, however many entries. Needs `lockSource`, taken before the values
 * were read that the merge started from. Waits for none of them but where names
 * are new to this process.
 *
 * @throws {AppError} `invalid_input` when the source would have too many properties.
 */
export async function writeMerge(
  ctx: Context<Tx>,
  sourceId: string,
  result: MergeResult,
): Promise<void> {
  const owner = [ctx.tenantId, sourceId];
  const { deletes, inserts, updates, rewrites } = result;
  if (deletes.length > 0) {
    ctx.db.send(DELETE_ENTRIES, [...owner, deletes]);
  }
  const written = [...inserts, ...updates, ...rewrites];
  const counted = [
    ...owner,
    result.entriesDelta,
    randomUUID(),
    [...deletes, ...written.map(({ key }) => key)],
  ];
  if (written.length > 0) {
    const { json, hasClears } = entriesJson(result, Date.now());
    const [statement, name] = hasClears
      ? [WRITE_ENTRIES_WITH_CLEARS, "write_entries_with_clears"]
      : [WRITE_ENTRIES, "write_entries"];
    ctx.db.send(statement, [...counted, json], name);
  } else {
    ctx.db.send(TRACK_ENTRIES, counted, "track_entries");
  }
  await trackNames(ctx, sourceId, result.seen);
}

async function trackNames(
  ctx: Context<Tx>,
  sourceId: string,
  all: MergeResult["seen"],
): Promise<void> {
  const owner = [ctx.tenantId, sourceId];
  const notes = notesOf(owner.join("/"));
  const seen = takeNotable(notes, all);
  if (seen.length === 0) return;
  const statement: Parameters<Tx["send"]> = [
    TRACK_NAMES,
    [
      ...owner,
      seen.map(([name]) => name),
      seen.map(([, { delta }]) => delta),
      seen.map(([, { sample }]) => sample && cutText(sample, SAMPLE_CHARS_MAX)),
    ],
    "track_names",
  ];
  if (seen.every(([name]) => notes.stored.has(name))) {
    ctx.db.send(...statement);
    return;
  }
  const [tracked] = await ctx.db.rows<{ added: number }>(...statement);
  if (tracked?.added === 0) {
    for (const [name] of seen) notes.stored.add(name);
  } else {
    await requireFewNames(ctx, sourceId);
  }
}

type Notes = {
  /** Names noted as seen, until when they need not be noted again. */
  untilMs: Map<string, number>;
  /** Names that an earlier transaction has stored: no more of them can be too many. */
  stored: Set<string>;
};

/** What this process noted, by source. */
const notesBySource = new Map<string, Notes>();
const NOTED_MS = 10_000;
const NOTED_SOURCES_MAX = 1_000;

/**
 * Drops what this process noted of a source: for a transaction that wrote to it
 * several times and was rolled back, after which some notes may be wrong.
 */
export function forgetNames(ctx: Context, sourceId: string): void {
  notesBySource.delete(`${ctx.tenantId}/${sourceId}`);
}

function notesOf(source: string): Notes {
  let notes = notesBySource.get(source);
  if (notes) return notes;
  if (notesBySource.size >= NOTED_SOURCES_MAX) notesBySource.clear();
  notes = { untilMs: new Map(), stored: new Set() };
  notesBySource.set(source, notes);
  return notes;
}

/**
 * What is worth a write: changed counts, and every 10 s that a name was seen. A
 * stream of small imports would else rewrite the same rows all day. A name
 * without a value may be new and has no count to show it, so it always is.
 */
function takeNotable(
  { untilMs }: Notes,
  seen: MergeResult["seen"],
): [string, { delta: number; sample: string | null }][] {
  const nowMs = performance.now();
  const notable = [...seen].filter(
    ([name, { delta, sample }]) =>
      delta !== 0 || sample === null || (untilMs.get(name) ?? 0) <= nowMs,
  );
  for (const [name] of notable) untilMs.set(name, nowMs + NOTED_MS);
  return notable;
}

async function requireFewNames(ctx: Context, sourceId: string): Promise<void> {
  const max = ACCEPT_LIMITS.propertiesPerSourceMax;
  const [used] = await ctx.db.rows<{ n: number }>(COUNT_NAMES, [
    ctx.tenantId,
    sourceId,
  ]);
  if (!used || used.n <= max) return;
  throw new AppError(
    "invalid_input",
    `The source would have more than ${max} properties, counting each language of each id, so this was not stored. See that property ids are names and not values, or use another source.`,
  );
}

/** The entries as `WRITE_ENTRIES` wants them; one `stringify` for all is twice as fast as one each. */
function entriesJson(
  { inserts, updates, rewrites }: MergeResult,
  nowMs: number,
): { json: string; hasClears: boolean } {
  let hasClears = false;
  const timesOf = (changes: Record<string, string | null>) => {
    const times: Record<string, number | null> = {};
    for (const name of Object.keys(changes)) {
      const isCleared = changes[name] === null;
      hasClears ||= isCleared;
      times[name] = isCleared ? null : nowMs;
    }
    return times;
  };
  const json = JSON.stringify([
    ...inserts.map(({ key, values }) => ({ k: key, p: values })),
    ...rewrites.map(({ key, values }) => ({
      k: key,
      p: values,
      c: { "*": nowMs },
    })),
    ...updates.map(({ key, changes }) => ({
      k: key,
      p: changes,
      c: timesOf(changes),
    })),
  ]);
  return { json, hasClears };
}

/** Cuts without leaving half of a surrogate pair. */
function cutText(text: string, charsMax: number): string {
  const cut = text.slice(0, charsMax);
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}
