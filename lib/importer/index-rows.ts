import type { TableOptions } from "@/lib/domain/import-run";

import { decodeFile } from "./decode";
import { createRowParser } from "./parse-rows";
import { findLineBreak, readSeparatorLine } from "./read-table";

/** Small enough that a row is found in some milliseconds, large enough that the index stays small. */
export const BLOCK_CHARS = 64 * 1024;

/** Where blocks of whole rows begin in a file, so that rows can be read by their number. */
export type RowIndex = {
  /** The bytes that the offsets are of: the file, or its text written again as UTF-8. */
  bytes: Blob;
  encoding: string;
  lineBreak: "\n" | "\r";
  /** Number of the first row of each block, from 1, and the byte it begins at. */
  firstRows: number[];
  offsets: number[];
  /** Number of the last row of the file. */
  lastRow: number;
};

/**
 * Finds where rows begin, in one pass with the memory of a few pieces. Rows are
 * cut and numbered by the parser that every other pass uses. Of a file whose
 * characters have no certain length in bytes a copy in UTF-8 is made, which the
 * browser keeps on disk.
 *
 * @throws whatever `decodeFile` and the parser throw, and the reason of `signal`.
 */
export async function indexRows(args: {
  file: Blob;
  options: TableOptions;
  blockChars?: number;
  onProgress?: ((rows: number, bytesRead: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}): Promise<RowIndex> {
  const { options, blockChars = BLOCK_CHARS, signal } = args;
  const measured = measureFor(options.encoding);
  const bytes = measured ? args.file : await asUtf8(args.file, options, signal);
  const encoding = measured ? options.encoding : "utf-8";
  const bytesOf = measured ?? utf8Bytes;
  const index: RowIndex = {
    ...{ bytes, encoding, lineBreak: "\n", lastRow: 0 },
    ...{ firstRows: [1], offsets: [0] },
  };
  let at = await byteOrderMarkBytes(bytes);
  let parser: ReturnType<typeof createRowParser> | undefined;

  for await (const { text: piece, bytesRead } of decodeFile(bytes, encoding)) {
    signal?.throwIfAborted();
    let text = piece;
    if (!parser) {
      const separator = readSeparatorLine(text);
      if (separator) {
        at += bytesOf(text.slice(0, separator.length));
        text = text.slice(separator.length);
      }
      index.offsets[0] = at;
      index.lineBreak = findLineBreak(text);
      parser = createRowParser({ ...options, lineBreak: index.lineBreak });
    }
    for (const part of parts(text, blockChars)) {
      at += bytesOf(part);
      const { rows } = parser.push(part);
      if (rows.length === 0) continue;
      index.lastRow += rows.length;
      index.firstRows.push(index.lastRow + 1);
      index.offsets.push(at - bytesOf(parser.held()));
    }
    args.onProgress?.(index.lastRow, bytesRead);
  }
  const rest = parser?.finish().rows.length ?? 0;
  index.lastRow += rest;
  // The last entry is the end of the last block.
  if (rest > 0) index.firstRows.push(index.lastRow + 1);
  else index.offsets.pop();
  if (index.firstRows.length === 1) index.firstRows.push(1);
  index.offsets.push(bytes.size);
  return index;
}

type Measure = (text: string) => number;

const encoder = new TextEncoder();
/** Made once: an array a piece would be as much garbage as the file is large. */
const room = new Uint8Array(3 * (BLOCK_CHARS + 1));
const utf8Bytes: Measure = (text) =>
  text.length * 3 <= room.length
    ? encoder.encodeInto(text, room).written
    : encoder.encode(text).length;

/** How many bytes a text has in an encoding; undefined where text does not tell. */
function measureFor(label: string): Measure | undefined {
  const { encoding } = new TextDecoder(label);
  if (encoding === "utf-8") return utf8Bytes;
  if (encoding.startsWith("utf-16")) return (text) => text.length * 2;
  return /^(windows-|iso-8859-|koi8-|macintosh|x-mac-|ibm866)/.test(encoding)
    ? (text) => text.length
    : undefined;
}

/** The decoder leaves the mark out of the text. */
async function byteOrderMarkBytes(bytes: Blob): Promise<number> {
  const head = new Uint8Array(await bytes.slice(0, 3).arrayBuffer());
  const [a, b, c] = head;
  if (a === 0xef && b === 0xbb && c === 0xbf) return 3;
  return (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff) ? 2 : 0;
}

async function asUtf8(
  file: Blob,
  options: TableOptions,
  signal: AbortSignal | undefined,
): Promise<Blob> {
  const pieces: Blob[] = [];
  for await (const { text } of decodeFile(file, options.encoding)) {
    signal?.throwIfAborted();
    pieces.push(new Blob([text]));
  }
  return new Blob(pieces);
}

/** Never between the halves of a character. */
function* parts(text: string, chars: number): Generator<string> {
  for (let from = 0; from < text.length;) {
    let to = Math.min(from + chars, text.length);
    const last = text.charCodeAt(to - 1);
    if (to < text.length && last >= 0xd800 && last <= 0xdbff) to += 1;
    yield text.slice(from, to);
    from = to;
  }
}
