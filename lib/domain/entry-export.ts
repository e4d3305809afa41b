import { splitValueName } from "./identifiers";
import { TABLE_LIMITS } from "./limits";

/**
 * `csv` is for spreadsheets: see `markedCell`. `csv-raw` has every value as it
 * is, for programs. `jsonl` is one JSON object a line.
 */
export const EXPORT_FORMATS = ["csv", "csv-raw", "jsonl"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** One entry on its way out: its values by `id:language`. */
export type ExportedEntry = { key: string; values: Map<string, string> };

/** Before a value that a spreadsheet would take for a formula; also before an apostrophe, and alone for the empty text. */
export const TEXT_MARK = "'";

// A formula begins so in a spreadsheet, also behind blanks and invisible
// characters, which some drop (security.md, json-2-csv and ActiveAdmin).
const FORMULA = /^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]|^[\t\r\n\f\v]/u;

/**
 * A cell that no spreadsheet computes. What begins like a formula or with an
 * apostrophe gets an apostrophe before it; the empty text becomes an apostrophe
 * alone, because an empty cell says that there is no value. So each text has
 * one cell and each cell one text, and `unmarkedCell` gives it back.
 */
export function markedCell(text: string): string {
  return text === "" || text.startsWith(TEXT_MARK) || FORMULA.test(text)
    ? TEXT_MARK + text
    : text;
}

/** The reverse of `markedCell`; a cell without a mark is its own text. */
export function unmarkedCell(cell: string): string {
  return cell.startsWith(TEXT_MARK) ? cell.slice(TEXT_MARK.length) : cell;
}

/** Value names (`id:language`) in the order of columns: ids as given first, then languages, none first. */
export function exportColumns(names: readonly string[]): string[] {
  const byId = new Map<string, string[]>();
  for (const name of names) {
    const { id } = splitValueName(name);
    byId.set(id, [...(byId.get(id) ?? []), name]);
  }
  return [...byId.values()].flatMap((own) => own.sort());
}

/** Columns that the import page can read back, beside the key. */
export const EXPORT_COLUMNS_MAX = TABLE_LIMITS.columnsMax - 1;

/** What the header of the key column says. */
const KEY_HEADER = "key";
const HEADER = /^([A-Za-z0-9_-]{1,256})(?: \(([A-Za-z0-9_-]{2,10})\))?$/;

/**
 * What a header of the spreadsheet form says, or nothing for any other header.
 * The mark makes it certain: `'name_sv` has no language, whatever it looks like.
 */
export function readMarkedHeader(
  header: string,
  column: number,
):
  { as: "key" } | { as: "property"; id: string; language: string } | undefined {
  if (!header.startsWith(TEXT_MARK)) return undefined;
  const name = header.slice(TEXT_MARK.length);
  if (column === 0 && name === KEY_HEADER) return { as: "key" };
  const [, id, language = ""] = HEADER.exec(name) ?? [];
  return id === undefined ? undefined : { as: "property", id, language };
}

/**
 * The first line of a CSV export. In the spreadsheet form each header begins
 * with an apostrophe: that tells the import page that cells of the column may
 * be marked, and that the header is to be taken to the letter.
 */
export function csvHeader(
  columns: readonly string[],
  format: "csv" | "csv-raw",
): string {
  const mark = format === "csv" ? TEXT_MARK : "";
  // Excel reads UTF-8 only behind a byte order mark.
  const start = format === "csv" ? "\ufeff" : "";
  const headers = columns.map((name) => {
    const { id, language } = splitValueName(name);
    return language === null ? id : `${id} (${language})`;
  });
  return start + csvLine([KEY_HEADER, ...headers].map((text) => mark + text));
}

/** One entry as a line of CSV; a missing value is an empty cell. */
export function csvEntry(
  { key, values }: ExportedEntry,
  columns: readonly string[],
  format: "csv" | "csv-raw",
): string {
  const write = format === "csv" ? markedCell : (text: string) => text;
  const cells = columns.map((name) => {
    const value = values.get(name);
    return value === undefined ? "" : write(value);
  });
  return csvLine([write(key), ...cells]);
}

/** One entry as a line of JSON, in the words of the ingest API. */
export function jsonLine({ key, values }: ExportedEntry): string {
  const properties = [...values].map(([name, value]) => {
    const { id, language } = splitValueName(name);
    return { id, value, language };
  });
  return `${JSON.stringify({ key, properties })}\n`;
}

// RFC 4180, and a little more: a cell with another delimiter is quoted too, so
// that nobody takes it for the delimiter.
const NEEDS_QUOTES = /[",;|\t\r\n]|^\s|\s$/;

function csvLine(cells: string[]): string {
  const written = cells.map((cell) =>
    NEEDS_QUOTES.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell,
  );
  return `${written.join(",")}\r\n`;
}
