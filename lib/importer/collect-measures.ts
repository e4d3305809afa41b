import {
  keptValue,
  VALUES_KEPT_MAX,
  type ColumnMeasure,
  type FileMeasures,
} from "@/lib/domain/column-measures";
import type { ColumnMapping } from "@/lib/domain/mapping";
import { ownText } from "@/lib/domain/own-text";
import { SNAPSHOT_LIMITS } from "@/lib/domain/recipe-snapshot";
import { storable } from "@/lib/domain/storable-text";

import type { RowObserver } from "./run-import";

const NUMBER_CHARS_MAX = 20;
/** A column with a longer text is not one of few values. */
const KEPT_WHOLE_CHARS_MAX = 1_000;
const PLAIN_NUMBER = /^[+-]?\d+(?:[.,]\d+)?$/;
/** Numbers of so many digits are exact as a whole number and a power of ten. */
const EXACT_DIGITS_MAX = 15;
const POWERS = Array.from({ length: 16 }, (_, power) => 10 ** power);

type Measuring = {
  filled: number;
  lengthMin: number;
  lengthMax: number;
  numbers: number;
  min: number;
  max: number;
  /** Where the count of each value is, until there are too many of them. */
  values: Map<string, number> | undefined;
  counts: number[];
};

/**
 * Measures every column over all rows: bounded memory, a few operations a cell.
 * A number is digits with at most one point or comma, which counts as a point.
 */
export function createMeasureCollector(
  mapping: ColumnMapping,
  headers: readonly string[],
): RowObserver & { result: () => FileMeasures } {
  let rows = 0;
  const columns = headers.map((): Measuring => ({
    ...{ filled: 0, lengthMin: Infinity, lengthMax: 0 },
    ...{
      numbers: 0,
      min: Infinity,
      max: -Infinity,
      values: new Map(),
      counts: [],
    },
  }));
  return {
    row(cells, _, mapped) {
      if (mapped.kind === "blank") return;
      rows += 1;
      const last = Math.min(cells.length, columns.length);
      for (let index = 0; index < last; index += 1) {
        const cell = cells[index];
        if (cell) measure(columns[index] as Measuring, cell);
      }
    },
    result: () => ({
      rows,
      columns: fitted(
        columns.map((column, index) =>
          toMeasure(
            column,
            storable((headers[index] ?? "").slice(0, 300)),
            (mapping.columns[index]?.as ?? "ignore") !== "ignore",
          ),
        ),
      ),
    }),
  };
}

function measure(column: Measuring, cell: string): void {
  const { length } = cell;
  column.filled += 1;
  const { values } = column;
  if (values) {
    const at = values.get(cell);
    if (at !== undefined) {
      column.counts[at] = (column.counts[at] ?? 0) + 1;
      return;
    }
    if (values.size < VALUES_KEPT_MAX && length <= KEPT_WHOLE_CHARS_MAX) {
      values.set(ownText(cell), column.counts.push(1) - 1);
    } else giveUpValues(column, values);
  }
  if (length < column.lengthMin) column.lengthMin = length;
  if (length > column.lengthMax) column.lengthMax = length;
  measureNumber(column, cell, 1);
}

/** Numbers count once for each cell: those of kept values are counted when they are given up, or at the end. */
function giveUpValues(column: Measuring, values: Map<string, number>): void {
  for (const [value, at] of values) {
    const repeats = (column.counts[at] ?? 1) - 1;
    if (repeats > 0) measureNumber(column, value, repeats);
  }
  column.values = undefined;
}

function measureNumber(column: Measuring, cell: string, cells: number): void {
  if (cell.length > NUMBER_CHARS_MAX) return;
  const first = cell.charCodeAt(0);
  // A digit, a minus or a plus: most texts need no more than this look.
  const mayBeNumber =
    (first >= 48 && first <= 57) || first === 45 || first === 43;
  if (!mayBeNumber) return;
  const value = plainNumber(cell);
  if (value === undefined) return;
  column.numbers += cells;
  if (value < column.min) column.min = value;
  if (value > column.max) column.max = value;
}

/** Read digit by digit, with the very result of `Number`, in half the time of a pattern and `Number`. */
function plainNumber(cell: string): number | undefined {
  const { length } = cell;
  if (length > EXACT_DIGITS_MAX) {
    return PLAIN_NUMBER.test(cell) ? Number(cell.replace(",", ".")) : undefined;
  }
  const sign = cell.charCodeAt(0);
  const first = sign === 45 || sign === 43 ? 1 : 0;
  let digits = 0;
  let point = -1;
  for (let at = first; at < length; at++) {
    const unit = cell.charCodeAt(at);
    if (unit >= 48 && unit <= 57) digits = digits * 10 + unit - 48;
    else if ((unit === 46 || unit === 44) && point < 0) point = at;
    else return undefined;
  }
  if (length === first || point === first || point === length - 1) {
    return undefined;
  }
  const size =
    point < 0 ? digits : digits / (POWERS[length - 1 - point] as number);
  return sign === 45 ? -size : size;
}

function toMeasure(
  column: Measuring,
  header: string,
  isUsed: boolean,
): ColumnMeasure {
  const settled = { ...column };
  if (column.values) giveUpValues(settled, column.values);
  const { filled, lengthMin, lengthMax, numbers, min, max } = settled;
  return {
    ...{ header, isUsed, filled, lengthMax, numbers },
    lengthMin: filled > 0 ? lengthMin : 0,
    numberMin: numbers > 0 ? min : null,
    numberMax: numbers > 0 ? max : null,
    values: column.values ? keptValues(column.values, column.counts) : null,
  };
}

/** The most frequent first. Two long ones that begin alike are one. */
function keptValues(
  values: ReadonlyMap<string, number>,
  counts: readonly number[],
): [string, number][] {
  const kept = new Map<string, number>();
  for (const [value, at] of values) {
    const short = keptValue(value);
    kept.set(short, (kept.get(short) ?? 0) + (counts[at] ?? 0));
  }
  return [...kept].sort(([, one], [, other]) => other - one);
}

/** The values of the last columns are left out where all are too much to keep. */
function fitted(columns: readonly ColumnMeasure[]): ColumnMeasure[] {
  const bare = columns.map((column) => ({ ...column, values: null }));
  let left = SNAPSHOT_LIMITS.measuresCharsMax - JSON.stringify(bare).length;
  return columns.map((column, index) => {
    left -= JSON.stringify(column.values).length;
    return left > 1_000 ? column : (bare[index] ?? column);
  });
}
