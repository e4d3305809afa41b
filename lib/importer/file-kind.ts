import { AppError } from "@/lib/domain/errors";
import { FILE_REFUSALS } from "@/lib/wording/file-refusals";

import { readZipDirectory, type ZipFile } from "./zip-directory";

/** What a file is by its content; its name is only a hint. */
export type FileKind =
  | { is: "text" }
  | { is: "xlsx"; zip: ZipFile }
  /** What only SheetJS reads: XLSB and ODS, or XLS without a zip. */
  | { is: "other workbook"; zip: ZipFile | undefined }
  | { is: "zip"; zip: ZipFile };

const HEAD_BYTES = 2_048;
const OLE = [0xd0, 0xcf, 0x11, 0xe0];
const ZIP = [0x50, 0x4b];
const ZIP_NAME = /\.(xlsx|xlsm|xltx|xltm|xlsb|ods|ots|zip|numbers)$/i;

/**
 * What a file is, by its first bytes and, for a zip file, by what it holds.
 *
 * @throws {AppError} `unsupported_media_type` for what is no table, such as a
 *   web page that is called a workbook: what it is and what to do.
 */
export async function detectKind(file: Blob, name: string): Promise<FileKind> {
  const head = new Uint8Array(await readHead(file));
  if (startsWith(head, OLE)) {
    return { is: "other workbook", zip: undefined };
  }
  if (startsWith(head, ZIP) || ZIP_NAME.test(name)) {
    const zip = await readZipDirectory(file);
    if (zip) return kindOfZip(zip);
    if (startsWith(head, [0x50, 0x4b, 0x03, 0x04])) {
      throw unsupported(FILE_REFUSALS.cutOff);
    }
  }
  refuseMarkup(head);
  return { is: "text" };
}

function kindOfZip(zip: ZipFile): FileKind {
  const { entries } = zip;
  if (entries.has("xl/workbook.bin")) return { is: "other workbook", zip };
  if (entries.has("content.xml") && entries.has("META-INF/manifest.xml")) {
    return { is: "other workbook", zip };
  }
  if (entries.has("Index/Document.iwa")) {
    throw unsupported(FILE_REFUSALS.numbers);
  }
  if (entries.has("word/document.xml") || entries.has("ppt/presentation.xml")) {
    throw unsupported(FILE_REFUSALS.textDocument);
  }
  return entries.has("[Content_Types].xml")
    ? { is: "xlsx", zip }
    : { is: "zip", zip };
}

/** Web pages and XML are often called `.xls`; spreadsheet programs open them with a warning. */
function refuseMarkup(head: Uint8Array): void {
  const encoding = head[0] === 0xff && head[1] === 0xfe ? "utf-16le" : "utf-8";
  const text = new TextDecoder(encoding).decode(head).trimStart().toLowerCase();
  if (
    /^(<!doctype html|<html|<head|<body|<table|<meta|mime-version:)/.test(text)
  ) {
    throw unsupported(FILE_REFUSALS.webPage);
  }
  if (text.startsWith("<?xml") || text.startsWith("<!doctype")) {
    throw unsupported(FILE_REFUSALS.xml);
  }
}

async function readHead(file: Blob): Promise<ArrayBuffer> {
  try {
    return await file.slice(0, HEAD_BYTES).arrayBuffer();
  } catch (cause) {
    throw new AppError("unprocessable", FILE_REFUSALS.unreadable, { cause });
  }
}

const startsWith = (head: Uint8Array, bytes: readonly number[]) =>
  bytes.every((byte, index) => head[index] === byte);

const unsupported = (sentence: string) =>
  new AppError("unsupported_media_type", sentence);
