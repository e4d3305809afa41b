import { hashText, type TextHash } from "./text-hash";

const SLOTS_AT_START = 1 << 12;
const LOAD_MAX = 0.6;

/** A few whole numbers (below 2^32) for each key, however long the keys are. */
export type KeyTable = {
  /** The place of the key; `undefined` when it was never added. */
  find(key: string): number | undefined;
  /** The place of the key, which is made with zeros when it is new. Places change with the next `add`. */
  add(key: string): { place: number; isNew: boolean };
  get(place: number, value: number): number;
  set(place: number, value: number, number: number): void;
};

/**
 * Remembers `values` numbers a key in one typed array: `4 * (2 + values)` bytes
 * at least and about three times that at most. Keys are known by 64-bit hashes,
 * see `hashText`.
 */
export function createKeyTable(values: number): KeyTable {
  const width = 2 + values;
  const hash: TextHash = { low: 0, high: 0 };
  let mask = SLOTS_AT_START - 1;
  let slots = new Uint32Array(SLOTS_AT_START * width);
  let size = 0;

  /** Where the hash is, or the free place where it belongs. */
  function search(low: number, high: number): number {
    let slot = low & mask;
    for (;;) {
      const place = slot * width;
      const isFree = slots[place] === 0 && slots[place + 1] === 0;
      if (isFree || (slots[place] === low && slots[place + 1] === high)) {
        return place;
      }
      slot = (slot + 1) & mask;
    }
  }

  function grow(): void {
    const old = slots;
    mask = mask * 2 + 1;
    slots = new Uint32Array((mask + 1) * width);
    for (let from = 0; from < old.length; from += width) {
      const low = old[from] as number;
      const high = old[from + 1] as number;
      if (low === 0 && high === 0) continue;
      slots.set(old.subarray(from, from + width), search(low, high));
    }
  }

  const isTaken = (place: number) =>
    slots[place] !== 0 || slots[place + 1] !== 0;

  return {
    find(key) {
      hashText(key, hash);
      const place = search(hash.low, hash.high);
      return isTaken(place) ? place : undefined;
    },
    add(key) {
      hashText(key, hash);
      let place = search(hash.low, hash.high);
      if (isTaken(place)) return { place, isNew: false };
      if (size >= (mask + 1) * LOAD_MAX) {
        grow();
        place = search(hash.low, hash.high);
      }
      slots[place] = hash.low;
      slots[place + 1] = hash.high;
      size += 1;
      return { place, isNew: true };
    },
    get: (place, value) => slots[place + 2 + value] as number,
    set(place, value, number) {
      slots[place + 2 + value] = number;
    },
  };
}
