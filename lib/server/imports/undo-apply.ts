import "server-only";

import { AppError } from "@/lib/domain/errors";
import type { ImportRun } from "@/lib/domain/import-run";
import { planUndo, undoKeys } from "@/lib/domain/undo-plan";
import type { SettledLine } from "@/lib/domain/undo-run";
import { requireRole, withDb, type Context } from "@/lib/server/context";
import { recordAudit } from "@/lib/server/db/audit";
import { ingestRecorded } from "@/lib/server/entries/service";
import { undoRefusals } from "@/lib/wording/undo-refusals";

import { inBatchTurn } from "./batch-turns";
import {
  heldSentence,
  isHeldByAnother,
  isRunId,
  LEASE_SECONDS,
  needsRenewal,
  NO_RUN_SENTENCE,
} from "./run-lease";
import {
  countLedger,
  findRun,
  insertLedgerLine,
  lockRun,
  writeLease,
  writeLedgerResult,
  writeStatus,
  type RunState,
} from "./store";
import { isTold, readSettled, settledLine, writeSettled } from "./undo-kept";
import { findBatchFromEnd, findUndo, insertUndo } from "./undo-store";

/** A request goes on with further batches as long as this has not passed. */
const GO_ON_MS = 1_000;

/**
 * Takes back the next batches of a run, newest first, for about a second, and
 * answers how far it is: to be called until the run is finished. Each batch is
 * one transaction with its ledger line, so whoever calls, however often and
 * however many at once, no batch is taken back twice.
 *
 * @throws {AppError} `conflict` the run was paused or cancelled, another tab
 *   holds it, or it is no undo; `not_found`; `forbidden` below editor.
 */
export async function continueUndo(
  ctx: Context,
  runId: string,
  tabId: string,
): Promise<ImportRun> {
  requireRole(ctx, "editor");
  if (!isRunId(runId)) throw new AppError("not_found", NO_RUN_SENTENCE);
  const startedAt = performance.now();
  let isOver = false;
  while (!isOver && performance.now() - startedAt < GO_ON_MS) {
    isOver = await inBatchTurn(runId.toLowerCase(), () =>
      undoNext(ctx, runId, tabId),
    );
  }
  const run = await findRun(ctx, runId);
  if (!run) throw new AppError("not_found", NO_RUN_SENTENCE);
  return run;
}

/** Takes back one batch; whether it was the last. */
function undoNext(
  ctx: Context,
  runId: string,
  tabId: string,
): Promise<boolean> {
  return ctx.db.transaction(async (tx) => {
    const inTx = withDb(ctx, tx);
    // Run before source, as everything that locks both does: no deadlock.
    const state = await lockRun(inTx, runId);
    if (!state) throw new AppError("not_found", NO_RUN_SENTENCE);
    if (state.kind !== "undo" || state.undoOf === null) {
      throw new AppError("conflict", undoRefusals.noUndo);
    }
    if (state.status === "finished") return true;
    requireGoingOn(state, tabId);
    const { undoOf } = state;

    const sequence = (await countLedger(inTx, runId)) + 1;
    await undoBatch(inTx, { runId, undoOf, sequence, state });
    if (sequence === state.batchesTotal) {
      await writeStatus(inTx, runId, "finished");
      await recordAudit(inTx, "import_run.finished", runId, { undoOf });
      return true;
    }
    if (needsRenewal(state, tabId)) {
      const lease = { runId, tabId, seconds: LEASE_SECONDS };
      await writeLease(inTx, { ...lease, status: state.status });
    }
    return false;
  });
}

function requireGoingOn(state: RunState, tabId: string): void {
  if (state.status === "cancelled") {
    throw new AppError("conflict", undoRefusals.cancelled);
  }
  if (state.status === "paused") {
    throw new AppError("conflict", undoRefusals.paused);
  }
  if (isHeldByAnother(state, tabId)) {
    throw new AppError("conflict", heldSentence(state));
  }
}

async function undoBatch(
  ctx: Context,
  batch: { runId: string; undoOf: string; sequence: number; state: RunState },
): Promise<void> {
  const { runId, undoOf, sequence, state } = batch;
  const original = await findBatchFromEnd(ctx, undoOf, sequence);
  const record = original && (await findUndo(ctx, undoOf, original.sequence));
  if (!original || !record) {
    throw new AppError("conflict", undoRefusals.lost);
  }
  const { firstRow, lastRow } = original;
  const hash = `undo of ${undoOf} ${original.sequence}`;
  const line = { sequence, hash, bytes: 0, firstRow, lastRow };
  await insertLedgerLine(ctx, runId, line);

  const startedAt = performance.now();
  // Only where a key is in two batches can one of them meet what another one settled.
  const run = await findRun(ctx, runId);
  const settled = run?.check.needsOrder
    ? await readSettled(ctx, runId)
    : undefined;
  let lines: SettledLine[] = [];
  const { counts, outcomes, undo } = await ingestRecorded(
    ctx,
    state.sourceId,
    undoKeys(record),
    (stored) => {
      const plan = planUndo(record, stored, settled?.places);
      lines = plan.settled.map(settledLine);
      return plan.entities;
    },
  );
  const ms = Math.round(performance.now() - startedAt);
  await writeLedgerResult(ctx, runId, {
    ...{ sequence, ms, ...counts, outcomes },
    ...{ aside: 0, asideRows: 0, setAside: [] },
  });
  if (settled) {
    lines = settled.takeKnown(lines);
    await writeSettled(ctx, runId, settled);
  } else {
    lines = lines.filter(isTold);
  }
  await insertUndo(ctx, runId, sequence, undo(), lines);
}
