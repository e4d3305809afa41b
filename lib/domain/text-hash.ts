/**
 * Hashes texts to 64 bits, as two halves of 32, without making an object for
 * each: `hash` leaves its result in `low` and `high`. Two lanes over the text,
 * mixed at the end as MurmurHash3 does. Stored in snapshots: never change it.
 */
export class TextHasher {
  low = 0;
  high = 0;

  hash(text: string): void {
    let a = 0x9e3779b9 ^ text.length;
    let b = 0x85ebca6b;
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      a = Math.imul(a ^ unit, 0x01000193);
      b = Math.imul(b + unit, 0xcc9e2d51);
      b = (b << 13) | (b >>> 19);
    }
    this.settle(a ^ (b >>> 7), b ^ Math.imul(a, 0x1b873593));
  }

  /** What two hashes give together, in this order. */
  join(low: number, high: number, nextLow: number, nextHigh: number): void {
    const a = Math.imul(low ^ 0x27d4eb2f, 0x165667b1) + nextLow;
    const b = Math.imul(high ^ 0x9e3779b9, 0x85ebca6b) + nextHigh;
    this.settle(a ^ ((b << 15) | (b >>> 17)), b ^ ((a << 7) | (a >>> 25)));
  }

  /** 0 and 0 is left free: it marks what is not there. */
  private settle(low: number, high: number): void {
    this.low = mix(low);
    this.high = mix(high);
    if (this.low === 0 && this.high === 0) this.low = 1;
  }
}

function mix(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
