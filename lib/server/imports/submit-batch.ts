import "server-only";

import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

import { AppError } from "@/lib/domain/errors";
import { resolveMedia } from "@/lib/domain/media-cells";
import type { SetAside } from "@/lib/domain/set-aside";
import {
  readTableBatch,
  type BatchReceipt,
  type TableBatch,
} from "@/lib/domain/table-batch";
import { requireRole, type Context } from "@/lib/server/context";
import { recordAudit } from "@/lib/server/db/audit";
import { forgetNames } from "@/lib/server/entries/service";
import { linkedFile, takeRunLinks } from "@/lib/server/media/service";
import { parseJsonBytes } from "@/lib/server/request-body";

import { applyEntities } from "./apply-entities";
import { inBatchTurn } from "./batch-turns";
import {
  findHandedOver,
  insertHandedOver,
  isRemoteRun,
  removeHandedOver,
  type HandedOver,
} from "./delivery-store";
import {
  endedSentence,
  heldSentence,
  isHeldByAnother,
  isRunId,
  LEASE_SECONDS,
  needsRenewal,
  NO_RUN_SENTENCE,
} from "./run-lease";
import {
  countLedger,
  findLedgerLine,
  insertLedgerLine,
  lockRun,
  writeLease,
  writeLedgerResult,
  writeStatus,
  type LedgerLine,
  type RunState,
} from "./store";
import { takeBatchLinks } from "./remote-links";
import { refuseChanged } from "./refuse-changed";
import { insertUndo } from "./undo-store";

const gzipAsync = promisify(gzip);

export type SubmittedBatch = {
  runId: string;
  /** From 1 to the run's `batchesTotal`. */
  sequence: number;
  /** The body as it was sent, unpacked. */
  bytes: Uint8Array;
  tabId: string;
  /** Base of the addresses of media files as the person reaches them; without it that of the settings. */
  mediaBase?: string;
};

/**
 * Applies one batch of a run exactly once, however often it is sent: the ledger
 * line, the entries and the end of the run are one transaction. Entities that
 * are refused for their content are set aside and named in the receipt; the
 * others go through. The same body again is answered with the first receipt;
 * the last missing batch finishes the run.
 *
 * @throws {AppError} `not_found`; `invalid_input` a sequence outside the run or
 *   a body that is no batch; `conflict` the run has ended or another tab holds
 *   it; `unprocessable` the sequence was applied with another body.
 */
export async function submitBatch(
  ctx: Context,
  batch: SubmittedBatch,
): Promise<BatchReceipt> {
  requireRole(ctx, "editor");
  const { runId, sequence, bytes } = batch;
  const hash = createHash("sha256").update(bytes).digest("hex");
  if (!isRunId(runId)) throw new AppError("not_found", NO_RUN_SENTENCE);

  // A repeat is answered without any lock, even after the run has ended.
  const known = await findLedgerLine(ctx, runId, sequence);
  if (known) return receiptOf(known, hash);
  const waiting = await findHandedOver(ctx, runId, sequence);
  if (waiting) return waitingReceipt({ sequence, ...waiting }, hash);

  return inBatchTurn(runId.toLowerCase(), () => applyBatch(ctx, batch, hash));
}

async function applyBatch(
  ctx: Context,
  batch: SubmittedBatch,
  hash: string,
): Promise<BatchReceipt> {
  const { runId, sequence, bytes } = batch;
  const refused = new Map<number, string>();
  const table = readTableBatch(parseJsonBytes(bytes, NOT_JSON), (at, reason) =>
    refused.set(at, reason),
  );
  const { firstRow, lastRow } = table;
  const readMedia = (of: TableBatch) =>
    resolveMedia(of, (link) => linkedFile(ctx, link, batch.mediaBase));
  const media = readMedia(table);
  // Packed before anything is locked: what is delivered meanwhile is noted.
  const packed = (await isRemoteRun(ctx, runId))
    ? await gzipAsync(bytes, { level: 1 })
    : undefined;
  let sourceId: string | undefined;
  const applying = ctx.db.transaction(async (tx) => {
    const inTx = { ...ctx, db: tx };
    // Run before source, as everything that locks both does: no deadlock.
    const lock = packed ? "key share" : "update";
    const state = await lockRunFor(inTx, batch, lock);
    sourceId = state.sourceId;
    if (state.endpointId !== null && packed) {
      const { endpointId, isOrdered } = state;
      const receipt = await handOver(inTx, {
        ...batch,
        ...{ hash, packed, endpointId, isOrdered, sourceId },
        ...{ firstRow, lastRow, entities: table.rows.length },
      });
      // Of a repeat the run may have ended since it was looked at.
      if (receipt.isRepeat) return receipt;
      await takeBatchLinks(inTx, { runId, endpointId }, table, refused);
      await renewLease(inTx, batch, state);
      return receipt;
    }
    const line = { sequence, hash, bytes: bytes.length, firstRow, lastRow };
    if (!(await insertLedgerLine(inTx, runId, line))) {
      return receiptOf(await findLedgerLine(inTx, runId, sequence), hash);
    }
    const startedAt = performance.now();
    const { unchangedSince } = state;
    if (unchangedSince !== null) {
      await refuseChanged(inTx, { sourceId, unchangedSince }, table, refused);
    }
    const applied = await applyEntities(inTx, sourceId, media.batch, refused);
    const ms = Math.round(performance.now() - startedAt);
    await takeRunLinks(
      inTx,
      runId,
      applied.aside > 0
        ? readMedia(withoutAside(table, applied.setAside)).links
        : media.links,
    );
    await Promise.all([
      writeLedgerResult(inTx, runId, { sequence, ms, ...applied }),
      insertUndo(inTx, runId, sequence, applied.undo()),
    ]);

    if ((await countLedger(inTx, runId)) === state.batchesTotal) {
      await writeStatus(inTx, runId, "finished");
      await recordAudit(inTx, "import_run.finished", runId);
    } else await renewLease(inTx, batch, state);
    return toReceipt({ sequence, ...applied }, false);
  });
  return applying.catch((error: unknown) => {
    // Parts of a batch build on names that an earlier part of it has stored.
    if (sourceId) forgetNames(ctx, sourceId);
    throw error;
  });
}

