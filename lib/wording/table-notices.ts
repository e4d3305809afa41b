const count = (value: number) => value.toLocaleString("en");

/** What a person should know of a table, and of the rows of it that are dropped again. */
export const TABLE_NOTICES = {
  onlyHeader: (row: number) =>
    `The file has a header in row ${row} but no rows below it, so there is nothing to import. Add rows, or choose another header row.`,
  noRows: "The file has no filled rows, so there is nothing to import.",
  headerBelow: (row: number) =>
    `The header is taken from row ${row}; the rows above it are left out. Choose another header row if that is wrong.`,
  noHeader:
    "The file seems to have no header, so the columns are named by their letters. Choose a header row if it has one.",
  longRow: (row: number) =>
    `Row ${row} has more filled cells than the header has names; such rows are rejected, so that nothing is lost unseen.`,
  shortRows: ({ count: rows, first }: { count: number; first: number }) =>
    `${rows === 1 ? `Row ${first} has` : `${count(rows)} rows, the first of them row ${first}, have`} fewer cells than the table has columns. What is missing at the end counts as empty; if cells have moved to the left, correct the file.`,
  blankHeaders: (columns: string) =>
    `No name in the header for column ${columns}. Give each a property id, or ignore it.`,
  repeatedHeaders: (names: string) =>
    `The header repeats ${names}. The columns are kept apart by their position; give each its own property id or language.`,
  hiddenCharacters: (names: string) =>
    `Invisible characters in the header: ${names}. The suggested property ids are without them.`,
  partNotUtf8: (part: string) =>
    `${part} begins like UTF-8 but is not, so it was read as Windows-1252 (Western European). Look at texts with accents in it.`,
  lackingColumns:
    "Not all of them have the same columns. Where one has no such column, the values stay as they are stored, also where empty cells clear them.",
  notUtf8:
    "The file begins like UTF-8 but is not, so it was read as Windows-1252 (Western European). Look at texts with accents in the preview, and choose another encoding if they are wrong.",
  emptyInZip: (name: string) => `${name} in the zip is empty and was left out.`,
  noTables: (files: number) =>
    files === 1
      ? "One file in the zip is no table and was left out."
      : `${count(files)} files in the zip are no tables and were left out.`,
  leftOutAgain:
    "Dropped again with this key, the row is rejected again. Give it a key of its own, or empty its status to let it replace the values of the row that was kept.",
} as const;

/** The same of a sheet of a workbook. */
export const SHEET_NOTICES = {
  merged: (times: number, first: string) =>
    `${times === 1 ? "Cells are merged" : `${count(times)} times cells are merged`} below the header (${times === 1 ? "" : "first "}${first}). Only the first of them has the value, the others count as empty. Unmerge them in the spreadsheet if each row should have it.`,
  errors: (cells: number, row: number, column: string) =>
    `${found(cells, "cell holds an error", "cells hold errors")} such as #N/A or #REF! (first in row ${count(row)}, column ${column}). Rows with an error in a column that is used are rejected.`,
  unknownFormulas: (formulas: number, row: number, column: string) =>
    `${found(formulas, "formula has", "formulas have")} no result stored in the file (first in row ${count(row)}, column ${column}) and count as empty. Open the workbook in a spreadsheet program, save it, and drop it again.`,
  rounded: (column: string, numbers: number, row: number) =>
    `Column ${column} has ${numbers === 1 ? "a number" : `${count(numbers)} numbers`} of 16 digits or more (first in row ${count(row)}). Spreadsheets keep only 15 digits of a number, so the last ones are not what was typed. Format the column as text and type or import it again.`,
} as const;

function found(times: number, one: string, many: string): string {
  return times === 1 ? `One ${one}` : `${count(times)} ${many}`;
}
