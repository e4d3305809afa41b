import { createKeyCleaner } from "@/lib/domain/clean-key";
import { isEntryKey } from "@/lib/domain/identifiers";
import { keyCellsOf } from "@/lib/domain/key-cells";
import { looksLikeLanguage } from "@/lib/domain/language-codes";
import type { ColumnMapping } from "@/lib/domain/mapping";

import type {
  RepeatCounts,
  RepeatKind,
  RowGroup,
} from "./collect-repeated-keys";

const CELL_CHARS_SHOWN = 120;
const COLUMNS_SHOWN_MAX = 8;
/** Real files have rows that are there twice, whatever the columns. */
const TOLD_APART_MIN = 0.8;

/** Rows of one key, side by side. */
export type KeyGroup = {
  kind: RepeatKind;
  /** Positions of the columns in which they differ; the first few. */
  columns: number[];
  /** Columns that differ beside those. */
  columnsLeftOut: number;
  rows: {
    rowNumber: number;
    /** The key cells as they stand in the file. */
    key: string;
    /** The cells of `columns`, long ones cut. */
    cells: string[];
    /** Which of them differ from those of the first row. */
    differs: boolean[];
  }[];
};

export type RepeatedKeys = RepeatCounts & {
  groups: KeyGroup[];
  /** Every row that repeats a key is in a group. */
  isWhole: boolean;
  /** A column that may be the language of the row: it tells rows apart and reads like one. */
  languageColumn: TellingColumn | null;
  /** Columns whose text differs within a key: those that are translated, if there is a language. */
  differingColumns: number[];
  /** A column that would tell rows apart as a part of the key. */
  keyColumn: TellingColumn | null;
};

/** A column, and of how many keys (of all that were looked at) it tells the rows apart: most of them. */
export type TellingColumn = { column: number; keys: number; keysOf: number };

/**
 * Puts rows that repeat a key side by side, and finds what tells them apart.
 * `cellsByRow` has the rows of the groups; `filled` counts the cells with
 * something in them of each column, over `rowCount` rows.
 */
export function describeKeyGroups(args: {
  mapping: ColumnMapping;
  counts: RepeatCounts;
  groups: readonly RowGroup[];
  cellsByRow: ReadonlyMap<number, readonly string[]>;
  filled: readonly number[];
  rowCount: number;
}): RepeatedKeys {
  const { mapping, counts, cellsByRow } = args;
  const width = mapping.columns.length;
  const tables = args.groups.map(({ kind, rowNumbers }) => ({
    kind,
    rowNumbers,
    rows: rowNumbers.map((row) => cellsByRow.get(row) ?? []),
  }));
  const repeated = tables
    .filter(({ kind }) => kind === "repeated")
    .map(({ rows }) => rows);
  const shown = tables.reduce((sum, { rows }) => sum + rows.length - 1, 0);
  return {
    ...counts,
    groups: tables.map((table) => groupOf(table, mapping)),
    isWhole: shown === counts.repeatedRows + counts.collapsedRows,
    languageColumn: findLanguageColumn(repeated, mapping),
    differingColumns: range(width).filter((column) =>
      repeated.some((rows) => differsIn(rows, column)),
    ),
    keyColumn: findKeyColumn(repeated, args),
  };
}

type Table = {
  kind: RepeatKind;
  rowNumbers: readonly number[];
  rows: readonly (readonly string[])[];
};

function groupOf(
  { kind, rowNumbers, rows }: Table,
  mapping: ColumnMapping,
): KeyGroup {
  const keyCells = keyCellsOf(mapping);
  const differing = range(mapping.columns.length).filter((column) =>
    differsIn(rows, column),
  );
  const columns = differing.slice(0, COLUMNS_SHOWN_MAX);
  const first = rows[0] ?? [];
  return {
    kind,
    columns,
    columnsLeftOut: differing.length - columns.length,
    rows: rows.map((cells, at) => ({
      rowNumber: rowNumbers[at] ?? 0,
      key: cut(keyCells(cells).join(mapping.keySeparator)),
      cells: columns.map((column) => cut(cells[column] ?? "")),
      differs: columns.map(
        (column) => (cells[column] ?? "") !== (first[column] ?? ""),
      ),
    })),
  };
}

function differsIn(
  rows: readonly (readonly string[])[],
  column: number,
): boolean {
  const [first, ...others] = rows;
  return others.some(
    (cells) => (cells[column] ?? "") !== (first?.[column] ?? ""),
  );
}

type Rows = readonly (readonly string[])[];

function tellApart(
  groups: readonly Rows[],
  column: number,
): TellingColumn | undefined {
  const told = groups.filter((rows) => {
    const cells = rows.map((row) => row[column] ?? "");
    return new Set(cells).size === cells.length;
  });
  const isMost =
    told.length > 0 && told.length >= groups.length * TOLD_APART_MIN;
  return isMost
    ? { column, keys: told.length, keysOf: groups.length }
    : undefined;
}

function findLanguageColumn(
  groups: readonly Rows[],
  mapping: ColumnMapping,
): TellingColumn | null {
  if (mapping.columns.some(({ as }) => as === "language")) return null;
  const found = range(mapping.columns.length).find(
    (column) =>
      isFree(mapping, column) &&
      tellApart(groups, column) !== undefined &&
      groups.every((rows) =>
        rows.every((row) => looksLikeLanguage(row[column] ?? "")),
      ),
  );
  return found === undefined ? null : (tellApart(groups, found) ?? null);
}

/** Filled in every row, legal, and of those the one with the fewest different cells: a currency rather than a price. */
function findKeyColumn(
  groups: readonly Rows[],
  { mapping, filled, rowCount }: Parameters<typeof describeKeyGroups>[0],
): TellingColumn | null {
  const clean = createKeyCleaner(mapping.keyRules) ?? ((cell) => cell);
  const found = range(mapping.columns.length)
    .flatMap((column) => {
      const isUsable = isFree(mapping, column) && filled[column] === rowCount;
      return (isUsable && tellApart(groups, column)) || [];
    })
    .map((telling) => ({
      telling,
      cells: new Set(
        groups.flat().map((row) => clean(row[telling.column] ?? "")),
      ),
    }))
    .filter(({ cells }) => [...cells].every(isEntryKey))
    .sort((a, b) => a.cells.size - b.cells.size);
  return found[0]?.telling ?? null;
}

function isFree(mapping: ColumnMapping, column: number): boolean {
  const as = mapping.columns[column]?.as;
  return as === "property" || as === "ignore";
}

function cut(value: string): string {
  const isLong = value.length > CELL_CHARS_SHOWN;
  return isLong ? `${value.slice(0, CELL_CHARS_SHOWN)}…` : value;
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at);
}
