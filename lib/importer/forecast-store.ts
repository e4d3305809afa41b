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
} from "@/lib/domain/entry-diff";
import { VALUE_LETTERS, type ForecastAnswer } from "@/lib/domain/forecast";
import { splitValueName, valueName } from "@/lib/domain/identifiers";
import type { MergeCounts } from "@/lib/domain/merge";
import { rowsOfEntity, SKIP, type TableBatch } from "@/lib/domain/table-batch";
import { cutExcerpt, type Excerpt } from "@/lib/domain/text-excerpt";

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

/** `[value name's place, letter, text before, text after]` */
type Cell = [number, string, Excerpt | null, Excerpt | null];
type EntityRecord = [key: string, row: number | null, cells: Cell[]];

type BatchIndex = {
  names: string[];
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
  const names = batch.columns.map(([id, language]) => valueName(id, language));
  const index: BatchIndex = {
    names,
    changes: Uint8Array.from(answer.changes, Number),
    changed: new Map(),
    blob: new Blob([]),
    offsets: [0],
  };
  const records = readRecords(batch, answer, names);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const encoder = new TextEncoder();
  let bytes = 0;
  for (const [position, [, , cells]] of records.entries()) {
    for (const [place, letter] of cells) {
      if (letter !== VALUE_LETTERS.same) setBit(index, place, position);
    }
  }
  for (let at = 0; at < records.length; at += CHUNK) {
    const chunk = records.slice(at, at + CHUNK);
    const kept = keepsTexts ? chunk : chunk.map(([key, row]) => [key, row, []]);
    const part = encoder.encode(JSON.stringify(kept));
    parts.push(part);
    bytes += part.byteLength;
    index.offsets.push(bytes);
  }
  index.blob = new Blob(parts);
  return index;
}

/** What is known of each entity of a batch: its own cells, and what the server adds. */
function readRecords(
  batch: TableBatch,
  answer: ForecastAnswer,
  names: string[],
): EntityRecord[] {
  const details = new Map(answer.details.map((detail) => [detail[0], detail]));
  const placeOf = new Map(names.map((name, place) => [name, place]));
  const records = batch.rows.map((own, position): EntityRecord => {
    const [key, , ...cells] = own;
    const { row } = rowsOfEntity(batch, position);
    const change = ENTRY_CHANGES[Number(answer.changes[position])];
    if (change === "deleted" || change === "unknown" || change === "aside") {
      return [key, row, []];
    }
    const [, letters = "", olds = []] = details.get(position) ?? [];
    const assumed =
      change === "created" ? VALUE_LETTERS.set : VALUE_LETTERS.same;
    const known: Cell[] = [];
    let sent = 0;
    let old = 0;
    for (const [place, cell] of cells.entries()) {
      if (cell === SKIP) continue;
      const letter = letters[sent] ?? assumed;
      sent += 1;
      const hasOld = letter === "~" || letter === "-";
      const before = hasOld ? (olds[old++] ?? "") : null;
      const from = typeof before === "string" ? 0 : (before?.[1] ?? 0);
      const after = cell === null ? null : cutExcerpt(cell, from);
      // Clearing what is not there changes nothing and shows nothing.
      if (after === null && !hasOld) continue;
      known.push([place, letter, letter === "=" ? after : before, after]);
    }
    return [key, row, known];
  });
  for (const [position, name, letter, before, after] of answer.others) {
    let place = placeOf.get(name);
    if (place === undefined) {
      place = names.push(name) - 1;
      placeOf.set(name, place);
    }
    const cells = records[position]?.[2];
    const at = cells?.findIndex((cell) => cell[0] === place) ?? -1;
    cells?.splice(at < 0 ? cells.length : at, at < 0 ? 0 : 1, [
      ...([place, letter, before, after] satisfies Cell),
    ]);
  }
  return records;
}

async function readDiffs(
  found: readonly { batch: BatchIndex; position: number }[],
): Promise<EntryDiff[]> {
  const read = new Map<string, Promise<EntityRecord[]>>();
  const batches = new Map<BatchIndex, number>();
  return Promise.all(
    found.map(async ({ batch, position }): Promise<EntryDiff> => {
      if (!batches.has(batch)) batches.set(batch, batches.size);
      const chunk = Math.floor(position / CHUNK);
      const id = `${batches.get(batch)}/${chunk}`;
      const records = read.get(id) ?? readChunk(batch, chunk);
      read.set(id, records);
      const record = (await records)[position % CHUNK];
      const [key, row, cells] = record ?? ["", null, []];
      return {
        ...{ key, row },
        change: ENTRY_CHANGES[batch.changes[position] ?? 0] ?? "unchanged",
        values: sortByName(
          cells.map(([place, letter, before, after]) => ({
            ...splitValueName(batch.names[place] ?? ""),
            change: LETTER_CHANGES.get(letter) ?? "same",
            before,
            after,
          })),
        ),
      };
    }),
  );
}

async function readChunk(
  { blob, offsets }: BatchIndex,
  chunk: number,
): Promise<EntityRecord[]> {
  const part = blob.slice(offsets[chunk], offsets[chunk + 1]);
  return JSON.parse(await part.text()) as EntityRecord[];
}

function setBit(index: BatchIndex, place: number, position: number): void {
  const name = index.names[place] ?? "";
  let bits = index.changed.get(name);
  if (!bits) {
    bits = new Uint8Array(Math.ceil(index.changes.length / 8));
    index.changed.set(name, bits);
  }
  const at = position >> 3;
  bits[at] = (bits[at] ?? 0) | (1 << (position & 7));
}

function hasBit(bits: Uint8Array, position: number): boolean {
  return ((bits[position >> 3] ?? 0) & (1 << (position & 7))) !== 0;
}
