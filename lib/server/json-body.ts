import "server-only";

import { randomBytes } from "node:crypto";

import { parse } from "lossless-json";

import { ACCEPT_LIMITS } from "@/lib/domain/limits";
import { NumberText } from "@/lib/domain/number-text";
import { RefusedBodyError } from "@/lib/domain/wire-problems";

import { scanJson, type JsonScan } from "./json-scan";

// Only small bodies are read a second time to name a repeated member: that
// parser is slow, and the answer is a refusal anyway.
const NAMED_BYTES_MAX = 1_000_000;

// Stands before the digits of a number while the body is parsed. Random and
// never given away, so no text from outside starts with it.
const MARK = randomBytes(12).toString("hex");

const decoder = new TextDecoder("utf-8", { fatal: true });

/** A parsed body, and what the scan before parsing counted. */
export type ParsedJson = {
  /** Numbers are `NumberText`, everything else as `JSON.parse` gives it. */
  value: unknown;
  /** Bytes of the longest array or object at the third level, as sent. */
  thirdLevelBytesLargest: number;
};

/**
 * Parses a request body: UTF-8 (a byte order mark is dropped), nested at most
 * 32 levels, no object with more than 1,000 members or a member twice, no denser
 * than an import can be, digits of numbers kept. A body without numbers costs one scan, one `JSON.parse` and one walk.
 *
 * @throws {RefusedBodyError} for anything else.
 */
export function parseJson(bytes: Uint8Array): ParsedJson {
  const { nestingMax } = ACCEPT_LIMITS;
  const numbersMax = mostOf(ACCEPT_LIMITS.bytesPerNumberMin, bytes);
  const scan = scanJson(bytes, { nestingMax, numbersMax });
  if (scan.nesting > nestingMax) {
    throw refused(
      `The body is nested deeper than ${nestingMax} levels. Send values as texts.`,
    );
  }
  refuseDense(scan, bytes);
  const text = decode(bytes);
  let value = parseText(text);
  if (scan.numbers.length > 0) {
    // The text is known to be JSON now, so every literal found is a number.
    value = JSON.parse(decoder.decode(markNumbers(bytes, scan.numbers)));
  }
  if (scan.numbers.length > 0) value = readNumbers(value);
  if (countMembers(value) !== scan.members) {
    throw refused(repeatedMember(text, bytes.length));
  }
  return { value, thirdLevelBytesLargest: scan.thirdLevelBytesLargest };
}

/** Refuses before parsing what would cost far more to parse than any import. */
function refuseDense(
  { containers, numbers, membersLargest }: JsonScan,
  bytes: Uint8Array,
): void {
  const limits = ACCEPT_LIMITS;
  if (membersLargest > limits.membersPerObjectMax) {
    throw refused(
      `An object of the body has more than ${limits.membersPerObjectMax} members. Send values as items of properties.`,
    );
  }
  const isDense =
    containers > mostOf(limits.bytesPerContainerMin, bytes) ||
    numbers.length / 2 > mostOf(limits.bytesPerNumberMin, bytes);
  if (isDense) {
    throw refused(
      "The body has more objects, arrays or numbers than entities and properties of its size can have. Send entities with a key, and properties with id and value.",
    );
  }
}

function mostOf(bytesMin: number, bytes: Uint8Array): number {
  return Math.max(ACCEPT_LIMITS.containersAlways, bytes.length / bytesMin);
}

function decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw refused("The body is not valid UTF-8. Encode it as UTF-8.");
  }
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The message itself quotes the body, which may hold a secret.
    const at = /position (\d+)/.exec(String(error))?.[1];
    throw refused(
      text.trim() === ""
        ? "The body is empty. Send a JSON object."
        : `The body is not valid JSON${at ? ` at character ${at}` : ""}. See that it is complete and its texts are in double quotes.`,
    );
  }
}

/** The same bytes with every number literal as a marked text: `12` becomes `"<mark>12"`. */
function markNumbers(bytes: Uint8Array, numbers: number[]): Uint8Array {
  const opening = new TextEncoder().encode(`"${MARK}`);
  const added = (numbers.length / 2) * (opening.length + 1);
  const marked = new Uint8Array(bytes.length + added);
  let from = 0;
  let to = 0;
  for (let at = 0; at < numbers.length; at += 2) {
    const start = numbers[at] ?? 0;
    const end = numbers[at + 1] ?? start;
    marked.set(bytes.subarray(from, start), to);
    to += start - from;
    marked.set(opening, to);
    to += opening.length;
    marked.set(bytes.subarray(start, end), to);
    to += end - start;
    marked[to] = 0x22;
    to += 1;
    from = end;
  }
  marked.set(bytes.subarray(from), to);
  return marked;
}

/** Members of all objects. Shallow: at most 32 levels. */
function countMembers(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  if (value instanceof NumberText) return 0;
  let members = 0;
  if (Array.isArray(value)) {
    for (const item of value) {
      if (typeof item === "object") members += countMembers(item);
    }
    return members;
  }
  const object = value as Record<string, unknown>;
  for (const name in object) {
    members += 1;
    const item = object[name];
    if (typeof item === "object") members += countMembers(item);
  }
  return members;
}

/** Puts `NumberText` in the place of marked texts. */
function readNumbers(value: unknown): unknown {
  if (typeof value === "string") {
    return value.startsWith(MARK)
      ? new NumberText(value.slice(MARK.length))
      : value;
  }
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(readNumbers);
  const object = value as Record<string, unknown>;
  for (const name of Object.keys(object)) {
    // `__proto__` is an own member here, so this does not reach the prototype.
    object[name] = readNumbers(object[name]);
  }
  return object;
}

function repeatedMember(text: string, bytes: number): string {
  const rule = "Member names must be unique.";
  const remedy = "Send each member once.";
  const found: { name: string; position: number }[] = [];
  if (bytes <= NAMED_BYTES_MAX) {
    parse(text.replace(/^\ufeff/, ""), undefined, {
      parseNumber: (digits) => digits,
      onDuplicateKey: ({ key, position }) => {
        found.push({ name: key, position });
        return undefined;
      },
    });
  }
  const [first] = found;
  return first
    ? `${rule} An object has the member ${JSON.stringify(first.name.slice(0, 60))} twice, again at character ${first.position}. ${remedy}`
    : `${rule} An object of the body has the same member twice. ${remedy}`;
}

function refused(message: string): RefusedBodyError {
  return new RefusedBodyError([{ propertyName: "body", message, paths: [] }]);
}
