import type { TableOptions } from "@/lib/domain/import-run";
import { CELL_ERROR_MARK } from "@/lib/domain/row-issue";
import { columnLabels, type RowNotes } from "@/lib/domain/row-notes";
import { createLackingColumns } from "@/lib/domain/table-parts";

import type { TableChunk } from "./read-table";

/** A row with what is known of it beside its cells. */
export type RowRead = {
  cells: string[];
  mayHoldNul: boolean;
  /** Columns that its own file or sheet does not have; the same list for the same columns. */
  lacks: readonly number[] | undefined;
  notes: RowNotes | undefined;
};

/**
 * Makes the function that takes a row out of a chunk. Rows of a file of
 * rejected rows get what they had when they were rejected: cells that were
 * errors of a spreadsheet are such errors again, unless somebody wrote
 * something else into them, and columns that their file did not have are
 * missing again. `headers` are those of the file.
 *
 * What it returns holds until it is called again.
 */
export function createRowReader({
  options,
  headers,
}: {
  options: TableOptions;
  headers: readonly string[];
}): (chunk: TableChunk, at: number) => RowRead {
  const lacksOf = createLackingColumns(options.parts);
  const columnsOf = createColumnFinder(headers);
  const row: RowRead = {
    ...{ cells: [], mayHoldNul: false, lacks: undefined, notes: undefined },
  };
  return ({ rows, notes, firstRowNumber, mayHoldNul }, at) => {
    row.cells = rows[at] as string[];
    row.mayHoldNul = mayHoldNul;
    row.notes = notes?.[at];
    if (row.notes === undefined) row.lacks = lacksOf?.(firstRowNumber + at);
    else remember(row, row.notes, columnsOf);
    return row;
  };
}

function remember(
  row: RowRead,
  { lacks, errors }: RowNotes,
  columnsOf: ReturnType<typeof createColumnFinder>,
): void {
  row.lacks = lacks.length === 0 ? undefined : columnsOf(lacks);
  for (const column of columnsOf(errors)) {
    const cell = row.cells[column];
    if (!cell?.startsWith("#")) continue;
    row.cells = row.cells.with(column, CELL_ERROR_MARK + cell);
    row.mayHoldNul = true;
  }
}

/** Finds columns by their labels; for the same labels the same list. */
function createColumnFinder(
  headers: readonly string[],
): (labels: readonly string[]) => readonly number[] {
  const columns = new Map(
    columnLabels(headers).map((label, column) => [label, column]),
  );
  const lists = new Map<string, readonly number[]>();
  return (labels) => {
    const name = labels.join();
    let list = lists.get(name);
    if (!list) {
      list = labels.flatMap((label) => columns.get(label) ?? []);
      // Somebody may have written all of them by hand.
      if (lists.size >= 1_000) lists.clear();
      lists.set(name, list);
    }
    return list;
  };
}
