import type { EntityRow, RowColumns } from "@/lib/domain/map-row";
import { SNAPSHOT_LIMITS } from "@/lib/domain/recipe-snapshot";
import { SKIP } from "@/lib/domain/table-batch";
import { TextHasher } from "@/lib/domain/text-hash";

const SLOTS_AT_START = 1 << 12;
const LOAD_MAX = 0.6;
/** Of a slot and of a packed key: key low, key high, entity low, entity high. */
const WORDS = 4;

/** How many entities of a file are new, changed and as they were in an earlier one; of those gone, the first hashes. */
export type EntryChanges = {
  added: number;
  changed: number;
  unchanged: number;
  gone: number;
  goneHashes: [low: number, high: number][];
};

/**
 * What every entity of a file is, in 64 bits each: to tell which are as they
 * were in an earlier file. An entity of several rows is what its rows are, in
 * their order; the order of the columns does not count. Takes 27 to 54 bytes a
 * key, and gives up above `SNAPSHOT_LIMITS.keysMax`.
 */
export class EntryHashes {
  private slots = new Uint32Array(SLOTS_AT_START * WORDS);
  private mask = SLOTS_AT_START - 1;
  private readonly hasher = new TextHasher();
  private readonly content = new TextHasher();
  private readonly names = new WeakMap<RowColumns, Uint32Array>();
  private unchanged = new Uint8Array(0);
  size = 0;

  get isTooLarge(): boolean {
    return this.size > SNAPSHOT_LIMITS.keysMax;
  }

  /** Takes a row that is sent, in the order of the file. */
  add(mapped: EntityRow): void {
    if (this.isTooLarge) return;
    const { hasher } = this;
    this.hashContent(mapped);
    const { low, high } = this.content;
    hasher.hash(mapped.row[0]);
    let at = this.find(hasher.low, hasher.high);
    if (this.isFree(at)) {
      if (this.size + 1 > (this.mask + 1) * LOAD_MAX) {
        this.grow();
        at = this.find(hasher.low, hasher.high);
      }
      this.size += 1;
      this.slots.set([hasher.low, hasher.high, low, high], at);
      return;
    }
    hasher.join(
      this.slots[at + 2] as number,
      this.slots[at + 3] as number,
      low,
      high,
    );
    this.slots[at + 2] = hasher.low;
    this.slots[at + 3] = hasher.high;
  }

  /** Compares with a packed snapshot, and remembers which keys are unchanged. `aside` were not accepted then. */
  compare(before: Uint32Array, aside: readonly string[] = []): EntryChanges {
    const refused = new Set<number>();
    for (const key of aside) {
      this.hasher.hash(key);
      refused.add(findPacked(before, this.hasher.low, this.hasher.high) ?? -1);
    }
    const known = new Uint8Array(this.mask + 1);
    this.unchanged = new Uint8Array(this.mask + 1);
    const counts = { added: 0, changed: 0, unchanged: 0, gone: 0 };
    const goneHashes: EntryChanges["goneHashes"] = [];
    for (let at = 0; at < before.length; at += WORDS) {
      const low = before[at] as number;
      const high = before[at + 1] as number;
      const slot = this.find(low, high);
      if (this.isFree(slot)) {
        counts.gone += 1;
        if (goneHashes.length < SNAPSHOT_LIMITS.goneAskedMax) {
          goneHashes.push([low, high]);
        }
        continue;
      }
      known[slot / WORDS] = 1;
      const isSame =
        this.slots[slot + 2] === before[at + 2] &&
        this.slots[slot + 3] === before[at + 3] &&
        !refused.has(at);
      if (isSame) {
        this.unchanged[slot / WORDS] = 1;
        counts.unchanged += 1;
      } else counts.changed += 1;
    }
    counts.added = this.size - counts.changed - counts.unchanged;
    return { ...counts, goneHashes };
  }

  /** Whether an entity is as it was, of the snapshot that was compared last. */
  isUnchanged(key: string): boolean {
    if (this.unchanged.length === 0) return false;
    this.hasher.hash(key);
    const at = this.find(this.hasher.low, this.hasher.high);
    return !this.isFree(at) && this.unchanged[at / WORDS] === 1;
  }

