import {
  VALUE_CHARS_KEPT,
  VALUES_KEPT_MAX,
  type ColumnMeasure,
  type FileMeasures,
} from "@/lib/domain/column-measures";
import type { ColumnMapping } from "@/lib/domain/mapping";
import { SNAPSHOT_LIMITS } from "@/lib/domain/recipe-snapshot";
import { storable } from "@/lib/domain/storable-text";

import type { RowObserver } from "./run-import";

const NUMBER_CHARS_MAX = 20;
const PLAIN_NUMBER = /^[+-]?\d+(?:[.,]\d+)?$/;

type Measuring = {
  filled: number;
  lengthMin: number;
  lengthMax: number;
  numbers: number;
  min: number;
  max: number;
  values: Map<string, number> | undefined;
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
    ...{ numbers: 0, min: Infinity, max: -Infinity, values: new Map() },
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
  if (length < column.lengthMin) column.lengthMin = length;
  if (length > column.lengthMax) column.lengthMax = length;
  if (length <= NUMBER_CHARS_MAX) {
    const first = cell.charCodeAt(0);
    // A digit, a minus or a plus: most texts need no more than this look.
    const mayBeNumber =
      (first >= 48 && first <= 57) || first === 45 || first === 43;
    if (mayBeNumber && PLAIN_NUMBER.test(cell)) {
      const value = Number(cell.replace(",", "."));
      column.numbers += 1;
      if (value < column.min) column.min = value;
      if (value > column.max) column.max = value;
    }
  }
  const { values } = column;
  if (!values) return;
  const kept =
    length > VALUE_CHARS_KEPT ? `${cell.slice(0, VALUE_CHARS_KEPT)}…` : cell;
  const count = values.get(kept);
  if (count !== undefined) values.set(kept, count + 1);
  else if (values.size < VALUES_KEPT_MAX) values.set(copy(kept), 1);
  else column.values = undefined;
}

/** As it can be stored; and a copy, for a slice would keep the whole piece of the file alive that the cell was cut from. */
function copy(text: string): string {
  return JSON.parse(JSON.stringify(storable(text))) as string;
}

function toMeasure(
  column: Measuring,
  header: string,
  isUsed: boolean,
): ColumnMeasure {
  const { filled, lengthMin, lengthMax, numbers, min, max, values } = column;
  return {
    ...{ header, isUsed, filled, lengthMax, numbers },
    lengthMin: filled > 0 ? lengthMin : 0,
    numberMin: numbers > 0 ? min : null,
    numberMax: numbers > 0 ? max : null,
    values: values
      ? [...values].sort(([, one], [, other]) => other - one)
      : null,
  };
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
