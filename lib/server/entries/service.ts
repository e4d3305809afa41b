import "server-only";

import type { Entity } from "@/lib/domain/entity";
import { isEntryKey } from "@/lib/domain/identifiers";
import {
  createMerge,
  type MergeCounts,
  type StoredValues,
} from "@/lib/domain/merge";
import type { Outcome } from "@/lib/domain/outcome";
import { undoRecordOf, type UndoRecord } from "@/lib/domain/undo-record";
import { type Context, requireRole, withDb } from "@/lib/server/context";
import { recordAudit } from "@/lib/server/db/audit";

import { noSuchEntry } from "./one-entry";
import { lockSource, readValues, writeMerge } from "./store";

export { exportEntries } from "./export";
export { findChangedKeys } from "./list-keys";
export { getEntry } from "./one-entry";
export { searchEntries } from "./search";
export { forgetNames, lockSource, readNames, readValues } from "./store";

/** What one payload did. `entities` is the sum of the others, but for deletes of unknown keys. */
export type IngestCounts = MergeCounts & { entities: number };

/**
 * Applies entities to a source, all of them or none: the one way into storage,
 * for the ingest API and for the Studio's own imports. Joins the transaction of
 * `ctx.db` if one is open.
 *
 * Expects what `readImportBody` gives: legal keys and ids, no key twice, no
 * (id, language) twice in an entity. May the actor write here? The caller has
 * checked: a role for people, a grant for providers.
 *
 * @throws {AppError} `not_found` when the source is gone.
 */
export async function ingestEntities(
  ctx: Context,
  sourceId: string,
  entities: Entity[],
): Promise<IngestCounts> {
  const [counts] = await ingestPayloads(ctx, sourceId, [entities]);
  if (!counts) throw new RangeError("One payload gives one count.");
  return counts;
}

/**
 * The same for several payloads, applied one after another in one transaction:
 * so many small imports cost little more than one. What is written may still be
 * on its way to the database; the transaction fails when that does.
 */
export function ingestPayloads(
  ctx: Context,
  sourceId: string,
  payloads: Entity[][],
): Promise<IngestCounts[]> {
  return ctx.db.transaction(async (tx) => {
    const inTx = withDb(ctx, tx);
    const keys = new Set(payloads.flat().map(({ key }) => key));
    // Started together: a statement sees what was committed before it began,
    // and the second one begins when the first one has the lock.
    const [, stored] = await Promise.all([
      lockSource(inTx, sourceId),
      readValues(inTx, sourceId, [...keys]),
    ]);
    const merge = createMerge(stored);
    const counts = payloads.map((entities) => ({
      entities: entities.length,
      ...merge.apply(entities),
    }));
    if (keys.size > 0) await writeMerge(inTx, sourceId, merge.result());
    return counts;
  });
}

/**
 * The same for one payload that is decided on when the entries of `keys` are
 * read, and may name no others. Gives also what became of each, in their order,
 * and, for who asks, what is needed to take it back.
 */
export function ingestRecorded(
  ctx: Context,
  sourceId: string,
  keys: string[],
  decide: (stored: ReadonlyMap<string, StoredValues>) => Entity[],
): Promise<{
  counts: IngestCounts;
  outcomes: Outcome[];
  undo: () => UndoRecord;
}> {
  return ctx.db.transaction(async (tx) => {
    const inTx = withDb(ctx, tx);
    const [, stored] = await Promise.all([
      lockSource(inTx, sourceId),
      readValues(inTx, sourceId, keys),
    ]);
    const merge = createMerge(stored);
    const entities = decide(stored);
    const outcomes: Outcome[] = [];
    const merged = merge.apply(entities, outcomes);
    const counts = { entities: entities.length, ...merged };
    const result = merge.result();
    if (keys.length > 0) await writeMerge(inTx, sourceId, result);
    return { counts, outcomes, undo: () => undoRecordOf(stored, result) };
  });
}

/**
 * Removes one entry, the way an import would; an import that sends the key
 * again makes it anew. Role: editor.
 *
 * @throws {AppError} `not_found`
 */
export async function deleteEntry(
  ctx: Context,
  sourceId: string,
  key: string,
): Promise<void> {
  requireRole(ctx, "editor");
  if (!isEntryKey(key)) throw noSuchEntry();
  await ctx.db.transaction(async (tx) => {
    const inTx = withDb(ctx, tx);
    const { deleted } = await ingestEntities(inTx, sourceId, [
      { key, delete: true, properties: [] },
    ]);
    if (deleted === 0) throw noSuchEntry();
    await recordAudit(inTx, "entry.deleted", sourceId, { key });
  });
}
