import "server-only";

import { AppError } from "@/lib/domain/errors";

export type WorkGateRule = {
  /** Gates of one name count together in this process. */
  name: string;
  processMax: number;
  actorMax: number;
  /** What the sender is told when there is too much in work. */
  message: string;
};

const RETRY_SECONDS = 5;

// Next loads this module several times in one process.
const shared = globalThis as typeof globalThis & {
  sourceStudioGates?: Map<string, Map<string, number>>;
};

/**
 * Lets one more piece of work of an actor begin; call what it gives when that
 * is over.
 *
 * @throws {AppError} `rate_limited` at once, when this process or the actor has
 *   too much in work.
 */
export function enterWork(rule: WorkGateRule, actorId: string): () => void {
  const gates = (shared.sourceStudioGates ??= new Map<
    string,
    Map<string, number>
  >());
  const running = gates.get(rule.name) ?? new Map<string, number>();
  gates.set(rule.name, running);
  const own = running.get(actorId) ?? 0;
  let all = 0;
  for (const count of running.values()) all += count;
  if (own >= rule.actorMax || all >= rule.processMax) {
    throw new AppError("rate_limited", rule.message, {
      retryAfterSeconds: RETRY_SECONDS,
    });
  }
  running.set(actorId, own + 1);
  return () => {
    const left = (running.get(actorId) ?? 1) - 1;
    if (left > 0) running.set(actorId, left);
    else running.delete(actorId);
  };
}
