import { sha256 } from "@noble/hashes/sha2.js";

import { SLICE_BYTES } from "./decode";

/** Takes the slices of a file in order; every one but the last has `SLICE_BYTES`. */
export type FileHasher = {
  add(slice: Uint8Array<ArrayBuffer>): void;
  /** `sha256-4m:` and the SHA-256, in hex, over the SHA-256 of each slice. */
  finish(): Promise<string>;
};

/**
 * The identity of a file's content. Over slices, because SubtleCrypto cannot
 * take a file in parts; it is absent on plain-http origins, where our own
 * SHA-256 gives the same result, slower.
 */
export function createFileHasher(
  subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle,
): FileHasher {
  const parts: Promise<Uint8Array>[] = [];

  const digest = async (bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> =>
    subtle
      ? new Uint8Array(await subtle.digest("SHA-256", bytes))
      : sha256(bytes);

  return {
    add: (slice) => void parts.push(digest(slice)),
    async finish() {
      const digests = await Promise.all(parts);
      const all = new Uint8Array(digests.length * 32);
      for (const [index, part] of digests.entries()) all.set(part, index * 32);
      const hex = Array.from(await digest(all), (byte) =>
        byte.toString(16).padStart(2, "0"),
      );
      return `sha256-4m:${hex.join("")}`;
    },
  };
}

/** The same for a file that is not being read otherwise. */
export async function hashFile(file: Blob): Promise<string> {
  const hasher = createFileHasher();
  for (let at = 0; at < file.size; at += SLICE_BYTES) {
    const slice = file.slice(at, at + SLICE_BYTES);
    hasher.add(new Uint8Array(await slice.arrayBuffer()));
  }
  return hasher.finish();
}
