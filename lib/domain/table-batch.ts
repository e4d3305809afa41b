import { z } from "zod";

import type { Entity, EntityProperty } from "./entity";

/** Not sent: the stored value stays. */
export const SKIP = 0;
/** One cell: text sets, `null` clears, `SKIP` leaves. */
export type BatchCell = string | null | typeof SKIP;

/** `[property id, language]`, language `""` for none. */
export type BatchColumn = [id: string, language: string];
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
