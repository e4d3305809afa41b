import type { EntityProperty } from "./entity";
import { isObject, propertyMember } from "./wire-members";

type PropertyShape = {
  idName: string;
  valueName: string;
  languageName: string;
  members: number;
  id: string;
  /** As it stands in the body: undefined, null, `""` or a code. */
  sentLanguage: unknown;
  language: string | null;
};

/** What the properties of one entity look like, in order: spelling of the members, id, language. */
export type EntityShape = PropertyShape[];

/**
 * The shape of properties that were read one by one and broke no rule.
 * Undefined when they cannot serve as a pattern: members that are not known, or
 * one property that replaced another.
 */
export function shapeOf(
  items: unknown[],
  properties: EntityProperty[],
): EntityShape | undefined {
  if (items.length !== properties.length) return undefined;
  const shape: EntityShape = [];
  for (const [at, { id, language }] of properties.entries()) {
    const item = items[at];
    if (!isObject(item)) return undefined;
    const names = ["id", "value", "language"];
    const found = Object.keys(item);
    for (const name of found) {
      const bit = propertyMember(name);
      if (bit === 0) return undefined;
      names[bit >> 1] = name;
    }
    const [idName = "", valueName = "", languageName = ""] = names;
    const sentLanguage = item[languageName];
    if (item[idName] !== id) return undefined;
    const members = found.length;
    shape.push({
      ...{ idName, valueName, languageName, members },
      ...{ id, sentLanguage, language },
    });
  }
  return shape;
}

/**
 * Reads properties that look like an earlier entity's, which is how most bodies
 * are: ids and languages need no checking then, and their texts are shared.
 * Undefined when anything differs or a value breaks a rule; they are then to be
 * read one by one.
 */
export function readAlike(
  items: unknown[],
  shape: EntityShape,
  toText: (value: unknown) => string | null | undefined,
): EntityProperty[] | undefined {
  if (items.length !== shape.length) return undefined;
  const properties: EntityProperty[] = [];
  for (let at = 0; at < shape.length; at += 1) {
    const item = items[at];
    const expected = shape[at];
    if (!expected || !isObject(item)) return undefined;
    if (item[expected.idName] !== expected.id) return undefined;
    if (item[expected.languageName] !== expected.sentLanguage) return undefined;
    if (Object.keys(item).length !== expected.members) return undefined;
    const value = toText(item[expected.valueName]);
    if (value === undefined) return undefined;
    properties.push({ id: expected.id, value, language: expected.language });
  }
  return properties;
}
