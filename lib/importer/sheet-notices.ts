import { SHEET_NOTICES } from "@/lib/wording/table-notices";

import { columnLetters } from "./open-table";
import type { CellRange, SheetFacts } from "./sheet-rows";

const COLUMNS_NAMED = 5;

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
    notices.push(SHEET_NOTICES.merged(body.length, rangeText(first)));
  }
  const { errors, unknownFormulas, rounded } = facts;
  if (errors.count > 0) {
    notices.push(
      SHEET_NOTICES.errors(
        errors.count,
        errors.firstRow,
        name(errors.firstColumn),
      ),
    );
  }
  if (unknownFormulas.count > 0) {
    notices.push(
      SHEET_NOTICES.unknownFormulas(
        unknownFormulas.count,
        unknownFormulas.firstRow,
        name(unknownFormulas.firstColumn),
      ),
    );
  }
  for (const [column, numbers] of [...rounded].slice(0, COLUMNS_NAMED)) {
    notices.push(
      SHEET_NOTICES.rounded(name(column), numbers.count, numbers.firstRow),
    );
  }
  return notices;
}

function rangeText(range: CellRange): string {
  const first = `${columnLetters(range.firstColumn)}${range.firstRow}`;
  return `${first}:${columnLetters(range.lastColumn)}${range.lastRow}`;
}
