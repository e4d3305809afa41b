import "server-only";

import { compareEntry, createChangeCounter } from "@/lib/domain/entry-changes";
import { AppError } from "@/lib/domain/errors";
import { splitValueName } from "@/lib/domain/identifiers";
import type { ImportRun } from "@/lib/domain/import-run";
import { cutAtDifference, cutExcerpt } from "@/lib/domain/text-excerpt";
import { undoKeys } from "@/lib/domain/undo-plan";
import type { UndoRecord } from "@/lib/domain/undo-record";
import type { UndoChange, UndoForecast } from "@/lib/domain/undo-run";
import {
  createUndoSimulation,
  type SimulatedEntry,
} from "@/lib/domain/undo-simulation";
import { requireRole, type Context } from "@/lib/server/context";
import { readValues } from "@/lib/server/entries/service";
import { undoRefusals } from "@/lib/wording/undo-refusals";

import { isRunId, NO_RUN_SENTENCE } from "./run-lease";
import { findRun } from "./store";
import { createSettledLines, isTold, settledLine } from "./undo-kept";
import { enterUndoChanges, enterUndoPreview } from "./undo-gate";
import { requireUndoable } from "./undo-start";
import { findBatchFromEnd, findUndo } from "./undo-store";

/**
 * What undoing a run would do if it were done now, batch by batch, newest
 * first; nothing is written. What stays is listed with its batch, or for a run
 * with keys in several batches with the last one. Role: viewer.
 *
 * @throws {AppError} `conflict` the run cannot be undone; `not_found`;
 *   `rate_limited` too many are worked out at once.
 */
export async function* forecastUndo(
  ctx: Context,
  runId: string,
): AsyncGenerator<UndoForecast> {
  requireRole(ctx, "viewer");
  const leave = enterUndoPreview(ctx.actor.id);
  try {
    yield* forecastBatches(ctx, runId);
  } finally {
    leave();
  }
}

async function* forecastBatches(
  ctx: Context,
  runId: string,
): AsyncGenerator<UndoForecast> {
  const run = await getUndoable(ctx, runId);
  const batches = run.applied.batches;
  const lastAt = await findRepeatedKeys(ctx, run, () => true);
  const settled = createSettledLines();
  const simulation = createUndoSimulation(lastAt, settled.places);

  for (let batch = 1; batch <= batches; batch += 1) {
    const record = await readBatch(ctx, run, batch);
    const stored = await readValues(ctx, run.source.id, undoKeys(record));
    const step = simulation.step(batch, record, stored);
    const counter = createChangeCounter();
    for (const { before, after, sent } of step.entries) {
      counter.add(before, after, sent);
    }
    let own = step.settled.map(settledLine);
    if (lastAt.size > 0) {
      own = settled.takeKnown(own);
      settled.add(batch, own);
      // A line may still change until the last batch.
      own = batch === batches ? settled.all() : [];
    }
    const kept = own.filter(isTold);
    yield { batch, batches, totals: counter.totals(), kept };
  }
}

/**
 * What undoing one batch of a run would change, entry by entry, without what
 * stays. Role: viewer.
 *
 * @throws {AppError} as `forecastUndo`.
 */
export async function describeUndoBatch(
  ctx: Context,
  runId: string,
  batch: number,
): Promise<UndoChange[]> {
  requireRole(ctx, "viewer");
  const leave = enterUndoChanges(ctx.actor.id);
  try {
    return await describeBatch(ctx, runId, batch);
  } finally {
    leave();
  }
}

async function describeBatch(
  ctx: Context,
  runId: string,
  batch: number,
): Promise<UndoChange[]> {
  const run = await getUndoable(ctx, runId);
  const wanted = await readBatch(ctx, run, batch);
  const keys = new Set(undoKeys(wanted));
  const stored = await readValues(ctx, run.source.id, [...keys]);
  const lastAt = await findRepeatedKeys(ctx, run, (key) => keys.has(key));
  const settled = createSettledLines();
  const simulation = createUndoSimulation(lastAt, settled.places);
  // Of the newer batches only what they did to the same entries matters.
  for (let newer = 1; lastAt.size > 0 && newer < batch; newer += 1) {
    const record = pickKeys(await readBatch(ctx, run, newer), lastAt);
    const step = simulation.step(newer, record, stored);
    settled.add(newer, settled.takeKnown(step.settled.map(settledLine)));
  }
  return simulation.step(batch, wanted, stored).entries.map(diffOf);
}

async function getUndoable(ctx: Context, runId: string): Promise<ImportRun> {
  const run = isRunId(runId) ? await findRun(ctx, runId) : undefined;
  if (!run) throw new AppError("not_found", NO_RUN_SENTENCE);
  await requireUndoable(ctx, run);
  return run;
}

async function readBatch(
  ctx: Context,
  run: ImportRun,
  position: number,
): Promise<UndoRecord> {
  const batch = await findBatchFromEnd(ctx, run.id, position);
  const record = batch && (await findUndo(ctx, run.id, batch.sequence));
  if (!record) throw new AppError("conflict", undoRefusals.lost);
  return record;
}

/** The keys that are in several batches, with the last position of each. */
async function findRepeatedKeys(
  ctx: Context,
  run: ImportRun,
  isWanted: (key: string) => boolean,
): Promise<Map<string, number>> {
  const lastAt = new Map<string, number>();
  if (!run.check.needsOrder) return lastAt;
  const seen = new Set<string>();
  for (let batch = 1; batch <= run.applied.batches; batch += 1) {
    for (const key of undoKeys(await readBatch(ctx, run, batch))) {
      if (!isWanted(key)) continue;
      if (seen.has(key)) lastAt.set(key, batch);
      else seen.add(key);
    }
  }
  return lastAt;
}

function pickKeys(
  { created, updated, deleted }: UndoRecord,
  keys: ReadonlyMap<string, unknown>,
): UndoRecord {
  const isPicked = ({ key }: { key: string }) => keys.has(key);
  return {
    created: created.filter(isPicked),
    updated: updated.filter(isPicked),
    deleted: deleted.filter(isPicked),
  };
}

function diffOf({ key, before, after, sent }: SimulatedEntry): UndoChange {
  const values: UndoChange["values"] = [];
  const change = compareEntry(before, after, sent, (name, change) => {
    if (change === "same" || change === "left") return;
    const place = splitValueName(name);
    const old = before?.[name];
    const next = after?.[name];
    const cut = cutAtDifference(old ?? "", next);
    values.push({
      ...{ ...place, change },
      before: old === undefined ? null : cut.before,
      after:
        next === undefined
          ? null
          : old === undefined
            ? cutExcerpt(next)
            : cut.after,
    });
  });
  return { key, row: null, change, values: values.sort(byName) };
}

type Named = { id: string; language: string | null };

function byName(a: Named, b: Named): number {
  const one = `${a.id}:${a.language ?? ""}`;
  const other = `${b.id}:${b.language ?? ""}`;
  return one < other ? -1 : one > other ? 1 : 0;
}
