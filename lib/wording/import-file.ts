import {
  formatBytes,
  formatCount,
  formatNumber,
} from "@/lib/client/format-number";
import type { ImportStep } from "@/lib/client/import-session";

export const STEP_NAMES: Record<ImportStep, string> = {
  file: "File",
  columns: "Columns",
  rows: "Rows",
  check: "Check",
  send: "Send",
};

/** Words of the page around the steps. */
export const IMPORT_PAGE_WORDS = {
  title: "Import a spreadsheet",
  needsEditor:
    "Importing needs the role editor. Ask an administrator to change your role.",
} as const;

export const STEP_NAV_WORDS = {
  label: "Steps of the import",
} as const;

/** Words of the first step: the file, and the beginning of its rows. */
export const FILE_STEP_WORDS = {
  input: "Spreadsheet",
  choose: "Choose files",
  reading: (name: string, bytes: number) =>
    `Reading ${name} (${formatBytes(bytes)})…`,
  unreadable: (name: string) => `${name} could not be read`,
  size: (bytes: number, columns: number) =>
    `${formatBytes(bytes)}, ${formatCount(columns, "column")}`,
  keep: "Keep this file",
  other: "Choose another file",
  /** Where stray quotes were seen. */
  quotesIn: {
    file: "in the file",
    files: "in the files",
    firstRows: "in the first rows",
  },
  firstRows: "First rows",
  firstRowsTable: "First rows of the file",
  row: "Row",
  columnsShown: (shown: number, all: number) =>
    `The first ${shown} of ${formatNumber(all)} columns.`,
  next: "Map the columns",
} as const;

/** Words of the choices of how a file is read. */
export const TABLE_OPTION_WORDS = {
  change: "Change",
  encoding: "Encoding",
  encodingGuessed: "A guess: look at letters such as å, é or ß below.",
  delimiter: "Cells are separated by",
  otherDelimiter: "Another character",
  otherDelimiterLabel: "Separator",
  quotes: "Quotation marks",
  quotesStandard: "may enclose a cell",
  quotesText: "are ordinary text",
  header: "Column names",
  headerInRow: "are in row",
  headerMissing: "are not in the file",
  headerRow: "Header row",
} as const;

/** The encodings that can be chosen, in the order they are listed. */
export const ENCODING_NAMES: [label: string, name: string][] = [
  ["utf-8", "Unicode (UTF-8)"],
  ["utf-16le", "Unicode (UTF-16, little-endian)"],
  ["utf-16be", "Unicode (UTF-16, big-endian)"],
  ["windows-1252", "Western European (Windows-1252)"],
  ["iso-8859-15", "Western European (ISO-8859-15)"],
  ["macintosh", "Western European (old Mac)"],
  ["windows-1250", "Central European (Windows-1250)"],
  ["iso-8859-2", "Central European (ISO-8859-2)"],
  ["windows-1251", "Cyrillic (Windows-1251)"],
  ["koi8-r", "Cyrillic (KOI8-R)"],
  ["windows-1253", "Greek (Windows-1253)"],
  ["windows-1254", "Turkish (Windows-1254)"],
  ["windows-1255", "Hebrew (Windows-1255)"],
  ["windows-1256", "Arabic (Windows-1256)"],
  ["windows-1257", "Baltic (Windows-1257)"],
  ["windows-874", "Thai (Windows-874)"],
  ["shift_jis", "Japanese (Shift JIS)"],
  ["gb18030", "Chinese, simplified (GB18030)"],
  ["big5", "Chinese, traditional (Big5)"],
  ["euc-kr", "Korean (EUC-KR)"],
];

/** The separators that can be chosen, in the order they are listed. */
export const DELIMITER_NAMES: [value: string, name: string][] = [
  [",", "Comma ( , )"],
  [";", "Semicolon ( ; )"],
  ["\t", "Tab"],
  ["|", "Pipe ( | )"],
];

/** "Read as Unicode (UTF-8), comma ( , ), column names in row 1." */
export function readAsSentence(options: {
  encoding: string;
  delimiter: string;
  headerRow: number;
}): string {
  const { encoding, delimiter, headerRow } = options;
  const nameOf = (names: [string, string][], value: string) =>
    names.find(([known]) => known === value)?.[1] ?? value;
  const separator = nameOf(DELIMITER_NAMES, delimiter).toLowerCase();
  const header =
    headerRow === 0 ? "no column names" : `column names in row ${headerRow}`;
  return `Read as ${nameOf(ENCODING_NAMES, encoding)}, ${separator}, ${header}.`;
}
