import { AppError } from "@/lib/domain/errors";
import { FILE_REFUSALS } from "@/lib/wording/file-refusals";

import { createDecoder } from "./decode";

export type EncodingGuess = {
  /** A label of the Encoding standard. */
  encoding: string;
  /** False when it is what is left over, and a person should look at the text. */
  isCertain: boolean;
};

/** What a file that is not UTF-8 is read as, until a person says otherwise: what Excel saves as "CSV" in the West. */
export const FALLBACK_ENCODING = "windows-1252";

const UTF16_NUL_SHARE_MIN = 0.02;
const BINARY_SHARE_MAX = 0.1;

/** First bytes of files that people drop by mistake, and what to tell them. */
const MAGIC: [bytes: number[], sentence: string][] = [
  [[0x50, 0x4b, 0x03, 0x04], FILE_REFUSALS.zip],
  [[0xd0, 0xcf, 0x11, 0xe0], FILE_REFUSALS.oldExcel],
  [[0x25, 0x50, 0x44, 0x46, 0x2d], FILE_REFUSALS.pdf],
  [[0x1f, 0x8b], FILE_REFUSALS.gzip],
  [[0x89, 0x50, 0x4e, 0x47], FILE_REFUSALS.picture],
  [[0xff, 0xd8, 0xff], FILE_REFUSALS.picture],
  [[0x47, 0x49, 0x46, 0x38], FILE_REFUSALS.picture],
  [[0x7b, 0x5c, 0x72, 0x74, 0x66], FILE_REFUSALS.richText],
];

/**
 * The encoding of a file by its first bytes: a byte order mark, strict UTF-8,
 * UTF-16 by its NULs, else windows-1252 (parsing.md 5). A later part of the
 * file may still prove UTF-8 wrong.
 *
 * @throws {AppError} `unsupported_media_type` when this is no text at all.
 */
export function detectEncoding(head: Uint8Array): EncodingGuess {
  if (startsWith(head, [0xef, 0xbb, 0xbf])) return certain("utf-8");
  if (startsWith(head, [0xff, 0xfe])) return certain("utf-16le");
  if (startsWith(head, [0xfe, 0xff])) return certain("utf-16be");
  for (const [bytes, sentence] of MAGIC) {
    if (startsWith(head, bytes)) {
      throw new AppError("unsupported_media_type", sentence);
    }
  }
  const utf16 = guessUtf16(head);
  if (utf16 && canDecode(head, utf16)) return certain(utf16);

  if (controlShare(head) > BINARY_SHARE_MAX) {
    throw new AppError("unsupported_media_type", FILE_REFUSALS.binary);
  }
  return canDecode(head, "utf-8")
    ? certain("utf-8")
    : { encoding: FALLBACK_ENCODING, isCertain: false };
}

const certain = (encoding: string): EncodingGuess => ({
  encoding,
  isCertain: true,
});

function startsWith(head: Uint8Array, bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => head[index] === byte);
}

/** Latin letters, delimiters and line ends have a NUL as high byte: always on the same side. */
function guessUtf16(head: Uint8Array): string | undefined {
  let even = 0;
  let odd = 0;
  for (let i = 0; i < head.length; i++) {
    if (head[i] === 0) {
      if (i % 2 === 0) even += 1;
      else odd += 1;
    }
  }
  const pairs = head.length / 2;
  if (Math.max(even, odd) < pairs * UTF16_NUL_SHARE_MIN || even === odd) {
    return undefined;
  }
  if (odd > even * 10) return "utf-16le";
  return even > odd * 10 ? "utf-16be" : undefined;
}

function canDecode(head: Uint8Array, encoding: string): boolean {
  try {
    // More may come: the last character may be cut in two.
    const text = createDecoder(encoding)(head, true);
    return !encoding.startsWith("utf-16") || !text.includes("\0");
  } catch {
    return false;
  }
}

function controlShare(head: Uint8Array): number {
  let controls = 0;
  for (const byte of head) {
    const isText = byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d);
    if (!isText) controls += 1;
  }
  return head.length === 0 ? 0 : controls / head.length;
}
