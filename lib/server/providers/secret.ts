import "server-only";

import { timingSafeEqual } from "node:crypto";

import {
  hashSecretText,
  isSecretText,
  makeSecretText,
} from "@/lib/server/secret-text";

/** All that is stored of a secret, and all that may be shown again. */
export type SecretRecord = { hash: string; last4: string };

const DUMMY_HASH = "0".repeat(64);

/** A new provider secret. `secret` goes to the person once and is not kept. */
export function makeSecret(): { secret: string; record: SecretRecord } {
  const secret = makeSecretText("sps_");
  return {
    secret,
    record: { hash: hashSecretText(secret), last4: secret.slice(-4) },
  };
}

/** Whether a text could be a provider secret: form and checksum only, no look-up. */
export function isSecret(text: string): boolean {
  return isSecretText(text, "sps_");
}

/**
 * The stored secret that `secret` is, if any. Takes the same time for an
 * unknown provider (an empty list): a dummy is compared instead.
 */
export function matchSecret<T extends { hash: string }>(
  secret: string,
  stored: readonly T[],
): T | undefined {
  const digest = Buffer.from(hashSecretText(secret), "hex");
  let match: T | undefined;
  for (const candidate of stored) {
    if (timingSafeEqual(digest, Buffer.from(candidate.hash, "hex"))) {
      match = candidate;
    }
  }
  if (stored.length === 0) {
    timingSafeEqual(digest, Buffer.from(DUMMY_HASH, "hex"));
  }
  return match;
}
