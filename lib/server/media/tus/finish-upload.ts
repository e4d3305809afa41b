import "server-only";

import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";

import { AppError } from "@/lib/domain/errors";
import type { Db } from "@/lib/server/db/client";
import {
  makeFileKey,
  type FileStore,
  type WrittenFile,
} from "@/lib/server/file-store/service";
import { logFailure } from "@/lib/server/log";
import { inspectFile } from "@/lib/server/media/inspect-file";
import { completeFile } from "@/lib/server/media/file-rows";

import {
  claimFinish,
  deleteParts,
  keepLease,
  selectParts,
  selectUpload,
  type Part,
  type Upload,
  type UploadPlace,
} from "./upload-store";

// After a kill the next one waits so long before it takes over.
const LEASE_SECONDS = 15;
const RENEW_MS = 4_000;
const LOOK_MS = 100;
/** Clients wait for 100 s (contract 3.4). */
const WAIT_MS_MAX = 90_000;

/** What this protocol works on; `now` is the clock of expiry. */
export type UploadDeps = { db: Db; store: FileStore; now: () => Date };

/**
 * Makes a media file of an upload whose chunks are all there, or waits until
 * another request or process has done so. Killed in the middle it can be called
 * again, by anybody.
 *
 * @throws {AppError} `not_found` when the upload is gone; `unavailable` when it
 *   takes longer than 90 s.
 */
export async function finishUpload(
  deps: UploadDeps,
  place: UploadPlace,
): Promise<void> {
  const lease = { id: randomUUID(), seconds: LEASE_SECONDS };
  const givenUpMs = performance.now() + WAIT_MS_MAX;
  while (performance.now() < givenUpMs) {
    const upload = await selectUpload(deps.db, place);
    if (!upload) throw uploadNotFound();
    if (upload.state === "completed") return;
    if (await claimFinish(deps.db, place, lease)) {
      await putTogether(deps, place, upload, lease);
      return;
    }
    await delay(LOOK_MS);
  }
  throw new AppError(
    "unavailable",
    "All bytes are here, and the file is still being put together. Ask again in a moment.",
    { retryAfterSeconds: 5 },
  );
}

/** The answer for an upload that never was, was dropped or has expired. */
export function uploadNotFound(): AppError {
  return new AppError(
    "not_found",
    "There is no such upload: it was never begun, was cancelled, or ran out after 24 hours. Begin a new one.",
  );
}

type Lease = { id: string; seconds: number };

async function putTogether(
  { db, store }: UploadDeps,
  place: UploadPlace,
  upload: Upload,
  lease: Lease,
): Promise<void> {
  const lost = new AbortController();
  const renewal = setInterval(() => {
    keepLease(db, place, lease).then(
      (isKept) => isKept || lost.abort(uploadNotFound()),
      // The next try may reach the database again; if not, the lease is lost anyway.
      () => undefined,
    );
  }, RENEW_MS);
  let made: string | undefined;
  try {
    const parts = await selectParts(db, place);
    checkWhole(parts, upload);
    const kept = keptWhole(parts);
    const storageKey =
      kept?.storageKey ?? (made = makeFileKey(place.tenantId, place.id));
    const written: WrittenFile = kept
      ? { bytes: kept.bytes, sha256: kept.contentHash }
      : await store.join(
          storageKey,
          parts.map((part) => part.storageKey),
          { signal: lost.signal },
        );
    const found = await inspectFile(store, storageKey, {
      bytes: written.bytes,
      filename: upload.filename,
    });
    const ours = made;
    // When this throws the row may name them: the sweep looks.
    made = undefined;
    const isMine = await completeFile(db, {
      ...place,
      leaseId: lease.id,
      storageKey,
      bytes: written.bytes,
      sha256: written.sha256,
      ...found,
    });
    if (!isMine) {
      made = ours;
      throw uploadNotFound();
    }
    await deleteParts(db, place, storageKey)
      .then((keys) => store.remove(keys))
      // The file is complete all the same; the sweep removes what is left.
      .catch((error: unknown) => logFailure(error, { place: "upload" }));
  } catch (error) {
    if (made !== undefined) await store.remove([made]).catch(() => undefined);
    // So that the next one need not wait for its end.
    await keepLease(db, place, { ...lease, seconds: 0 }).catch(() => undefined);
    throw error;
  } finally {
    clearInterval(renewal);
  }
}

/** The chunk of a file that came in one: it was stored where it stays. */
function keptWhole(parts: Part[]): Part | undefined {
  const [first] = parts;
  return first?.storageKey.startsWith("files/") ? first : undefined;
}

/** The rows and the count are moved together, so anything else is a bug of ours. */
function checkWhole(parts: Part[], { sizeBytes }: Upload): void {
  let endAt = 0;
  for (const { startAt, bytes } of parts) {
    if (startAt !== endAt)
      throw new RangeError("Chunks of an upload have a gap.");
    endAt += bytes;
  }
  if (endAt !== sizeBytes)
    throw new RangeError("Chunks of an upload are missing.");
}
