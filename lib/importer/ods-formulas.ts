import { AppError } from "@/lib/domain/errors";

import { countFound, type Found, SHEET_COLUMNS_MAX } from "./sheet-rows";
import { createXmlReader } from "./xml-reader";
import { unpackEntry, type ZipFile } from "./zip-directory";

/** What holds the sheets of an OpenDocument spreadsheet. */
const CONTENT = "content.xml";

/**
 * Formulas without a stored result in each sheet of an OpenDocument file, which
 * SheetJS leaves out without a word. The other binary kinds (XLS, XLSB) cannot
 * hold a formula without one. `undefined` for files of any other kind.
 *
 * Never more than a hint: what cannot be read here is left to SheetJS.
 */
export async function findOdsFormulas(
  zip: ZipFile | undefined,
): Promise<Found[] | undefined> {
  const entry = zip?.entries.get(CONTENT);
  if (!zip || !entry) return undefined;
  const sheets: Found[] = [];
  const reader = createXmlReader(createCounter(sheets));
  const decoder = new TextDecoder();
  try {
    for await (const piece of unpackEntry(zip, entry)) {
      reader.push(decoder.decode(piece, { stream: true }));
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return undefined;
  }
  return sheets;
}

function createCounter(sheets: Found[]) {
  let depth = 0;
  let row = 0;
  let column = 0;
  let rowRepeats = 1;
  return {
    open(name: string, attributes: string): void {
      if (name === "table") {
        depth += 1;
        if (depth > 1) return;
        sheets.push({ count: 0, firstRow: 0, firstColumn: 0 });
        row = 0;
      }
      // A table inside a cell is no sheet.
      if (depth !== 1) return;
      if (name === "table-row") {
        rowRepeats = repeats(attributes, "rows");
        column = 0;
      } else if (name === "table-cell" || name === "covered-table-cell") {
        const found = sheets.at(-1);
        if (found && isWithoutResult(attributes)) {
          countFound(found, row + 1, column);
        }
        column += Math.min(SHEET_COLUMNS_MAX, repeats(attributes, "columns"));
      }
    },
    close(name: string): void {
      if (name === "table") depth -= 1;
      else if (name === "table-row" && depth === 1) row += rowRepeats;
    },
    text: () => undefined,
  };
}

function repeats(attributes: string, what: "rows" | "columns"): number {
  const match = new RegExp(
    `number-${what}-repeated\\s*=\\s*["'](\\d{1,7})["']`,
  ).exec(attributes);
  return Math.max(1, Number(match?.[1] ?? 1));
}

function isWithoutResult(attributes: string): boolean {
  if (!/\btable:formula\s*=/.test(attributes)) return false;
  const type = /\boffice:value-type\s*=\s*["']([a-z]+)["']/.exec(attributes);
  if (!type) return true;
  // A text may stand in the cell itself.
  return (
    type[1] !== "string" &&
    !/\boffice:(?:boolean-|date-|time-)?value\s*=/.test(attributes)
  );
}
