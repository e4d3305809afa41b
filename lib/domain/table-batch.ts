import { z } from "zod";

/** Not sent: the stored value stays. */
export const SKIP = 0;
/** One cell: text sets, `null` clears, `SKIP` leaves. */
export type BatchCell = string | null | typeof SKIP;

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
  /** `[property id, language]`, language `""` for none. */
  columns: [id: string, language: string][];
  rows: [key: string, isDelete: 0 | 1, ...cells: BatchCell[]][];
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
