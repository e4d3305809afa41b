import "server-only";

import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { AppError } from "@/lib/domain/errors";

import { env } from "./env";
import { makeKeyFile, readKeyFile } from "./key-file";

const KEY_ID = /^k[0-9]{4}$/;

export type SealKey = { id: string; key: Buffer };

export type SealKeys = {
  /** The newest, which seals what is sealed now; made on first use. */
  current(): SealKey;
  /** The one with that id, also of a time before the last rotation. */
  of(id: string): Buffer;
  /** Makes one that is the newest from now on. */
  add(): SealKey;
  /** Ids of all, oldest first. */
  ids(): string[];
  /** Removes one that seals nothing any more. */
  remove(id: string): void;
};

let made: SealKeys | undefined;

/** The keys of this Studio, in `DATA_DIR/keys/seal`. */
export function appSealKeys(): SealKeys {
  return (made ??= createSealKeys(join(env().DATA_DIR, "keys", "seal")));
}

/**
 * Keys of 32 random bytes in a folder, a file each, readable for the owner
 * alone. Processes that ask for the first at the same time get the same.
 *
 * The functions throw an `AppError` `unavailable` when a key cannot be made, is
 * gone or is damaged.
 */
export function createSealKeys(folder: string): SealKeys {
  const known = new Map<string, Buffer>();
  const pathOf = (id: string) => join(folder, `${id}.key`);

  function of(id: string): Buffer {
    const found = known.get(id);
    if (found) return found;
    if (!KEY_ID.test(id)) throw gone(folder, id.slice(0, 20));
    const key = readKey(folder, id);
    known.set(id, key);
    return key;
  }

  function ids(): string[] {
    try {
      return readdirSync(folder)
        .filter((name) => name.endsWith(".key"))
        .map((name) => name.slice(0, -".key".length))
        .filter((id) => KEY_ID.test(id))
        .sort();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
      throw error;
    }
  }

  function add(id: string): SealKey {
    makeKeyFile(pathOf(id));
    return { id, key: of(id) };
  }

  return {
    of,
    ids,
    current() {
      const newest = ids().at(-1);
      return newest === undefined
        ? add("k0001")
        : { id: newest, key: of(newest) };
    },
    add() {
      const last = Number(ids().at(-1)?.slice(1) ?? 0);
      return add(`k${String(last + 1).padStart(4, "0")}`);
    },
    remove(id) {
      if (!KEY_ID.test(id)) return;
      rmSync(pathOf(id), { force: true });
      known.delete(id);
    },
  };
}

function readKey(folder: string, id: string): Buffer {
  try {
    return readKeyFile(join(folder, `${id}.key`));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") {
      throw gone(folder, id);
    }
    throw cause;
  }
}

function gone(folder: string, id: string): AppError {
  return new AppError(
    "unavailable",
    `The key ${id} is missing from ${folder}, and what it sealed cannot be read without it. Copy it back from a backup, or enter the secrets again.`,
  );
}
