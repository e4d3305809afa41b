import "server-only";

import type { Db } from "@/lib/server/db/client";
import { env } from "@/lib/server/env";
import {
  appFileStore,
  keyPrefix,
  ownerOfKey,
  type FileStore,
  type StoredFile,
} from "@/lib/server/file-store/service";

import { deleteEnded, deleteEndedRemote, selectLiveKeys } from "./sweep-store";

const EVERY_MS = 10 * 60_000;
/** Looking at everything that is stored costs requests, with S3 also money. */
const LISTED_EVERY_MS = 60 * 60_000;
const BATCH = 500;
const DAY_MS = 86_400_000;
/** Between the bytes and the row that names them a writer needs seconds. */
const ORPHAN_MS_MIN = 3_600_000;

/**
 * A background job: removes failed and cancelled media files after
 * `MEDIA_FAILED_DAYS`, every ten minutes, and every hour bytes that no file
 * names, which killed processes leave. A completed file is never removed.
 */
export function sweepMediaJob(): (
  db: Db,
  signal: AbortSignal,
) => Promise<"idle" | "busy"> {
  let sweptMs = -Infinity;
  // First after ten minutes: a process that is often started anew sweeps too.
  let listedMs = performance.now() + EVERY_MS - LISTED_EVERY_MS;
  return async (db, signal) => {
    if (performance.now() - sweptMs < EVERY_MS) return "idle";
    if ((await sweepEndedFiles(db)) >= BATCH) return "busy";
    sweptMs = performance.now();
    if (performance.now() - listedMs > LISTED_EVERY_MS) {
      listedMs = performance.now();
      await sweepOrphans(db, appFileStore(), { signal });
      await appFileStore().sweep();
    }
    return "idle";
  };
}

/** Removes up to 500 media files, and as many at endpoints from our list, that failed or were cancelled `MEDIA_FAILED_DAYS` before `now`; gives how many. */
export async function sweepEndedFiles(
  db: Db,
  now: Date = new Date(),
): Promise<number> {
  const before = new Date(now.getTime() - env().MEDIA_FAILED_DAYS * DAY_MS);
  const here = await deleteEnded(db, before, BATCH);
  return here + (await deleteEndedRemote(db, before, BATCH));
}

/**
 * Removes files and thumbnails from the store that no row names and that were
 * written an hour before `now` or earlier; gives how many. Chunks of unfinished
 * uploads have a sweep of their own.
 */
export async function sweepOrphans(
  db: Db,
  store: FileStore,
  { now = new Date(), signal }: { now?: Date; signal?: AbortSignal } = {},
): Promise<number> {
  const olderThanMs = now.getTime() - ORPHAN_MS_MIN;
  let removed = 0;
  let batch: StoredFile[] = [];
  const removeOrphans = async () => {
    const asked = batch.map(({ key }) => ({
      ...ownerOfKey(key),
      key,
      fileKey: fileKeyOf(key),
    }));
    batch = [];
    const live = await selectLiveKeys(db, asked);
    const orphans = asked.filter(({ fileKey }) => !live.has(fileKey));
    await store.remove(orphans.map(({ key }) => key));
    removed += orphans.length;
  };
  for (const kind of ["files", "thumbs"] as const) {
    for await (const file of store.list(keyPrefix(kind))) {
      if (signal?.aborted) return removed;
      if (file.modifiedAt.getTime() > olderThanMs) continue;
      if (batch.push(file) >= BATCH) await removeOrphans();
    }
  }
  if (batch.length > 0) await removeOrphans();
  return removed;
}

/** Of a thumbnail, the key of the file it shows. */
function fileKeyOf(key: string): string {
  const [, tenantId, fileId, attemptId] = key.split("/");
  return `files/${tenantId}/${fileId}/${attemptId}`;
}
