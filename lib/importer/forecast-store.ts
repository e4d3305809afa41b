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
import { rowsOfEntity, SKIP, type TableBatch } from "@/lib/domain/table-batch";
import { cutExcerpt } from "@/lib/domain/text-excerpt";

/** Beyond this the texts of further entries are not kept, only what becomes of them. */
const BYTES_MAX = 1_000_000_000;

export type ForecastStore = {
  /** Takes the answer to a batch; `body` is the JSON it was sent as. Batches with a common entity must come in order. */
  add(batch: TableBatch, answer: ForecastAnswer, body?: string): void;
  totals(): ChangeTotals;
  /** What the receipts of the import will sum up to. */
  counts(): MergeCounts;
  /** When the first batch was compared; `null` before. */
  asOf(): string | null;
  /** @throws {DOMException} when the browser has lost what was put away. */
  page(filter: DiffFilter, from: number, count: number): Promise<DiffPage>;
};

/** What of an answer is needed to show its entities. */
type Shown = Pick<ForecastAnswer, "details" | "others">;

type BatchIndex = {
  /** Place in `ENTRY_CHANGES` of each entity; `GONE` where a later batch speaks for it. */
  changes: Uint8Array;
  /** A bit for each entity in which the value changes, by value name. */
  changed: Map<string, Uint8Array>;
  /** JSON of the batch, and of what is shown of its answer. */
  batch: Blob;
  shown: Blob;
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

  function add(
    batch: TableBatch,
    answer: ForecastAnswer,
    body = JSON.stringify(batch),
  ): void {
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
    const index = indexBatch(
      batch,
      answer,
      bytesKept < bytesMax ? body : withoutTexts(batch),
    );
    bytesKept += index.batch.size;
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
  body: string,
): BatchIndex {
  const { details, others } = answer;
  const index: BatchIndex = {
    changes: Uint8Array.from(answer.changes, Number),
    changed: new Map(),
    batch: new Blob([body]),
    shown: new Blob([JSON.stringify({ details, others } satisfies Shown)]),
  };
  markChanges(index, batch, answer);
  return index;
}

/** Where too much is kept already: only the keys. */
function withoutTexts(batch: TableBatch): string {
  return JSON.stringify({
    ...batch,
    rows: batch.rows.map(([key]) => [key, 0]),
  });
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
  { changes }: BatchIndex,
  [batch, { details, others }]: Stored,
  position: number,
): EntryDiff {
  const [key = "", , ...cells] = batch.rows[position] ?? [];
  const change = ENTRY_CHANGES[changes[position] ?? 0] ?? "unchanged";
  const { row } = rowsOfEntity(batch, position);
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
      const [id = "", language = ""] = batch.columns[place] ?? [];
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

type Stored = [batch: TableBatch, shown: Shown];

async function readDiffs(
  found: readonly { batch: BatchIndex; position: number }[],
): Promise<EntryDiff[]> {
  const diffs: EntryDiff[] = [];
  let last: { index: BatchIndex; stored: Stored } | undefined;
  // They come batch by batch: one is held at a time.
  for (const { batch: index, position } of found) {
    if (last?.index !== index)
      last = { index, stored: await readStored(index) };
    diffs.push(readDiff(index, last.stored, position));
  }
  return diffs;
}

async function readStored({ batch, shown }: BatchIndex): Promise<Stored> {
  const texts = await Promise.all([batch.text(), shown.text()]);
  return texts.map((text) => JSON.parse(text) as unknown) as Stored;
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
