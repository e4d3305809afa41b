import "server-only";

import { randomUUID } from "node:crypto";

import { AppError, parseInput } from "@/lib/domain/errors";
import {
  runFilterSchema,
  runInputSchema,
  type ImportRun,
  type RunBatchPage,
  type RunFilter,
  type RunInput,
  type RunPage,
  type TakenRun,
} from "@/lib/domain/import-run";
import { mappingProblems } from "@/lib/domain/mapping";
import { requireRole, withDb, type Context } from "@/lib/server/context";
import { recordAudit } from "@/lib/server/db/audit";
import { endHostRest } from "@/lib/server/endpoints/service";
import {
  dropRunLinks,
  releaseRunLinks,
} from "@/lib/server/media/remote/service";
import { noteRecipeUse } from "@/lib/server/recipes/service";

import { writeContinues } from "./run-chain";
import {
  endedSentence,
  heldSentence,
  isHeldByAnother,
  isRunId,
  LEASE_SECONDS,
  NO_RUN_SENTENCE,
} from "./run-lease";
import { dropHandedOver, release, selectHandedOver } from "./delivery-store";
import {
  countLedger,
  findRun,
  insertRun,
  lockRun,
  selectLedger,
  selectRuns,
  selectSequences,
  writeLease,
  writeStatus,
  type RunState,
} from "./store";

export { listChain } from "./run-chain";
export { listRemoteBatches, listReplies } from "./remote-batches";
export { listOutcomes, listSetAside } from "./receipts";
export { submitBatch } from "./submit-batch";
export { continueUndo } from "./undo-apply";
export { describeUndoBatch, forecastUndo } from "./undo-forecast";
export { listKept } from "./undo-kept";
export { getUndoState, startUndo } from "./undo-start";

const RUNS_PER_PAGE = 50;
const BATCHES_PER_PAGE = 200;

/**
 * Stores a run, held by `input.tabId`, before its first batch.
 *
 * @throws {AppError} `invalid_input` a value, the mapping or the counts do not
 *   fit together; `not_found` no such source; `forbidden` below editor.
 */
export async function startRun(
  ctx: Context,
  input: RunInput,
): Promise<ImportRun> {
  requireRole(ctx, "editor");
  const run = parseInput(runInputSchema, input);
  checkRunInput(run);

  const id = randomUUID();
  return ctx.db.transaction(async (tx) => {
    const inTx = withDb(ctx, tx);
    const isInserted = await insertRun(inTx, {
      id,
      input: run,
      leaseSeconds: LEASE_SECONDS,
    });
    if (!isInserted) {
      throw new AppError(
        "not_found",
        "There is no such source. It may have been deleted meanwhile.",
      );
    }
    const use = run.mapping.recipe;
    await noteRecipeUse(inTx, { id, sourceId: run.sourceId, use });
    if (run.continues) {
      await writeContinues(inTx, { ...run, id, continues: run.continues });
    }
    await recordAudit(inTx, "import_run.started", id, {
      sourceId: run.sourceId,
      fileName: run.file.name,
      entities: run.check.entities,
      batches: run.check.batches,
    });
    return getRun(inTx, id);
  });
}

function checkRunInput(run: RunInput): void {
  const [problem] = mappingProblems(run.mapping, run.headers);
  if (problem) throw new AppError("invalid_input", problem);
  const { entities, batches } = run.check;
  if (entities === 0 || batches === 0) {
    throw new AppError(
      "invalid_input",
      "No row of the file becomes an entry, so there is nothing to import. Look at the rejected rows, then change the mapping or the file.",
    );
  }
  if (batches > entities) {
    throw new AppError(
      "invalid_input",
      "The check counts more batches than entities. Check the file again.",
    );
  }
}

/**
 * Gives a run to a tab, so that it may send what is missing, or renews what the
 * tab holds. `isForced` takes it from another tab, whose next batch is refused.
 *
 * @throws {AppError} `conflict` the run has ended, or another tab sends and
 *   `isForced` is false; `not_found`; `forbidden` below editor.
 */
export async function takeRun(
  ctx: Context,
  runId: string,
  by: { tabId: string; isForced: boolean },
): Promise<TakenRun> {
  requireRole(ctx, "editor");
  return ctx.db.transaction(async (tx) => {
    const inTx = withDb(ctx, tx);
    const state = await lockOpenRun(inTx, runId);
    if (isHeldByAnother(state, by.tabId)) {
      if (!by.isForced) throw new AppError("conflict", heldSentence(state));
      await recordAudit(inTx, "import_run.taken_over", runId);
    }
    await writeLease(inTx, {
      runId,
      tabId: by.tabId,
      seconds: LEASE_SECONDS,
      status: "running",
    });
    return {
      run: await getRun(inTx, runId),
      appliedSequences: [
        ...(await selectSequences(inTx, runId)),
        ...(await selectHandedOver(inTx, runId)),
      ],
    };
  });
}

/**
 * Stops sending for now and lets the run go. What was applied stays.
 *
 * @throws {AppError} `conflict` the run has ended or another tab holds it.
 */
export async function pauseRun(
  ctx: Context,
  runId: string,
  tabId: string,
): Promise<ImportRun> {
  requireRole(ctx, "editor");
  return ctx.db.transaction(async (tx) => {
    const inTx = withDb(ctx, tx);
    const state = await lockOpenRun(inTx, runId);
    if (isHeldByAnother(state, tabId)) {
      throw new AppError("conflict", heldSentence(state));
    }
    await writeStatus(inTx, runId, "paused");
    return getRun(inTx, runId);
  });
}