/** A tab holds its run as long as it sends. */
async function renewLease(
  ctx: Context,
  { runId, tabId }: SubmittedBatch,
  state: RunState,
): Promise<void> {
  if (!needsRenewal(state, tabId)) return;
  const { status } = state;
  await writeLease(ctx, { runId, tabId, seconds: LEASE_SECONDS, status });
}

/**
 * Keeps a batch of a remote source until it is accepted there. The answer says
 * that it is kept; what becomes of it stands in the run.
 */
async function handOver(
  ctx: Context,
  batch: SubmittedBatch & {
    hash: string;
    packed: Buffer;
    endpointId: string;
    sourceId: string;
    isOrdered: boolean;
  } & Pick<HandedOver, "firstRow" | "lastRow" | "entities">,
): Promise<BatchReceipt> {
  const { runId, sequence, hash, bytes, packed } = batch;
  const isKept = await insertHandedOver(ctx, {
    ...{ ...batch, bytes: bytes.length, body: packed },
  });
  if (!isKept) {
    const waiting = await findHandedOver(ctx, runId, sequence);
    return waitingReceipt({ sequence, hash: waiting?.hash ?? "" }, hash);
  }
  // Delivered since it was looked for. Asked only now: who notes a delivery lets
  // the insert wait, and its line is seen after that.
  const delivered = await findLedgerLine(ctx, runId, sequence);
  if (delivered) {
    await removeHandedOver(ctx, runId, sequence);
    return receiptOf(delivered, hash);
  }
  return { ...EMPTY_RECEIPT, sequence, isRepeat: false };
}

function waitingReceipt(
  waiting: { sequence: number; hash: string },
  hash: string,
): BatchReceipt {
  const { sequence } = waiting;
  if (waiting.hash !== hash) {
    throw new AppError(
      "unprocessable",
      `Batch ${sequence} of this run was handed over before with other contents, so this one was not taken. Drop the unchanged file again, or start a new import for the changed one.`,
    );
  }
  return { ...EMPTY_RECEIPT, sequence, isRepeat: true };
}

const EMPTY_RECEIPT = {
  ...{ entities: 0, created: 0, updated: 0, unchanged: 0, deleted: 0 },
  ...{ aside: 0, setAside: [] },
};

/** The rows that were applied: only their links are fetched. */
function withoutAside(
  { rowNumbers: _, ...table }: TableBatch,
  setAside: readonly SetAside[],
): TableBatch {
  const places = new Set(setAside.map(({ at }) => at));
  return { ...table, rows: table.rows.filter((_row, at) => !places.has(at)) };
}

async function lockRunFor(
  ctx: Context,
  batch: SubmittedBatch,
  lock: "update" | "key share",
): Promise<RunState> {
  const state = await lockRun(ctx, batch.runId, lock);
  if (!state) {
    throw new AppError("not_found", NO_RUN_SENTENCE);
  }
  if (state.kind === "undo") {
    throw new AppError(
      "conflict",
      "This run takes another one back, so it takes no file. Start a new import.",
    );
  }
  const { sequence } = batch;
  if (state.status === "finished" || state.status === "cancelled") {
    // A repeat of the last batch may have waited for the first to be applied.
    const applied = await findLedgerLine(ctx, batch.runId, sequence);
    if (!applied) throw new AppError("conflict", endedSentence(state.status));
  } else if (isHeldByAnother(state, batch.tabId)) {
    throw new AppError("conflict", heldSentence(state));
  }
  if (sequence < 1 || sequence > state.batchesTotal) {
    throw new AppError(
      "invalid_input",
      `Batch ${sequence} is outside this run, which has the batches 1 to ${state.batchesTotal}. Drop the file again on the run's page.`,
    );
  }
  return state;
}

function receiptOf(line: LedgerLine | undefined, hash: string): BatchReceipt {
  if (!line) throw new Error("A ledger line that conflicted is gone.");
  if (line.hash !== hash) {
    throw new AppError(
      "unprocessable",
      `Batch ${line.sequence} of this run was applied before with other contents (rows ${line.firstRow} to ${line.lastRow}), so this one was not applied. Drop the unchanged file again, or start a new import for the changed one.`,
    );
  }
  return toReceipt(line, true);
}

function toReceipt(
  of: Omit<BatchReceipt, "isRepeat">,
  isRepeat: boolean,
): BatchReceipt {
  const { sequence, entities, created, updated, unchanged, deleted } = of;
  const counts = { entities, created, updated, unchanged, deleted };
  const { aside, setAside } = of;
  return { sequence, ...counts, aside, setAside, isRepeat };
}

const NOT_JSON =
  "The batch is not JSON in UTF-8, so nothing was stored. Send it again from the import page.";
