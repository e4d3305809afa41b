import "server-only";

import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";

import type { WrittenFile } from "./file-store";

const BUFFER_BYTES = 1024 * 1024;

/**
 * Writes files one after another into `target`, not synced yet. Reads and
 * writes at once, with the same two buffers throughout: those of streams are
 * freed late, and a large file would be in memory nearly whole.
 */
export async function joinFiles(
  target: FileHandle,
  open: () => AsyncIterable<FileHandle>,
  signal?: AbortSignal,
): Promise<WrittenFile> {
  const hash = createHash("sha256");
  let bytes = 0;
  let free = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  let busy = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  let writing = Promise.resolve();
  try {
    for await (const source of open()) {
      for (;;) {
        signal?.throwIfAborted();
        const { bytesRead } = await source.read(free, 0, BUFFER_BYTES, null);
        if (bytesRead === 0) break;
        const piece = free.subarray(0, bytesRead);
        await writing;
        writing = writeAll(target, piece);
        // It is awaited a turn later.
        writing.catch(() => undefined);
        hash.update(piece);
        bytes += bytesRead;
        [free, busy] = [busy, free];
      }
    }
  } finally {
    // Until then a buffer is in use.
    await writing.catch(() => undefined);
  }
  await writing;
  return { bytes, sha256: hash.digest("hex") };
}

/** A write may be short where the disk has just run full. */
async function writeAll(target: FileHandle, piece: Uint8Array): Promise<void> {
  for (let rest = piece; rest.byteLength > 0;) {
    const { bytesWritten } = await target.write(rest);
    rest = rest.subarray(bytesWritten);
  }
}
