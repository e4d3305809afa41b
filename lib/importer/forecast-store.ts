import {
  ENTRY_CHANGES,
  NO_CHANGES,
  sumChanges,
  VALUE_CHANGES,
  type ChangeTotals,
  type ValueChange,
} from "@/lib/domain/entry-changes";
import {
  sortByName,
  type DiffFilter,
  type DiffPage,
  type EntryDiff,
  type ValueDiff,
} from "@/lib/domain/entry-diff";
import { VALUE_LETTERS, type ForecastAnswer } from "@/lib/domain/forecast";
import { splitValueName, valueName } from "@/lib/domain/identifiers";
import type { MergeCounts } from "@/lib/domain/merge";
import {
  rowsOfEntity,
  SKIP,
  type BatchRow,
  type TableBatch,
} from "@/lib/domain/table-batch";
import { cutExcerpt } from "@/lib/domain/text-excerpt";

/** Entities that are read at once to show one. */
const CHUNK = 50;
/** Beyond this the texts of further entries are not kept, only what becomes of them. */
const BYTES_MAX = 1_000_000_000;

export type ForecastStore = {
  /** Takes the answer to a batch. Batches with a common entity must come in order. */
  add(batch: TableBatch, answer: ForecastAnswer): void;
  totals(): ChangeTotals;
  /** What the receipts of the import will sum up to. */
  counts(): MergeCounts;
  /** When the first batch was compared; `null` before. */
  asOf(): string | null;
  /** @throws {DOMException} when the browser has lost what was put away. */
  page(filter: DiffFilter, from: number, count: number): Promise<DiffPage>;
};

/** What is put away of some entities that follow each other in a batch. */
type Chunk = {
  rows: BatchRow[];
  /** File row of each. */
  rowNumbers: (number | null)[];
  /** As in the answer, by position in the batch. */
  details: ForecastAnswer["details"];
  others: ForecastAnswer["others"];
};

type BatchIndex = {
  columns: TableBatch["columns"];
  /** Place in `ENTRY_CHANGES` of each entity; `GONE` where a later batch speaks for it. */
  changes: Uint8Array;
  /** A bit for each entity in which the value changes, by value name. */
  changed: Map<string, Uint8Array>;
  blob: Blob;
  /** Where each chunk of entities begins in the blob, and the end. */
  offsets: number[];
};

const GONE = 255;
const LETTER_CHANGES = new Map<string, ValueChange>(
  VALUE_CHANGES.map((change) => [VALUE_LETTERS[change], change]),
);

/**
 * Keeps the answers of a forecast so that every entity can be looked at: texts
 * are put away in blobs, which the browser keeps on disk; memory grows by some
 * five bytes an entity and by a bit for each value.
 */
export function createForecastStore(bytesMax = BYTES_MAX): ForecastStore {
  const batches = new Map<number, BatchIndex>();
  const counts = { created: 0, updated: 0, unchanged: 0, deleted: 0 };
  let totals: ChangeTotals = NO_CHANGES;
  let asOf: string | null = null;
  let bytesKept = 0;

  function add(batch: TableBatch, answer: ForecastAnswer): void {
    totals = sumChanges([totals, answer.totals]);
    counts.created += answer.counts.created;
    counts.updated += answer.counts.updated;
    counts.unchanged += answer.counts.unchanged;
    counts.deleted += answer.counts.deleted;
    if (asOf === null || answer.at < asOf) asOf = answer.at;
    for (const [, sequence, position] of answer.supersedes) {
      const earlier = batches.get(sequence);
      if (earlier) earlier.changes[position] = GONE;
    }
    const index = indexBatch(batch, answer, bytesKept < bytesMax);
    bytesKept += index.blob.size;
    batches.set(answer.sequence, index);
  }

  async function page(
    filter: DiffFilter,
    from: number,
    count: number,
  ): Promise<DiffPage> {
    const found: { batch: BatchIndex; position: number }[] = [];
    let total = 0;
    for (const sequence of [...batches.keys()].sort((a, b) => a - b)) {
      const batch = batches.get(sequence);
      if (!batch) continue;
      for (const position of matching(batch, filter)) {
        if (total >= from && found.length < count) {
          found.push({ batch, position });
        }
        total += 1;
      }
    }
    return { entries: await readDiffs(found), total };
  }

  return {
    add,
    totals: () => totals,
    counts: () => ({ ...counts }),
    asOf: () => asOf,
    page,
  };
}

function* matching(
  { changes, changed }: BatchIndex,
  { change, property }: DiffFilter,
): Generator<number> {
  const wanted = change === null ? -1 : ENTRY_CHANGES.indexOf(change);
  const bits = property === null ? undefined : changed.get(property);
  if (property !== null && !bits) return;
  for (const [position, is] of changes.entries()) {
    if (is === GONE || (wanted >= 0 && is !== wanted)) continue;
    if (bits && !hasBit(bits, position)) continue;
    yield position;
  }
}

function indexBatch(
  batch: TableBatch,
  answer: ForecastAnswer,
  keepsTexts: boolean,
): BatchIndex {
  const index: BatchIndex = {
    columns: batch.columns,
    changes: Uint8Array.from(answer.changes, Number),
    changed: new Map(),
    blob: new Blob([]),
    offsets: [0],
  };
  markChanges(index, batch, answer);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const encoder = new TextEncoder();
  let bytes = 0;
  for (let at = 0; at < batch.rows.length; at += CHUNK) {
    const part = encoder.encode(
      JSON.stringify(cutChunk(batch, answer, at, keepsTexts)),
    );
    parts.push(part);
    bytes += part.byteLength;
    index.offsets.push(bytes);
  }
  index.blob = new Blob(parts);
  return index;
}

