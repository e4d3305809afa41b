import { valueName } from "./identifiers";
import { SEND_LIMITS, type SendLimits } from "./limits";
import type { EntityRow, RowColumns } from "./map-row";
import {
  BODY_FRAME_BYTES,
  propertyFrameBytes,
  rowEntityBytes,
} from "./row-bytes";
import {
  SKIP,
  type BatchCell,
  type BatchColumn,
  type BatchRow,
  type BatchRowNumber,
  type TableBatch,
} from "./table-batch";

/** Columns are cheap, but each row pays for those of all languages in its batch. */
const COLUMNS_PER_BATCH_MAX = 2_000;

export type Added = {
  /** The previous batch, when this row starts a new one. */
  closed: TableBatch | undefined;
  /** The row was folded into an earlier row of the same key. */
  isMerged: boolean;
  /** Place of its entity in the batch that is being filled. */
  at: number;
};

export type BatchPacker = {
  /** Takes one row; rows come in file order. */
  add(mapped: EntityRow, rowNumber: number): Added;
  /** What is left, if anything; empties the packer. */
  flush(): TableBatch | undefined;
};

/**
 * Groups rows, in order, into table batches. The limits count what the batch
 * stands for: the JSON body of entities that a remote server would get.
 *
 * Rows with the same key inside a batch are folded into one, later cells win.
 * Where that cannot be said (values after a delete, or an entity that would
 * grow too large) the row opens the next batch; the batches must then be sent
 * one after another. The same rows always make the same batches.
 */
export function createBatchPacker(
  limits: SendLimits = SEND_LIMITS,
): BatchPacker {
  let batch = openBatch();

  function flush(): TableBatch | undefined {
    if (batch.rows.length === 0) return undefined;
    const { firstRow, lastRow, columns, rows, rowNumbers } = batch;
    const isPlain = rowNumbers.every((place, at) => place === firstRow + at);
    batch = openBatch();
    return {
      ...{ firstRow, lastRow, columns, rows },
      ...(!isPlain && { rowNumbers }),
    };
  }

  function add(mapped: EntityRow, rowNumber: number): Added {
    let at = batch.indexByKey.get(mapped.row[0]);
    const room = batch.rows.length < limits.entitiesPerBatchMax;
    let isMerged = false;
    let closed: TableBatch | undefined;

    if (at !== undefined) isMerged = fold(batch, at, mapped, limits);
    if (at !== undefined && isMerged) countRow(batch, at);
    if (!isMerged) {
      const fits =
        at === undefined && room && hasRoomFor(batch, mapped, limits);
      if (!fits) closed = flush();
      at = batch.rows.length;
      append(batch, mapped);
      batch.rowNumbers.push(rowNumber);
    }
    if (batch.firstRow === 0) batch.firstRow = rowNumber;
    batch.lastRow = rowNumber;
    return { closed, isMerged, at: at ?? 0 };
  }

  return { add, flush };
}

type OpenBatch = {
  firstRow: number;
  lastRow: number;
  columns: BatchColumn[];
  frameBytes: number[];
  rows: BatchRow[];
  rowNumbers: BatchRowNumber[];
  /** Bytes of each row as an entity: exact, or an upper bound that was good enough. */
  rowBytes: number[];
  isExact: boolean[];
  /** Of the whole body; an upper bound as long as some row has one. */
  bytes: number;
  indexByKey: Map<string, number>;
  slotByName: Map<string, number>;
  /** See `slotsOf`. */
  slots: Map<RowColumns, readonly number[] | null>;
};

function openBatch(): OpenBatch {
  return {
    firstRow: 0,
    lastRow: 0,
    columns: [],
    frameBytes: [],
    rows: [],
    rowNumbers: [],
    rowBytes: [],
    isExact: [],
    bytes: BODY_FRAME_BYTES,
    indexByKey: new Map(),
    slotByName: new Map(),
    slots: new Map(),
  };
}

function countRow({ rowNumbers }: OpenBatch, at: number): void {
  const place = rowNumbers[at];
  if (typeof place === "number") rowNumbers[at] = [place, 2];
  else if (place) place[1] += 1;
}

function hasRoomFor(
  batch: OpenBatch,
  { row, columns, bytesAtMost }: EntityRow,
  limits: SendLimits,
): boolean {
  if (batch.rows.length === 0) return true;
  if (
    !batch.slots.has(columns) &&
    batch.columns.length + columns.columns.length > COLUMNS_PER_BATCH_MAX
  ) {
    return false;
  }
  if (batch.bytes + 1 + bytesAtMost <= limits.batchBytesMax) return true;
  measure(batch);
  const own = rowEntityBytes(
    ...([row[0], row[1], cellsOf(row)] as const),
    columns.frameBytes,
    columns.columns,
  );
  return batch.bytes + 1 + own <= limits.batchBytesMax;
}

