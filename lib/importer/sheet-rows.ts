/** The grid of a sheet (ECMA-376, Excel's limits). */
export const SHEET_ROWS_MAX = 1_048_576;
export const SHEET_COLUMNS_MAX = 16_384;

export type CellRange = {
  firstRow: number;
  lastRow: number;
  firstColumn: number;
  lastColumn: number;
};

/** What a sheet held beside its cells; what a person should be told. */
export type SheetFacts = {
  /** Rows and columns up to the last filled cell; rows count from 1. */
  lastRow: number;
  columns: number;
  filledRows: number;
  merges: CellRange[];
  /** More were there than are kept. */
  mergeCount: number;
  errors: Found;
  /** Formulas without a result that was kept. */
  unknownFormulas: Found;
  /** Numbers of 16 digits and more, by column. */
  rounded: Map<number, Found>;
};

export type Found = { count: number; firstRow: number; firstColumn: number };

/** One row, with its number from 1; rows come in order, empty ones do not come. */
export type OnSheetRow = (rowNumber: number, cells: string[]) => void;

export function newFacts(): SheetFacts {
  return {
    lastRow: 0,
    columns: 0,
    filledRows: 0,
    merges: [],
    mergeCount: 0,
    errors: { count: 0, firstRow: 0, firstColumn: 0 },
    unknownFormulas: { count: 0, firstRow: 0, firstColumn: 0 },
    rounded: new Map(),
  };
}

export function countFound(found: Found, row: number, column: number): void {
  if (found.count === 0) {
    found.firstRow = row;
    found.firstColumn = column;
  }
  found.count += 1;
}

export function countRounded(
  facts: SheetFacts,
  row: number,
  column: number,
): void {
  let found = facts.rounded.get(column);
  if (!found) {
    found = { count: 0, firstRow: 0, firstColumn: 0 };
    facts.rounded.set(column, found);
  }
  countFound(found, row, column);
}

/** `B3:D4` or `B3`, columns from 0; `undefined` for anything else. */
export function readRange(ref: string): CellRange | undefined {
  const match =
    /^\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?$/i.exec(ref);
  if (!match) return undefined;
  const [, left = "", top = "", right = left, bottom = top] = match;
  return {
    firstRow: Number(top),
    lastRow: Number(bottom),
    firstColumn: columnNumber(left),
    lastColumn: columnNumber(right),
  };
}

function columnNumber(letters: string): number {
  let number = 0;
  for (const letter of letters.toUpperCase()) {
    number = number * 26 + letter.charCodeAt(0) - 64;
  }
  return number - 1;
}
