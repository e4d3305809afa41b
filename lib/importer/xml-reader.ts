import { NOT_READ } from "@/lib/wording/file-refusals";

import { damaged, refused } from "./zip-directory";

/** No program writes longer tags; texts are those of cells. */
const TAG_CHARS_MAX = 1_000_000;
const TEXT_CHARS_MAX = 2_000_000;

export type XmlEvents = {
  /** A tag that opens; a tag that opens and closes at once does both. Names come without prefix, attributes as they stand. */
  open(name: string, attributes: string): void;
  close(name: string): void;
  /** May come in several pieces. `isLiteral`: from CDATA, without entities. */
  text(text: string, isLiteral: boolean): void;
  /**
   * Looks at each tag first: where it begins. Gives the place behind what it
   * took over from there, or -1 to have it read in the ordinary way.
   */
  shortcut?: (text: string, at: number) => number;
};

export type XmlReader = { push(text: string): void; finish(): void };

/**
 * Cuts XML that comes in pieces into tags and texts. Knows what spreadsheets
 * hold and no more: a document type, which is where entities that unfold come
 * from, is refused, and nothing is resolved or loaded.
 */
export function createXmlReader(on: XmlEvents): XmlReader {
  let rest = "";
  let depth = 0;
  let hasRoot = false;
  const { shortcut } = on;

  function push(piece: string): void {
    const text = rest === "" ? piece : rest + piece;
    let at = 0;
    for (;;) {
      const start = text.indexOf("<", at);
      if (start < 0) break;
      if (shortcut && start === at) {
        const next = shortcut(text, start);
        if (next > 0) {
          at = next;
          continue;
        }
      }
      const end = tagEnd(text, start);
      if (end < 0) {
        if (start > at) on.text(text.slice(at, start), false);
        at = start;
        if (text.length - at > TAG_CHARS_MAX) throw refused(TOO_LONG);
        break;
      }
      if (start > at) on.text(text.slice(at, start), false);
      readTag(text, start, end);
      at = end;
    }
    rest = at === 0 ? text : text.slice(at);
    if (rest.length > TEXT_CHARS_MAX) throw refused(TOO_LONG);
  }

  function readTag(text: string, start: number, end: number): void {
    const first = text.charCodeAt(start + 1);
    if (first === EXCLAMATION) {
      if (text.startsWith("<![CDATA[", start)) {
        on.text(text.slice(start + 9, end - 3), true);
      } else if (!text.startsWith("<!--", start)) {
        throw refused(NOT_READ.documentType);
      }
      return;
    }
    if (first === QUESTION) return;
    if (first === SLASH) {
      depth -= 1;
      if (depth < 0) throw damaged();
      return on.close(localName(text, start + 2, end - 1));
    }
    const isEmpty = text.charCodeAt(end - 2) === SLASH;
    const tag = isEmpty ? end - 2 : end - 1;
    const nameEnd = endOfName(text, start + 1, tag);
    const name = localName(text, start + 1, nameEnd);
    on.open(name, text.slice(nameEnd, tag));
    hasRoot = true;
    if (isEmpty) on.close(name);
    else depth += 1;
  }

  return {
    push,
    finish() {
      if (!hasRoot || depth !== 0 || rest.trim() !== "") throw damaged();
    },
  };
}

const TOO_LONG = "one of its cells or tags is longer than a cell can be";
const EXCLAMATION = 33;
const QUESTION = 63;
const SLASH = 47;

/** Behind the tag that begins at `start`; -1 when its end has not come yet. */
function tagEnd(text: string, start: number): number {
  const first = text.charCodeAt(start + 1);
  if (first === QUESTION) return behind(text, "?>", start);
  if (first === EXCLAMATION) {
    // Too short to tell what it is.
    if (text.length - start < 9) return -1;
    if (text.startsWith("<!--", start)) return behind(text, "-->", start + 4);
    if (text.startsWith("<![CDATA[", start)) return behind(text, "]]>", start);
    return behind(text, ">", start);
  }
  let end = text.indexOf(">", start);
  // A quoted value may hold one.
  while (end >= 0 && hasOpenQuote(text, start, end)) {
    end = text.indexOf(">", end + 1);
  }
  return end < 0 ? -1 : end + 1;
}

function behind(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at < 0 ? -1 : at + mark.length;
}

function hasOpenQuote(text: string, start: number, end: number): boolean {
  const last = text.charCodeAt(end - 1);
  // Nearly every tag ends in a quote, a slash or its name.
  if (last === 34 || last === SLASH) {
    const before = text.charCodeAt(end - 2);
    if (last === 34 || before === 34) return false;
  }
  let quote = "";
  for (let i = start; i < end; i++) {
    const char = text[i] ?? "";
    if (quote === "") {
      if (char === '"' || char === "'") quote = char;
    } else if (char === quote) quote = "";
  }
  return quote !== "";
}

function endOfName(text: string, from: number, to: number): number {
  for (let i = from; i < to; i++) {
    if (text.charCodeAt(i) <= 32) return i;
  }
  return to;
}

function localName(text: string, from: number, to: number): string {
  const name = text.slice(from, to).trimEnd();
  const colon = name.indexOf(":");
  return colon < 0 ? name : name.slice(colon + 1);
}

const ATTRIBUTE = /([^\s=:]+(?::[^\s=]+)?)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** Attributes of a tag by their name without prefix; `r:id` is `id` too. */
export function readAttributes(raw: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, name = "", double, single] of raw.matchAll(ATTRIBUTE)) {
    const value = decodeXmlText(double ?? single ?? "");
    found.set(name, value);
    const colon = name.indexOf(":");
    if (colon > 0 && !found.has(name.slice(colon + 1))) {
      found.set(name.slice(colon + 1), value);
    }
  }
  return found;
}

const ENTITY = /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(\w{1,12}));/g;
const NAMED = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
]);

/** Text with its entities resolved; one that XML does not know stays as it is. */
export function decodeXmlText(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(ENTITY, (all, decimal, hex, name: string | undefined) => {
    if (name !== undefined) return NAMED.get(name) ?? all;
    const code = decimal ? Number(decimal) : parseInt(hex as string, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}

const ESCAPED = /_x([0-9A-Fa-f]{4})_/g;

/** Excel writes characters that XML cannot hold as `_x000D_` (ECMA-376 part 1, 22.9.2.19). */
export function decodeExcelText(text: string): string {
  const decoded = decodeXmlText(text);
  if (!decoded.includes("_x")) return decoded;
  return decoded.replace(ESCAPED, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
}
