import "server-only";

/** What a valid token says about its bearer. */
export type VerifiedToken = {
  tenantId: string;
  providerId: string;
  providerName: string;
  /** HMAC of the token: an import checks it again in its own transaction. */
  hash: string;
  expiresAtMs: number;
  /** Lower-case identifier of each allowed source, to its id. */
  sources: ReadonlyMap<string, string>;
};

// Revocation must count within 5 s on every node (security.md 3).
const KEPT_MS = 5_000;
const TOKENS_MAX = 10_000;

type Kept = { token: VerifiedToken; untilMs: number };

// Next loads this module several times in one process; a revocation in the
// Studio must reach the copy that serves the API.
const shared = globalThis as typeof globalThis & {
  sourceStudioTokens?: Map<string, Kept>;
};
const kept = (): Map<string, Kept> =>
  (shared.sourceStudioTokens ??= new Map<string, Kept>());

/** A token verified less than 5 s ago in this process. `nowMs` is epoch milliseconds. */
export function recallToken(
  hash: string,
  nowMs: number,
): VerifiedToken | undefined {
  const found = kept().get(hash);
  if (found === undefined) return undefined;
  // A clock that was set back must not keep it for longer.
  const isFresh = nowMs < found.untilMs && nowMs >= found.untilMs - KEPT_MS;
  if (isFresh && nowMs < found.token.expiresAtMs) return found.token;
  kept().delete(hash);
  return undefined;
}

/** Keeps a verification for 5 s. */
export function keepToken(token: VerifiedToken, nowMs: number): void {
  if (kept().size >= TOKENS_MAX) kept().clear();
  kept().set(token.hash, { token, untilMs: nowMs + KEPT_MS });
}

/** Ends all kept verifications of a provider, after any change to it. */
export function forgetVerifiedTokens(providerId: string): void {
  for (const [hash, { token }] of kept()) {
    if (token.providerId === providerId) kept().delete(hash);
  }
}
