import { z } from "zod";

import type { Entity, EntityProperty } from "./entity";
import { AppError } from "./errors";
import { isEntryKey, isLanguageCode, isPropertyId } from "./identifiers";
import { SEND_LIMITS, TABLE_LIMITS } from "./limits";
import { linkProblem } from "./link-cell";
import { mediaUseSchema, type MediaUse } from "./mapping";
import { setAsideSchema } from "./set-aside";
import {
  BODY_FRAME_BYTES,
  propertyFrameBytes,
  rowEntityBytes,
} from "./row-bytes";

/** As many as the packer puts into one batch, and the columns of one mapping on top. */
const COLUMNS_MAX = 2_000 + TABLE_LIMITS.columnsMax;

/** Not sent: the stored value stays. */
export const SKIP = 0;
/** One cell: text sets, `null` clears, `SKIP` leaves. */
export type BatchCell = string | null | typeof SKIP;

/**
 * `[property id, language]`, language `""` for none. With a third member the
 * cells are links to media files: see `resolveMedia` in media-cells.ts.
 */
export type BatchColumn = [id: string, language: string, media?: MediaUse];
/** `[key, 0 | 1 delete, ...cells]`, cells in the order of the batch's columns. */
export type BatchRow = [key: string, isDelete: 0 | 1, ...cells: BatchCell[]];
/** The row of the file that an entity comes from; of merged rows the first, and how many. */
export type BatchRowNumber = number | [first: number, count: number];

/**
 * The body of one batch of a browser import: a table, because as entities the
 * property ids repeat in every row and the body grows 3.4 times (parsing.md 9).
 *
 * A row is `[key, 0 | 1 delete, ...cells]`, cells in the order of `columns`;
 * cells missing at its end are `SKIP`. `firstRow` and `lastRow` are rows of the
 * file as the spreadsheet numbers them. Without `rowNumbers` the rows follow
 * each other in the file from `firstRow` on, none merged and none left out.
 */
export type TableBatch = {
  firstRow: number;
  lastRow: number;
  columns: BatchColumn[];
  rows: BatchRow[];
  rowNumbers?: BatchRowNumber[];
};

/** What the server answers to a batch, the first time and every time after. */
export const batchReceiptSchema = z.object({
  sequence: z.number().int(),
  entities: z.number().int(),
  created: z.number().int(),
  updated: z.number().int(),
  unchanged: z.number().int(),
  deleted: z.number().int(),
  /** How many of the entities were refused and set aside, and which. */
  aside: z.number().int(),
  setAside: z.array(setAsideSchema),
  /** It was applied before; nothing was done now. */
  isRepeat: z.boolean(),
});
export type BatchReceipt = z.output<typeof batchReceiptSchema>;

/** The entities a batch stands for, in its order. */
export function tableBatchEntities(batch: TableBatch): Entity[] {
  return batch.rows.map(([key, isDelete, ...cells]) => {
    const properties: EntityProperty[] = [];
    for (const [index, value] of cells.entries()) {
      const column = batch.columns[index];
      if (value === SKIP || column === undefined) continue;
      const [id, language] = column;
      properties.push({ id, value, language: language || null });
    }
    return { key, delete: isDelete === 1, properties };
  });
}

/** The first row of the file that the entity at that place comes from, and how many; `null` where the batch does not tell. */
export function rowsOfEntity(
  { firstRow, lastRow, rows, rowNumbers }: TableBatch,
  at: number,
): { row: number | null; rows: number } {
  const place = rowNumbers?.[at];
  if (typeof place === "number") return { row: place, rows: 1 };
  if (place) return { row: place[0], rows: place[1] };
  const isWhole = lastRow - firstRow + 1 === rows.length;
  return { row: isWhole ? firstRow + at : null, rows: 1 };
}

/**
 * A table batch out of parsed JSON, with every rule of the importer checked
 * again: what a browser sends is never trusted.
 *
 * With `onRefused`, a row that is well formed but cannot be stored is named to
 * it, by its place and with the reason, and stays in the batch: the caller
 * leaves it out.
 *
 * @throws {AppError} `invalid_input` naming the row and the rule; `too_large`
 *   when the batch or an entity is above `SEND_LIMITS`.
 */
export function readTableBatch(
  body: unknown,
  onRefused?: (at: number, reason: string) => void,
): TableBatch {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw refuse("The batch is not a JSON object.");
  }
  const { firstRow, lastRow, columns, rows, rowNumbers } = body as Record<
    string,
    unknown
  >;
  if (!isRowNumber(firstRow) || !isRowNumber(lastRow) || firstRow > lastRow) {
    throw refuse(
      "The batch needs firstRow and lastRow, in this order, from 1.",
    );
  }
  const batch: TableBatch = {
    firstRow,
    lastRow,
    columns: readColumns(columns),
    rows: readRows(rows),
  };
  if (rowNumbers !== undefined) {
    batch.rowNumbers = readRowNumbers(rowNumbers, batch);
  }
  checkRows(batch, onRefused);
  return batch;
}

function readRowNumbers(
  value: unknown,
  { rows, firstRow, lastRow }: TableBatch,
): BatchRowNumber[] {
  const isRight =
    Array.isArray(value) &&
    value.length === rows.length &&
    value.every(
      (place: unknown) =>
        isRowNumber(place) ||
        (Array.isArray(place) &&
          place.length === 2 &&
          place.every(isRowNumber)),
    );
  if (!isRight) {
    throw refuse(
      "The batch needs one row number, or first row and count, for each of its rows.",
    );
  }
  const places = value as BatchRowNumber[];
  const counted = places.reduce<number>(
    (sum, place) => sum + (typeof place === "number" ? 1 : place[1]),
    0,
  );
  if (counted > lastRow - firstRow + 1) {
    throw refuse(
      "The row numbers of the batch count more rows than there are from firstRow to lastRow.",
    );
  }
  return places;
}

