import "server-only";

import type { Db } from "@/lib/server/db/client";
import {
  appFileStore,
  keyPrefix,
  ownerOfKey,
  type FileStore,
  type StoredFile,
} from "@/lib/server/file-store/service";
import { logFailure } from "@/lib/server/log";

import { finishUpload } from "./finish-upload";
import {
  deleteExpired,
  deleteLeftParts,
  selectKnownKeys,
  selectStuck,
} from "./upload-store";

const EVERY_MS = 60_000;
const LISTED_EVERY_MS = 3_600_000;
const BATCH = 200;
/** A chunk lies in the store before the database knows it; no sender takes this long over one. */
const UNKNOWN_MS_MAX = 24 * 3_600_000;

/**
 * Finishes uploads whose chunks are all there and that nobody asks for any
 * more, drops those that have run out, and removes chunks of uploads that are
 * complete or gone. Gives how many uploads and chunks that were; at most a few
 * hundred, so call it again until it is 0.
 */
export async function sweepExpiredUploads(
  db: Db,
  store: FileStore,
  now: Date = new Date(),
): Promise<number> {
  const stuck = await selectStuck(db, 1);
  for (const place of stuck) {
    // One that cannot be finished keeps no other from its end; its turn comes again in a minute.
    await finishUpload({ db, store, now: () => now }, place).catch(
      (error: unknown) => logFailure(error, { job: "sweepUploads", ...place }),
    );
  }
  const expired = await deleteExpired(db, now, BATCH);
  const left = await deleteLeftParts(db, BATCH);
  await store.remove(left);
  return stuck.length + expired.length + left.length;
}

/**
 * Removes chunks from the store that the database never came to know, because
 * the process was killed between the two. Looks at every chunk there is; those
 * of the last day stay. Gives how many.
 */
export async function sweepUnknownParts(
  db: Db,
  store: FileStore,
  now: Date = new Date(),
): Promise<number> {
  const olderThanMs = now.getTime() - UNKNOWN_MS_MAX;
  let removed = 0;
  let batch: StoredFile[] = [];
  const removeUnknown = async () => {
    const known = await selectKnownKeys(
      db,
      batch.map(({ key }) => ({ ...ownerOfKey(key), key })),
    );
    const unknown = batch.filter(({ key }) => !known.has(key));
    await store.remove(unknown.map(({ key }) => key));
    removed += unknown.length;
    batch = [];
  };
  for await (const file of store.list(keyPrefix("parts"))) {
    if (file.modifiedAt.getTime() > olderThanMs) continue;
    batch.push(file);
    if (batch.length >= BATCH) await removeUnknown();
  }
  if (batch.length > 0) await removeUnknown();
  return removed;
}

/** A background job: the first every minute, the second every hour. */
export function sweepUploadsJob(): (db: Db) => Promise<"idle" | "busy"> {
  let sweptMs = -Infinity;
  let listedMs = performance.now();
  return async (db) => {
    if (performance.now() - sweptMs < EVERY_MS) return "idle";
    if ((await sweepExpiredUploads(db, appFileStore())) > 0) return "busy";
    sweptMs = performance.now();
    if (performance.now() - listedMs > LISTED_EVERY_MS) {
      await sweepUnknownParts(db, appFileStore());
      listedMs = performance.now();
    }
    return "idle";
  };
}
