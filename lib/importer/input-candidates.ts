import { AppError } from "@/lib/domain/errors";
import type { TablePart } from "@/lib/domain/table-parts";
import { FILE_REFUSALS, NOT_READ } from "@/lib/wording/file-refusals";
import { TABLE_NOTICES } from "@/lib/wording/table-notices";

import { detectKind } from "./file-kind";
import type { DateFormatter } from "./number-text";
import { findOdsFormulas } from "./ods-formulas";
import type { OnSheetRow, SheetFacts } from "./sheet-rows";
import {
  openWithSheetJs,
  type SheetJs,
  type SheetJsBook,
} from "./sheetjs-book";
import { openXlsx, type SheetVisibility, type XlsxBook } from "./xlsx-book";
import { UnusualSheetError } from "./xlsx-sheet";
import {
  refused,
  unpackEntry,
  type ZipEntry,
  type ZipFile,
} from "./zip-directory";

/** SheetJS holds all of a workbook, several times over. */
const IN_MEMORY_BYTES_MAX = 64_000_000;
const ZIPPED_FILES_MAX = 100;
const BLOB_PIECE_BYTES = 4 * 1024 * 1024;
const NOT_TABLES = /(^|\/)(__MACOSX\/|\.|Thumbs\.db$|desktop\.ini$)|\/$/i;
const TEXT_NAME = /\.(csv|tsv|tab|txt)$/i;
const BOOK_NAME = /\.(xlsx|xlsm|xltx|xltm|xlsb|xls|xlt|ods|ots)$/i;

/** A sheet or text file that could be read as a table. */
export type Candidate = {
  file: string;
  sheet: string | null;
  visibility: SheetVisibility;
  /** A text file as it is. */
  text?: Blob;
  /** Reads the rows of a sheet. */
  readSheet?: (onRow: OnSheetRow) => Promise<SheetFacts>;
  /** Unpacked bytes, to know whether counting its rows is quick. */
  bytes: number;
};

export type Candidates = { list: Candidate[]; notices: string[] };

/** What is needed of the surroundings: SheetJS, which is loaded when it is wanted, and a sign of life. */
export type InputTools = {
  loadSheetJs: () => Promise<SheetJs>;
  onAlive: () => void;
};

/**
 * Every table that a file holds: itself, its sheets, or what is in the zip.
 *
 * @throws {AppError} a sentence when the file cannot be read.
 */
export async function findCandidates(
  file: Blob,
  name: string,
  tools: InputTools,
): Promise<Candidates> {
  const kind = await detectKind(file, name);
  switch (kind.is) {
    case "text":
      return { list: [textCandidate(file, name)], notices: textNotices(name) };
    case "xlsx":
      return { list: await xlsxSheets(kind.zip, name, tools), notices: [] };
    case "other workbook":
      return {
        list: await otherSheets(file, kind.zip, name, tools),
        notices: [],
      };
    case "zip":
      return zippedFiles(kind.zip, tools);
  }
}

const textCandidate = (text: Blob, file: string): Candidate => ({
  ...{ file, sheet: null, visibility: "visible", text },
  bytes: text.size,
});

function textNotices(name: string): string[] {
  return BOOK_NAME.test(name)
    ? [
        `${name} is called a workbook but is text, so it was read as text with columns.`,
      ]
    : [];
}

async function xlsxSheets(
  zip: ZipFile,
  file: string,
  tools: InputTools,
): Promise<Candidate[]> {
  let book: XlsxBook;
  try {
    const loadFormatter = async () =>
      (await tools.loadSheetJs()).SSF as DateFormatter;
    book = await openXlsx(zip, loadFormatter);
  } catch (error) {
    if (error instanceof UnusualSheetError) {
      return otherSheets(zip.blob, zip, file, tools);
    }
    throw error;
  }
  let other: Promise<SheetJsBook> | undefined;
  return book.sheets.map((sheet): Candidate => ({
    file,
    sheet: sheet.name,
    visibility: sheet.visibility,
    bytes: sheet.entry.unpackedBytes,
    async readSheet(onRow) {
      const rows = collectUntilSure(onRow);
      try {
        const facts = await book.readSheet(sheet, rows.add, tools.onAlive);
        rows.flush();
        return facts;
      } catch (error) {
        if (!(error instanceof UnusualSheetError)) throw error;
        if (rows.isPassedOn()) {
          throw refused(NOT_READ.rowsOutOfOrder);
        }
        other ??= openInMemory(zip.blob, zip, tools);
        const { sheets, readSheet } = await other;
        const at = sheets.findIndex(({ name }) => name === sheet.name);
        return readSheet(at, onRow);
      }
    },
  }));
}

