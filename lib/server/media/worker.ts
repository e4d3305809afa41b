import "server-only";

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
/** While the database is away. */
const TROUBLE_MS_MAX = 10_000;

export type WorkerOptions = Partial<Omit<DownloadDeps, "db">> & {
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
  const running = new Set<Promise<void>>();
  const pause = createPause();
  let troubleMs = 0;
  signal.addEventListener("abort", pause.end);
  try {
    while (!signal.aborted) {
      const claimed = await claimSome(db, placesMax - running.size).catch(
        (error: unknown) => {
          if (endsIdle) throw error;
          logFailure(error, { place: "media queue" });
        },
      );
      troubleMs = claimed
        ? 0
        : Math.min(TROUBLE_MS_MAX, 2 * troubleMs || LOOK_MS);
      for (const link of claimed ?? []) {
        const download = downloadLink(deps, link, signal)
          // The database is away: the lease ends, and the link is fetched then.
          .catch((error: unknown) => logFailure(error, { place: "download" }))
          .finally(() => {
            running.delete(download);
            pause.end();
          });
        running.add(download);
      }
      if (endsIdle && claimed?.length === 0 && running.size === 0) return;
      // Where there was work there may be more, of hosts that were not full.
      const isBusy = claimed !== undefined && claimed.length > 0;
      await pause.wait(troubleMs || (isBusy ? LOOK_MS / 10 : LOOK_MS));
    }
  } finally {
    signal.removeEventListener("abort", pause.end);
    await Promise.all(running);
  }
}

async function claimSome(db: Db, places: number): Promise<ClaimedLink[]> {
  if (places <= 0 || !(await hasDueLinks(db))) return [];
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

function appDeps(): Omit<DownloadDeps, "db"> {
  return {
    store: appFileStore(),
    fetchLink,
    inspectFile,
    bytesMax: env().MEDIA_FILE_BYTES_MAX,
    random: Math.random,
  };
}
