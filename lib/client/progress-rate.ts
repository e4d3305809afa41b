/** Too little time to tell a rate from. */
const SAMPLE_MS_MIN = 1_000;

/** How fast something goes, and how long the rest takes at that pace; `null` while it is too early to say. */
export function progressRate(done: {
  amount: number;
  total: number;
  elapsedMs: number;
}): { perSecond: number; secondsLeft: number } | null {
  const { amount, total, elapsedMs } = done;
  if (elapsedMs < SAMPLE_MS_MIN || amount <= 0) return null;
  const perSecond = (amount / elapsedMs) * 1_000;
  return { perSecond, secondsLeft: Math.max(0, total - amount) / perSecond };
}
