import type { Entity, EntityProperty } from "./entity";
import { isEntryKey } from "./identifiers";
import { ACCEPT_LIMITS } from "./limits";
import { NumberText } from "./number-text";
import {
  endOfToken,
  findPlaces,
  skipBlanks,
  stringAt,
  type Places,
} from "./entity-places";

/** Shapes kept at once: products of a few kinds come mixed. */
const SHAPES_MAX = 4;
/** Shapes worked out before the text counts as one of unlike entities, and one more for every … entities. */
const LEARNED_ALWAYS = 8;
const ENTITIES_PER_LEARNED = 16;

// Folds A to Z only, as the names of members do.
const OPENING = /^[ \t\r\n]*\{[ \t\r\n]*"entities"[ \t\r\n]*:[ \t\r\n]*\[/i;
const CLOSING = /[ \t\r\n]*\}[ \t\r\n]*$/y;
const NEEDS_CARE = /[\\\u0000-\u001f]/;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** What all but keys and values of an entity's text is: the pieces before, between and after them. */
type Shape = {
  pieces: string[];
  /** Which of the gaps between the pieces is the key; all others are values, in order. */
  keyGap: number;
  properties: { id: string; language: string | null }[];
};

type Found = { entity: Entity; end: number };

/**
 * Reads the text of an import body whose entities are written alike, which is
 * how programs write them: only the first of each kind is parsed, of the others
 * only keys and values are picked out, as everything between them is the same
 * text. Several times as fast as parsing.
 *
 * Undefined for any other text, also where a rule may be broken: then it has to
 * be read in full, which says what is wrong. What is given is what reading in
 * full would give.
 *
 * @param readOne reads the text of one entity in full; undefined or an error
 *   when it breaks a rule.
 */
export function readAlikeText(
  text: string,
  readOne: (entityText: string) => Entity | undefined,
): Entity[] | undefined {
  const opening = OPENING.exec(text);
  if (!opening) return undefined;
  const isPlain = !NEEDS_CARE.test(text);
  const shapes: Shape[] = [];
  const keys = new Set<string>();
  const entities: Entity[] = [];
  let learned = 0;
  let at = skipBlanks(text, opening[0].length);
  for (;;) {
    let found = matchAny(text, at, shapes, isPlain);
    if (!found) {
      learned += 1;
      const learnedMax =
        LEARNED_ALWAYS + entities.length / ENTITIES_PER_LEARNED;
      if (learned > learnedMax) return undefined;
      found = learn(text, at, shapes, readOne);
    }
    if (!found || mayBeTooLarge(found.end - at)) return undefined;
    entities.push(found.entity);
    // A key sent twice is refused by whoever reads in full.
    if (keys.size === keys.add(found.entity.key).size) return undefined;
    at = skipBlanks(text, found.end);
    if (text[at] !== ",") break;
    at = skipBlanks(text, at + 1);
  }
  if (text[at] !== "]") return undefined;
  CLOSING.lastIndex = at + 1;
  return CLOSING.test(text) ? entities : undefined;
}

/** A UTF-16 unit takes at most 3 bytes. */
function mayBeTooLarge(chars: number): boolean {
  return chars * 3 > ACCEPT_LIMITS.entityBytesMax;
}

function matchAny(
  text: string,
  at: number,
  shapes: Shape[],
  isPlain: boolean,
): Found | undefined {
  for (let tried = 0; tried < shapes.length; tried += 1) {
    const shape = shapes[tried];
    const found = shape && match(text, at, shape, isPlain);
    if (!found) continue;
    // The next one is most likely of the same kind.
    if (tried > 0) shapes.unshift(...shapes.splice(tried, 1));
    return found;
  }
  return undefined;
}

function match(
  text: string,
  from: number,
  { pieces, keyGap, properties }: Shape,
  isPlain: boolean,
): Found | undefined {
  let at = from;
  let key = "";
  const read: EntityProperty[] = [];
  for (let gap = 0; gap < pieces.length; gap += 1) {
    const piece = pieces[gap] ?? "";
    const pieceEnd = at + piece.length;
    // Three times as fast as startsWith, which compares character by character.
    if (text.slice(at, pieceEnd) !== piece) return undefined;
    at = pieceEnd;
    if (gap === pieces.length - 1) break;
    const token = text[at] === '"' ? undefined : bareToken(text, at);
    if (token) at += token.length;
    let value = token?.value;
    if (!token) {
      let end = text.indexOf('"', at + 1);
      if (end < 0) return undefined;
      value = text.slice(at + 1, end);
      if (!isPlain && NEEDS_CARE.test(value)) {
        const careful = stringAt(text, at);
        if (!careful) return undefined;
        ({ end, value } = careful);
      }
      at = end + 1;
    }
    if (value === undefined) return undefined;
    if (gap === keyGap) {
      if (token || value === null || !isEntryKey(value)) return undefined;
      key = value;
      continue;
    }
    const own = properties[read.length];
    if (!own) return undefined;
    read.push({ id: own.id, value, language: own.language });
  }
  return { entity: { key, delete: false, properties: read }, end: at };
}

/** A value that is no text. Undefined when it breaks a rule. */
function bareToken(
  text: string,
  at: number,
): { value: string | null | undefined; length: number } {
  for (const word of ["null", "true", "false"]) {
    if (!text.startsWith(word, at)) continue;
    return { value: word === "null" ? null : word, length: word.length };
  }
  NUMBER.lastIndex = at;
  const number = NUMBER.exec(text)?.[0] ?? "";
  const isLegal = number !== "" && new NumberText(number).isInRange();
  return { value: isLegal ? number : undefined, length: number.length };
}

function learn(
  text: string,
  at: number,
  shapes: Shape[],
  readOne: (entityText: string) => Entity | undefined,
): Found | undefined {
  if (text[at] !== "{") return undefined;
  const end = endOfToken(text, at);
  if (mayBeTooLarge(end - at)) return undefined;
  const entityText = text.slice(at, end);
  const entity = readOne(entityText);
  const places = entity && findPlaces(entityText);
  if (!places) return undefined;
  const shape = shapeOf(entityText, places, entity);
  // Twins that replaced each other, and whatever else is out of the ordinary.
  const again = shape && match(entityText, 0, shape, false);
  if (!again || !isSame(again.entity, entity)) return undefined;
  shapes.unshift(shape);
  shapes.splice(SHAPES_MAX);
  return { entity, end };
}

function shapeOf(
  text: string,
  places: Places,
  { properties }: Entity,
): Shape | undefined {
  const gaps = [...places.values, places.key].sort(
    (one, other) => one.start - other.start,
  );
  if (properties.length !== places.values.length) return undefined;
  const pieces: string[] = [];
  let from = 0;
  for (const { start, end } of gaps) {
    pieces.push(text.slice(from, start));
    from = end;
  }
  pieces.push(text.slice(from));
  return {
    pieces,
    keyGap: gaps.indexOf(places.key),
    properties: properties.map(({ id, language }) => ({ id, language })),
  };
}

function isSame(one: Entity, other: Entity): boolean {
  return (
    one.key === other.key &&
    one.delete === other.delete &&
    one.properties.length === other.properties.length &&
    one.properties.every(({ id, value, language }, at) => {
      const twin = other.properties[at];
      return (
        twin?.id === id && twin.value === value && twin.language === language
      );
    })
  );
}
