import "server-only";

/** Entries held at once; their stored bytes are compressed and may be ten times as much in memory. */
const KEYS_MAX = 250;
const BYTES_MAX = 4_000_000;

/** Cuts keys, in their order, so that few large entries or many small ones are read at once. */
export function byteSlices(
  sizes: { key: string; bytes: number }[],
): string[][] {
  const all: string[][] = [];
  let slice: string[] = [];
  let bytes = 0;
  for (const size of sizes) {
    const isFull = slice.length >= KEYS_MAX || bytes + size.bytes > BYTES_MAX;
    if (isFull && slice.length > 0) {
      all.push(slice);
      slice = [];
      bytes = 0;
    }
    slice.push(size.key);
    bytes += size.bytes;
  }
  if (slice.length > 0) all.push(slice);
  return all;
}
