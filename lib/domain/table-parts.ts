import { z } from "zod";

/** Sheets and files that one table may be made of. */
export const TABLE_PARTS_MAX = 200;

export const QUOTE_STYLES = ["standard", "text"] as const;

const columnSchema = z.number().int().nonnegative().max(10_000);

/**
 * One sheet or text file that a table was made of, and how it was read. The
 * rows of the table that come from it are `firstRow` and on, up to the first of
 * the next part; a table of one part keeps the row numbers of that part.
 */
export const tablePartSchema = z.object({
  /** Name of the file; inside a zip its path there. */
  file: z.string().min(1).max(255),
  /** Name of the sheet; `null` for a text file. */
  sheet: z.string().max(255).nullable(),
  /** Row of the column names in this part, from 1; 0 for none. */
  headerRow: z.number().int().nonnegative().max(1_000).optional(),
  /** Number, in the whole table, of the first row below the header. */
  firstRow: z.number().int().nonnegative().optional(),
  /** First and last position, from 0, of columns of the whole table that this part does not have. */
  lacks: z
    .array(z.tuple([columnSchema, columnSchema]))
    .max(500)
    .optional(),
  /** How the text was read; absent for sheets. */
  encoding: z.string().min(1).max(40).optional(),
  delimiter: z.string().length(1).optional(),
  quotes: z.enum(QUOTE_STYLES).optional(),
});
export type TablePart = z.output<typeof tablePartSchema>;

/** What people call a part: the sheet, the file, or both where there are several of both. */
export function partLabel(
  part: Pick<TablePart, "file" | "sheet">,
  parts: readonly Pick<TablePart, "file" | "sheet">[],
): string {
  if (part.sheet === null) return part.file;
  const isOneFile = parts.every(({ file }) => file === part.file);
  return isOneFile ? part.sheet : `${part.file}, ${part.sheet}`;
}

/** A row as its own file or sheet numbers it; `label` is empty for a table of one part. */
export type RowPlace = { label: string; row: number };

/** Where a row of a table of several parts stands in its own file or sheet. */
export function placeOfRow(
  parts: readonly TablePart[] | undefined,
  rowNumber: number,
): RowPlace {
  if (!parts || parts.length < 2) return { label: "", row: rowNumber };
  const part =
    parts.findLast(
      ({ firstRow }) => firstRow !== undefined && firstRow <= rowNumber,
    ) ?? parts[0];
  if (!part) return { label: "", row: rowNumber };
  const row = rowNumber - (part.firstRow ?? 0) + (part.headerRow ?? 0) + 1;
  return { label: partLabel(part, parts), row };
}

/** A range of rows of the table, cut where one part ends and the next begins. */
export function placesOfRange(
  parts: readonly TablePart[] | undefined,
  [from, to]: readonly [number, number],
): { label: string; from: number; to: number }[] {
  if (!parts || parts.length < 2) return [{ label: "", from, to }];
  const starts = parts
    .map(({ firstRow }) => firstRow ?? 0)
    .filter((start) => start > from && start <= to);
  const bounds = [from, ...starts, to + 1];
  return bounds.slice(0, -1).flatMap((start, index) => {
    const end = (bounds[index + 1] ?? to + 1) - 1;
    if (end < start) return [];
    const { label, row } = placeOfRow(parts, start);
    return [{ label, from: row, to: row + end - start }];
  });
}

/** Neighbouring positions as ranges, first and last. */
export function columnRanges(columns: readonly number[]): [number, number][] {
  const ranges: [number, number][] = [];
  for (const column of columns) {
    const last = ranges.at(-1);
    if (last && last[1] === column - 1) last[1] = column;
    else ranges.push([column, column]);
  }
  return ranges;
}

/**
 * Makes the function that tells which columns the file or sheet of a row does
 * not have; the same list for all rows of a part, `undefined` when it has them
 * all. Rows are asked for in file order; any other order is slower.
 */
export function createLackingColumns(
  parts: readonly TablePart[] | undefined,
): ((rowNumber: number) => readonly number[] | undefined) | undefined {
  if (!parts?.some(({ lacks }) => lacks && lacks.length > 0)) return undefined;
  const lists = parts.map(({ lacks }) =>
    lacks?.flatMap(([first, last]) =>
      Array.from({ length: last - first + 1 }, (_, at) => first + at),
    ),
  );
  const starts = parts.map(({ firstRow }) => firstRow ?? 0);
  let at = 0;
  return (rowNumber) => {
    if (rowNumber < (starts[at] ?? 0)) at = 0;
    while ((starts[at + 1] ?? Infinity) <= rowNumber) at += 1;
    return lists[at];
  };
}

/** Whether the table is the text of one file as it is, and not made from sheets or several files. */
export function isPlainText(parts: readonly TablePart[] | undefined): boolean {
  return !parts || (parts.length === 1 && parts[0]?.sheet === null);
}
