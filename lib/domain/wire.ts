import type { Entity, EntityProperty } from "./entity";
import {
  hasOnlyLegalCharacters,
  isEntryKey,
  isLanguageCode,
  isPropertyId,
  LEGAL_CHARACTERS,
} from "./identifiers";
import { ACCEPT_LIMITS, IDENTIFIER_LIMITS } from "./limits";
import { NumberText } from "./number-text";
import {
  addTwoSpellings,
  entityMember,
  findMember,
  isObject,
  kindOf,
  propertyMember,
} from "./wire-members";
import { readAlike, shapeOf, type EntityShape } from "./wire-shape";
import { createProblemList, quoted, type ProblemList } from "./wire-problems";

const { entityBytesMax } = ACCEPT_LIMITS;
const { keyCharsMax, propertyIdCharsMax, languageCharsMin, languageCharsMax } =
  IDENTIFIER_LIMITS;

const encoder = new TextEncoder();

/**
 * Reads the body of `POST /import/{source}` (contract 1.2, 6 and 7).
 *
 * Member names count in any case; unknown members are ignored. `""`, null and
 * a missing language all come back as null. Numbers and booleans come back as
 * text, a `NumberText` with its digits as sent. Of a property with language
 * null and the same with `""` the later wins. The properties of an entity with
 * `delete: true` are not looked at. The order of entities and properties stays.
 *
 * @param sent.entityBytesLargest bytes of the largest entity as it was sent,
 *   when the caller counted them; otherwise compact JSON is measured.
 * @throws {RefusedBodyError} when any rule is broken, with one problem a broken
 *   rule or place, at most 100.
 */
export function readImportBody(
  body: unknown,
  sent: { entityBytesLargest?: number } = {},
): Entity[] {
  const problems = createProblemList("entities");
  const entities = readEntities(body, problems, sent.entityBytesLargest);
  problems.throwIfAny();
  return entities;
}

function readEntities(
  body: unknown,
  problems: ProblemList,
  entityBytesLargest: number | undefined,
): Entity[] {
  if (!isObject(body)) {
    problems.add(
      "",
      `The body must be a JSON object such as {"entities": []}. Send one.`,
    );
    return [];
  }
  const items = findMember(body, "entities", problems);
  if (!Array.isArray(items)) {
    problems.add(
      "entities",
      items === undefined || items === null
        ? "Entities are missing. Send an array named entities; it may be empty."
        : "Entities are not an array. Send an array named entities.",
    );
    return [];
  }
  const isMeasured = entityBytesLargest !== undefined;
  const mayBeTooLarge = !isMeasured || entityBytesLargest > entityBytesMax;
  const firstIndex = new Map<string, number>();
  const last: LastEntity = {};
  const entities: Entity[] = [];
  for (let index = 0; index < items.length; index += 1) {
    const item: unknown = items[index];
    const entity = readEntity(item, index, problems, last);
    if (entity === undefined) continue;
    const first = firstIndex.get(entity.key);
    if (first === undefined) firstIndex.set(entity.key, index);
    else {
      problems.add(
        `entities[${index}].key`,
        `Entity keys must be unique. The key ${quoted(entity.key)} of entities[${index}] is already in entities[${first}]. Send each key once.`,
      );
    }
    if (mayBeTooLarge && mayExceed(entity)) {
      const bytes = encoder.encode(JSON.stringify(item)).byteLength;
      if (bytes > entityBytesMax) addTooLarge(problems, index, entity.key);
    }
    entities.push(entity);
  }
  if (isMeasured && mayBeTooLarge && problems.count === 0) {
    // Larger as sent than as compact JSON, so no single one was found above.
    problems.add("entities", tooLargeText("An entity"));
  }
  return entities;
}

function addTooLarge(problems: ProblemList, index: number, key: string): void {
  problems.add(
    `entities[${index}]`,
    tooLargeText(`The entity ${quoted(key)} in entities[${index}]`),
  );
}

function tooLargeText(subject: string): string {
  return `${subject} has more than ${entityBytesMax} bytes. Split its properties over several imports of the same key.`;
}

/** A cheap bound first: a UTF-16 unit takes at most 6 bytes in JSON. */
function mayExceed(entity: Entity): boolean {
  let chars = entity.key.length + 100;
  for (const { id, value } of entity.properties) {
    chars += id.length + (value?.length ?? 0) + 100;
  }
  return chars * 6 > entityBytesMax;
}

