import { entityMember, propertyMember } from "./wire-members";

type Place = { start: number; end: number };

/** Where in an entity's text its key and the values of its properties stand, quotes included. */
export type Places = { key: Place; values: Place[] };

/**
 * Finds key and values in the text of one entity, which must be valid JSON.
 * Undefined when it has members that the API does not know and that are more
 * than a text or a word, or when key or a value is missing.
 */
export function findPlaces(text: string): Places | undefined {
  let key: Place | undefined;
  const values: Place[] = [];
  for (const { name, place } of membersOf(text, 0)) {
    const bit = entityMember(name);
    if (bit === 1) key = place;
    else if (bit === 4 && text[place.start] === "[") {
      for (const item of itemsOf(text, place.start)) {
        const value = valuePlace(text, item);
        if (!value) return undefined;
        values.push(value);
      }
    } else if (bit === 0 && isHeavy(text, place)) return undefined;
  }
  return key && { key, values };
}

function valuePlace(text: string, item: Place): Place | undefined {
  let value: Place | undefined;
  for (const { name, place } of membersOf(text, item.start)) {
    const bit = propertyMember(name);
    if (bit === 2) value = place;
    else if (bit === 0 && isHeavy(text, place)) return undefined;
  }
  return value;
}

/** Of objects, arrays and numbers a body may only have so many. */
function isHeavy(text: string, { start }: Place): boolean {
  return /[^"tfn]/.test(text[start] ?? "");
}

function* membersOf(
  text: string,
  object: number,
): Generator<{ name: string; place: Place }> {
  let at = skipBlanks(text, object + 1);
  while (text[at] === '"') {
    const nameEnd = endOfToken(text, at);
    const name = JSON.parse(text.slice(at, nameEnd)) as string;
    const start = skipBlanks(text, skipBlanks(text, nameEnd) + 1);
    const end = endOfToken(text, start);
    yield { name, place: { start, end } };
    at = skipBlanks(text, end);
    if (text[at] === ",") at = skipBlanks(text, at + 1);
  }
}

function* itemsOf(text: string, array: number): Generator<Place> {
  let start = skipBlanks(text, array + 1);
  while (start < text.length && text[start] !== "]") {
    const end = endOfToken(text, start);
    yield { start, end };
    start = skipBlanks(text, end);
    if (text[start] === ",") start = skipBlanks(text, start + 1);
  }
}

/** The first place at or after `at` that is no blank of JSON. */
export function skipBlanks(text: string, at: number): number {
  let next = at;
  while (
    text[next] === " " ||
    text[next] === "\n" ||
    text[next] === "\r" ||
    text[next] === "\t"
  )
    next += 1;
  return next;
}

/** Where the JSON value that starts at `start` ends; the end of the text when it does not. */
export function endOfToken(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const char = text[at] ?? "";
    if (char === '"') {
      at = endOfText(text, at) - 1;
    } else if (char === "{" || char === "[") {
      depth += 1;
    } else if (char === "}" || char === "]") {
      depth -= 1;
      if (depth < 0) return at;
    } else if (depth > 0 || !/[,\s]/.test(char)) {
      continue;
    } else {
      return at;
    }
    if (depth === 0) return at + 1;
  }
  return text.length;
}

/** Just after the closing quote. */
function endOfText(text: string, opening: number): number {
  for (let at = opening + 1; at < text.length; at += 1) {
    const char = text[at];
    if (char === '"') return at + 1;
    if (char === "\\") at += 1;
  }
  return text.length;
}

/** The text in quotes at `opening`, its escapes read; undefined when it cannot be stored or is no JSON. */
export function stringAt(
  text: string,
  opening: number,
): { value: string; end: number } | undefined {
  const end = endOfText(text, opening);
  try {
    const value = JSON.parse(text.slice(opening, end)) as string;
    const isStorable = !value.includes("\0") && value.isWellFormed();
    return isStorable ? { value, end: end - 1 } : undefined;
  } catch {
    // Whoever reads in full says what is wrong with it.
    return undefined;
  }
}
