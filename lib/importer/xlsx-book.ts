import { NOT_READ } from "@/lib/wording/file-refusals";

import {
  knownFormat,
  numberStyle,
  type DateFormatter,
  type NumberStyle,
} from "./number-text";
import type { OnSheetRow, SheetFacts } from "./sheet-rows";
import {
  SheetParser,
  UnusualSheetError,
  type SheetContext,
} from "./xlsx-sheet";
import { createXmlReader, decodeExcelText, readAttributes } from "./xml-reader";
import {
  damaged,
  refused,
  unpackEntry,
  type ZipEntry,
  type ZipFile,
} from "./zip-directory";

/** Enough for the string table of a million rows; more would not fit beside them. */
const STRING_CHARS_MAX = 200_000_000;
const DECODE_BYTES = 256 * 1024;

export type SheetVisibility = "visible" | "hidden" | "very hidden";

export type BookSheet = {
  name: string;
  visibility: SheetVisibility;
  entry: ZipEntry;
};

/** An XLSX or XLSM workbook that is read as a stream. */
export type XlsxBook = {
  sheets: BookSheet[];
  /**
   * Reads one sheet from its first row to its last.
   *
   * @throws {AppError} `unprocessable`, why it cannot be read.
   * @throws {UnusualSheetError} when SheetJS has to read it.
   */
  readSheet(
    sheet: BookSheet,
    onRow: OnSheetRow,
    onPiece?: () => void,
  ): Promise<SheetFacts>;
};

/**
 * Opens a workbook by its small parts; sheets and the table of strings are read
 * when they are wanted.
 *
 * @throws {UnusualSheetError} when this is no XLSX workbook of the ordinary kind.
 * @throws {AppError} `unprocessable` when it is damaged.
 */
export async function openXlsx(
  zip: ZipFile,
  loadFormatter: () => Promise<DateFormatter>,
): Promise<XlsxBook> {
  const bookPath = await findBook(zip);
  const folder = bookPath.slice(0, bookPath.lastIndexOf("/") + 1);
  const name = bookPath.slice(folder.length);
  const relations = await readRelations(
    zip,
    folder,
    `${folder}_rels/${name}.rels`,
  );
  const { sheets, date1904 } = await readBook(zip, bookPath, relations);
  let context: Promise<SheetContext> | undefined;

  async function makeContext(): Promise<SheetContext> {
    const styles = await readStyles(zip, ofType(relations, "styles"));
    const hasDates = styles.some(({ is }) => is === "date" || is === "iso");
    return {
      strings: await readStrings(zip, ofType(relations, "sharedStrings")),
      styles,
      date1904,
      formatter: hasDates ? await loadFormatter() : undefined,
    };
  }

  return {
    sheets,
    async readSheet(sheet, onRow, onPiece) {
      context ??= makeContext();
      const parser = new SheetParser(await context, onRow);
      await readXml(zip, sheet.entry, parser, onPiece);
      return parser.facts;
    },
  };
}

type Relation = { type: string; path: string };
type Relations = ReadonlyMap<string, Relation>;

async function findBook(zip: ZipFile): Promise<string> {
  const root = await readRelations(zip, "", "_rels/.rels");
  const path = ofType(root, "officeDocument");
  if (!path || !zip.entries.has(path) || path.endsWith(".bin")) {
    throw new UnusualSheetError("No workbook where it should be.");
  }
  return path;
}

async function readRelations(
  zip: ZipFile,
  folder: string,
  path: string,
): Promise<Relations> {
  const found = new Map<string, Relation>();
  const entry = zip.entries.get(path);
  if (!entry) return found;
  await readXml(zip, entry, {
    open(name, raw) {
      if (name !== "Relationship") return;
      const of = readAttributes(raw);
      if (of.get("TargetMode") === "External") return;
      const target = of.get("Target") ?? "";
      found.set(of.get("Id") ?? "", {
        type: (of.get("Type") ?? "").split("/").at(-1) ?? "",
        path: target.startsWith("/")
          ? target.slice(1)
          : resolvePath(folder + target),
      });
    },
  });
  return found;
}

function resolvePath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}

function ofType(relations: Relations, type: string): string | undefined {
  for (const relation of relations.values()) {
    if (relation.type === type) return relation.path;
  }
  return undefined;
}

const VISIBILITY = new Map<string, SheetVisibility>([
  ["hidden", "hidden"],
  ["veryHidden", "very hidden"],
]);

async function readBook(
  zip: ZipFile,
  path: string,
  relations: Relations,
): Promise<{ sheets: BookSheet[]; date1904: boolean }> {
  const sheets: BookSheet[] = [];
  let date1904 = false;
  await readXml(zip, entryAt(zip, path), {
    open(tag, raw) {
      if (tag === "workbookPr") {
        const value = readAttributes(raw).get("date1904");
        date1904 = value === "1" || value === "true";
      }
      if (tag !== "sheet") return;
      const of = readAttributes(raw);
      const name = (of.get("name") ?? "").slice(0, 255);
      const relation = relations.get(of.get("r:id") ?? of.get("id") ?? "");
      // Charts have a sheet of their own, without cells.
      if (relation && relation.type !== "worksheet") return;
      const entry = relation && zip.entries.get(relation.path);
      if (!entry) throw refused(NOT_READ.sheetMissing(name));
      const visibility = VISIBILITY.get(of.get("state") ?? "") ?? "visible";
      sheets.push({ name, visibility, entry });
    },
  });
  return { sheets, date1904 };
}

