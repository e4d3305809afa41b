import { hashText, type TextHash } from "./text-hash";

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
  const hash: TextHash = { low: 0, high: 0 };

  /** Index of the slot that holds the hash, or of the free one where it belongs. */
  function find(table: Uint32Array, tableMask: number): number {
    const { low, high } = hash;
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
      hash.low = old[i] as number;
      hash.high = old[i + 1] as number;
      if (hash.low !== 0 || hash.high !== 0) put(find(slots, mask));
    }
  }

  function put(slot: number): void {
    slots[slot * 2] = hash.low;
    slots[slot * 2 + 1] = hash.high;
  }

  function has(key: string): boolean {
    hashText(key, hash);
    const slot = find(slots, mask);
    return slots[slot * 2] === hash.low && slots[slot * 2 + 1] === hash.high;
  }

  function add(key: string): boolean {
    if (has(key)) return true;
    if (size >= (mask + 1) * LOAD_MAX) {
      grow();
      hashText(key, hash);
    }
    put(find(slots, mask));
    size += 1;
    return false;
  }

  return { add, has };
}
