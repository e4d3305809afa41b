import { createHash } from "node:crypto";

import { expect, test } from "vitest";

import { SLICE_BYTES } from "./decode";
import { createFileHasher, hashFile } from "./file-hash";

const sha256 = (bytes: Uint8Array) =>
  createHash("sha256").update(bytes).digest();

function wanted(bytes: Uint8Array): string {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
    parts.push(sha256(bytes.subarray(at, at + SLICE_BYTES)));
  }
  return `sha256-4m:${sha256(Buffer.concat(parts)).toString("hex")}`;
}

test.each([0, 1, SLICE_BYTES, SLICE_BYTES + 1])(
  "gives the same hash of %i bytes with and without SubtleCrypto",
  async (size) => {
    const bytes = Uint8Array.from({ length: size }, (_, i) => i * 7);
    const without = createFileHasher(undefined);
    for (let at = 0; at < size; at += SLICE_BYTES) {
      without.add(bytes.slice(at, at + SLICE_BYTES));
    }
    expect(await hashFile(new Blob([bytes]))).toBe(wanted(bytes));
    expect(await without.finish()).toBe(wanted(bytes));
  },
);
