import "server-only";

import { setTimeout as delay } from "node:timers/promises";

import { findAppError } from "@/lib/domain/errors";
import { isPageName } from "@/lib/domain/media-link";
import type { Db } from "@/lib/server/db/client";
import { keyPrefix, type FileStore } from "@/lib/server/file-store/service";
import { logFailure } from "@/lib/server/log";
import { LinkFailure, type fetchLink } from "@/lib/server/outbound/fetch-link";

import { completeFile, failFile } from "./file-rows";
import type { inspectFile } from "./inspect-file";
import {
  LEASE_SECONDS,
  putBack,
  renewLease,
  type ClaimedLink,
} from "./queue-store";

/** Attempts to fetch one link, the first included (security.md R8). */
export const ATTEMPTS_MAX = 6;
const BACKOFF_MS_MAX = 60_000;
const RETRY_AFTER_MS_MAX = 5 * 60_000;
/** Between tries that fail for reasons of ours, such as a full disk. */
const OWN_TROUBLE_MS = 30_000;
const PROGRESS_MS = 1_000;
/** Without progress the lease is renewed, and a cancel noticed, so often. */
const RENEW_MS = 5_000;
/** Bytes are stored already: worth a few tries to make the file of them. */
const RECORD_TRIES_MAX = 3;

/** What a download works with; tests give their own. */
export type DownloadDeps = {
  db: Db;
  store: FileStore;
  fetchLink: typeof fetchLink;
  inspectFile: typeof inspectFile;
  bytesMax: number;
  /** From 0 to 1, for the waits between attempts. */
  random: () => number;
  /** Called when the link's server is no longer needed. */
  onStored: () => void;
};

/** Thrown into a download that is no longer this worker's, or nobody's. */
class LostLeaseError extends Error {}
/** Thrown into a download when the process is to end. */
class StoppingError extends Error {}

/**
 * Fetches one claimed link, stores and inspects it, and makes a file of it; or
 * puts it back, or ends it as failed. Never rejects for what goes wrong with
 * the link. When `stopping` aborts, the link is given back at once.
 */
export async function downloadLink(
  deps: DownloadDeps,
  link: ClaimedLink,
  stopping: AbortSignal,
): Promise<void> {
  const { db, store } = deps;
  if (link.lostLeaseId !== null) {
    // What the worker before, that was killed, may have left.
    await removeBytes(store, keyOf({ ...link, leaseId: link.lostLeaseId }));
  }
  try {
    if (link.attempts > ATTEMPTS_MAX) throw new LinkFailure("cut_off");
    await fetchAndStore(deps, link, stopping);
  } catch (error) {
    if (error instanceof LostLeaseError) return;
    if (stopping.aborted) {
      await putBack(db, link, { waitMs: 0, isUncounted: true });
    } else if (!(error instanceof LinkFailure)) {
      await afterOwnTrouble(deps, link, error);
    } else if (error.isRetryable && link.attempts < ATTEMPTS_MAX) {
      const waitMs = backoffMs(link.attempts, error.retryAfterMs, deps.random);
      await putBack(db, link, { waitMs, isUncounted: false });
    } else {
      await failFile(db, { ...link, code: error.code, status: error.status });
    }
  }
}

/**
 * Milliseconds before the next attempt: any time up to 1, 2, 4 … 60 s, so that
 * links that failed together do not return together. A `Retry-After` counts up
 * to five minutes, and a little is added to it.
 */
export function backoffMs(
  attempts: number,
  retryAfterMs: number | undefined,
  random: () => number,
): number {
  const ceilingMs = Math.min(BACKOFF_MS_MAX, 1_000 * 2 ** (attempts - 1));
  const waitMs = Math.round(random() * ceilingMs);
  if (retryAfterMs === undefined) return waitMs;
  return Math.min(retryAfterMs, RETRY_AFTER_MS_MAX) + Math.min(waitMs, 1_000);
}

