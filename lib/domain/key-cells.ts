import { unmarkedCell } from "./entry-export";
import type { ColumnMapping } from "./mapping";

/** Makes the function that takes a row's key cells as they stand in the file, without the marks of an export of ours. */
export function keyCellsOf(
  mapping: ColumnMapping,
): (cells: readonly string[]) => string[] {
  const columns = mapping.columns.flatMap((use, column) =>
    use.as === "key" ? [{ column, isMarked: use.isMarked === true }] : [],
  );
  return (cells) =>
    columns.map(({ column, isMarked }) => {
      const cell = cells[column] ?? "";
      return isMarked ? unmarkedCell(cell) : cell;
    });
}
