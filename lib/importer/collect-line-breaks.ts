import type { RowObserver } from "./run-import";

/** More in one cell, and rows have likely run into it (parsing.md 2.4, 8). */
export const LINES_OF_A_CELL = 20;

/** Line breaks within cells: what a text has more of lines than of rows. */
export type CellLineBreaks = {
  /** In all cells together. */
  count: number;
  /** Cells with more than `LINES_OF_A_CELL`. */
  longCells: number;
  /** Row and column of the first of them; column from 0. */
  firstRow: number;
  firstColumn: number;
};

/** Counts the line breaks that cells hold. */
export function createLineBreakCounter(): RowObserver & {
  result: () => CellLineBreaks;
} {
  const found = { count: 0, longCells: 0, firstRow: 0, firstColumn: 0 };
  return {
    row(cells, rowNumber) {
      for (let column = 0; column < cells.length; column++) {
        const cell = cells[column] as string;
        let at = cell.indexOf("\n");
        if (at < 0) continue;
        let breaks = 0;
        for (; at >= 0; at = cell.indexOf("\n", at + 1)) breaks += 1;
        found.count += breaks;
        if (breaks <= LINES_OF_A_CELL) continue;
        if (found.longCells === 0) {
          found.firstRow = rowNumber;
          found.firstColumn = column;
        }
        found.longCells += 1;
      }
    },
    result: () => ({ ...found }),
  };
}
