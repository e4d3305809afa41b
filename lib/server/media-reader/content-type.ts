import { fileTypeFromBuffer } from "file-type";

import {
  extensionOf,
  typeByFilename,
  UNKNOWN_MEDIA_TYPE,
} from "@/lib/domain/media-type";

export type ContentType = {
  mimeType: string;
  /** Lower case, without the dot; empty when neither content nor name say one. */
  extension: string;
};

/** So much of the beginning is looked at. */
export const HEAD_BYTES = 256 * 1024;

/** Spellings that are as right as the one that the content alone would give. */
const SAME_EXTENSIONS = new Map([
  ["jpg", ["jpeg", "jpe", "jfif"]],
  ["tif", ["tiff"]],
  ["mp4", ["m4v"]],
  ["mpg", ["mpeg"]],
  ["m4a", ["mp4"]],
  ["png", ["apng"]],
  ["ogg", ["oga"]],
]);

/** Text has no signature, so there a name may say which kind it is. Never more than that. */
const TEXT_TYPES = new Map([
  ["csv", "text/csv"],
  ["css", "text/css"],
  ["js", "text/javascript"],
  ["json", "application/json"],
  ["md", "text/markdown"],
  ["txt", "text/plain"],
  ["xml", "application/xml"],
]);

const ROOT_TYPES: [RegExp, ContentType][] = [
  [/^<svg[\s/>]/i, { mimeType: "image/svg+xml", extension: "svg" }],
  [
    /^<(html|head|body|script|iframe|style|title|table|div|p|a|h1|br)[\s/>]/i,
    { mimeType: "text/html", extension: "html" },
  ],
];

/**
 * What a file is, by its content: the sender's name decides only among kinds
 * of text and among spellings of one extension. `head` are its first
 * HEAD_BYTES, or all of it.
 */
export async function readContentType(
  head: Uint8Array,
  filename: string,
): Promise<ContentType> {
  const named = extensionOf(filename);
  const found = await fileTypeFromBuffer(head);
  if (found && found.mime !== "application/xml") {
    const isSame = SAME_EXTENSIONS.get(found.ext)?.includes(named) ?? false;
    return { mimeType: found.mime, extension: isSame ? named : found.ext };
  }
  const text = readText(head);
  if (text === undefined)
    return { mimeType: UNKNOWN_MEDIA_TYPE, extension: named };

  const isHtml = /^\s*(<!--[^]*?-->\s*)*<!doctype\s+html/i.test(text);
  const root = isHtml ? "<html>" : afterProlog(text);
  const markup = ROOT_TYPES.find(([pattern]) => pattern.test(root));
  if (markup) return markup[1];
  if (found) return { mimeType: found.mime, extension: found.ext };
  const mimeType = TEXT_TYPES.get(named) ?? "text/plain";
  // A picture's name on text promises what is not there.
  const isMisleading =
    !TEXT_TYPES.has(named) && typeByFilename(filename) !== undefined;
  return { mimeType, extension: isMisleading ? "txt" : named };
}

/** The text of the head; `undefined` when it is none. */
function readText(head: Uint8Array): string | undefined {
  if (head.length === 0) return undefined;
  const encoding =
    head[0] === 0xff && head[1] === 0xfe
      ? "utf-16le"
      : head[0] === 0xfe && head[1] === 0xff
        ? "utf-16be"
        : "utf-8";
  try {
    // Streaming: the head may end within a character.
    const text = new TextDecoder(encoding, { fatal: true }).decode(head, {
      stream: true,
    });
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}

/** From the first element on: without declaration, comments, instructions and document type. */
function afterProlog(text: string): string {
  let at = 0;
  for (;;) {
    while (/\s/.test(text.charAt(at)) && at < text.length) at += 1;
    const end = text.startsWith("<!--", at)
      ? endOf(text, "-->", at)
      : text.startsWith("<?", at)
        ? endOf(text, "?>", at)
        : text.startsWith("<!", at)
          ? endOfDoctype(text, at)
          : at;
    if (end === at) return text.slice(at, at + 100);
    at = end;
  }
}

function endOf(text: string, end: string, from: number): number {
  const found = text.indexOf(end, from);
  return found < 0 ? text.length : found + end.length;
}

/** Its inner subset may hold angle brackets of its own. */
function endOfDoctype(text: string, from: number): number {
  const close = text.indexOf(">", from);
  const open = text.indexOf("[", from);
  if (open < 0 || (close >= 0 && close < open)) return endOf(text, ">", from);
  return endOf(text, ">", endOf(text, "]", open));
}
