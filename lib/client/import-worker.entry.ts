import { AppError, ERROR_CODES } from "@/lib/domain/errors";
import type { ForecastRequest } from "@/lib/importer/forecast-messages";
import type {
  ImportProgress,
  WorkerEvent,
  WorkerRequest,
} from "@/lib/importer/messages";
import { readLinkRows } from "@/lib/importer/read-link-rows";
import { readRunLedger } from "@/lib/importer/read-ledger";
import { rejectedRowsCsv } from "@/lib/importer/report";
import { rowReceiptCsv } from "@/lib/importer/row-receipt";
import { createBatchSender } from "@/lib/importer/send-batches";
import { sendRun } from "@/lib/importer/send-run";
import { openInput, type TableInput } from "@/lib/importer/table-input";
import { IMPORT_FAILURES } from "@/lib/wording/import-failures";

import { createForecastWork } from "./forecast-work";
import { createPauseGate } from "./pause-gate";
import { paths } from "./paths";
import { createRecipeWatch } from "./recipe-watch";
import { createRowAnswers } from "./row-answers";
import { sleep } from "./sleep";

type Job = Exclude<
  WorkerRequest,
  | ForecastRequest
  | { type: "pause" | "resume" | "stop" | "rows" | "rowsCancelled" }
>;

const PROGRESS_EVERY_MS = 100;
const ALIVE_EVERY_MS = 500;
const IN_FLIGHT_MAX = 3;
const STOPPED = "stopped";
/** A job that gives way to the next one ends without a word. */
const SUPERSEDED = "superseded";

let input: TableInput | undefined;
let stopping = new AbortController();
let isRunning = false;
let last: Promise<void> = Promise.resolve();
const gate = createPauseGate();
const answerRows = createRowAnswers(() => input?.table, post);
const recipe = createRecipeWatch();
const forecasts = createForecastWork({
  file: () => input?.table,
  gate: (pass) => recipe.gate(pass),
  ...{ post, sleep, fetch: (input, init) => fetch(input, init) },
});

self.onmessage = ({ data }: MessageEvent<WorkerRequest>) => {
  if (forecasts.take(data)) return;
  if (data.type === "pause") gate.close();
  else if (data.type === "resume") gate.open();
  else if (data.type === "stop") {
    stopping.abort(STOPPED);
    gate.open();
    if (!isRunning) post({ type: "stopped" });
  } else if (data.type === "rows" || data.type === "rowsCancelled") {
    answerRows(data);
  } else {
    stopping.abort(SUPERSEDED);
    gate.open();
    start(data);
  }
};

function start(job: Job): void {
  const own = new AbortController();
  stopping = own;
  last = last.then(() => run(job, own.signal));
}

async function run(job: Job, signal: AbortSignal): Promise<void> {
  isRunning = true;
  try {
    signal.throwIfAborted();
    await work(job, signal);
  } catch (error) {
    if (!signal.aborted) post(toFailed(error));
    else if (signal.reason === STOPPED) post({ type: "stopped" });
  } finally {
    isRunning = false;
  }
}

async function work(job: Job, signal: AbortSignal): Promise<void> {
  if (job.type === "open") {
    input = undefined;
    const opened = await openInput(job.files, job.options, {
      loadSheetJs: () => import("@e965/xlsx"),
      onAlive: createSignOfLife(signal),
    });
    signal.throwIfAborted();
    input = opened;
    return post({ type: "opened", preview: opened.preview });
  }
  if (!input) throw new AppError("conflict", IMPORT_FAILURES.noFileChoose);
  const { table: file } = input;
  if (job.type === "check") {
    const progress = createProgress("checking", input);
    const checked = await recipe.check({
      ...{ ...job, file, signal, hash: input.hash },
      onProgress: progress.rows,
    });
    return post({ type: "checked", ...checked });
  }
  if (job.type === "report") {
    return post({ type: "reportReady", csv: await report(job, file, signal) });
  }
  if (job.type === "rememberFile") {
    await recipe.remember({ ...job, file, signal });
    return;
  }
  if (job.type === "readLinks") {
    const rows = await readLinkRows({ ...job, file, signal });
    return post({ type: "linksRead", rows });
  }
  await send(job, input, signal);
}

