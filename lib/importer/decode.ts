import { AppError } from "@/lib/domain/errors";
import { FILE_REFUSALS } from "@/lib/wording/file-refusals";

/** How much of a file is read at once; the next slice is requested while one is worked on (parsing.md 2.3). */
export const SLICE_BYTES = 4 * 1024 * 1024;
/** Decoded at once. Small enough that cells cut from a piece do not keep much text alive (parsing.md 2.4, 12). */
const PIECE_BYTES = 512 * 1024;

export type TextPiece = { text: string; bytesRead: number };

/** The bytes are not text in the encoding that was asked for. */
export class UndecodableError extends Error {
  constructor(readonly bytesRead: number) {
    super("The file is not text in this encoding.");
    this.name = "UndecodableError";
  }
}

/**
 * The text of a file in pieces, without its byte order mark. Strict: stops
 * with an error where bytes are no text, instead of putting U+FFFD into data.
 *
 * @throws {UndecodableError} within the slice that ends at `bytesRead`.
 * @throws {AppError} `unprocessable` when the file cannot be read any more.
 */
export async function* decodeFile(
  file: Blob,
  encoding: string,
  onSlice?: (slice: Uint8Array<ArrayBuffer>) => void,
): AsyncGenerator<TextPiece> {
  const decode = createDecoder(encoding);
  let next = readSlice(file, 0);

  for (let at = 0; at < file.size; at += SLICE_BYTES) {
    const slice = await next;
    const end = Math.min(at + SLICE_BYTES, file.size);
    if (end < file.size) {
      next = readSlice(file, end);
      // When the consumer stops early nobody awaits it any more.
      next.catch(() => undefined);
    }
    onSlice?.(slice);
    for (let from = 0; from < slice.length; from += PIECE_BYTES) {
      const to = Math.min(from + PIECE_BYTES, slice.length);
      const isLast = at + to >= file.size;
      const text = decodePiece(decode, slice.subarray(from, to), isLast, end);
      if (text !== "") yield { text, bytesRead: at + to };
    }
  }
}

function decodePiece(
  decode: Decode,
  bytes: Uint8Array,
  isLast: boolean,
  bytesRead: number,
): string {
  try {
    return decode(bytes, !isLast);
  } catch {
    // A fatal TextDecoder throws a TypeError without a position.
    throw new UndecodableError(bytesRead);
  }
}

async function readSlice(
  file: Blob,
  at: number,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const slice = file.slice(at, at + SLICE_BYTES);
    return new Uint8Array(await slice.arrayBuffer());
  } catch (cause) {
    throw new AppError("unprocessable", FILE_REFUSALS.unreadableNow, { cause });
  }
}

type Decode = (bytes: Uint8Array, isMoreToCome: boolean) => string;

/**
 * A strict streaming decoder.
 *
 * @throws {AppError} `invalid_input` for a label that names no encoding.
 */
export function createDecoder(encoding: string): Decode {
  const decoder = createTextDecoder(encoding);
  const fix = isLatin1(decoder) ? fixWindows1252 : undefined;
  return (bytes, isMoreToCome) => {
    const text = decoder.decode(bytes, { stream: isMoreToCome });
    return fix ? fix(text) : text;
  };
}

function createTextDecoder(encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding, { fatal: true });
  } catch {
    throw new AppError(
      "invalid_input",
      FILE_REFUSALS.unknownEncoding(encoding),
    );
  }
}

// Node 20 decodes windows-1252 as Latin-1 (parsing.md 2.4, 11).
const C1_AS_WINDOWS_1252 =
  "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

function isLatin1({ encoding }: TextDecoder): boolean {
  if (encoding !== "windows-1252") return false;
  return new TextDecoder(encoding).decode(Uint8Array.of(0x80)) !== "€";
}

function fixWindows1252(text: string): string {
  return text.replace(/[\u0080-\u009f]/g, (char) =>
    C1_AS_WINDOWS_1252.charAt(char.charCodeAt(0) - 0x80),
  );
}