async function readStyles(
  zip: ZipFile,
  path: string | undefined,
): Promise<NumberStyle[]> {
  const codes = new Map<number, string>();
  const ids: number[] = [];
  let isInCells = false;
  const entry = path === undefined ? undefined : zip.entries.get(path);
  if (!entry) return [];
  await readXml(zip, entry, {
    open(name, raw) {
      if (name === "cellXfs") isInCells = true;
      else if (name === "numFmt") {
        const of = readAttributes(raw);
        codes.set(Number(of.get("numFmtId")), of.get("formatCode") ?? "");
      } else if (name === "xf" && isInCells) {
        ids.push(Number(readAttributes(raw).get("numFmtId") ?? 0));
      }
    },
    close(name) {
      if (name === "cellXfs") isInCells = false;
    },
  });
  return ids.map((id) => numberStyle(codes.get(id) ?? knownFormat(id)));
}

async function readStrings(
  zip: ZipFile,
  path: string | undefined,
): Promise<string[]> {
  const strings: string[] = [];
  const entry = path === undefined ? undefined : zip.entries.get(path);
  if (!entry) return strings;
  let current = "";
  let isText = false;
  let isPhonetic = false;
  let chars = 0;
  await readXml(zip, entry, {
    open(name) {
      if (name === "si") current = "";
      else if (name === "rPh") isPhonetic = true;
      else if (name === "t") isText = !isPhonetic;
    },
    close(name) {
      if (name === "t") isText = false;
      else if (name === "rPh") isPhonetic = false;
      else if (name === "si") {
        chars += current.length;
        if (chars > STRING_CHARS_MAX) {
          throw refused(NOT_READ.tooManyTexts);
        }
        strings.push(decodeExcelText(current));
      }
    },
    text(piece, isLiteral) {
      if (!isText) return;
      const plain = isLiteral ? piece.replaceAll("&", "&amp;") : piece;
      current = current === "" ? plain : current + plain;
    },
    shortcut(text, at) {
      // Most strings in one look: `<si><t>Chair</t></si>`.
      if (!text.startsWith("<si><t", at)) return -1;
      const start = text.indexOf(">", at + 6) + 1;
      const end = start === 0 ? -1 : text.indexOf("<", start);
      if (end < 0 || text.charCodeAt(start - 2) === 47) return -1;
      if (!text.startsWith("</t></si>", end)) return -1;
      chars += end - start;
      strings.push(decodeExcelText(text.slice(start, end)));
      return end + 9;
    },
  });
  return strings;
}

type Reading = Partial<Parameters<typeof createXmlReader>[0]>;
type Pushable = { push(text: string): void; finish(): void };

/** Feeds an entry, as text, to a reader of XML. */
async function readXml(
  zip: ZipFile,
  entry: ZipEntry,
  reading: Reading | Pushable,
  onPiece?: () => void,
): Promise<void> {
  const reader =
    "push" in reading
      ? reading
      : createXmlReader({
          open: () => undefined,
          close: () => undefined,
          text: () => undefined,
          ...reading,
        });
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let isFirst = true;
  for await (const bytes of inLargerPieces(unpackEntry(zip, entry))) {
    if (isFirst && isUtf16(bytes)) {
      throw new UnusualSheetError("The XML is UTF-16.");
    }
    isFirst = false;
    reader.push(decode(decoder, bytes));
    onPiece?.();
  }
  reader.finish();
}

function decode(decoder: TextDecoder, bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes, { stream: true });
  } catch (cause) {
    throw damaged(cause);
  }
}

const isUtf16 = ([first, second]: Uint8Array) =>
  (first === 0xff && second === 0xfe) ||
  (first === 0xfe && second === 0xff) ||
  first === 0 ||
  second === 0;

async function* inLargerPieces(
  pieces: AsyncIterable<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array> {
  let buffer = new Uint8Array(DECODE_BYTES);
  let filled = 0;
  for await (const piece of pieces) {
    if (filled + piece.length > buffer.length) {
      if (filled > 0) yield buffer.subarray(0, filled);
      filled = 0;
      buffer = new Uint8Array(Math.max(DECODE_BYTES, piece.length));
    }
    buffer.set(piece, filled);
    filled += piece.length;
  }
  if (filled > 0) yield buffer.subarray(0, filled);
}

function entryAt(zip: ZipFile, path: string): ZipEntry {
  const entry = zip.entries.get(path);
  if (!entry) throw refused(NOT_READ.partMissing(path));
  return entry;
}
