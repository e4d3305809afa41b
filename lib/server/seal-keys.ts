import "server-only";

import { randomBytes, randomUUID } from "node:crypto";
import {
  chmodSync,
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

import { AppError } from "@/lib/domain/errors";

import { env } from "./env";

const KEY_BYTES = 32;
const KEY_ID = /^k[0-9]{4}$/;

export type SealKey = { id: string; key: Buffer };

const known = new Map<string, Buffer>();

/**
 * The key that seals what is sealed now: the newest of `DATA_DIR/keys/seal`,
 * made on first use. Processes that ask at the same time get the same.
 *
 * @throws {AppError} `unavailable` when it cannot be made or is damaged.
 */
export function currentSealKey(): SealKey {
  const newest = sealKeyIds().at(-1) ?? makeSealKey("k0001");
  return { id: newest, key: readSealKey(newest) };
}

/**
 * The key with that id, also one that sealed something before the last rotation.
 *
 * @throws {AppError} `unavailable` when it is gone or damaged.
 */
export function sealKeyOf(id: string): Buffer {
  if (!KEY_ID.test(id)) throw gone(id.slice(0, 20));
  return readSealKey(id);
}

/** A new key, which seals everything from now on. */
export function addSealKey(): SealKey {
  const last = Number(sealKeyIds().at(-1)?.slice(1) ?? 0);
  const id = makeSealKey(`k${String(last + 1).padStart(4, "0")}`);
  return { id, key: readSealKey(id) };
}

/** Ids of the keys that there are, oldest first. */
export function sealKeyIds(): string[] {
  try {
    return readdirSync(folder())
      .filter((name) => name.endsWith(".key"))
      .map((name) => name.slice(0, -".key".length))
      .filter((id) => KEY_ID.test(id))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** Removes a key that seals nothing any more. */
export function removeSealKey(id: string): void {
  if (!KEY_ID.test(id)) return;
  rmSync(pathOf(id), { force: true });
  known.delete(pathOf(id));
}

function folder(): string {
  return join(env().DATA_DIR, "keys", "seal");
}

function pathOf(id: string): string {
  return join(folder(), `${id}.key`);
}

function makeSealKey(id: string): string {
  const path = pathOf(id);
  const temporary = `${path}.${randomUUID()}`;
  try {
    mkdirSync(folder(), { recursive: true, mode: 0o700 });
    const file = openSync(temporary, "wx", 0o600);
    writeSync(file, `${randomBytes(KEY_BYTES).toString("hex")}\n`);
    fsyncSync(file);
    closeSync(file);
    // Unlike a rename, a link never replaces the key that another process made first.
    linkSync(temporary, path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "EEXIST") return id;
    throw new AppError(
      "unavailable",
      `The key ${path} cannot be made (${code ?? "unknown reason"}). Make the folder writable and see that the disk is not full.`,
      { cause },
    );
  } finally {
    rmSync(temporary, { force: true });
  }
  return id;
}

function readSealKey(id: string): Buffer {
  const path = pathOf(id);
  const found = known.get(path);
  if (found) return found;
  let text: string;
  try {
    // A copy or a backup tool may have opened it for others.
    if (statSync(path).mode & 0o077) chmodSync(path, 0o600);
    text = readFileSync(path, "utf8").trim();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") throw gone(id);
    throw cause;
  }
  if (!/^[0-9a-f]{64}$/.test(text)) {
    throw new AppError(
      "unavailable",
      `The key ${path} is damaged: it should hold 64 hexadecimal digits. Copy it back from a backup.`,
    );
  }
  const key = Buffer.from(text, "hex");
  known.set(path, key);
  return key;
}

function gone(id: string): AppError {
  return new AppError(
    "unavailable",
    `The key ${id} is missing from ${folder()}, and what it sealed cannot be read without it. Copy it back from a backup, or enter the secrets again.`,
  );
}