/** Rows of small sheets wait until the sheet has proved to be in order, so that SheetJS can take over. */
function collectUntilSure(onRow: OnSheetRow) {
  const waiting: [number, string[]][] = [];
  let isSure = false;
  function flush(): void {
    isSure = true;
    for (const [rowNumber, cells] of waiting) onRow(rowNumber, cells);
    waiting.length = 0;
  }
  return {
    add: (rowNumber: number, cells: string[]) => {
      if (isSure) return onRow(rowNumber, cells);
      waiting.push([rowNumber, cells]);
      if (waiting.length >= 2_000) flush();
    },
    flush,
    isPassedOn: () => isSure,
  };
}

async function otherSheets(
  blob: Blob,
  zip: ZipFile | undefined,
  file: string,
  tools: InputTools,
): Promise<Candidate[]> {
  const book = await openInMemory(blob, zip, tools);
  return book.sheets.map(({ name, visibility }, index) => ({
    file,
    sheet: name,
    visibility,
    bytes: 0,
    readSheet: (onRow: OnSheetRow) =>
      Promise.resolve().then(() => book.readSheet(index, onRow)),
  }));
}

/** Everything in it is unpacked once and counted first, for what a directory declares can be untrue. */
async function openInMemory(
  blob: Blob,
  zip: ZipFile | undefined,
  tools: InputTools,
): Promise<SheetJsBook> {
  let bytes = zip ? 0 : blob.size;
  for (const entry of zip?.entries.values() ?? []) bytes += entry.unpackedBytes;
  if (bytes > IN_MEMORY_BYTES_MAX) {
    throw refused(NOT_READ.tooLargeInMemory(bytes, IN_MEMORY_BYTES_MAX));
  }
  for (const entry of zip?.entries.values() ?? []) {
    if (!zip) break;
    await checkEntry(zip, entry);
    tools.onAlive();
  }
  const sheetJs = await tools.loadSheetJs();
  tools.onAlive();
  const unknownFormulas = await findOdsFormulas(zip);
  tools.onAlive();
  const all = new Uint8Array(await blob.arrayBuffer());
  return openWithSheetJs(sheetJs, all, unknownFormulas);
}

/** What unfolds entities or lies about its size is refused before SheetJS sees it. */
async function checkEntry(zip: ZipFile, entry: ZipEntry): Promise<void> {
  let isFirst = true;
  for await (const piece of unpackEntry(zip, entry)) {
    if (!isFirst) continue;
    isFirst = false;
    const head = new TextDecoder().decode(piece.subarray(0, 4_096));
    if (/<!(DOCTYPE|ENTITY)/i.test(head)) {
      throw refused(NOT_READ.documentType);
    }
  }
}

async function zippedFiles(
  zip: ZipFile,
  tools: InputTools,
): Promise<Candidates> {
  const list: Candidate[] = [];
  const notices: string[] = [];
  const files = [...zip.entries.values()]
    .filter(({ path }) => !NOT_TABLES.test(path))
    .sort((a, b) => compareNames(a.path, b.path));
  const tables = files.filter(
    ({ path }) => TEXT_NAME.test(path) || BOOK_NAME.test(path),
  );
  if (tables.length > ZIPPED_FILES_MAX) {
    throw refused(NOT_READ.tooManyTables(tables.length, ZIPPED_FILES_MAX));
  }
  for (const entry of tables) {
    const name = entry.path.slice(-255);
    const blob = await unpackBlob(zip, entry, tools.onAlive);
    if (blob.size === 0) {
      notices.push(TABLE_NOTICES.emptyInZip(name));
      continue;
    }
    const kind = await detectKind(blob, name);
    if (kind.is === "zip") continue;
    const found = await findCandidates(blob, name, tools);
    list.push(...found.list);
    notices.push(...found.notices);
  }
  if (list.length === 0) {
    throw new AppError("unprocessable", FILE_REFUSALS.zipWithoutTable);
  }
  const others = files.length - tables.length;
  if (others > 0) {
    notices.push(TABLE_NOTICES.noTables(others));
  }
  return { list, notices };
}

async function unpackBlob(
  zip: ZipFile,
  entry: ZipEntry,
  onAlive: () => void,
): Promise<Blob> {
  const parts: Blob[] = [];
  let waiting: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for await (const piece of unpackEntry(zip, entry)) {
    waiting.push(piece);
    bytes += piece.length;
    if (bytes < BLOB_PIECE_BYTES) continue;
    parts.push(new Blob(waiting));
    [waiting, bytes] = [[], 0];
    onAlive();
  }
  return new Blob([...parts, ...waiting]);
}

/** In the order people expect: 2 before 10. */
export function compareNames(a: string, b: string): number {
  const order = a.localeCompare(b, "en", { numeric: true });
  return order === 0 ? (a < b ? -1 : a > b ? 1 : 0) : order;
}

/** Whether a candidate is what a part, as it was stored, names. */
export function isPart(
  candidate: Candidate,
  part: Pick<TablePart, "file" | "sheet">,
): boolean {
  return candidate.file === part.file && candidate.sheet === part.sheet;
}