/**
 * Ends a run for good. What was applied stays; a later batch is refused.
 *
 * @throws {AppError} `conflict` the run has ended.
 */
export async function cancelRun(
  ctx: Context,
  runId: string,
): Promise<ImportRun> {
  requireRole(ctx, "editor");
  return ctx.db.transaction(async (tx) => {
    const inTx = withDb(ctx, tx);
    await lockOpenRun(inTx, runId);
    await writeStatus(inTx, runId, "cancelled");
    await dropHandedOver(inTx, runId);
    await dropRunLinks(inTx, runId);
    const run = await getRun(inTx, runId);
    await recordAudit(inTx, "import_run.cancelled", runId, {
      batches: run.applied.batches,
    });
    return run;
  });
}

/**
 * Closes a run whose every batch is applied; a finished run is answered as it
 * is. The last batch closes it too, so this is for certainty only.
 *
 * @throws {AppError} `conflict` batches are missing, or the run was cancelled.
 */
export async function finishRun(
  ctx: Context,
  runId: string,
): Promise<ImportRun> {
  requireRole(ctx, "editor");
  return ctx.db.transaction(async (tx) => {
    const inTx = withDb(ctx, tx);
    const before = await getRun(inTx, runId);
    if (before.status === "finished") return before;

    const state = await lockOpenRun(inTx, runId);
    const waiting = before.delivery?.batches ?? 0;
    const missing =
      state.batchesTotal - waiting - (await countLedger(inTx, runId));
    if (missing > 0) {
      throw new AppError(
        "conflict",
        `${missing} of ${state.batchesTotal} batches are not applied yet. Drop the same file again to send them.`,
      );
    }
    // All is handed over: the run ends when the endpoint has accepted it.
    if (waiting > 0) return before;
    await writeStatus(inTx, runId, "finished");
    await recordAudit(inTx, "import_run.finished", runId);
    return getRun(inTx, runId);
  });
}

/**
 * Sends what is handed over for a remote source at once, also when it was held
 * because a person had to do something first.
 *
 * @throws {AppError} `conflict` the run has ended; `not_found`; `forbidden`.
 */
export async function releaseRun(
  ctx: Context,
  runId: string,
): Promise<ImportRun> {
  requireRole(ctx, "editor");
  return ctx.db.transaction(async (tx) => {
    const inTx = withDb(ctx, tx);
    await lockOpenRun(inTx, runId);
    const hosts = [
      ...(await release(inTx, runId)),
      ...(await releaseRunLinks(inTx, runId)),
    ];
    for (const host of new Set(hosts)) {
      await endHostRest(tx, host);
    }
    await recordAudit(inTx, "import_run.released", runId);
    return getRun(inTx, runId);
  });
}

/**
 * One page of runs, newest first.
 *
 * @throws {AppError} `invalid_input` for a cursor that is not ours.
 */
export async function listRuns(
  ctx: Context,
  filter: RunFilter = {},
): Promise<RunPage> {
  requireRole(ctx, "viewer");
  const { cursor, ...rest } = parseInput(runFilterSchema, filter);
  const { runs, lastStartedAt } = await selectRuns(ctx, {
    ...rest,
    before: cursor === undefined ? undefined : readCursor(cursor),
    count: RUNS_PER_PAGE,
  });
  const last = runs.length === RUNS_PER_PAGE ? runs.at(-1) : undefined;
  return { runs, nextCursor: last ? `${lastStartedAt}~${last.id}` : null };
}

function readCursor(cursor: string): { startedAt: string; id: string } {
  const [startedAt = "", id = ""] = cursor.split("~");
  if (!isRunId(id) || !/^\d{4}-\d\d-\d\d [\d:.]+[+-][\d:]+$/.test(startedAt)) {
    throw new AppError(
      "invalid_input",
      "This page of the list does not exist. Go back to its beginning.",
    );
  }
  return { startedAt, id };
}

/** @throws {AppError} `not_found`, also for a run of another tenant. */
export async function getRun(ctx: Context, runId: string): Promise<ImportRun> {
  requireRole(ctx, "viewer");
  const run = isRunId(runId) ? await findRun(ctx, runId) : undefined;
  if (!run) throw new AppError("not_found", NO_RUN_SENTENCE);
  return run;
}

/** A run's applied batches in order, a page at a time; `after` is a sequence. */
export async function listBatches(
  ctx: Context,
  runId: string,
  after = 0,
): Promise<RunBatchPage> {
  await getRun(ctx, runId);
  const batches = await selectLedger(ctx, {
    runId,
    after,
    count: BATCHES_PER_PAGE,
  });
  const last = batches.length === BATCHES_PER_PAGE ? batches.at(-1) : undefined;
  return { batches, nextAfter: last?.sequence ?? null };
}

/** The sequences that need not be sent again, ascending. */
export async function appliedSequences(
  ctx: Context,
  runId: string,
): Promise<number[]> {
  await getRun(ctx, runId);
  return selectSequences(ctx, runId);
}

async function lockOpenRun(ctx: Context, runId: string): Promise<RunState> {
  const state = isRunId(runId) ? await lockRun(ctx, runId) : undefined;
  if (!state) throw new AppError("not_found", NO_RUN_SENTENCE);
  if (state.status === "finished" || state.status === "cancelled") {
    throw new AppError("conflict", endedSentence(state.status));
  }
  return state;
}