type LastEntity = {
  items?: unknown[] | undefined;
  properties?: EntityProperty[];
  shape?: EntityShape | undefined;
};

function readEntity(
  item: unknown,
  index: number,
  problems: ProblemList,
  last: LastEntity,
): Entity | undefined {
  if (!isObject(item)) {
    problems.add(
      `entities[${index}]`,
      `Entities must be objects. entities[${index}] is ${kindOf(item)}. Send an object with key and properties.`,
    );
    return undefined;
  }
  let key: unknown;
  let isDelete: unknown;
  let properties: unknown;
  let seen = 0;
  for (const name in item) {
    const bit = entityMember(name);
    if (bit === 0) continue;
    if (seen & bit) addTwoSpellings(problems, `entities[${index}]`, name);
    seen |= bit;
    if (bit === 1) key = item[name];
    else if (bit === 2) isDelete = item[name];
    else properties = item[name];
  }
  const keyRead = readKey(key, index, problems);
  if (
    isDelete !== undefined &&
    isDelete !== null &&
    typeof isDelete !== "boolean"
  ) {
    problems.add(
      `entities[${index}].delete`,
      `Delete must be true or false. In entities[${index}] it is ${kindOf(isDelete)}.`,
    );
  }
  if (isDelete === true) {
    return keyRead === undefined
      ? undefined
      : { key: keyRead, delete: true, properties: [] };
  }
  let read: EntityProperty[] | undefined;
  if (Array.isArray(properties)) {
    if (last.items) last.shape = shapeOf(last.items, last.properties ?? []);
    last.items = undefined;
    read = last.shape && readAlike(properties, last.shape, toText);
  }
  if (!read) {
    read = readProperties(properties, index, problems);
    // Its shape is worked out when another entity follows: most bodies have one.
    last.items = Array.isArray(properties) ? properties : undefined;
    last.properties = read;
    last.shape = undefined;
  }
  return keyRead === undefined
    ? undefined
    : { key: keyRead, delete: false, properties: read };
}

function readKey(
  key: unknown,
  index: number,
  problems: ProblemList,
): string | undefined {
  const path = `entities[${index}].key`;
  if (typeof key !== "string") {
    problems.add(
      path,
      key === undefined || key === null
        ? `Entity keys are required. ${path} is missing. Send a text of 1 to ${keyCharsMax} characters.`
        : `Entity keys must be texts. ${path} is ${kindOf(key)}. Send it in quotes.`,
    );
    return undefined;
  }
  if (isEntryKey(key)) return key;
  if (!hasOnlyLegalCharacters(key)) {
    problems.addRestrictedKey(path, key);
  } else {
    problems.add(
      path,
      `Entity keys must have 1 to ${keyCharsMax} characters. ${path} has ${key.length}. Send a key within that length.`,
    );
  }
  return undefined;
}

function readProperties(
  items: unknown,
  index: number,
  problems: ProblemList,
): EntityProperty[] {
  if (items === undefined || items === null) return [];
  if (!Array.isArray(items)) {
    problems.add(
      `entities[${index}].properties`,
      `Properties must be an array. entities[${index}].properties is ${kindOf(items)}. Send an array; it may be empty.`,
    );
    return [];
  }
  const properties: EntityProperty[] = [];
  // Where each (id, language as sent) stands in `properties`. The colon is not
  // legal in an id, so `id`, `id:` and `id:sv` never meet.
  const places = new Map<string, number>();
  for (let at = 0; at < items.length; at += 1) {
    const property = readProperty(items[at], index, at, problems);
    if (property === undefined) continue;
    const { id, language } = property;
    const name = language === null ? id : `${id}:${language}`;
    if (places.has(name)) {
      const path = `entities[${index}].properties[${at}]`;
      problems.add(
        path,
        `Properties must be unique by id and language. ${path} repeats ${quoted(id)}${language ? ` in ${quoted(language)}` : ""}. Send each pair once.`,
      );
      continue;
    }
    // Contract 7: null and "" are two languages to clients and one to us.
    const twin = language === null ? `${id}:` : language === "" ? id : name;
    const replaced = twin === name ? undefined : places.get(twin);
    if (language === "") property.language = null;
    places.set(name, replaced ?? properties.length);
    if (replaced === undefined) properties.push(property);
    else properties[replaced] = property;
  }
  return properties;
}

