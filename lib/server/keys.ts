import "server-only";

import { existsSync } from "node:fs";
import { join } from "node:path";

import { AppError } from "@/lib/domain/errors";

import type { Db } from "./db/client";
import { env } from "./env";
import { makeKeyFile, readKeyFile } from "./key-file";

/** `session` signs the sessions of people, `secrets` the secrets and tokens of providers. */
export type KeyName = "session" | "secrets";

const made = new Map<string, Buffer>();

/**
 * One of the server's keys: 32 random bytes in `DATA_DIR/keys`, made on first
 * use, readable for the owner alone. Processes that ask at the same time get
 * the same key.
 *
 * @throws {AppError} `unavailable` when the file cannot be made or is damaged.
 */
export function serverKey(name: KeyName): Buffer {
  const path = keyPath(name);
  const known = made.get(path);
  if (known) return known;

  if (!existsSync(path)) makeKeyFile(path);
  const key = readKeyFile(path);
  made.set(path, key);
  return key;
}

/**
 * Makes missing keys before anything is served.
 *
 * @throws {AppError} `unavailable` when the database holds secrets that were
 *   made with a key that is gone: a new key would refuse every provider.
 */
export async function prepareKeys(db: Db): Promise<void> {
  const path = keyPath("secrets");
  if (!existsSync(path)) {
    const [known] = await db.rows<{ exists: boolean }>(
      "select exists (select from provider_secrets) as exists",
    );
    if (known?.exists) {
      throw new AppError(
        "unavailable",
        `The key ${path} is missing, and without it no provider's secret in this database can be checked. Copy it back from the DATA_DIR the database was used with. If it is lost, delete the rows of provider_secrets and make new secrets for every provider.`,
      );
    }
  }
  serverKey("session");
  serverKey("secrets");
}

function keyPath(name: KeyName): string {
  return join(env().DATA_DIR, "keys", `${name}.key`);
}
