import "server-only";

import { setMaxListeners } from "node:events";
import { setTimeout as delay } from "node:timers/promises";

import type { Db } from "./db/client";
import { createWordIndexer } from "./entries/index-words";
import { sweepForecastsJob } from "./forecasts/sweep";
import { sweepImportLogJob } from "./import-log/sweep";
import { deliverRemoteJob } from "./imports/delivery-job";
import { sweepUndoJob } from "./imports/undo-sweep";
import { logFailure } from "./log";
import { remoteMediaJob } from "./media/remote/job";
import { sweepMediaJob } from "./media/sweep";
import { sweepUploadsJob } from "./media/tus/sweep";
import { mediaDownloadsJob } from "./media/worker";
import { sweepTokensJob } from "./tokens/sweep";

/**
 * One kind of work that nobody waits for. Does a small piece (well under a
 * second) and says whether there may be more. Several processes run the same
 * job at once, so a piece is claimed in the database, and done whole or not at
 * all. Stops early when `signal` aborts. Work that waits for others instead of
 * working, such as downloads, may run many pieces at once in one call that
 * comes back when `signal` aborts.
 */
export type Job = (db: Db, signal: AbortSignal) => Promise<"idle" | "busy">;

/** Every job of the Studio, by name. */
const JOBS: Record<string, Job> = {
  deliverRemote: deliverRemoteJob(),
  indexWords: createWordIndexer(),
  mediaDownloads: mediaDownloadsJob(),
  remoteMedia: remoteMediaJob(),
  sweepForecasts: sweepForecastsJob(),
  sweepImportLog: sweepImportLogJob(),
  sweepMedia: sweepMediaJob(),
  sweepTokens: sweepTokensJob(),
  sweepUndo: sweepUndoJob(),
  sweepUploads: sweepUploadsJob(),
};

const IDLE_MS = 500;
const RETRY_MS_MIN = 1_000;
const RETRY_MS_MAX = 60_000;

/**
 * Runs all jobs side by side until `signal` aborts; settles when the last piece
 * of work has ended. A job that fails is logged and tried again later; it does
 * not hold up the others.
 */
export async function startBackground(args: {
  db: Db;
  signal: AbortSignal;
  jobs?: Record<string, Job>;
}): Promise<void> {
  const { db, signal, jobs = JOBS } = args;
  // Every job listens to it, and some of them more than once.
  setMaxListeners(0, signal);
  await Promise.all(
    Object.entries(jobs).map(([name, job]) => repeat(name, job, db, signal)),
  );
}

async function repeat(
  name: string,
  job: Job,
  db: Db,
  signal: AbortSignal,
): Promise<void> {
  let retryMs = RETRY_MS_MIN;
  while (!signal.aborted) {
    let pauseMs = 0;
    try {
      pauseMs = (await job(db, signal)) === "busy" ? 0 : IDLE_MS;
      retryMs = RETRY_MS_MIN;
    } catch (error) {
      if (signal.aborted) return;
      logFailure(error, { job: name });
      pauseMs = retryMs;
      retryMs = Math.min(retryMs * 2, RETRY_MS_MAX);
    }
    // Also after busy work: lets the process answer its signals.
    await delay(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}
