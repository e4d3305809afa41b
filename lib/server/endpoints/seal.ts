import "server-only";

import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

import { AppError } from "@/lib/domain/errors";
import { appSealKeys, type SealKeys } from "@/lib/server/seal-keys";

const ALGORITHM = "aes-256-gcm";
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** What a sealed secret belongs to; sealed text opens for exactly this and nothing else. */
export type SealPlace = {
  tenantId: string;
  endpointId: string;
  /** Scheme, host and port: `https://ingest.example.com:443`. */
  origin: string;
};

/**
 * A secret as it is kept in the database: `v1.<key id>.<iv>.<ciphertext>.<tag>`,
 * AES-256-GCM under the newest key (security.md 2.2). The place is authenticated
 * and not part of the text: moved to another tenant, row or origin it opens no more.
 */
export function sealSecret(
  secret: string,
  place: SealPlace,
  keys: SealKeys = appSealKeys(),
): string {
  const { id, key } = keys.current();
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv, {
    authTagLength: TAG_BYTES,
  });
  cipher.setAAD(boundTo(place));
  const sealed = Buffer.concat([cipher.update(secret, "utf8"), cipher.final()]);
  return ["v1", id, ...[iv, sealed, cipher.getAuthTag()].map(asText)].join(".");
}

/**
 * The secret again, for the moment of a request. Nothing that it is put into
 * may be answered, logged or stored.
 *
 * @throws {AppError} `unavailable` when the text was sealed for another place,
 *   has been changed, or its key is gone.
 */
export function openSecret(
  sealed: string,
  place: SealPlace,
  keys: SealKeys = appSealKeys(),
): string {
  const [version, keyId = "", ...parts] = sealed.split(".");
  const [iv, text, tag] = parts.map((part) => Buffer.from(part, "base64url"));
  const isWhole =
    version === "v1" &&
    parts.length === 3 &&
    iv?.length === IV_BYTES &&
    tag?.length === TAG_BYTES;
  if (!isWhole || !text) throw unreadable();
  const decipher = createDecipheriv(ALGORITHM, keys.of(keyId), iv, {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(boundTo(place));
  decipher.setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(text), decipher.final()]).toString();
  } catch (cause) {
    throw unreadable(cause);
  }
}

/** Id of the key that sealed a text; "" when it is none. */
export function sealedUnder(sealed: string): string {
  return sealed.split(".")[1] ?? "";
}

/** Column and table are fixed: this module seals one column. The parts hold no line break. */
function boundTo({ tenantId, endpointId, origin }: SealPlace): Buffer {
  return Buffer.from(
    ["endpoints", "secret_sealed", tenantId, endpointId, origin].join("\n"),
  );
}

function asText(bytes: Buffer): string {
  return bytes.toString("base64url");
}

function unreadable(cause?: unknown): AppError {
  return new AppError(
    "unavailable",
    "The stored secret of this endpoint cannot be read. Enter it again on the endpoint's page.",
    { cause },
  );
}
