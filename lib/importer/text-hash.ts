/** 64 bits of a text in two numbers; never both 0, which marks what is free in tables of hashes. */
export type TextHash = { low: number; high: number };

/**
 * Writes the hash of a text into `into`, without making anything. Two lanes
 * over the text, mixed at the end as MurmurHash3 does: two different texts have
 * the same hash with a chance of about 3 in 100 million among a million texts.
 */
export function hashText(text: string, into: TextHash): void {
  let a = 0x9e3779b9 ^ text.length;
  let b = 0x85ebca6b;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b + unit, 0xcc9e2d51);
    b = (b << 13) | (b >>> 19);
  }
  into.low = mix(a ^ (b >>> 7));
  into.high = mix(b ^ Math.imul(a, 0x1b873593));
  if (into.low === 0 && into.high === 0) into.low = 1;
}

function mix(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
