import "server-only";

import { promisify } from "node:util";
import { gunzip } from "node:zlib";

import { AppError } from "@/lib/domain/errors";
import { ACCEPT_LIMITS } from "@/lib/domain/limits";

const gunzipAsync = promisify(gunzip);

/**
 * The body of a batch request, unpacked when it came as gzip. Counted while it
 * is read, packed and unpacked, so that no more than `bodyBytesMax` is held.
 *
 * @throws {AppError} `too_large`; `unsupported_media_type` for another coding;
 *   `invalid_input` for broken gzip.
 */
export async function readBatchBody(
  request: Request,
  bytesMax: number = ACCEPT_LIMITS.bodyBytesMax,
): Promise<Uint8Array> {
  const coding = request.headers.get("content-encoding") ?? "identity";
  if (coding !== "identity" && coding !== "gzip") {
    throw new AppError(
      "unsupported_media_type",
      `The content-encoding "${coding.slice(0, 40)}" is not known. Send the batch as it is or as gzip.`,
    );
  }
  if (Number(request.headers.get("content-length") ?? 0) > bytesMax) {
    throw tooLarge(bytesMax);
  }
  const body = await readCounted(request, bytesMax);
  return coding === "gzip" ? unpack(body, bytesMax) : body;
}

async function readCounted(
  request: Request,
  bytesMax: number,
): Promise<Uint8Array> {
  const reader = request.body?.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    if (size > bytesMax) {
      await reader.cancel();
      throw tooLarge(bytesMax);
    }
    chunks.push(value);
  }
  return Buffer.concat(chunks, size);
}

async function unpack(
  packed: Uint8Array,
  bytesMax: number,
): Promise<Uint8Array> {
  try {
    return await gunzipAsync(packed, { maxOutputLength: bytesMax });
  } catch (error) {
    if ((error as { code?: unknown }).code === "ERR_BUFFER_TOO_LARGE") {
      throw tooLarge(bytesMax);
    }
    throw new AppError(
      "invalid_input",
      "The batch is not gzip although its content-encoding says so. Send it again from the import page.",
      { cause: error },
    );
  }
}

function tooLarge(bytesMax: number): AppError {
  return new AppError(
    "too_large",
    `A batch has at most ${bytesMax.toLocaleString("en")} bytes. Send it as smaller batches.`,
  );
}
