import "server-only";

import { randomBytes, randomUUID } from "node:crypto";
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

import { AppError } from "@/lib/domain/errors";

import type { Db } from "./db/client";
import { env } from "./env";

/** `session` signs the sessions of people, `secrets` the secrets and tokens of providers. */
export type KeyName = "session" | "secrets";

const KEY_BYTES = 32;
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

  if (!existsSync(path)) makeKey(path);
  const key = readKey(path);
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

function makeKey(path: string): void {
  const dir = join(path, "..");
  const temporary = `${path}.${randomUUID()}`;
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const file = openSync(temporary, "wx", 0o600);
    writeSync(file, `${randomBytes(KEY_BYTES).toString("hex")}\n`);
    fsyncSync(file);
    closeSync(file);
    // Unlike a rename, a link never replaces the key that another process made first.
    linkSync(temporary, path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "EEXIST") return;
    throw new AppError(
      "unavailable",
      `The key ${path} cannot be made (${code ?? "unknown reason"}). Make the folder writable and see that the disk is not full.`,
      { cause },
    );
  } finally {
    rmSync(temporary, { force: true });
  }
}

function readKey(path: string): Buffer {
  // A copy or a backup tool may have opened it for others.
  if (statSync(path).mode & 0o077) chmodSync(path, 0o600);
  const text = readFileSync(path, "utf8").trim();
  if (!/^[0-9a-f]{64}$/.test(text)) {
    throw new AppError(
      "unavailable",
      `The key ${path} is damaged: it should hold 64 hexadecimal digits. Copy it back from a backup.`,
    );
  }
  return Buffer.from(text, "hex");
}