  has(low: number, high: number): boolean {
    return !this.isFree(this.find(low, high));
  }

  /** All keys with their entities, sorted by key: 16 bytes each. */
  pack(): Uint32Array<ArrayBuffer> {
    const keys = new BigUint64Array(this.size);
    let next = 0;
    for (let at = 0; at < this.slots.length; at += WORDS) {
      if (this.isFree(at)) continue;
      keys[next] =
        (BigInt(this.slots[at + 1] as number) << 32n) |
        BigInt(this.slots[at] as number);
      next += 1;
    }
    keys.sort();
    const packed = new Uint32Array(this.size * WORDS);
    for (let index = 0; index < keys.length; index += 1) {
      const key = keys[index] as bigint;
      const low = Number(key & 0xffffffffn);
      const high = Number(key >> 32n);
      const at = this.find(low, high);
      packed.set(this.slots.subarray(at, at + WORDS), index * WORDS);
    }
    return packed;
  }

  private hashContent({ row, columns }: EntityRow): void {
    const { content, hasher } = this;
    const names = this.namesOf(columns);
    let low = row[1];
    let high = 0;
    for (let i = 2; i < row.length; i += 1) {
      const cell = row[i];
      if (cell === SKIP || typeof cell === "number") continue;
      // A cleared value is not the empty text.
      if (cell === null || cell === undefined) hasher.join(1, 1, 1, 1);
      else hasher.hash(cell);
      const at = (i - 2) * 2;
      content.join(
        names[at] as number,
        names[at + 1] as number,
        hasher.low,
        hasher.high,
      );
      // Sums: the order of the columns does not count.
      low = (low + content.low) >>> 0;
      high = (high + content.high) >>> 0;
    }
    content.join(low, high, 7, row[1]);
  }

  private namesOf(columns: RowColumns): Uint32Array {
    let names = this.names.get(columns);
    if (!names) {
      names = new Uint32Array(columns.columns.length * 2);
      for (const [index, [id, language, media]] of columns.columns.entries()) {
        const use = media
          ? `:${media.separator}:${media.idProperty ?? ""}`
          : "";
        this.hasher.hash(`${id}:${language}${use}`);
        names[index * 2] = this.hasher.low;
        names[index * 2 + 1] = this.hasher.high;
      }
      this.names.set(columns, names);
    }
    return names;
  }

  private isFree(at: number): boolean {
    return this.slots[at] === 0 && this.slots[at + 1] === 0;
  }

  /** Where a key stands, or the free place where it belongs. */
  private find(low: number, high: number): number {
    let slot = low & this.mask;
    for (;;) {
      const at = slot * WORDS;
      const isIt = this.slots[at] === low && this.slots[at + 1] === high;
      if (isIt || this.isFree(at)) return at;
      slot = (slot + 1) & this.mask;
    }
  }

  private grow(): void {
    const old = this.slots;
    this.mask = this.mask * 2 + 1;
    this.slots = new Uint32Array((this.mask + 1) * WORDS);
    for (let at = 0; at < old.length; at += WORDS) {
      const low = old[at] as number;
      const high = old[at + 1] as number;
      if (low === 0 && high === 0) continue;
      this.slots.set(old.subarray(at, at + WORDS), this.find(low, high));
    }
  }
}

/** Where a key stands in a packed snapshot; undefined when it is not in it. */
export function findPacked(
  packed: Uint32Array,
  low: number,
  high: number,
): number | undefined {
  let from = 0;
  let to = packed.length / WORDS - 1;
  while (from <= to) {
    const middle = (from + to) >>> 1;
    const at = middle * WORDS;
    const ownHigh = packed[at + 1] as number;
    const ownLow = packed[at] as number;
    if (ownHigh === high && ownLow === low) return at;
    if (ownHigh < high || (ownHigh === high && ownLow < low)) from = middle + 1;
    else to = middle - 1;
  }
  return undefined;
}
