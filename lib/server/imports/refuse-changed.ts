import "server-only";

import type { TableBatch } from "@/lib/domain/table-batch";
import type { Context } from "@/lib/server/context";
import { findChangedKeys, lockSource } from "@/lib/server/entries/service";

const REASON =
  "The entry was made or changed after the list of missing entries was reviewed, so it was not deleted. Look at it, then review the missing entries again if it should go.";

/**
 * Of a batch that deletes what somebody has reviewed: sets the rows aside whose
 * entries are not as they were then. Takes the lock of the source first, so
 * that none can change between this look and the deletion. An import whose
 * transaction began before the review and waited for its turn counts as before.
 *
 * @throws {AppError} `not_found` when the source is gone.
 */
export async function refuseChanged(
  ctx: Context,
  review: { sourceId: string; unchangedSince: string },
  batch: TableBatch,
  refused: Map<number, string>,
): Promise<void> {
  const { sourceId, unchangedSince } = review;
  await lockSource(ctx, sourceId);
  const keys = batch.rows.map(([key]) => key);
  const changed = new Set(
    await findChangedKeys(ctx, sourceId, keys, unchangedSince),
  );
  for (const [at, key] of keys.entries()) {
    if (changed.has(key) && !refused.has(at)) refused.set(at, REASON);
  }
}
