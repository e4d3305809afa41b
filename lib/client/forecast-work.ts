import { AppError } from "@/lib/domain/errors";
import { createForecastAsker } from "@/lib/importer/ask-forecast";
import type { RowGate } from "@/lib/importer/file-changes";
import { forecastFile } from "@/lib/importer/forecast-file";
import type {
  ForecastEvent,
  ForecastRequest,
} from "@/lib/importer/forecast-messages";
import {
  createForecastStore,
  type ForecastStore,
} from "@/lib/importer/forecast-store";
import type { WorkerRequest } from "@/lib/importer/messages";
import { IMPORT_FAILURES } from "@/lib/wording/import-failures";

import { paths } from "./paths";
import type { RecipePass } from "./recipe-watch";

const IN_FLIGHT_MAX = 3;
const PROGRESS_EVERY_MS = 100;
/** Work that a forecast gives way to. */
const ENDED_BY = new Set(["open", "check", "send", "stopForecast"]);

type Job = Extract<ForecastRequest, { type: "forecast" }>;

type Parts = {
  /** The table that is open. */
  file: () => Blob | undefined;
  /** What the import would leave out as unchanged. */
  gate: (pass: RecipePass) => Promise<RowGate | undefined>;
  post: (event: ForecastEvent) => void;
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  fetch: typeof fetch;
};

/** The worker's part that forecasts, beside its other jobs. */
export function createForecastWork(parts: Parts) {
  let stopping: AbortController | undefined;
  let store: ForecastStore | undefined;

  function stop(): void {
    stopping?.abort(new AppError("conflict", IMPORT_FAILURES.forecastStopped));
    stopping = undefined;
  }

  /** Looks at every message; true when it was for a forecast alone. */
  function take(request: WorkerRequest): request is ForecastRequest {
    if (ENDED_BY.has(request.type)) stop();
    if (request.type === "stopForecast") return true;
    if (request.type === "forecast") {
      stop();
      void run(request);
      return true;
    }
    if (request.type !== "forecastPage") return false;
    void page(request);
    return true;
  }

  async function run(job: Job): Promise<void> {
    const own = new AbortController();
    stopping = own;
    const { signal } = own;
    const kept = createForecastStore();
    store = kept;
    const { forecastId } = job;
    try {
      await forecast(parts, job, kept, signal);
      parts.post({
        ...{ type: "forecasted", forecastId },
        result: {
          ...{ totals: kept.totals(), counts: kept.counts() },
          asOf: kept.asOf() ?? new Date().toISOString(),
        },
      });
    } catch (error) {
      if (signal.aborted) parts.post({ type: "forecastStopped", forecastId });
      else {
        own.abort();
        const message = sentenceOf(error);
        parts.post({ type: "forecastFailed", forecastId, message });
      }
    } finally {
      if (stopping === own) stopping = undefined;
      // Not needed for long: what is left is swept.
      if (job.needsOrder) void forget(parts, job);
    }
  }

  async function page(
    request: Extract<ForecastRequest, { type: "forecastPage" }>,
  ): Promise<void> {
    const { pageId, filter, from, count } = request;
    const type = "forecastPageReady";
    try {
      const found = await store?.page(filter, from, count);
      parts.post({ type, pageId, page: found ?? null });
    } catch {
      parts.post({ type, pageId, page: null });
    }
  }

  return { take };
}

async function forecast(
  { file, gate, post, sleep, fetch }: Parts,
  job: Job,
  store: ForecastStore,
  signal: AbortSignal,
): Promise<void> {
  const { sourceId, forecastId, options, mapping, needsOrder } = job;
  const { isNearLimit } = job;
  const from = file();
  if (!from) throw new AppError("conflict", IMPORT_FAILURES.noFile);
  let batches = 0;
  let toldAt = 0;
  const asker = createForecastAsker({
    url: (sequence) => paths.forecastBatch(sourceId, forecastId, sequence),
    inFlightMax: needsOrder ? 1 : IN_FLIGHT_MAX,
    ...{ isNearLimit, fetch, sleep, signal },
    onAnswer: (batch, answer, body) => {
      store.add(batch, answer, body);
      batches += 1;
      const now = performance.now();
      if (now - toldAt < PROGRESS_EVERY_MS) return;
      toldAt = now;
      post({ type: "forecastProgress", forecastId, batches });
    },
  });
  await forecastFile({
    file: from,
    gate: await gate({ file: from, options, mapping, signal }),
    ...{ options, mapping, asker, needsOrder, signal },
  });
}

async function forget({ fetch }: Parts, job: Job): Promise<void> {
  await fetch(paths.forecast(job.sourceId, job.forecastId), {
    method: "DELETE",
  }).catch(() => undefined);
}

function sentenceOf(error: unknown): string {
  if (error instanceof AppError) return error.message;
  // A bug of ours: the page gets a sentence, the console the rest.
  console.error(error);
  return IMPORT_FAILURES.unexpected;
}