async function report(
  { report, runId, options, mapping }: Extract<Job, { type: "report" }>,
  from: Blob,
  signal: AbortSignal,
): Promise<Blob> {
  const pass = { file: from, options, mapping, signal };
  const args = { ...pass, gate: await recipe.gate(pass) };
  if (runId === null) return rejectedRowsCsv(args);
  const ledger = await readRunLedger({
    url: (after) => paths.importRunOutcomes(runId, after),
    fetch: (input, init) => fetch(input, init),
    signal,
  });
  const run = { id: runId, ledger };
  return report === "receipt"
    ? rowReceiptCsv({ ...args, run })
    : rejectedRowsCsv({ ...args, run });
}

async function send(
  job: Extract<Job, { type: "send" }>,
  from: TableInput,
  signal: AbortSignal,
): Promise<void> {
  const progress = createProgress("sending", from);
  const sender = createBatchSender({
    url: (sequence) => paths.importRunBatch(job.runId, sequence),
    headers: { "x-tab-id": job.tabId },
    inFlightMax: job.isOrderNeeded ? 1 : IN_FLIGHT_MAX,
    fetch: (input, init) => fetch(input, init),
    sleep,
    random: Math.random,
    untilResumed: gate.untilOpen,
    signal,
    onSent: ({ entities, aside }) => progress.sent(entities, aside),
    onWaiting: progress.waiting,
  });
  await recipe.remember({ ...job, file: from.table, signal });
  await sendRun({
    ...job,
    gate: await recipe.gate({ ...job, file: from.table, signal }),
    file: from.table,
    signal,
    sender,
    onProgress: progress.rows,
    onSkipped: ({ entities }) => progress.sent(entities, 0),
  });
  const { batchesSent, entitiesSent } = progress.now();
  post({ type: "sent", batches: batchesSent, entities: entitiesSent });
}

/** Told twice a second at most; also the place where a job that is not wanted any more ends. */
function createSignOfLife(signal: AbortSignal): () => void {
  let toldAt = 0;
  return () => {
    signal.throwIfAborted();
    const at = performance.now();
    if (at - toldAt < ALIVE_EVERY_MS) return;
    toldAt = at;
    post({ type: "alive" });
  };
}

/** In bytes of what was dropped, though it is the table made of it that is read. */
function createProgress(
  phase: ImportProgress["phase"],
  { bytes: bytesTotal, table }: TableInput,
) {
  const now: ImportProgress = {
    phase,
    rows: 0,
    bytesRead: 0,
    bytesTotal,
    batchesSent: 0,
    entitiesSent: 0,
    entitiesAside: 0,
    isWaitingForServer: false,
  };
  let postedAt = 0;
  function tell(isUrgent: boolean): void {
    const at = performance.now();
    if (!isUrgent && at - postedAt < PROGRESS_EVERY_MS) return;
    postedAt = at;
    post({ type: "progress", progress: { ...now } });
  }
  return {
    now: () => now,
    rows: (rows: number, bytesRead: number) => {
      now.rows = rows;
      now.bytesRead = Math.round((bytesRead / table.size) * bytesTotal);
      tell(false);
    },
    sent: (entities: number, aside: number) => {
      now.batchesSent += 1;
      now.entitiesSent += entities;
      now.entitiesAside += aside;
      tell(false);
    },
    waiting: (isWaiting: boolean) => {
      now.isWaitingForServer = isWaiting;
      tell(true);
    },
  };
}

function toFailed(error: unknown): WorkerEvent {
  if (error instanceof AppError) {
    const canRetry =
      ERROR_CODES[error.code].retryable || error.code === "unauthenticated";
    return { type: "failed", message: error.message, canRetry };
  }
  // A bug of ours: the page gets a sentence, the console the rest.
  console.error(error);
  return {
    type: "failed",
    message: IMPORT_FAILURES.readingUnexpected,
    canRetry: true,
  };
}

function post(event: WorkerEvent): void {
  self.postMessage(event);
}