function cutChunk(
  batch: TableBatch,
  { details, others }: ForecastAnswer,
  at: number,
  keepsTexts: boolean,
): Chunk {
  const rows = batch.rows.slice(at, at + CHUNK);
  const isHere = ([position]: readonly [number, ...unknown[]]) =>
    position >= at && position < at + CHUNK;
  return {
    rows: keepsTexts ? rows : rows.map(([key]) => [key, 0]),
    rowNumbers: rows.map((_, i) => rowsOfEntity(batch, at + i).row),
    details: keepsTexts ? details.filter(isHere) : [],
    others: keepsTexts ? others.filter(isHere) : [],
  };
}

/** Notes by value name which entities change it. */
function markChanges(
  index: BatchIndex,
  { rows, columns }: TableBatch,
  { details, others }: ForecastAnswer,
): void {
  const bitsOf = columns.map(([id, language]) =>
    lazily(() => bitsFor(index, valueName(id, language))),
  );
  const created = ENTRY_CHANGES.indexOf("created");
  for (const [position, change] of index.changes.entries()) {
    if (change !== created) continue;
    const row = rows[position] ?? [];
    for (let place = 0; place + 2 < row.length; place += 1) {
      const cell = row[place + 2];
      if (typeof cell === "string") setBit(bitsOf[place]?.(), position);
    }
  }
  for (const [position, letters] of details) {
    const [, , ...cells] = rows[position] ?? [];
    let sent = 0;
    for (const [place, cell] of cells.entries()) {
      if (cell === SKIP) continue;
      const letter = letters[sent++] ?? VALUE_LETTERS.same;
      if (letter !== VALUE_LETTERS.same) setBit(bitsOf[place]?.(), position);
    }
  }
  for (const [position, name] of others) setBit(bitsFor(index, name), position);
}

/** What is known of one entity: its own cells, and what the server adds. */
function readDiff(
  { columns, changes }: BatchIndex,
  { rows, rowNumbers, details, others }: Chunk,
  position: number,
): EntryDiff {
  const [key = "", , ...cells] = rows[position % CHUNK] ?? [];
  const change = ENTRY_CHANGES[changes[position] ?? 0] ?? "unchanged";
  const row = rowNumbers[position % CHUNK] ?? null;
  const values = new Map<string, ValueDiff>();
  const [, letters = "", olds = []] =
    details.find(([at]) => at === position) ?? [];
  const assumed = VALUE_LETTERS[change === "created" ? "set" : "same"];
  let sent = 0;
  let old = 0;
  if (change === "created" || change === "updated" || change === "unchanged") {
    for (const [place, cell] of cells.entries()) {
      if (cell === SKIP) continue;
      const letter = letters[sent++] ?? assumed;
      const is = LETTER_CHANGES.get(letter) ?? "same";
      const hasOld = is === "replaced" || is === "cleared";
      const before = hasOld ? (olds[old++] ?? "") : null;
      const from = typeof before === "string" ? 0 : (before?.[1] ?? 0);
      const after = cell === null ? null : cutExcerpt(cell, from);
      // Clearing what is not there changes nothing and shows nothing.
      if (after === null && !hasOld) continue;
      const [id = "", language = ""] = columns[place] ?? [];
      values.set(valueName(id, language), {
        ...{ id, language: language || null, change: is, after },
        before: is === "same" ? after : before,
      });
    }
  }
  for (const [at, name, letter, before, after] of others) {
    if (at !== position) continue;
    const is = LETTER_CHANGES.get(letter) ?? "same";
    values.set(name, { ...splitValueName(name), change: is, before, after });
  }
  return { key, row, change, values: sortByName([...values.values()]) };
}

async function readDiffs(
  found: readonly { batch: BatchIndex; position: number }[],
): Promise<EntryDiff[]> {
  const read = new Map<BatchIndex, Map<number, Promise<Chunk>>>();
  return Promise.all(
    found.map(async ({ batch, position }) => {
      const number = Math.floor(position / CHUNK);
      const chunks = read.get(batch) ?? new Map<number, Promise<Chunk>>();
      const chunk = chunks.get(number) ?? readChunk(batch, number);
      read.set(batch, chunks.set(number, chunk));
      return readDiff(batch, await chunk, position);
    }),
  );
}

async function readChunk(
  { blob, offsets }: BatchIndex,
  number: number,
): Promise<Chunk> {
  const part = blob.slice(offsets[number], offsets[number + 1]);
  return JSON.parse(await part.text()) as Chunk;
}

function bitsFor({ changed, changes }: BatchIndex, name: string): Uint8Array {
  let bits = changed.get(name);
  if (!bits) {
    bits = new Uint8Array(Math.ceil(changes.length / 8));
    changed.set(name, bits);
  }
  return bits;
}

/** Makes a thing when it is first asked for. */
function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

function setBit(bits: Uint8Array | undefined, position: number): void {
  if (!bits) return;
  const at = position >> 3;
  bits[at] = (bits[at] ?? 0) | (1 << (position & 7));
}

function hasBit(bits: Uint8Array, position: number): boolean {
  return ((bits[position >> 3] ?? 0) & (1 << (position & 7))) !== 0;
}
