import { isLanguageCode } from "./identifiers";
import type { ColumnMapping } from "./mapping";
import type { RowIssue } from "./row-issue";

export type RowLanguage = {
  /** A code, or `""` for none. */
  language: string;
  issue: RowIssue | undefined;
};

/**
 * Makes the function that reads the language of a row out of its language
 * column, translated by the `codes` of the mapping. An empty cell is a problem
 * unless `mayBeNone`, or unless the codes say what it means.
 */
export function createRowLanguage(
  mapping: ColumnMapping,
): (cells: readonly string[], mayBeNone: boolean) => RowLanguage {
  const column = mapping.columns.findIndex(({ as }) => as === "language");
  const use = mapping.columns[column];
  const codes = new Map(use?.as === "language" ? use.codes : undefined);

  return (cells, mayBeNone) => {
    const cell = cells[column] ?? "";
    const translated = codes.get(cell);
    const language = translated ?? cell;
    const isLegal =
      isLanguageCode(language) ||
      (language === "" && (mayBeNone || translated !== undefined));
    if (isLegal) return { language, issue: undefined };
    const code = cell.trim() === "" ? "language_missing" : "language_illegal";
    return { language: "", issue: { code, column, value: cell } };
  };
}
