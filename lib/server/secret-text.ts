import "server-only";

import { createHmac, randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";

import { serverKey } from "./keys";

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const RANDOM_CHARS = 32;
const CHECK_CHARS = 6;

/**
 * What every secret of ours starts with, so that a scanner finds it and one
 * kind is never taken for the other. Any regular expression of a scanner:
 * `(sps|sat)_[0-9A-Za-z]{38}`.
 */
export type SecretPrefix = "sps_" | "sat_";

/** Characters of every secret and token. */
export const SECRET_TEXT_CHARS = 4 + RANDOM_CHARS + CHECK_CHARS;

/**
 * A new secret: prefix, 32 random base62 characters (190 bits) and 6 of CRC32
 * over all before, so that a typing error is refused without a look-up
 * (security.md 3).
 */
export function makeSecretText(prefix: SecretPrefix): string {
  const body = prefix + randomBase62();
  return body + checksum(body);
}

/** Whether a text has the form and the checksum of a secret; says nothing of its being known. */
export function isSecretText(text: string, prefix: SecretPrefix): boolean {
  if (text.length !== SECRET_TEXT_CHARS || !text.startsWith(prefix)) {
    return false;
  }
  for (let at = prefix.length; at < text.length; at += 1) {
    if (!BASE62.includes(text.charAt(at))) return false;
  }
  const body = text.slice(0, -CHECK_CHARS);
  return text === body + checksum(body);
}

/** HMAC-SHA-256 under the key outside the database, 64 hex digits: all that is stored of a secret. */
export function hashSecretText(text: string): string {
  return createHmac("sha256", serverKey("secrets")).update(text).digest("hex");
}

function randomBase62(): string {
  let text = "";
  while (text.length < RANDOM_CHARS) {
    for (const byte of randomBytes(RANDOM_CHARS * 2)) {
      // 248 is 4 x 62: without the bytes above, every character is as likely.
      if (byte < 248 && text.length < RANDOM_CHARS) text += BASE62[byte % 62];
    }
  }
  return text;
}

function checksum(body: string): string {
  let rest = crc32(body);
  let text = "";
  for (let at = 0; at < CHECK_CHARS; at += 1) {
    text = (BASE62[rest % 62] ?? "") + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}
