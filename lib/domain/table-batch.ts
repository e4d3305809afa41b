import { z } from "zod";

import type { Entity, EntityProperty } from "./entity";
import { AppError } from "./errors";
import { isEntryKey, isLanguageCode, isPropertyId } from "./identifiers";
import { SEND_LIMITS, TABLE_LIMITS } from "./limits";
import { linkProblem } from "./link-cell";
import { mediaUseSchema, type MediaUse } from "./mapping";
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

/**
 * The body of one batch of a browser import: a table, because as entities the
 * property ids repeat in every row and the body grows 3.4 times (parsing.md 9).
 *
 * A row is `[key, 0 | 1 delete, ...cells]`, cells in the order of `columns`;
 * cells missing at its end are `SKIP`. `firstRow` and `lastRow` are rows of the
 * file as the spreadsheet numbers them.
 */
export type TableBatch = {
  firstRow: number;
  lastRow: number;
  columns: BatchColumn[];
  rows: BatchRow[];
};

/** What the server answers to a batch, the first time and every time after. */
export const batchReceiptSchema = z.object({
  sequence: z.number().int(),
  entities: z.number().int(),
  created: z.number().int(),
  updated: z.number().int(),
  unchanged: z.number().int(),
  deleted: z.number().int(),
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

/**
 * A table batch out of parsed JSON, with every rule of the importer checked
 * again: what a browser sends is never trusted.
 *
 * @throws {AppError} `invalid_input` naming the row and the rule; `too_large`
 *   when the batch or an entity is above `SEND_LIMITS`.
 */
export function readTableBatch(body: unknown): TableBatch {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw refuse("The batch is not a JSON object.");
  }
  const { firstRow, lastRow, columns, rows } = body as Record<string, unknown>;
  if (!isRowNumber(firstRow) || !isRowNumber(lastRow) || firstRow > lastRow) {
    throw refuse(
      "The batch needs firstRow and lastRow, in this order, from 1.",
    );
  }
  const batch = {
    firstRow,
    lastRow,
    columns: readColumns(columns),
    rows: readRows(rows),
  };
  checkRows(batch);
  return batch;
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

function checkRows({ columns, rows }: TableBatch): void {
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
    if (!cells.every(isCell)) {
      throw refuse(
        `${place} (key ${key}) has a cell that is not storable text, null or ${SKIP}.`,
      );
    }
    for (const [at, use] of mediaUses) {
      const cell = cells[at];
      if (typeof cell !== "string" || cell === "") continue;
      const problem = linkProblem(cell, use);
      if (problem) throw refuse(`${place} (key ${key}): ${problem}`);
    }
    if (isDelete === 1 && cells.some((cell) => cell !== SKIP)) {
      throw refuse(`${place} (key ${key}) deletes and sets values at once.`);
    }
    const own = rowEntityBytes(key, isDelete, cells, frameBytes);
    if (own > SEND_LIMITS.entityBytesMax) {
      throw tooLarge(`${place} (key ${key})`, SEND_LIMITS.entityBytesMax);
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

function isRowNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1;
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
