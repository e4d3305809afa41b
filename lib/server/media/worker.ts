import "server-only";

import { setMaxListeners } from "node:events";

import type { Db } from "@/lib/server/db/client";
import { env } from "@/lib/server/env";
import { appFileStore } from "@/lib/server/file-store/service";
import { logFailure } from "@/lib/server/log";
import { fetchLink } from "@/lib/server/outbound/fetch-link";

import { downloadLink, type DownloadDeps } from "./download";
import { inspectFile } from "./inspect-file";
import { claimLinks, hasDueLinks, type ClaimedLink } from "./queue-store";

/** The call that takes links waits for their files: look often. */
const LOOK_MS = 250;
const BUSY_LOOK_MS = 25;
/** While the database is away. */
const TROUBLE_MS_MAX = 10_000;

export type WorkerOptions = Partial<Omit<DownloadDeps, "db" | "onStored">> & {
  downloadsMax?: number;
};

/**
 * A background job: fetches the links that are due, several at once, until
 * `signal` aborts; then gives back what it is fetching and returns. Any number
 * of processes may run it. Unlike other jobs it comes back only then: waiting
 * for other people's servers is no piece of work.
 */
export function mediaDownloadsJob(
  options: WorkerOptions = {},
): (db: Db, signal: AbortSignal) => Promise<"idle"> {
  return async (db, signal) => {
    await runDownloads(db, signal, options);
    return "idle";
  };
}

/**
 * Fetches links until none is due, and waits for the last of them: the job
 * without its waiting. Links that are to be tried again later are left.
 */
export async function drainMediaQueue(
  db: Db,
  signal: AbortSignal,
  options: WorkerOptions = {},
): Promise<void> {
  await runDownloads(db, signal, { ...options, endsIdle: true });
}

async function runDownloads(
  db: Db,
  signal: AbortSignal,
  { downloadsMax, endsIdle, ...given }: WorkerOptions & { endsIdle?: boolean },
): Promise<void> {
  const deps = { ...appDeps(), ...given, db };
  const placesMax = downloadsMax ?? env().MEDIA_DOWNLOADS;
  const stopping = new AbortController();
  // Every download listens to it.
  setMaxListeners(0, stopping.signal);
  const pause = createPause();
  const stop = () => {
    stopping.abort();
    pause.end();
  };
  signal.addEventListener("abort", stop);

  const running = new Set<Promise<void>>();
  const fetching = new Set<string>();
  const start = (link: ClaimedLink) => {
    const leave = () => {
      fetching.delete(link.id);
      pause.end();
    };
    fetching.add(link.id);
    const download = downloadLink(
      { ...deps, onStored: leave },
      link,
      stopping.signal,
    )
      // The database is away: the lease ends, and the link is fetched then.
      .catch((error: unknown) => logFailure(error, { place: "download" }))
      .finally(() => {
        running.delete(download);
        leave();
      });
    running.add(download);
  };

  try {
    let waitMs = LOOK_MS;
    while (!signal.aborted) {
      // What is stored needs no connection any more: the next one may begin.
      const places =
        placesMax - Math.max(fetching.size, running.size - placesMax);
      try {
        // Where there was work a moment ago there may be more.
        const claimed = await claimSome(db, places, waitMs < LOOK_MS);
        claimed.forEach(start);
        waitMs = claimed.length > 0 ? BUSY_LOOK_MS : LOOK_MS;
      } catch (error) {
        if (endsIdle) throw error;
        logFailure(error, { place: "media queue" });
        waitMs = Math.min(TROUBLE_MS_MAX, 2 * Math.max(waitMs, LOOK_MS));
      }
      if (endsIdle && waitMs === LOOK_MS && running.size === 0) return;
      await pause.wait(waitMs);
    }
  } finally {
    signal.removeEventListener("abort", stop);
    await Promise.all(running);
  }
}

async function claimSome(
  db: Db,
  places: number,
  isBusy: boolean,
): Promise<ClaimedLink[]> {
  if (places <= 0) return [];
  if (!isBusy && !(await hasDueLinks(db))) return [];
  return claimLinks(db, places);
}

/** A wait that can be ended before its time, also just before it begins. */
function createPause(): {
  wait: (ms: number) => Promise<void>;
  end: () => void;
} {
  let isEnded = false;
  let endCurrent: () => void = () => undefined;
  return {
    async wait(ms) {
      if (!isEnded) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          endCurrent = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      isEnded = false;
    },
    end() {
      isEnded = true;
      endCurrent();
    },
  };
}

function appDeps(): Omit<DownloadDeps, "db" | "onStored"> {
  return {
    store: appFileStore(),
    fetchLink,
    inspectFile,
    bytesMax: env().MEDIA_FILE_BYTES_MAX,
    random: Math.random,
  };
}
