import { z } from "zod";

import { storable } from "./storable-text";

/** A column with more different values than this is one of free text or keys. */
export const VALUES_KEPT_MAX = 50;
export const VALUE_CHARS_KEPT = 60;

/** A value as measures keep it. */
export function keptValue(value: string): string {
  return value.length > VALUE_CHARS_KEPT
    ? `${storable(value.slice(0, VALUE_CHARS_KEPT))}…`
    : storable(value);
}

/** What a column of a file held, measured over all its rows. Lengths in UTF-16 units. */
export const columnMeasureSchema = z.object({
  header: z.string().max(300),
  /** Whether the mapping used it. */
  isUsed: z.boolean(),
  filled: z.number().int().nonnegative(),
  lengthMin: z.number().int().nonnegative(),
  lengthMax: z.number().int().nonnegative(),
  /** Of the filled cells: those that are numbers, and their range. */
  numbers: z.number().int().nonnegative(),
  numberMin: z.number().nullable(),
  numberMax: z.number().nullable(),
  /** All different values, cut to 60 characters, the most frequent first; `null` where there are more than 50. */
  values: z
    .array(
      z.tuple([
        z.string().max(VALUE_CHARS_KEPT + 1),
        z.number().int().positive(),
      ]),
    )
    .max(VALUES_KEPT_MAX)
    .nullable(),
});
export type ColumnMeasure = z.output<typeof columnMeasureSchema>;

export const fileMeasuresSchema = z.object({
  /** Rows with something in them. */
  rows: z.number().int().nonnegative(),
  columns: z.array(columnMeasureSchema).max(1_000),
});
export type FileMeasures = z.output<typeof fileMeasuresSchema>;
