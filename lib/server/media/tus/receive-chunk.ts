import "server-only";

import { AppError } from "@/lib/domain/errors";
import { makeFileKey, makePartKey } from "@/lib/server/file-store/service";

import {
  bodyOf,
  chunkTooLong,
  drainChunk,
  readChunk,
  type PaceLimits,
} from "./chunk-body";
import { finishUpload, uploadNotFound, type UploadDeps } from "./finish-upload";
import { readChunkOffset, readContentLength } from "./upload-request";
import {
  appendPart,
  selectPart,
  selectUpload,
  type Upload,
  type UploadPlace,
} from "./upload-store";

/** A PATCH, and what to read its body by when the request's own is not the best. */
export type ChunkSource = {
  request: Request;
  body?: AsyncIterable<Uint8Array> | undefined;
  pace?: PaceLimits | undefined;
};

/**
 * Takes the body of a PATCH: all of it or nothing. Gives the upload as it is
 * then; the last chunk is answered once the media file is complete. A chunk
 * that was stored before and is sent again counts as taken (contract 3.4).
 *
 * @throws {AppError} `conflict` for another offset than the current one,
 *   `invalid_input` for an empty or cut chunk, `too_large` for one that goes
 *   beyond the end, `not_found`, `unsupported_media_type`.
 */
export async function receiveChunk(
  deps: UploadDeps,
  place: UploadPlace,
  { request, body = bodyOf(request), pace }: ChunkSource,
): Promise<Upload> {
  const offset = readChunkOffset(request);
  const upload = await findUpload(deps, place);
  const bytesDeclared = readContentLength(request);
  const chunk: Chunk = { body, offset, bytesDeclared, pace };

  const isWhole = upload.arrivedBytes === upload.sizeBytes;
  let { arrivedBytes } = upload;
  if (isWhole || offset < arrivedBytes) {
    await takeAgain(deps, place, chunk, { ...upload, isWhole });
  } else {
    if (offset !== arrivedBytes) throw wrongOffset(upload);
    arrivedBytes += await take(deps, place, chunk, upload);
  }
  if (arrivedBytes === upload.sizeBytes) await finishUpload(deps, place);
  return { ...upload, arrivedBytes };
}

/**
 * The upload, unless it has run out.
 *
 * @throws {AppError} `not_found`.
 */
export async function findUpload(
  { db, now }: Pick<UploadDeps, "db" | "now">,
  place: UploadPlace,
): Promise<Upload> {
  const upload = await selectUpload(db, place);
  if (!upload) throw uploadNotFound();
  const { expiresAt, arrivedBytes, sizeBytes } = upload;
  const hasExpired = expiresAt !== null && expiresAt <= now();
  if (hasExpired && arrivedBytes < sizeBytes) throw uploadNotFound();
  return upload;
}

type Chunk = {
  body: AsyncIterable<Uint8Array>;
  offset: number;
  bytesDeclared: number | undefined;
  pace: PaceLimits | undefined;
};

/**
 * What was stored is never changed. A repeated chunk has to be the stored one;
 * once the file is complete its chunks are forgotten, and only the length counts.
 */
async function takeAgain(
  { db }: UploadDeps,
  place: UploadPlace,
  { body, offset, bytesDeclared, pace }: Chunk,
  upload: Upload & { isWhole: boolean },
): Promise<void> {
  const expected = upload.arrivedBytes - offset;
  const isOther = bytesDeclared !== undefined && bytesDeclared !== expected;
  if (expected < 0 || (isOther && bytesDeclared > 0)) throw wrongOffset(upload);
  const limits = { bytesMax: expected, bytesDeclared, pace };
  const sent = await drainChunk(body, limits).catch((error: unknown) => {
    const isLonger = error instanceof AppError && error.code === "too_large";
    throw isLonger ? wrongOffset(upload) : error;
  });
  if (sent.bytes === expected) {
    const stored = await selectPart(db, place, offset);
    const isSame =
      stored?.bytes !== expected || stored.contentHash === sent.sha256;
    if (!isSame) throw wrongOffset(upload);
    return;
  }
  if (sent.bytes > 0) throw wrongOffset(upload);
  // A finished file's last chunk, sent again by builds that lost its body.
  if (!upload.isWhole) throw emptyChunk();
}

/** Gives the length of the chunk, which counts now. */
async function take(
  { db, store, now }: UploadDeps,
  place: UploadPlace,
  { body, offset, bytesDeclared, pace }: Chunk,
  upload: Upload,
): Promise<number> {
  const { sizeBytes } = upload;
  const bytesMax = sizeBytes - offset;
  if (bytesDeclared === 0) throw emptyChunk();
  if (bytesDeclared !== undefined && bytesDeclared > bytesMax) {
    throw chunkTooLong();
  }
  // A file that comes in one chunk need not be copied at its end.
  const storageKey =
    bytesDeclared === sizeBytes
      ? makeFileKey(place.tenantId, place.id)
      : makePartKey(place.tenantId, place.id, offset);
  const limits = { bytesMax, bytesDeclared, pace };
  const { bytes, sha256 } = await store.write(
    storageKey,
    notEmpty(readChunk(body, limits)),
  );
  const part = { startAt: offset, bytes, storageKey, contentHash: sha256 };
  // When this throws it is not known whether it counts: the sweep looks.
  if (await appendPart(db, place, part)) return bytes;
  await store.remove([storageKey]);
  const winner = await selectPart(db, place, offset);
  const isSame = winner?.bytes === bytes && winner.contentHash === sha256;
  if (isSame) return bytes;
  const after = await findUpload({ db, now }, place);
  // Chunks of a complete file are forgotten; then the length decides, as for any repeated chunk.
  if (after.state === "completed" && offset + bytes === sizeBytes) return bytes;
  throw wrongOffset(after);
}

async function* notEmpty(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let isEmpty = true;
  for await (const piece of body) {
    isEmpty &&= piece.byteLength === 0;
    yield piece;
  }
  if (isEmpty) throw emptyChunk();
}

/** Contract 3.4: builds that lost the body of a repeated chunk must fail, not go on. */
function emptyChunk(): AppError {
  return new AppError(
    "invalid_input",
    "The chunk is empty, so nothing was stored. Send the bytes that follow Upload-Offset.",
  );
}

function wrongOffset({ arrivedBytes }: Upload): AppError {
  return new AppError(
    "conflict",
    `Upload-Offset does not fit: ${arrivedBytes} bytes have arrived. Ask with HEAD, then send what follows.`,
  );
}
