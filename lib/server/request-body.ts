import "server-only";

import { pipeline, Readable, Transform } from "node:stream";
import { createGunzip } from "node:zlib";

import { AppError } from "@/lib/domain/errors";
import { RefusedBodyError } from "@/lib/domain/wire-problems";

/** Clients give up after the same time (contract 3.4). */
const READ_MS_MAX = 100_000;
/** Up to here the declared length is trusted for memory; above, bytes are counted as they come. */
const DIRECT_BYTES_MAX = 262_144;

const JSON_TYPE = /^(application|text)\/(json|[\w.!#$&^-]+\+json)$/;

export type BodyLimits = {
  bytesMax: number;
  /** Told of bytes as they are held; throws when there is no room for them. */
  hold?: (bytes: number) => void;
  msMax?: number;
};

/**
 * The body of a JSON request, after inflation if it was sent gzip encoded.
 * Never holds more than `bytesMax` and one chunk.
 *
 * @throws {AppError} `too_large` above `bytesMax`; `unsupported_media_type` for
 *   an explicit type that is not JSON and for encodings but gzip;
 *   `invalid_input` when the body was cut off or came too slowly.
 */
export async function readJsonBytes(
  request: Request,
  limits: BodyLimits,
): Promise<Uint8Array> {
  checkType(request.headers.get("content-type"));
  const encoding = request.headers
    .get("content-encoding")
    ?.trim()
    .toLowerCase();
  const isGzip = encoding === "gzip" || encoding === "x-gzip";
  if (encoding && encoding !== "identity" && !isGzip) {
    throw new AppError(
      "unsupported_media_type",
      `The content encoding ${JSON.stringify(encoding.slice(0, 40))} is not supported. Send the body as it is, or gzip encoded.`,
    );
  }
  const length = declaredLength(request);
  if (length !== undefined && length > limits.bytesMax) {
    throw tooLarge(limits.bytesMax);
  }
  const isDirect =
    length !== undefined && length <= DIRECT_BYTES_MAX && !isGzip;
  if (isDirect) limits.hold?.(length);
  const reading = isDirect
    ? readDirect(request, length)
    : readCounted(request, limits, isGzip);
  return withDeadline(reading, limits.msMax ?? READ_MS_MAX);
}

/**
 * What the bytes of a JSON body say.
 *
 * @throws {AppError} `invalid_input` with `sentence` when they are not JSON in UTF-8.
 */
export function parseJsonBytes(bytes: Uint8Array, sentence: string): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new AppError("invalid_input", sentence, { cause });
  }
}

function checkType(header: string | null): void {
  if (header === null || header.trim() === "") return;
  const [type = "", ...parameters] = header.toLowerCase().split(";");
  const charset = parameters
    .map((parameter) => parameter.trim())
    .find((parameter) => parameter.startsWith("charset="))
    ?.slice("charset=".length)
    .replaceAll('"', "");
  const isUtf8 = charset === undefined || /^utf-?8$/.test(charset);
  if (JSON_TYPE.test(type.trim()) && isUtf8) return;
  throw new AppError(
    "unsupported_media_type",
    `The content type ${JSON.stringify(header.slice(0, 80))} is not supported. Send application/json, encoded as UTF-8.`,
  );
}

function declaredLength(request: Request): number | undefined {
  const header = request.headers.get("content-length");
  if (header === null || !/^\d{1,15}$/.test(header)) return undefined;
  return Number(header);
}

async function readDirect(
  request: Request,
  length: number,
): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await request.arrayBuffer());
  } catch {
    throw cutOff();
  }
  if (bytes.length !== length) throw cutOff();
  return bytes;
}

async function readCounted(
  request: Request,
  limits: BodyLimits,
  isGzip: boolean,
): Promise<Uint8Array> {
  if (request.body === null) return new Uint8Array();
  const sent = Readable.fromWeb(
    request.body as Parameters<typeof Readable.fromWeb>[0],
  );
  // The error of either stream reaches the loop below.
  const stream: Readable = isGzip
    ? pipeline(sent, createGunzip() as Transform, () => undefined)
    : sent;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      if (bytes > limits.bytesMax) throw tooLarge(limits.bytesMax);
      limits.hold?.(chunk.length);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw isGzip ? badGzip() : cutOff();
  }
  return Buffer.concat(chunks, bytes);
}

async function withDeadline<T>(work: Promise<T>, msMax: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooSlow(msMax)), msMax);
    timer.unref();
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

function tooLarge(bytesMax: number): AppError {
  return new AppError(
    "too_large",
    `The body has more than ${bytesMax} bytes. Send it in several requests.`,
  );
}

function cutOff(): AppError {
  return bodyError(
    "The body was cut off before its end, so nothing was stored. Send it again.",
  );
}

function badGzip(): AppError {
  return bodyError(
    "The body is not complete gzip data, so nothing was stored. Send it again.",
  );
}

function tooSlow(msMax: number): AppError {
  return bodyError(
    `The body did not arrive within ${Math.round(msMax / 1_000)} seconds, so nothing was stored. Send smaller imports.`,
  );
}

function bodyError(message: string): AppError {
  return new RefusedBodyError([{ propertyName: "body", message, paths: [] }]);
}