/** A legal property, its language still as sent: null for missing, `""` for empty. */
function readProperty(
  item: unknown,
  index: number,
  at: number,
  problems: ProblemList,
): EntityProperty | undefined {
  if (!isObject(item)) {
    const path = `entities[${index}].properties[${at}]`;
    problems.add(
      path,
      `Properties must be objects. ${path} is ${kindOf(item)}. Send an object with id and value.`,
    );
    return undefined;
  }
  let id: unknown;
  let value: unknown;
  let language: unknown;
  let seen = 0;
  for (const name in item) {
    const bit = propertyMember(name);
    if (bit === 0) continue;
    if (seen & bit) {
      addTwoSpellings(problems, `entities[${index}].properties[${at}]`, name);
    }
    seen |= bit;
    if (bit === 1) id = item[name];
    else if (bit === 2) value = item[name];
    else language = item[name];
  }
  language ??= null;
  const text = toText(value);
  const isLegal =
    typeof id === "string" &&
    isPropertyId(id) &&
    text !== undefined &&
    (language === null ||
      language === "" ||
      (typeof language === "string" && isLanguageCode(language)));
  if (isLegal) {
    return { id: id as string, value: text, language: language as string };
  }
  const path = `entities[${index}].properties[${at}]`;
  explainId(id, path, problems);
  if (text === undefined) explainValue(value, path, problems);
  explainLanguage(language, path, problems);
  return undefined;
}

/** The value as it is stored; undefined when it breaks a rule. */
function toText(value: unknown): string | null | undefined {
  if (typeof value === "string") return isStorable(value) ? value : undefined;
  if (value === null) return null;
  if (typeof value === "boolean") return String(value);
  if (value instanceof NumberText) {
    return value.isInRange() ? value.text : undefined;
  }
  // Only from callers that parsed with JSON.parse: there, digits may be lost already.
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  return undefined;
}

/** PostgreSQL stores no NUL and no lone surrogate (security.md R18). */
function isStorable(text: string): boolean {
  return !text.includes("\0") && text.isWellFormed();
}

function explainId(id: unknown, path: string, problems: ProblemList): void {
  const place = `${path}.id`;
  if (typeof id !== "string") {
    problems.add(
      place,
      id === undefined || id === null
        ? `Property ids are required. ${place} is missing. Send a text of 1 to ${propertyIdCharsMax} characters.`
        : `Property ids must be texts. ${place} is ${kindOf(id)}. Send it in quotes.`,
    );
  } else if (!hasOnlyLegalCharacters(id)) {
    problems.add(
      place,
      `Property ids contain restricted characters. ${place} is ${quoted(id)}. Use only ${LEGAL_CHARACTERS}.`,
    );
  } else if (!isPropertyId(id)) {
    problems.add(
      place,
      `Property ids must have 1 to ${propertyIdCharsMax} characters. ${place} has ${id.length}. Send an id within that length.`,
    );
  }
}

function explainValue(
  value: unknown,
  path: string,
  problems: ProblemList,
): void {
  problems.add(`${path}.value`, valueText(value, `${path}.value`));
}

function valueText(value: unknown, place: string): string {
  if (value === undefined) {
    return `Property values are required. ${place} is missing. Send a text, or null to clear the value.`;
  }
  if (typeof value === "string") {
    return value.includes("\0")
      ? `Property values contain restricted characters. ${place} holds the character NUL (\\u0000). Remove it.`
      : `Property values contain restricted characters. ${place} holds half of a surrogate pair. Send whole characters.`;
  }
  if (value instanceof NumberText || typeof value === "number") {
    return `Property values must be finite numbers. ${place} is too large for a number. Send it in quotes.`;
  }
  return `Property values must be texts, numbers, booleans or null. ${place} is ${kindOf(value)}. Send it as a text.`;
}

function explainLanguage(
  language: unknown,
  path: string,
  problems: ProblemList,
): void {
  if (language === null || language === "") return;
  const place = `${path}.language`;
  if (typeof language !== "string") {
    problems.add(
      place,
      `Languages must be texts. ${place} is ${kindOf(language)}. Send a code such as sv, or null for none.`,
    );
  } else if (!hasOnlyLegalCharacters(language)) {
    problems.add(
      place,
      `Languages contain restricted characters. ${place} is ${quoted(language)}. Use only ${LEGAL_CHARACTERS}.`,
    );
  } else if (!isLanguageCode(language)) {
    problems.add(
      place,
      `Languages must have ${languageCharsMin} to ${languageCharsMax} characters. ${place} has ${language.length}. Send a code such as sv or en-GB, or null for none.`,
    );
  }
}