function append(batch: OpenBatch, mapped: EntityRow): void {
  const row = place(batch, mapped);
  batch.indexByKey.set(row[0], batch.rows.length);
  batch.bytes += mapped.bytesAtMost + (batch.rows.length === 0 ? 0 : 1);
  batch.rows.push(row);
  batch.rowBytes.push(mapped.bytesAtMost);
  batch.isExact.push(false);
}

/** Puts the cells where the batch has their columns. Nearly always they are there already. */
function place(batch: OpenBatch, { row, columns }: EntityRow): BatchRow {
  const slots = slotsOf(batch, columns);
  if (slots !== null) {
    const placed: BatchRow = [row[0], row[1]];
    fillIn(placed, row, slots);
    return placed;
  }
  while (row.length > 2 && row[row.length - 1] === SKIP) row.pop();
  return row;
}

/** Where each cell of such rows belongs; `null` when it stands there already. */
function slotsOf(
  batch: OpenBatch,
  columns: RowColumns,
): readonly number[] | null {
  let slots = batch.slots.get(columns);
  if (slots === undefined) {
    const found = columns.columns.map((column) => slotOf(batch, column));
    slots = found.every((slot, index) => slot === index) ? null : found;
    batch.slots.set(columns, slots);
  }
  return slots;
}

function slotOf(batch: OpenBatch, column: BatchColumn): number {
  const name = valueName(column[0], column[1]);
  let slot = batch.slotByName.get(name);
  if (slot === undefined) {
    slot = batch.columns.length;
    batch.columns.push(column);
    batch.frameBytes.push(propertyFrameBytes(column));
    batch.slotByName.set(name, slot);
  }
  return slot;
}

/** Folds a later row of the same key into the one at `at`. False when that cannot be said, and then nothing changed. */
function fold(
  batch: OpenBatch,
  at: number,
  mapped: EntityRow,
  limits: SendLimits,
): boolean {
  const earlier = batch.rows[at];
  if (earlier === undefined) return false;
  if (mapped.row[1] === 1) {
    batch.rows[at] = [earlier[0], 1];
    batch.isExact[at] = false;
    return true;
  }
  if (earlier[1] === 1 || !hasRoomFor(batch, mapped, limits)) return false;

  const before = batch.rowBytes[at] ?? 0;
  let bytes = before + mapped.bytesAtMost;
  const isSurelySmall = bytes <= limits.entityBytesMax;
  // Nothing may change where the entity would grow too large.
  const both = isSurelySmall ? earlier : ([...earlier] as BatchRow);
  fillIn(both, mapped.row, slotsOf(batch, mapped.columns));
  if (!isSurelySmall) {
    bytes = exactBytes(batch, both);
    if (bytes > limits.entityBytesMax) return false;
    batch.rows[at] = both;
  }
  batch.rowBytes[at] = bytes;
  batch.isExact[at] = !isSurelySmall;
  batch.bytes += bytes - before;
  return true;
}

/** Puts the cells of a row into another one of the batch; what it does not send stays. */
function fillIn(
  into: BatchRow,
  row: BatchRow,
  slots: readonly number[] | null,
): void {
  for (let i = 2; i < row.length; i++) {
    const cell = row[i] as BatchCell;
    if (cell === SKIP) continue;
    const at = slots === null ? i : (slots[i - 2] ?? 0) + 2;
    while (into.length < at) into.push(SKIP);
    into[at] = cell;
  }
}

/** Replaces the upper bounds by exact sizes; each row pays for this about once. */
function measure(batch: OpenBatch): void {
  for (const [index, row] of batch.rows.entries()) {
    if (batch.isExact[index]) continue;
    const bytes = exactBytes(batch, row);
    batch.bytes += bytes - (batch.rowBytes[index] ?? 0);
    batch.rowBytes[index] = bytes;
    batch.isExact[index] = true;
  }
}

function exactBytes(batch: OpenBatch, row: BatchRow): number {
  return rowEntityBytes(
    ...([row[0], row[1], cellsOf(row)] as const),
    batch.frameBytes,
    batch.columns,
  );
}

function cellsOf(row: BatchRow): BatchCell[] {
  return row.slice(2) as BatchCell[];
}
