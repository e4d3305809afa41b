import "server-only";

import { AppError } from "@/lib/domain/errors";
import type { Context } from "@/lib/server/context";
import type { Db } from "@/lib/server/db/client";
import { checkCredentials } from "@/lib/server/providers/service";
import {
  hashSecretText,
  isSecretText,
  makeSecretText,
} from "@/lib/server/secret-text";

import { deleteExpiredTokens, insertToken, selectToken } from "./store";
import { countFailure } from "./throttle";
import { keepToken, recallToken, type VerifiedToken } from "./verified-tokens";

export type { VerifiedToken } from "./verified-tokens";

/** What clients are told a token lives, in seconds. */
export const TOKEN_ANNOUNCED_SECONDS = 3_600;
/** What it really lives: a client that caches for 59 minutes never meets a dead one (contract 6). */
export const TOKEN_HONOURED_SECONDS = 3_900;

/** Hashes of tokens that were good a moment ago: making one costs half of reading a small import. */
const verifiedHashes = new Map<string, string>();
const VERIFIED_HASHES_MAX = 1_000;

// Two words, one blank, nothing else: RFC 6750 with the scheme in any case.
const BEARER = /^bearer +([0-9A-Za-z_]{1,64})$/i;

/**
 * Gives out an access token for a provider's id and secret. The token is in
 * this answer and nowhere else.
 *
 * @throws {AppError} `unauthenticated`, the same for every kind of wrong
 *   credentials; `rate_limited` after too many of them from one address. Right
 *   credentials are never refused for the failures of others.
 */
export async function issueAccessToken(
  db: Db,
  credentials: { id: string | undefined; secret: string | undefined },
  from: { address: string; now: Date },
): Promise<string> {
  const { id = "", secret = "" } = credentials;
  const { address, now } = from;
  const found = await checkCredentials(db, { id, secret });
  if (found) {
    const accessToken = makeSecretText("sat_");
    const expiresAt = new Date(now.getTime() + TOKEN_HONOURED_SECONDS * 1_000);
    const hash = hashSecretText(accessToken);
    if (await insertToken(db, { ...found, hash, now, expiresAt })) {
      return accessToken;
    }
  }
  await countFailure(db, { id, address });
  throw new AppError(
    "unauthenticated",
    "The id and secret of the data provider do not match. Check both; a secret that was reset has to be replaced in your client.",
  );
}

/**
 * Who sends an `Authorization` header. A verification counts for 5 s in this
 * process; `isFresh` says that it was just read from the database.
 *
 * @throws {AppError} `unauthenticated` for anything but one live token.
 */
export async function verifyAccessToken(
  db: Db,
  authorization: string | null,
  now: Date,
  how: { mustBeFresh?: boolean } = {},
): Promise<VerifiedToken> {
  const token = BEARER.exec(authorization?.trim() ?? "")?.[1];
  if (token === undefined) throw noToken();
  let hash = verifiedHashes.get(token);
  if (hash === undefined && !isSecretText(token, "sat_")) throw noToken();
  hash ??= hashSecretText(token);
  const known = how.mustBeFresh ? undefined : recallToken(hash, now.getTime());
  if (known) return known;
  verifiedHashes.delete(token);
  const found = await selectToken(db, hash, now);
  if (!found) throw noToken();
  keepToken(found, now.getTime());
  if (verifiedHashes.size >= VERIFIED_HASHES_MAX) verifiedHashes.clear();
  verifiedHashes.set(token, hash);
  return found;
}

/** The context in which the bearer of a token acts. */
export function tokenContext(db: Db, token: VerifiedToken): Context {
  return {
    tenantId: token.tenantId,
    actor: {
      type: "provider",
      id: token.providerId,
      name: token.providerName,
      sourceIds: new Set(token.sources.values()),
    },
    db,
  };
}

/** Removes tokens that have ended: a job of the background, every few minutes. Gives how many. */
export function sweepExpiredTokens(
  db: Db,
  now: Date = new Date(),
): Promise<number> {
  return deleteExpiredTokens(db, now);
}

function noToken(): AppError {
  return new AppError(
    "unauthenticated",
    "The access token is missing, not valid or has ended. Get a new one from POST /dataProviders/tokens and send it as Authorization: Bearer.",
  );
}
