import "server-only";

/** Full jitter up to twice as long each time (security.md, reliability). */
const BACKOFF_MS_MIN = 1_000;
const BACKOFF_MS_MAX = 60_000;

/** How long to wait after `attempts` tries in a row without a verdict; `random` from 0 to 1. */
export function backoffMs(attempts: number, random: number): number {
  const most = BACKOFF_MS_MIN * 2 ** Math.min(attempts, 10);
  return Math.min(most, BACKOFF_MS_MAX) * random;
}
