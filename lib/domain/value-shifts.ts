import type { ColumnMeasure, FileMeasures } from "./column-measures";
import { matchHeaders } from "./recipe-fit";

/** Fewer rows say nothing about shares. */
const ROWS_MIN = 10;
/** The share of filled cells moved by more than this. */
const FILLED_MOVED_MIN = 0.05;
const NUMBERS_SHARE_MIN = 0.95;
const NUMBERS_LOST_MAX = 0.9;
const RANGE_FACTOR = 10;
const LENGTH_FACTOR = 3;
const LENGTH_MIN = 30;
const VALUES_LISTED = 5;

/** One way in which a column is not as it was. */
export type ValueShift = { header: string } & (
  | { is: "filled"; before: number; now: number }
  | { is: "newValues"; values: string[]; count: number }
  | { is: "manyValues"; before: number }
  | { is: "notNumbers"; share: number }
  | { is: "range"; before: [number, number]; now: [number, number] }
  | { is: "length"; before: number; now: number }
);

/**
 * What is unlike the last file in the columns that both have and the mapping
 * uses, column by column. `columns` gives for each column of before that of
 * now, or -1; by name when it is left out.
 */
export function valueShifts(
  before: FileMeasures,
  now: FileMeasures,
  columns: readonly number[] = matchHeaders(
    before.columns.map(({ header }) => header),
    now.columns.map(({ header }) => header),
  ),
): ValueShift[] {
  if (before.rows < ROWS_MIN || now.rows < ROWS_MIN) return [];
  return before.columns.flatMap((was, index) => {
    const is = now.columns[columns[index] ?? -1];
    return is?.isUsed ? columnShifts(was, is, before.rows, now.rows) : [];
  });
}

function columnShifts(
  was: ColumnMeasure,
  is: ColumnMeasure,
  rowsBefore: number,
  rowsNow: number,
): ValueShift[] {
  const { header } = is;
  const shifts: ValueShift[] = [];
  const before = was.filled / rowsBefore;
  const now = is.filled / rowsNow;
  if (Math.abs(before - now) > FILLED_MOVED_MIN) {
    shifts.push({ header, is: "filled", before, now });
  }
  if (was.filled === 0 || is.filled === 0) return shifts;

  const wasNumbers = was.numbers / was.filled >= NUMBERS_SHARE_MIN;
  const share = is.numbers / is.filled;
  if (wasNumbers && share < NUMBERS_LOST_MAX) {
    shifts.push({ header, is: "notNumbers", share });
  } else if (wasNumbers) shifts.push(...rangeShift(was, is));
  if (!wasNumbers) shifts.push(...newValues(was, is, rowsBefore));
  if (
    !wasNumbers &&
    is.lengthMax > LENGTH_MIN &&
    is.lengthMax > was.lengthMax * LENGTH_FACTOR
  ) {
    const lengths = { before: was.lengthMax, now: is.lengthMax };
    shifts.push({ header, is: "length", ...lengths });
  }
  return shifts;
}

/** A sign that was not there, or another order of magnitude. */
function rangeShift(was: ColumnMeasure, is: ColumnMeasure): ValueShift[] {
  if (was.numberMin === null || was.numberMax === null) return [];
  if (is.numberMin === null || is.numberMax === null) return [];
  const before: [number, number] = [was.numberMin, was.numberMax];
  const now: [number, number] = [is.numberMin, is.numberMax];
  const largest = Math.max(Math.abs(before[0]), Math.abs(before[1]));
  const largestNow = Math.max(Math.abs(now[0]), Math.abs(now[1]));
  const isNegative = now[0] < 0 && before[0] >= 0;
  const isAway =
    largestNow > largest * RANGE_FACTOR || largestNow * RANGE_FACTOR < largest;
  return isNegative || isAway
    ? [{ header: is.header, is: "range", before, now }]
    : [];
}

/** Only of columns that held few values again and again. */
function newValues(
  was: ColumnMeasure,
  is: ColumnMeasure,
  rowsBefore: number,
): ValueShift[] {
  const { header } = is;
  if (was.values === null || was.values.length * 3 > rowsBefore) return [];
  if (is.values === null) {
    return [{ header, is: "manyValues", before: was.values.length }];
  }
  const known = new Set(was.values.map(([value]) => value));
  const values = is.values
    .map(([value]) => value)
    .filter((value) => !known.has(value));
  if (values.length === 0) return [];
  const listed = values.slice(0, VALUES_LISTED);
  return [{ header, is: "newValues", values: listed, count: values.length }];
}
