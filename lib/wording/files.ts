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
    hint: "A pair of quotes around a whole cell is then left out.",
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
