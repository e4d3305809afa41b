import "server-only";

import type { Entity } from "@/lib/domain/entity";
import { createMerge, type MergeCounts } from "@/lib/domain/merge";
import { type Context, withDb } from "@/lib/server/context";

import { lockSource, readValues, writeMerge } from "./store";

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
 * so many small imports cost little more than one.
 */
export function ingestPayloads(
  ctx: Context,
  sourceId: string,
  payloads: Entity[][],
): Promise<IngestCounts[]> {
  return ctx.db.transaction(async (tx) => {
    const inTx = withDb(ctx, tx);
    await lockSource(inTx, sourceId);
    const keys = new Set(payloads.flat().map(({ key }) => key));
    const merge = createMerge(await readValues(inTx, sourceId, [...keys]));
    const counts = payloads.map((entities) => ({
      entities: entities.length,
      ...merge.apply(entities),
    }));
    if (keys.size > 0) await writeMerge(inTx, sourceId, merge.result());
    return counts;
  });
}
