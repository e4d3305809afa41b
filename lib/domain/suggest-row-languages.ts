import { isLanguageCode } from "./identifiers";
import {
  correctLanguage,
  looksLikeLanguage,
  readLanguage,
} from "./language-codes";

/** A code of the source that is written in another way: `en-US` for `en_US`. */
export function asTheSourceWrites(
  code: string,
  known: Iterable<string>,
): string {
  const folded = fold(code);
  let alike: string | undefined;
  for (const own of known) {
    if (own === code) return code;
    if (fold(own) === folded) alike ??= own;
  }
  return alike ?? code;
}

/** Whether a cell says a language in any way that `suggestRowLanguages` understands. */
export function saysLanguage(cell: string): boolean {
  return looksLikeLanguage(cell) || readLanguage(cell) !== undefined;
}

/**
 * What the cells of a language column most likely mean where they are not the
 * codes to store: names (`Swedish`), country codes (`cn` for zh; `se` for sv
 * beside other languages) and codes that the source writes in another way.
 */
export function suggestRowLanguages(
  cells: readonly string[],
  known: ReadonlySet<string>,
): [cell: string, code: string][] {
  const distinct = [...new Set(cells)].filter((cell) => cell !== "");
  return distinct.flatMap((cell): [string, string][] => {
    const code = asTheSourceWrites(meant(cell, distinct, known), known);
    return code !== cell && isLanguageCode(code) ? [[cell, code]] : [];
  });
}

/** Cells that are neither codes nor translated; of an empty cell nothing is said. */
export function untranslatedCells(
  cells: readonly string[],
  codes: ReadonlyMap<string, string>,
): string[] {
  return cells.filter(
    (cell) => cell !== "" && !codes.has(cell) && !looksLikeLanguage(cell),
  );
}

function meant(
  cell: string,
  all: readonly string[],
  known: ReadonlySet<string>,
): string {
  if (known.has(cell)) return cell;
  const corrected = correctLanguage(cell);
  if (corrected !== cell && corrected !== cell.toLowerCase()) {
    const isLanguageToo =
      readLanguage(cell)?.code.toLowerCase() === cell.toLowerCase();
    const isSlip =
      !isLanguageToo || (all.length > 1 && !all.includes(corrected));
    if (isSlip) return corrected;
  }
  return cell.length > 3 && !/[-_]/.test(cell)
    ? (readLanguage(cell)?.code ?? cell)
    : cell;
}

function fold(code: string): string {
  return code.toLowerCase().replaceAll("_", "-");
}