async function fetchAndStore(
  deps: DownloadDeps,
  link: ClaimedLink,
  stopping: AbortSignal,
): Promise<void> {
  const { store, bytesMax } = deps;
  const key = keyOf(link);
  const progress: Progress = { arrivedBytes: 0, totalBytes: undefined };
  const lease = keepLease(deps.db, link, progress, stopping);
  const { signal } = lease;
  let isNobodys = false;
  try {
    const { body, totalBytes } = await deps.fetchLink(link.link, {
      bytesMax,
      signal,
      isPageExpected: isPageName(link.filename),
    });
    progress.totalBytes = totalBytes;
    const { bytes, sha256 } = await store.write(key, counted(body, progress), {
      signal,
    });
    isNobodys = true;
    deps.onStored();
    const { filename } = link;
    const found = await unlessAborted(
      deps.inspectFile(store, key, { bytes, filename }),
      signal,
    );
    const file = { ...link, storageKey: key, bytes, sha256, ...found };
    // When this throws the row may name them: the sweep looks.
    isNobodys = false;
    isNobodys = !(await record(deps.db, file));
  } catch (error) {
    // The signal's reason says more than what it made fail.
    throw signal.aborted ? signal.reason : error;
  } finally {
    lease.end();
    if (isNobodys) await removeBytes(store, key);
  }
}

/** Looking into a file may take a minute, and cannot be stopped. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason as Error);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop);
    work
      .then(resolve, reject)
      .finally(() => signal.removeEventListener("abort", stop));
  });
}

type Progress = { arrivedBytes: number; totalBytes: number | undefined };

async function* counted(
  body: AsyncIterable<Uint8Array>,
  progress: Progress,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    progress.arrivedBytes += chunk.byteLength;
    yield chunk;
  }
}

/** Aborts when the process stops, the link is cancelled or deleted, or the lease cannot be renewed before it ends. */
function keepLease(
  db: Db,
  link: ClaimedLink,
  progress: Progress,
  stopping: AbortSignal,
): { signal: AbortSignal; end(): void } {
  const lost = new AbortController();
  const stop = () => lost.abort(new StoppingError());
  if (stopping.aborted) stop();
  stopping.addEventListener("abort", stop);
  let renewedMs = performance.now();
  let writtenBytes = 0;
  let isWriting = false;

  const timer = setInterval(() => {
    const sinceMs = performance.now() - renewedMs;
    if (sinceMs > (LEASE_SECONDS * 1_000 * 3) / 4)
      return lost.abort(new LostLeaseError());
    const hasMore = progress.arrivedBytes !== writtenBytes;
    if (isWriting || (!hasMore && sinceMs < RENEW_MS)) return;
    isWriting = true;
    const { arrivedBytes } = progress;
    renewLease(db, link, progress)
      .then((isMine) => {
        if (!isMine) return lost.abort(new LostLeaseError());
        renewedMs = performance.now();
        writtenBytes = arrivedBytes;
      })
      // The database is away: the next renewal may reach it.
      .catch(() => undefined)
      .finally(() => (isWriting = false));
  }, PROGRESS_MS);
  timer.unref();

  return {
    signal: lost.signal,
    end() {
      clearInterval(timer);
      stopping.removeEventListener("abort", stop);
    },
  };
}

async function record(
  db: Db,
  file: Parameters<typeof completeFile>[1],
): Promise<boolean> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await completeFile(db, file);
    } catch (error) {
      const isAway = findAppError(error)?.code === "unavailable";
      if (!isAway || tried >= RECORD_TRIES_MAX) throw error;
      await delay(1_000 * tried);
    }
  }
}

/** The disk is full, the store or the database away: no attempt of the link. A bug of ours is one, or it would be met for ever. */
async function afterOwnTrouble(
  { db }: DownloadDeps,
  link: ClaimedLink,
  error: unknown,
): Promise<void> {
  logFailure(error, { place: "download", fileId: link.id });
  const isUncounted = findAppError(error)?.code === "unavailable";
  if (isUncounted || link.attempts < ATTEMPTS_MAX) {
    await putBack(db, link, { waitMs: OWN_TROUBLE_MS, isUncounted });
  } else {
    await failFile(db, { ...link, code: "cut_off" });
  }
}

/** The lease is the attempt: whoever takes a link over knows what to remove. */
function keyOf({ tenantId, id, leaseId }: ClaimedLink): string {
  return `${keyPrefix("files", tenantId, id)}${leaseId}`;
}

async function removeBytes(store: FileStore, key: string): Promise<void> {
  await store
    .remove([key])
    // The sweep removes what is left.
    .catch((error: unknown) => logFailure(error, { place: "download" }));
}
