import "server-only";

import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createReadStream } from "node:fs";
import {
  mkdir,
  open,
  opendir,
  rename,
  rm,
  rmdir,
  stat,
  type FileHandle,
} from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";

import { countBody } from "./counted-body";
import type { FileStore, StoredFile, WrittenFile } from "./file-store";
import { joinFiles } from "./join-files";
import { checkKey, checkPrefix } from "./storage-key";
import { diskFailure, noSuchFile } from "./store-failure";

const DIR_MODE = 0o700;
const FILE_MODE = 0o600;
const TEMPORARY = "tmp";
/** A writer that lives touches its file far more often. */
const STALE_MS = 3_600_000;
/** Small chunks are gathered: one call to the file system for each is slow. */
const GATHER_BYTES = 512 * 1024;
const READ_BYTES = 256 * 1024;
const MOVE_TRIES_MAX = 5;

/**
 * Keeps files below `dir`, which is made with the first file. Only the account
 * of this process can read them. Folders are removed with their last file.
 */
export function createDiskStore(dir: string): FileStore {
  const pathOf = (key: string) => join(dir, ...checkKey(key).split("/"));

  return {
    async write(key, body, { signal } = {}) {
      const target = pathOf(key);
      const temporary = join(dir, TEMPORARY, randomUUID());
      const counted = countBody(body, signal);
      try {
        await mkdir(join(dir, TEMPORARY), { recursive: true, mode: DIR_MODE });
        await writeAndSync(temporary, counted.chunks);
        signal?.throwIfAborted();
        await moveTo(target, temporary, dir);
        return counted.finish();
      } catch (error) {
        await rm(temporary, { force: true }).catch(() => undefined);
        throw counted.failure() ?? diskFailure(error);
      }
    },

    async join(key, parts, { signal } = {}) {
      const target = pathOf(key);
      const paths = parts.map(pathOf);
      const temporary = join(dir, TEMPORARY, randomUUID());
      try {
        await mkdir(join(dir, TEMPORARY), { recursive: true, mode: DIR_MODE });
        const written = await joinAndSync(temporary, paths, signal);
        await moveTo(target, temporary, dir);
        return written;
      } catch (error) {
        await rm(temporary, { force: true }).catch(() => undefined);
        throw signal?.aborted ? signal.reason : diskFailure(error);
      }
    },

    async read(key, range) {
      const stream = createReadStream(pathOf(key), {
        highWaterMark: READ_BYTES,
        ...(range ? { start: range.start, end: range.endInclusive } : {}),
      });
      try {
        await once(stream, "open");
        return stream;
      } catch (error) {
        throw isMissing(error) ? noSuchFile(error) : diskFailure(error);
      }
    },

    async size(key) {
      try {
        return (await stat(pathOf(key))).size;
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw diskFailure(error);
      }
    },

    async remove(keys) {
      for (const path of keys.map(pathOf)) {
        try {
          await rm(path, { force: true });
          await removeEmptyFolders(dirname(path), dir);
        } catch (error) {
          throw diskFailure(error);
        }
      }
    },

    async *list(prefix) {
      const folder = join(dir, ...checkPrefix(prefix).split("/"));
      for await (const { path, bytes, modifiedAt } of walk(folder)) {
        const key = relative(dir, path).split(sep).join("/");
        yield { key, bytes, modifiedAt };
      }
    },

    async sweep() {
      let removed = 0;
      const before = Date.now() - STALE_MS;
      for await (const { path, modifiedAt } of walk(join(dir, TEMPORARY))) {
        if (modifiedAt.getTime() > before) continue;
        await rm(path, { force: true });
        removed += 1;
      }
      return removed;
    },
  };
}

async function writeAndSync(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
): Promise<void> {
  const handle = await open(path, "wx", FILE_MODE);
  try {
    let gathered: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of chunks) {
      gathered.push(chunk);
      bytes += chunk.byteLength;
      if (bytes < GATHER_BYTES) continue;
      await writeAll(handle, gathered);
      gathered = [];
      bytes = 0;
    }
    await writeAll(handle, gathered);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function joinAndSync(
  path: string,
  paths: string[],
  signal: AbortSignal | undefined,
): Promise<WrittenFile> {
  const handle = await open(path, "wx", FILE_MODE);
  try {
    const written = await joinFiles(handle, () => openEach(paths), signal);
    await handle.sync();
    signal?.throwIfAborted();
    return written;
  } finally {
    await handle.close();
  }
}

async function* openEach(paths: string[]): AsyncGenerator<FileHandle> {
  for (const path of paths) {
    const handle = await open(path, "r").catch((error: unknown) => {
      throw isMissing(error) ? noSuchFile(error) : error;
    });
    try {
      yield handle;
    } finally {
      await handle.close();
    }
  }
}

async function writeAll(
  handle: FileHandle,
  chunks: Uint8Array[],
): Promise<void> {
  // `writev` may write less than asked, also where the disk has just run full.
  for (let rest = chunks; rest.length > 0;) {
    const { bytesWritten } = await handle.writev(rest);
    rest = withoutFirst(rest, bytesWritten);
  }
}

function withoutFirst(chunks: Uint8Array[], bytes: number): Uint8Array[] {
  let skip = bytes;
  return chunks.flatMap((chunk) => {
    const skipped = Math.min(skip, chunk.byteLength);
    skip -= skipped;
    return skipped === chunk.byteLength ? [] : [chunk.subarray(skipped)];
  });
}

/** Gives the temporary file its name, so that the name survives a power cut too. */
async function moveTo(
  target: string,
  temporary: string,
  root: string,
): Promise<void> {
  for (let tried = 1; ; tried += 1) {
    const made = await mkdir(dirname(target), {
      recursive: true,
      mode: DIR_MODE,
    });
    try {
      await rename(temporary, target);
    } catch (error) {
      // Somebody removed the folder's last file, and the folder, just now.
      if (isMissing(error) && tried < MOVE_TRIES_MAX) continue;
      throw error;
    }
    // New folders are entries of theirs.
    const top = made ? dirname(made) : dirname(target);
    for (let folder = dirname(target); ; folder = dirname(folder)) {
      await syncFolder(folder);
      if (folder === top || folder === root) return;
    }
  }
}

async function syncFolder(path: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, "r");
    await handle.sync();
  } catch (error) {
    // Removed again meanwhile, with the file or after another one.
    if (!isMissing(error)) throw error;
  } finally {
    await handle?.close();
  }
}

async function removeEmptyFolders(from: string, root: string): Promise<void> {
  // The folder of a kind stays.
  for (let path = from; dirname(path) !== root; path = dirname(path)) {
    try {
      await rmdir(path);
    } catch {
      // Not empty, or gone: either way nothing is left to do.
      return;
    }
  }
}

async function* walk(
  folder: string,
): AsyncGenerator<Omit<StoredFile, "key"> & { path: string }> {
  const entries = await opendir(folder).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw diskFailure(error);
  });
  if (!entries) return;
  for await (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      yield* walk(path);
      continue;
    }
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile())
      yield { path, bytes: found.size, modifiedAt: found.mtime };
  }
}

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return code === "ENOENT" || code === "ENOTDIR";
}
