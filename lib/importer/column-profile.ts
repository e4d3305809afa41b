import type { RowObserver } from "./run-import";

export type ColumnProfile = {
  /** Rows with something in this column; blank rows count as without. */
  filled: number;
};

/** Counts over all rows of a file, a column at a time. */
export function createColumnProfiler(
  width: number,
): RowObserver & { result: () => ColumnProfile[] } {
  const filled = new Uint32Array(width);
  return {
    row(cells) {
      const last = Math.min(cells.length, width);
      for (let column = 0; column < last; column++) {
        if (cells[column] !== "") filled[column] = (filled[column] ?? 0) + 1;
      }
    },
    result: () => Array.from(filled, (count) => ({ filled: count })),
  };
}
