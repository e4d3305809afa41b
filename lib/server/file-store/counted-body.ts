import "server-only";

import { createHash } from "node:crypto";

import type { WrittenFile } from "./file-store";

export type CountedBody = {
  chunks: AsyncIterable<Uint8Array>;
  /** Of what was read of `chunks`; call it once, after the end. */
  finish(): WrittenFile;
  /** What the body, or the signal, ended early with; `undefined` when it did not. */
  failure(): Error | undefined;
};

/**
 * The same bytes, counted and hashed on their way. Reading ends at once when
 * `signal` aborts, also when `body` itself never answers again.
 */
export function countBody(
  body: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): CountedBody {
  const hash = createHash("sha256");
  let bytes = 0;
  let failure: Error | undefined;

  async function* read(): AsyncGenerator<Uint8Array> {
    const chunks = (signal ? untilAborted(body, signal) : body)[
      Symbol.asyncIterator
    ]();
    let isEnded = false;
    try {
      for (;;) {
        const next = await chunks.next().catch((error: unknown) => {
          isEnded = true;
          failure = error as Error;
          throw error;
        });
        if (next.done) {
          isEnded = true;
          return;
        }
        if (next.value.byteLength === 0) continue;
        bytes += next.value.byteLength;
        hash.update(next.value);
        yield next.value;
      }
    } finally {
      if (!isEnded) await chunks.return?.();
    }
  }
  return {
    chunks: read(),
    finish: () => ({ bytes, sha256: hash.digest("hex") }),
    failure: () => failure,
  };
}

async function* untilAborted(
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]();
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason as Error);
    signal.addEventListener("abort", abort);
  });
  aborted.catch(() => undefined);
  let isEnded = false;
  try {
    signal.throwIfAborted();
    for (;;) {
      const next = await Promise.race([chunks.next(), aborted]);
      isEnded = next.done === true;
      if (next.done) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener("abort", abort);
    // Not awaited: a body that hangs would hold up the failure too.
    if (!isEnded) void chunks.return?.().catch(() => undefined);
  }
}
