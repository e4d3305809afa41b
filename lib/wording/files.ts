import { formatCount, formatNumber } from "@/lib/client/format-number";

/** Texts about the files and sheets that an import takes. */
export const FILES = {
  drop: {
    title: "Drop a spreadsheet here",
    hint: "Excel, OpenDocument, CSV, TSV or a zip of them; several files become one table. You can also paste cells with Ctrl+V. Nothing is sent before you have looked at it.",
    other: "Drop another spreadsheet",
    otherHint: "It takes the place of this one.",
    refused:
      "That is not a file that can be read. Drop a workbook, a CSV or TSV file, or a zip of them.",
  },
  paste: {
    open: "Paste cells",
    title: "Paste cells",
    hint: "Copy the cells in your spreadsheet, with their header, and paste them here.",
    label: "Cells",
    use: "Use these cells",
    cancel: "Cancel",
    unreadable: "There was no text to paste. Copy cells first.",
  },
  sheets: {
    title: "Sheets",
    titleOfFiles: "Files",
    hint: "Several become one table: columns of the same name come together, and a last column says where each row is from.",
    orderOfFiles:
      "Files are read in the order of their names. To go on with this import later, drop the same files together, in any order.",
    use: "Use",
    name: "Sheet",
    file: "File",
    rows: "Rows",
    columns: "Columns",
    uncounted: "not counted",
    hidden: "hidden",
    "very hidden": "hidden from Excel's menus",
    apply: "Read these",
    none: "Choose at least one.",
  },
  quotes: {
    use: "Read quotes as ordinary text",
    hint: "When quotes are read as ordinary text, a pair around a whole cell is left out.",
  },
} as const;

/** "3 of 5 sheets are read, 2 are hidden". */
export function sheetSummary(args: {
  chosen: number;
  all: number;
  hidden: number;
  isFiles: boolean;
}): string {
  const { chosen, all, hidden, isFiles } = args;
  const read = `${formatNumber(chosen)} of ${formatCount(all, isFiles ? "table" : "sheet")} ${chosen === 1 ? "is" : "are"} read`;
  if (hidden === 0) return `${read}.`;
  return `${read}; ${formatNumber(hidden)} ${hidden === 1 ? "is" : "are"} hidden.`;
}

export const chooseLabel = (name: string) => `Use ${name}`;

/** "The file has 21,692 lines below its header but only 20,964 rows …". */
export function swallowedRows(args: {
  breaks: {
    count: number;
    longCells: number;
    firstRow: number;
    firstColumn: number;
  };
  rows: number;
  headers: readonly string[];
}): string {
  const { breaks, rows, headers } = args;
  const name = (headers[breaks.firstColumn] ?? "").slice(0, 60);
  const cells =
    breaks.longCells === 1
      ? "One cell holds more than 20 line breaks"
      : `${formatCount(breaks.longCells, "cell")} hold more than 20 line breaks, the first of them`;
  return `${cells} in row ${formatNumber(breaks.firstRow)}, column “${name}”: the file has ${formatNumber(rows + breaks.count)} lines below its header but makes ${formatCount(rows, "row")}. If rows have run into each other there, read quotes as ordinary text.`;
}
