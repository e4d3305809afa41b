import { NumberText } from "./number-text";
import { quoted, type ProblemList } from "./wire-problems";

// No member name of the API is longer; a longer one is not worth folding.
const MEMBER_CHARS_MAX = 20;

const ascii = /^[A-Za-z]+$/;

export type JsonObject = Record<string, unknown>;

/** The member of an object at `path` whose name is `wanted` (lower case) in any case; undefined when it has none. */
export function findMember(
  object: JsonObject,
  wanted: string,
  problems: ProblemList,
  path = "",
): unknown {
  let found: unknown;
  let isFound = false;
  for (const name of Object.keys(object)) {
    if (fold(name) !== wanted) continue;
    if (isFound) addTwoSpellings(problems, path, name);
    isFound = true;
    found = object[name];
  }
  return found;
}

/** Notes that an object has a member in two spellings: which one counts is anybody's guess. */
export function addTwoSpellings(
  problems: ProblemList,
  path: string,
  name: string,
): void {
  problems.add(
    path,
    `Member names must be unique, whatever their case. ${path || "The body"} has two spellings of ${quoted(fold(name))}. Send one of them.`,
  );
}

/** One bit a member of an entity, 0 for unknown ones; the two spellings that clients use come first. */
export function entityMember(name: string): 0 | 1 | 2 | 4 {
  switch (name) {
    case "key":
    case "Key":
      return 1;
    case "delete":
    case "Delete":
      return 2;
    case "properties":
    case "Properties":
      return 4;
  }
  const folded = fold(name);
  return folded === name ? 0 : entityMember(folded);
}

/** One bit a member of a property, 0 for unknown ones. */
export function propertyMember(name: string): 0 | 1 | 2 | 4 {
  switch (name) {
    case "id":
    case "Id":
      return 1;
    case "value":
    case "Value":
      return 2;
    case "language":
    case "Language":
      return 4;
  }
  const folded = fold(name);
  return folded === name ? 0 : propertyMember(folded);
}

/** Lower case of A-Z only: the Kelvin sign is no k. */
function fold(name: string): string {
  if (name.length > MEMBER_CHARS_MAX || !ascii.test(name)) return name;
  return name.toLowerCase();
}

/** Whether a parsed value is a JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof NumberText)
  );
}

/** What a parsed value is, for a sentence: "an array". */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (Array.isArray(value)) return "an array";
  if (value instanceof NumberText || typeof value === "number") {
    return "a number";
  }
  if (typeof value === "boolean") return "true or false";
  return typeof value === "string" ? "a text" : "an object";
}
