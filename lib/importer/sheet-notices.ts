import { columnLetters } from "./open-table";
import type { CellRange, Found, SheetFacts } from "./sheet-rows";

const COLUMNS_NAMED = 5;

const count = (value: number) => value.toLocaleString("en");

/** What a person should know of a sheet before its columns are mapped. Whole sentences. */
export function sheetNotices(
  facts: SheetFacts,
  headerRow: number,
  headers: readonly string[],
): string[] {
  const notices: string[] = [];
  const name = (column: number) =>
    `“${(headers[column] ?? columnLetters(column)).slice(0, 60)}”`;
  const body = facts.merges.filter(
    ({ lastRow, firstRow }) => lastRow > headerRow && firstRow <= facts.lastRow,
  );
  const [first] = body;
  if (first) {
    notices.push(
      `${body.length === 1 ? "Cells are merged" : `${count(body.length)} times cells are merged`} below the header (${body.length === 1 ? "" : "first "}${rangeText(first)}). Only the first of them has the value, the others count as empty. Unmerge them in the spreadsheet if each row should have it.`,
    );
  }
  const { errors, unknownFormulas, rounded } = facts;
  if (errors.count > 0) {
    notices.push(
      `${found(errors, "cell holds an error", "cells hold errors")} such as #N/A or #REF! (first in row ${count(errors.firstRow)}, column ${name(errors.firstColumn)}). Rows with an error in a column that is used are rejected.`,
    );
  }
  if (unknownFormulas.count > 0) {
    notices.push(
      `${found(unknownFormulas, "formula has", "formulas have")} no result stored in the file (first in row ${count(unknownFormulas.firstRow)}, column ${name(unknownFormulas.firstColumn)}) and count as empty. Open the workbook in a spreadsheet program, save it, and drop it again.`,
    );
  }
  for (const [column, numbers] of [...rounded].slice(0, COLUMNS_NAMED)) {
    notices.push(
      `Column ${name(column)} has ${numbers.count === 1 ? "a number" : `${count(numbers.count)} numbers`} of 16 digits or more (first in row ${count(numbers.firstRow)}). Spreadsheets keep only 15 digits of a number, so the last ones are not what was typed. Format the column as text and type or import it again.`,
    );
  }
  return notices;
}

function found({ count: times }: Found, one: string, many: string): string {
  return times === 1 ? `One ${one}` : `${count(times)} ${many}`;
}

function rangeText(range: CellRange): string {
  const first = `${columnLetters(range.firstColumn)}${range.firstRow}`;
  return `${first}:${columnLetters(range.lastColumn)}${range.lastRow}`;
}
