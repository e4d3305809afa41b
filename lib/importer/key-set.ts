const SLOTS_AT_START = 1 << 14;
const LOAD_MAX = 0.6;

/** Remembers which keys were seen in 16 bytes or less a key, however long the keys are. */
export type KeySet = {
  /** Adds a key; true when it was there already. */
  add(key: string): boolean;
  has(key: string): boolean;
};

/**
 * A set of 64-bit hashes in one typed array. Two different keys are taken for
 * the same with a chance of about 3 in 100 million at one million keys.
 */
export function createKeySet(): KeySet {
  let slots = new Uint32Array(SLOTS_AT_START * 2);
  let mask = SLOTS_AT_START - 1;
  let size = 0;
  let low = 0;
  let high = 0;

  /** Two lanes over the text, mixed at the end as MurmurHash3 does. 0 marks a free slot. */
  function hash(key: string): void {
    let a = 0x9e3779b9 ^ key.length;
    let b = 0x85ebca6b;
    for (let i = 0; i < key.length; i++) {
      const unit = key.charCodeAt(i);
      a = Math.imul(a ^ unit, 0x01000193);
      b = Math.imul(b + unit, 0xcc9e2d51);
      b = (b << 13) | (b >>> 19);
    }
    low = mix(a ^ (b >>> 7));
    high = mix(b ^ Math.imul(a, 0x1b873593));
    if (low === 0 && high === 0) low = 1;
  }

  /** Index of the slot that holds the hash, or of the free one where it belongs. */
  function find(table: Uint32Array, tableMask: number): number {
    let slot = low & tableMask;
    for (;;) {
      const isFree = table[slot * 2] === 0 && table[slot * 2 + 1] === 0;
      const isIt = table[slot * 2] === low && table[slot * 2 + 1] === high;
      if (isFree || isIt) return slot;
      slot = (slot + 1) & tableMask;
    }
  }

  function grow(): void {
    const old = slots;
    mask = mask * 2 + 1;
    slots = new Uint32Array((mask + 1) * 2);
    for (let i = 0; i < old.length; i += 2) {
      low = old[i] as number;
      high = old[i + 1] as number;
      if (low !== 0 || high !== 0) {
        const slot = find(slots, mask);
        slots[slot * 2] = low;
        slots[slot * 2 + 1] = high;
      }
    }
  }

  function has(key: string): boolean {
    hash(key);
    const slot = find(slots, mask);
    return slots[slot * 2] === low && slots[slot * 2 + 1] === high;
  }

  function add(key: string): boolean {
    if (has(key)) return true;
    if (size >= (mask + 1) * LOAD_MAX) {
      grow();
      hash(key);
    }
    const slot = find(slots, mask);
    slots[slot * 2] = low;
    slots[slot * 2 + 1] = high;
    size += 1;
    return false;
  }

  return { add, has };
}

function mix(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
