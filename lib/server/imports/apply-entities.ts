import "server-only";

import type { Outcome } from "@/lib/domain/outcome";
import { ASIDE_REASON_CHARS_MAX, type SetAside } from "@/lib/domain/set-aside";
import {
  rowsOfEntity,
  tableBatchEntities,
  type TableBatch,
} from "@/lib/domain/table-batch";
import { joinUndoRecords, type UndoRecord } from "@/lib/domain/undo-record";
import type { Context } from "@/lib/server/context";
import type { Tx } from "@/lib/server/db/client";
import { ingestRecorded } from "@/lib/server/entries/service";

import { applyIsolating } from "@/lib/server/isolate-offenders";

export type AppliedBatch = {
  entities: number;
  created: number;
  updated: number;
  unchanged: number;
  deleted: number;
  aside: number;
  asideRows: number;
  /** One for each entity, in the batch's order. */
  outcomes: Outcome[];
  setAside: SetAside[];
  /** What it takes to take back those that were applied; hashes every value. */
  undo: () => UndoRecord;
};

/**
 * Applies the entities of a batch to a built-in source in the open transaction.
 * Those that are refused for their content are set aside, and so are those in
 * `refused` (by place, with the reason), which are not even tried; all others
 * are applied in their order.
 *
 * @throws {AppError} what concerns the batch as a whole, such as `not_found`
 *   when the source is gone; then the transaction has to be rolled back.
 */
export async function applyEntities(
  ctx: Context<Tx>,
  sourceId: string,
  batch: TableBatch,
  refused: ReadonlyMap<number, string>,
): Promise<AppliedBatch> {
  const entities = tableBatchEntities(batch);
  const places = [...entities.keys()].filter((at) => !refused.has(at));
  const reasons = new Map(refused);
  const outcomes = entities.map((): Outcome => "aside");
  const sums = { created: 0, updated: 0, unchanged: 0, deleted: 0 };

  const isolated = await applyIsolating(places, (part) =>
    ctx.db.savepoint(() => {
      const some = part.flatMap((at) => entities[at] ?? []);
      const keys = some.map(({ key }) => key);
      return ingestRecorded(ctx, sourceId, keys, () => some);
    }),
  );
  for (const { at, answer } of isolated.applied) {
    for (const name of SUMMED) sums[name] += answer.counts[name];
    for (const [index, outcome] of answer.outcomes.entries()) {
      outcomes[places[at + index] ?? 0] = outcome;
    }
  }
  for (const { at, count, message } of isolated.refused) {
    const reason = count === 1 ? message : togetherSentence(count, message);
    for (const place of places.slice(at, at + count)) {
      reasons.set(place, reason);
    }
  }
  const setAside = toSetAside(batch, reasons);
  return {
    ...{ ...sums, entities: entities.length, outcomes, setAside },
    undo: () =>
      joinUndoRecords(isolated.applied.map(({ answer }) => answer.undo())),
    aside: setAside.length,
    asideRows: setAside.reduce((sum, { rows }) => sum + rows, 0),
  };
}

const SUMMED = ["created", "updated", "unchanged", "deleted"] as const;

function toSetAside(
  batch: TableBatch,
  reasons: ReadonlyMap<number, string>,
): SetAside[] {
  return [...reasons]
    .sort(([one], [other]) => one - other)
    .map(([at, reason]) => ({
      at,
      key: batch.rows[at]?.[0] ?? "",
      ...rowsOfEntity(batch, at),
      reason: reason.slice(0, ASIDE_REASON_CHARS_MAX),
    }));
}

function togetherSentence(count: number, message: string): string {
  return `${message} (So many entries of this batch are refused that the last ${count} were not tried one by one; some of them may be right.)`;
}
