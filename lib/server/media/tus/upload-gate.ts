import "server-only";

import { AppError } from "@/lib/domain/errors";

// Each holds a connection, an open file and little memory.
const PROCESS_MAX = 256;
const ACTOR_MAX = 64;
const RETRY_SECONDS = 5;

// Next loads this module several times in one process.
const shared = globalThis as typeof globalThis & {
  sourceStudioUploads?: Map<string, number>;
};

/**
 * Lets one more chunk be received; call what it gives when that is over.
 *
 * @throws {AppError} `rate_limited` when this process or the sender has too
 *   many on their way.
 */
export function enterUpload(actorId: string): () => void {
  const running = (shared.sourceStudioUploads ??= new Map<string, number>());
  const own = running.get(actorId) ?? 0;
  let all = 0;
  for (const count of running.values()) all += count;
  if (own >= ACTOR_MAX || all >= PROCESS_MAX) {
    throw new AppError(
      "rate_limited",
      "Too many chunks are being received at once. Send fewer files side by side, and this one again in a moment.",
      { retryAfterSeconds: RETRY_SECONDS },
    );
  }
  running.set(actorId, own + 1);
  return () => {
    const left = (running.get(actorId) ?? 1) - 1;
    if (left > 0) running.set(actorId, left);
    else running.delete(actorId);
  };
}
