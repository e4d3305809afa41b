import "server-only";

import { createHash } from "node:crypto";

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
 * The bytes of a body as they come. Ends only when all of it arrived: a body
 * that was cut off, is longer than it may be or comes slower than the pace
 * throws, so who stores it stores all or nothing. Time that the reader takes is
 * not the sender's.
 *
 * @throws {AppError} `too_large`, `invalid_input`.
 */
export async function* readChunk(
  body: AsyncIterable<Uint8Array>,
  { bytesMax, bytesDeclared, pace = PACE }: ChunkLimits,
): AsyncGenerator<Uint8Array> {
  const pieces = body[Symbol.asyncIterator]();
  const watch = watchPace(pace);
  let bytes = 0;
  try {
    for (;;) {
      const next = await watch.wait(pieces.next());
      if (next.done) break;
      bytes += next.value.byteLength;
      watch.count(next.value.byteLength);
      if (bytes > bytesMax) throw chunkTooLong();
      yield next.value;
    }
    if (bytesDeclared !== undefined && bytes !== bytesDeclared) throw cutOff();
  } finally {
    watch.stop();
    // Waits for what is asked for already, which may never come.
    if (!watch.isWaiting()) await pieces.return?.().catch(() => undefined);
  }
}

/** Reads the body to its end: its length, at most `bytesMax`, and its SHA-256, hex. */
export async function drainChunk(
  body: AsyncIterable<Uint8Array>,
  limits: ChunkLimits,
): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const piece of readChunk(body, limits)) {
    bytes += piece.byteLength;
    hash.update(piece);
  }
  return { bytes, sha256: hash.digest("hex") };
}

/** The body of a request. Who stops reading leaves the rest to the server. */
export async function* bodyOf(request: Request): AsyncGenerator<Uint8Array> {
  const { body } = request;
  if (!body) return;
  yield* body.values({ preventCancel: true }) as AsyncIterable<Uint8Array>;
}

function watchPace({ windowMs, windowBytesMin }: PaceLimits) {
  const tickMs = Math.max(10, windowMs / 30);
  let giveUp: ((reason: AppError) => void) | undefined;
  let waitedMs = 0;
  let windowBytes = 0;
  const timer = setInterval(() => {
    if (!giveUp) return;
    waitedMs += tickMs;
    if (waitedMs < windowMs) return;
    if (windowBytes < windowBytesMin) giveUp(tooSlow());
    waitedMs = 0;
    windowBytes = 0;
  }, tickMs);
  timer.unref();
  return {
    wait: <T>(coming: Promise<T>) =>
      new Promise<T>((resolve, reject) => {
        giveUp = reject;
        coming.then(
          (value) => {
            giveUp = undefined;
            resolve(value);
          },
          () => {
            giveUp = undefined;
            reject(cutOff());
          },
        );
      }),
    isWaiting: () => giveUp !== undefined,
    count: (bytes: number) => (windowBytes += bytes),
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
