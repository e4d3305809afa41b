import "server-only";

import { setTimeout as delay } from "node:timers/promises";

import { mayPass, type RemoteAnswer } from "@/lib/domain/remote-answer";

const TRIES_MAX = 6;
const WAIT_MS_MIN = 250;
const WAIT_MS_MAX = 5_000;

/**
 * Asks again a few times, with full jitter, after answers that may be others
 * in a moment; gives the last one. For a part of a batch whose other parts were
 * accepted or refused already: given up, all of them would have to be asked
 * again, and where one request in five fails hardly any round would get through.
 *
 * Gives up at once when it is told to wait longer than five seconds.
 *
 * @throws when `signal` aborts.
 */
export async function tryInPlace(
  ask: () => Promise<RemoteAnswer & { retryAfterMs?: number | undefined }>,
  { signal, random }: { signal: AbortSignal; random: () => number },
): ReturnType<typeof ask> {
  for (let tried = 1; ; tried += 1) {
    const answer = await ask();
    const told = answer.retryAfterMs ?? 0;
    const isLast = tried >= TRIES_MAX || told > WAIT_MS_MAX;
    if (isLast || !mayPass(answer.outcome)) return answer;
    const most = Math.min(WAIT_MS_MIN * 2 ** tried, WAIT_MS_MAX);
    await delay(Math.max(told, most * random()), undefined, { signal });
  }
}
