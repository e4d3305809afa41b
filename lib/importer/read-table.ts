import { AppError } from "@/lib/domain/errors";
import type { TableOptions } from "@/lib/domain/import-run";
import { FILE_REFUSALS } from "@/lib/wording/file-refusals";

import { decodeFile, UndecodableError } from "./decode";
import { FALLBACK_ENCODING } from "./detect-encoding";
import { inspectUtf8, looksLikeUtf8 } from "./inspect-utf8";
import {
  createRowParser,
  EndlessRecordError,
  type ParsedRows,
} from "./parse-rows";

/** Rows that came out of one piece of the file. */
export type TableChunk = ParsedRows & {
  /** Number of the first of them, as a spreadsheet shows it: from 1, blank rows count. */
  firstRowNumber: number;
  bytesRead: number;
  /** Whether some cell may hold a NUL. */
  mayHoldNul: boolean;
};

/** The file was taken for UTF-8 and is not: it must be read again with the fallback. */
export class NotUtf8Error extends Error {
  readonly encoding = FALLBACK_ENCODING;
}

/** Excel's line that names the delimiter. Excel does not show it, so it has no row number. */
const SEPARATOR_LINE = /^sep=([^\r\n])(?:\r\n|\n|\r)/i;

/**
 * Reads a table from its first row to its last, with the memory of a few
 * pieces, whatever the size. Pull-based: whoever is slow to ask for the next
 * chunk slows the reading.
 *
 * Rows are numbered as records: a line break inside quotes starts no new row.
 *
 * @throws {AppError} `unprocessable`, naming the row, where the text is broken.
 * @throws {NotUtf8Error} once, when the encoding must be another.
 */
export async function* readTable(
  file: Blob,
  options: TableOptions,
  onSlice?: (slice: Uint8Array<ArrayBuffer>) => void,
): AsyncGenerator<TableChunk> {
  let parser: ReturnType<typeof createRowParser> | undefined;
  let rowNumber = 1;
  let bytesRead = 0;
  let mayHoldNul = false;

  const chunk = (parsed: ParsedRows, mayHoldNul: boolean): TableChunk => {
    const firstRowNumber = rowNumber;
    rowNumber += parsed.rows.length;
    return { ...parsed, firstRowNumber, bytesRead, mayHoldNul };
  };

  try {
    for await (const piece of decodeFile(file, options.encoding, onSlice)) {
      bytesRead = piece.bytesRead;
      let { text } = piece;
      if (!parser) {
        text = text.replace(SEPARATOR_LINE, "");
        parser = createRowParser({
          delimiter: options.delimiter,
          lineBreak: findLineBreak(text),
          quotes: options.quotes,
          answersAt: options.answersAt,
        });
      }
      // The row that a piece ends in goes on in the next, and its NUL with it.
      const holdsNul = text.includes("\0");
      const parsed = parser.push(text);
      if (parsed.rows.length > 0) yield chunk(parsed, holdsNul || mayHoldNul);
      mayHoldNul = holdsNul || (parsed.rows.length === 0 && mayHoldNul);
    }
    if (parser) {
      const parsed = parser.finish();
      if (parsed.rows.length > 0) yield chunk(parsed, mayHoldNul);
    }
  } catch (error) {
    if (error instanceof EndlessRecordError) {
      throw new EndlessRecordError(rowNumber);
    }
    if (error instanceof UndecodableError) {
      throw await explainUndecodable(file, options, rowNumber);
    }
    throw error;
  }
}

/** Only old Mac files end their lines with CR alone; `\n` covers CRLF and mixed files. */
export function findLineBreak(text: string): "\n" | "\r" {
  return !text.includes("\n") && text.includes("\r") ? "\r" : "\n";
}

/** What the `sep=` line at the start of a text names, if it has one. */
export function readSeparatorLine(
  text: string,
): { delimiter: string; length: number } | undefined {
  const match = SEPARATOR_LINE.exec(text);
  const delimiter = match?.[1];
  return match && delimiter
    ? { delimiter, length: match[0].length }
    : undefined;
}

async function explainUndecodable(
  file: Blob,
  options: TableOptions,
  rowNumber: number,
): Promise<Error> {
  if (options.encoding !== "utf-8") {
    return new AppError(
      "unprocessable",
      FILE_REFUSALS.otherEncodingFrom(options.encoding, rowNumber),
    );
  }
  const findings = await inspectUtf8(file);
  if (!looksLikeUtf8(findings)) return new NotUtf8Error();
  const row = await rowAtByte(file, options, findings.brokenAt);
  return new AppError("unprocessable", brokenUtf8Sentence(row));
}

/** What to tell about a file that is UTF-8 but for some places. */
export function brokenUtf8Sentence(row: number): string {
  return FILE_REFUSALS.brokenUtf8(row);
}

/** Number of the row that holds a byte. What is before the byte must be text in the encoding. */
export async function rowAtByte(
  file: Blob,
  options: TableOptions,
  offset: number,
): Promise<number> {
  const before = file.slice(0, offset);
  let row = 0;
  for await (const chunk of readTable(before, options)) {
    row = chunk.firstRowNumber + chunk.rows.length - 1;
  }
  const tail = new Uint8Array(await before.slice(-1).arrayBuffer());
  const endsOpen = tail.length > 0 && tail[0] !== 0x0a && tail[0] !== 0x0d;
  return endsOpen ? row : row + 1;
}
