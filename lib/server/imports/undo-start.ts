import "server-only";

import { randomUUID } from "node:crypto";

import { AppError } from "@/lib/domain/errors";
import type { ImportRun } from "@/lib/domain/import-run";
import type { UndoState } from "@/lib/domain/undo-run";
import { requireRole, withDb, type Context } from "@/lib/server/context";
import { recordAudit } from "@/lib/server/db/audit";
import { env } from "@/lib/server/env";
import { undoRefusals } from "@/lib/wording/undo-refusals";

import { isRunId, LEASE_SECONDS, NO_RUN_SENTENCE } from "./run-lease";
import { findRun, lockRun } from "./store";
import { findUndoFacts, holdSourceOf, insertUndoRun } from "./undo-store";

const DAY_MS = 86_400_000;

/**
 * Whether a run can be undone. Role: viewer.
 *
 * @throws {AppError} `not_found`
 */
export async function getUndoState(
  ctx: Context,
  runId: string,
): Promise<UndoState> {
  requireRole(ctx, "viewer");
  const run = isRunId(runId) ? await findRun(ctx, runId) : undefined;
  if (!run) throw new AppError("not_found", NO_RUN_SENTENCE);
  return stateOf(ctx, run);
}

async function stateOf(ctx: Context, run: ImportRun): Promise<UndoState> {
  const facts = await findUndoFacts(ctx, run.id);
  const { batches } = run.applied;
  const say = undoRefusals;
  const refusal = () => {
    if (run.delivery !== null) return say.remote(run.delivery.endpointName);
    if (run.status === "running" || run.status === "paused") return say.open;
    if (facts.undoneBy) {
      return facts.undoneBy.status === "finished"
        ? say.undone
        : say.beingUndone;
    }
    if (batches === 0) return say.nothingApplied;
    if (facts.batches < batches) {
      const days = env().IMPORT_LOG_DAYS;
      const ageMs = Date.now() - Date.parse(run.startedAt);
      return ageMs > days * DAY_MS ? say.tooOld(days) : say.notKept;
    }
    if (facts.tooLarge > 0) return say.tooLarge;
    return facts.entries === 0 ? say.nothingChanged : null;
  };
  return { refusal: refusal(), batches, entries: facts.entries };
}

/** @throws {AppError} `conflict` the run cannot be undone, with the reason. */
export async function requireUndoable(
  ctx: Context,
  run: ImportRun,
): Promise<UndoState> {
  const state = await stateOf(ctx, run);
  if (state.refusal !== null) throw new AppError("conflict", state.refusal);
  return state;
}

/**
 * Stores a run that takes another one back, held by `tabId`. Nothing is undone
 * yet: that is `continueUndo`. A run is undone once; it may be undone again
 * after its undo was cancelled.
 *
 * @throws {AppError} `conflict` the run cannot be undone, with the reason;
 *   `not_found`; `forbidden` below editor.
 */
export async function startUndo(
  ctx: Context,
  runId: string,
  tabId: string,
): Promise<ImportRun> {
  requireRole(ctx, "editor");
  return ctx.db.transaction(async (tx) => {
    const inTx = withDb(ctx, tx);
    if (isRunId(runId)) await holdSourceOf(inTx, runId);
    // Locked: two that begin at once are told apart here.
    const isThere = isRunId(runId) && (await lockRun(inTx, runId));
    const run = isThere ? await findRun(inTx, runId) : undefined;
    if (!run) throw new AppError("not_found", NO_RUN_SENTENCE);
    const { entries, batches } = await requireUndoable(inTx, run);
    const id = randomUUID();
    const undo = { id, undoOf: run.id, entries, batches, tabId };
    await insertUndoRun(inTx, { ...undo, leaseSeconds: LEASE_SECONDS });
    await recordAudit(inTx, "import_run.undo_started", id, {
      ...{ sourceId: run.source.id, undoOf: run.id },
      ...{ fileName: run.file.name, entries, batches },
    });
    const stored = await findRun(inTx, id);
    if (!stored) throw new Error("The run that was stored is gone.");
    return stored;
  });
}