function readColumns(value: unknown): BatchColumn[] {
  if (!Array.isArray(value) || value.length > COLUMNS_MAX) {
    throw refuse(`The batch needs columns, at most ${COLUMNS_MAX}.`);
  }
  const seen = new Set<string>();
  for (const [index, column] of value.entries()) {
    const [id, language, media, ...more] = Array.isArray(column)
      ? (column as unknown[])
      : [];
    const isRight =
      typeof id === "string" &&
      typeof language === "string" &&
      more.length === 0 &&
      isPropertyId(id) &&
      (language === "" || isLanguageCode(language)) &&
      (media === undefined || mediaUseSchema.safeParse(media).success);
    if (!isRight) {
      throw refuse(
        `Column ${index + 1} of the batch is not a property id with a language.`,
      );
    }
    const { idProperty } = (media ?? {}) as Partial<MediaUse>;
    for (const filled of idProperty ? [id, idProperty] : [id]) {
      const name = `${filled}:${language}`;
      if (seen.has(name)) {
        throw refuse(`The batch has the column ${name} twice.`);
      }
      seen.add(name);
    }
  }
  return value as BatchColumn[];
}

function readRows(value: unknown): BatchRow[] {
  const max = SEND_LIMITS.entitiesPerBatchMax;
  if (!Array.isArray(value) || value.length === 0 || value.length > max) {
    throw refuse(`A batch has 1 to ${max.toLocaleString("en")} rows.`);
  }
  return value as BatchRow[];
}

function checkRows(
  { columns, rows }: TableBatch,
  onRefused: ((at: number, reason: string) => void) | undefined,
): void {
  const frameBytes = columns.map(propertyFrameBytes);
  const mediaUses = columns.flatMap(([, , media], at) =>
    media ? [[at, media] as const] : [],
  );
  const keys = new Set<string>();
  let bytes = BODY_FRAME_BYTES + rows.length - 1;

  for (const [index, row] of rows.entries()) {
    const place = `Row ${index + 1} of the batch`;
    if (!Array.isArray(row) || row.length > columns.length + 2) {
      throw refuse(`${place} is not a list of a key, a flag and cells.`);
    }
    const [key, isDelete, ...cells] = row as [unknown, unknown, ...unknown[]];
    if (typeof key !== "string" || !isEntryKey(key)) {
      throw refuse(`${place} has no legal key.`);
    }
    if (keys.has(key)) throw refuse(`${place} repeats the key ${key}.`);
    keys.add(key);
    if (isDelete !== 0 && isDelete !== 1) {
      throw refuse(`${place} (key ${key}) does not say whether it deletes.`);
    }
    const bad = cells.findIndex((cell) => !isCell(cell));
    if (bad >= 0 && (typeof cells[bad] !== "string" || !onRefused)) {
      throw refuse(
        `${place} (key ${key}) has a cell that is not storable text, null or ${SKIP}.`,
      );
    }
    let linkFault: string | undefined;
    for (const [at, use] of mediaUses) {
      const cell = cells[at];
      if (typeof cell !== "string" || cell === "") continue;
      linkFault ??= linkProblem(cell, use);
    }
    if (linkFault && !onRefused) {
      throw refuse(`${place} (key ${key}): ${linkFault}`);
    }
    if (isDelete === 1 && cells.some((cell) => cell !== SKIP)) {
      throw refuse(`${place} (key ${key}) deletes and sets values at once.`);
    }
    const fault = bad >= 0 ? unstorable(columns[bad]) : linkFault;
    if (fault !== undefined) {
      onRefused?.(index, fault);
      continue;
    }
    const own = rowEntityBytes(
      ...([key, isDelete, cells as BatchCell[]] as const),
      frameBytes,
      columns,
    );
    if (own > SEND_LIMITS.entityBytesMax) {
      const refusal = (what: string) =>
        tooLarge(what, SEND_LIMITS.entityBytesMax);
      if (!onRefused) throw refusal(`${place} (key ${key})`);
      onRefused(index, `${refusal("The entry").message} Shorten its texts.`);
      continue;
    }
    bytes += own;
  }
  if (bytes > SEND_LIMITS.batchBytesMax) {
    throw tooLarge("The batch", SEND_LIMITS.batchBytesMax);
  }
}

/** NUL and lone surrogates are legal in JSON, but no database text can hold them. */
function isCell(cell: unknown): cell is BatchCell {
  if (cell === SKIP || cell === null) return true;
  return (
    typeof cell === "string" && !cell.includes("\0") && cell.isWellFormed()
  );
}

function unstorable(column: BatchColumn | undefined): string {
  const [id = "", language = ""] = column ?? [];
  const name = language === "" ? id : `${id} in ${language}`;
  return `The text for ${name} holds a character that cannot be stored: NUL, or half of a surrogate pair (half of an emoji). Remove it.`;
}

function isRowNumber(value: unknown): value is number {
  const number = value as number;
  return (
    Number.isInteger(number) &&
    number >= 1 &&
    number <= TABLE_LIMITS.rowNumberMax
  );
}

function refuse(message: string): AppError {
  return new AppError("invalid_input", message);
}

function tooLarge(place: string, bytesMax: number): AppError {
  const max = bytesMax.toLocaleString("en");
  return new AppError(
    "too_large",
    `${place} stands for more than ${max} bytes of JSON.`,
  );
}
