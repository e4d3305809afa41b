import "server-only";

import { randomBytes, randomUUID } from "node:crypto";
import {
  chmodSync,
  closeSync,
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

const KEY_BYTES = 32;

/**
 * Writes 32 random bytes to a file that only the owner may read, unless another
 * process was first: then that one's key stays.
 *
 * @throws {AppError} `unavailable` when the file cannot be made.
 */
export function makeKeyFile(path: string): void {
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

/**
 * The key in a file of `makeKeyFile`; closed again to others where a copy opened it.
 *
 * @throws {AppError} `unavailable` when it is damaged.
 */
export function readKeyFile(path: string): Buffer {
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
