import { canonicalBlob, createCsvWriter } from "./csv-writer";
import { detectHeaderRow } from "./detect-header";
import type { CellRange, OnSheetRow, SheetFacts } from "./sheet-rows";

/** Rows in which a header is looked for, kept back until the merged cells are known. */
const HEAD_ROWS = 60;

export type SheetTable = {
  table: Blob;
  headerRow: number;
  facts: SheetFacts;
};

/**
 * One sheet as the table that the importer reads. Row numbers stay those of the
 * sheet: rows without cells are written as blank rows. Merged cells in the
 * header give their name to every column they cover; below it only their first
 * cell has the value, as the sheet has it.
 */
export async function writeSheetTable(
  readSheet: (onRow: OnSheetRow) => Promise<SheetFacts> | SheetFacts,
  givenHeaderRow: number | undefined,
): Promise<SheetTable> {
  const headRows = Math.max(HEAD_ROWS, givenHeaderRow ?? 0);
  const head: string[][] = [];
  const body = createCsvWriter();
  let written = headRows;
  let width = 0;

  const facts = await readSheet((rowNumber, cells) => {
    if (rowNumber <= headRows) {
      while (head.length < rowNumber - 1) head.push([]);
      head.push(cells);
      width = Math.max(width, cells.length);
      return;
    }
    for (; written < rowNumber - 1; written++) body.row([]);
    body.row(padded(cells, width));
    written = rowNumber;
  });

  const hasBody = written > headRows;
  if (hasBody) while (head.length < headRows) head.push([]);
  const filled = fillMerged(head, facts.merges, givenHeaderRow ?? head.length);
  const headerRow = givenHeaderRow ?? detectHeaderRow(padAll(filled));
  const shown = padAll(fillMerged(head, facts.merges, headerRow));
  const first = createCsvWriter();
  for (const row of shown) first.row(row);
  const parts = [...first.parts(), ...body.parts()];
  return { table: canonicalBlob(parts), headerRow, facts };
}

function padAll(rows: readonly string[][]): string[][] {
  const width = rows.reduce((max, row) => Math.max(max, row.length), 0);
  return rows.map((row) => (row.length === 0 ? [] : padded(row, width)));
}

function padded(row: string[], width: number): string[] {
  while (row.length < width) row.push("");
  return row;
}

/** Copies of the rows down to `lastRow` with merged cells filled in; never wider than the rows are. */
function fillMerged(
  rows: readonly string[][],
  merges: readonly CellRange[],
  lastRow: number,
): string[][] {
  const copies = rows.map((row) => [...row]);
  const width = rows.reduce((max, row) => Math.max(max, row.length), 0);
  for (const merge of merges) {
    const value = rows[merge.firstRow - 1]?.[merge.firstColumn] ?? "";
    if (value === "") continue;
    const bottom = Math.min(merge.lastRow, lastRow, rows.length);
    const right = Math.min(
      merge.lastColumn,
      Math.max(width - 1, merge.firstColumn),
    );
    for (let row = merge.firstRow; row <= bottom; row++) {
      const cells = copies[row - 1];
      if (!cells) continue;
      for (let column = merge.firstColumn; column <= right; column++) {
        while (cells.length <= column) cells.push("");
        if (cells[column] === "") cells[column] = value;
      }
    }
  }
  return copies;
}
