import "server-only";

import { AppError } from "@/lib/domain/errors";

/** A line may be slow for as long as it likes, but not hold a connection for nothing (security.md R11). */
export type PaceLimits = { windowMs: number; windowBytesMin: number };

const PACE: PaceLimits = { windowMs: 30_000, windowBytesMin: 32_768 };

export type ChunkLimits = {
  bytesMax: number;
  /** What the sender declared; a body of any other length is refused. */
  bytesDeclared: number | undefined;
  pace?: PaceLimits;
};

/**
 * The bytes of a request as they come. Ends only when all of it arrived: a body
 * that was cut off, is longer than it may be or comes slower than the pace
 * throws, so who stores it stores all or nothing. Time that the reader takes is
 * not the sender's.
 *
 * @throws {AppError} `too_large`, `invalid_input`.
 */
export async function* readChunk(
  request: Request,
  { bytesMax, bytesDeclared, pace = PACE }: ChunkLimits,
): AsyncGenerator<Uint8Array> {
  const reader = request.body?.getReader() as
    ReadableStreamDefaultReader<Uint8Array> | undefined;
  let bytes = 0;
  const watch = reader && watchPace(reader, pace);
  try {
    while (reader && watch) {
      const next = await watch.read().catch(() => {
        throw cutOff();
      });
      if (watch.isTooSlow()) throw tooSlow();
      if (next.done) break;
      bytes += next.value.byteLength;
      if (bytes > bytesMax) throw chunkTooLong();
      yield next.value;
    }
    if (bytesDeclared !== undefined && bytes !== bytesDeclared) throw cutOff();
  } finally {
    watch?.stop();
    // The rest is for the server to throw away; the lock must not stay.
    reader?.releaseLock();
  }
}

/** Reads the body to its end and gives its length, at most `bytesMax`. */
export async function drainChunk(
  request: Request,
  limits: ChunkLimits,
): Promise<number> {
  let bytes = 0;
  for await (const piece of readChunk(request, limits)) {
    bytes += piece.byteLength;
  }
  return bytes;
}

function watchPace(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  { windowMs, windowBytesMin }: PaceLimits,
) {
  const tickMs = Math.max(10, windowMs / 30);
  let isWaiting = false;
  let isTooSlow = false;
  let waitedMs = 0;
  let windowBytes = 0;
  const timer = setInterval(() => {
    if (!isWaiting) return;
    waitedMs += tickMs;
    if (waitedMs < windowMs) return;
    if (windowBytes < windowBytesMin) {
      isTooSlow = true;
      // Ends the read that waits.
      void reader.cancel().catch(() => undefined);
    }
    waitedMs = 0;
    windowBytes = 0;
  }, tickMs);
  timer.unref();
  return {
    async read() {
      isWaiting = true;
      try {
        const next = await reader.read();
        windowBytes += next.value?.byteLength ?? 0;
        return next;
      } finally {
        isWaiting = false;
      }
    },
    isTooSlow: () => isTooSlow,
    stop: () => clearInterval(timer),
  };
}

function cutOff(): AppError {
  return new AppError(
    "invalid_input",
    "The chunk was cut off before its end, so nothing of it was stored. Send it again from the same offset.",
  );
}

/** A chunk that would pass the declared length of the file. */
export function chunkTooLong(): AppError {
  return new AppError(
    "too_large",
    "The chunk goes beyond the declared length of the file, so nothing of it was stored. Send only what is missing.",
  );
}

function tooSlow(): AppError {
  return new AppError(
    "invalid_input",
    "The chunk came too slowly, so nothing of it was stored. Send it again from the same offset, in smaller chunks.",
  );
}
