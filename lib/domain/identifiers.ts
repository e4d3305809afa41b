import { z } from "zod";

import { IDENTIFIER_LIMITS } from "./limits";

const { keyCharsMax, propertyIdCharsMax, languageCharsMin, languageCharsMax } =
  IDENTIFIER_LIMITS;

// Contract 1.2: one character set for all three. Without the m flag, `$` is the
// absolute end of the text, so a trailing newline does not pass (contract 7).
const LEGAL = /^[A-Za-z0-9_-]+$/;

/** The rule in words, for every message that quotes it. */
export const LEGAL_CHARACTERS = "letters A-Z, digits, _ and -";

/** Whether a text may be an entry key: 1 to 256 characters of A-Z a-z 0-9 _ -. */
export function isEntryKey(text: string): boolean {
  return text.length <= keyCharsMax && LEGAL.test(text);
}

/** Whether a text may be a property id: 1 to 256 characters of A-Z a-z 0-9 _ -. */
export function isPropertyId(text: string): boolean {
  return text.length <= propertyIdCharsMax && LEGAL.test(text);
}

/** Whether a text may be a language code: 2 to 10 characters of A-Z a-z 0-9 _ -. Nothing checks that it exists. */
export function isLanguageCode(text: string): boolean {
  return (
    text.length >= languageCharsMin &&
    text.length <= languageCharsMax &&
    LEGAL.test(text)
  );
}

/** Whether a text has only the legal characters, whatever its length. The empty text has none that are illegal. */
export function hasOnlyLegalCharacters(text: string): boolean {
  return text === "" || LEGAL.test(text);
}

export const entryKeySchema = z
  .string()
  .min(1, "Give a key.")
  .max(keyCharsMax, `Use at most ${keyCharsMax} characters.`)
  .regex(LEGAL, `Use only ${LEGAL_CHARACTERS}.`);

export const propertyIdSchema = z
  .string()
  .min(1, "Give a property id.")
  .max(propertyIdCharsMax, `Use at most ${propertyIdCharsMax} characters.`)
  .regex(LEGAL, `Use only ${LEGAL_CHARACTERS}.`);

export const languageCodeSchema = z
  .string()
  .min(
    languageCharsMin,
    `A language code has at least ${languageCharsMin} characters, such as sv or en-GB.`,
  )
  .max(
    languageCharsMax,
    `A language code has at most ${languageCharsMax} characters.`,
  )
  .regex(LEGAL, `Use only ${LEGAL_CHARACTERS}.`);

/** A source's identifier is a part of the ingest URL and follows the key rule. */
export const sourceIdentifierSchema = z
  .string()
  .min(1, "Give the source an identifier.")
  .max(keyCharsMax, `Use at most ${keyCharsMax} characters.`)
  .regex(LEGAL, `Use only ${LEGAL_CHARACTERS}.`);

const names = new Map<string, Map<string, string>>();
let namesKept = 0;
const NAMES_KEPT_MAX = 50_000;

/**
 * How a value is named inside an entry: `id:language`, `id:` without one. The
 * colon is not a legal character, so the name is unambiguous and an id such as
 * `__proto__` is never a bare object key.
 *
 * Names are kept: the same few hundred are asked for millions of times, and one
 * text used again is compared and hashed once.
 */
export function valueName(id: string, language: string | null): string {
  let byId = names.get(language ?? "");
  const known = byId?.get(id);
  if (known !== undefined) return known;
  if (namesKept >= NAMES_KEPT_MAX) {
    names.clear();
    namesKept = 0;
    byId = undefined;
  }
  if (!byId) names.set(language ?? "", (byId = new Map<string, string>()));
  const name = `${id}:${language ?? ""}`;
  byId.set(id, name);
  namesKept += 1;
  return name;
}

/** The reverse of `valueName`. */
export function splitValueName(name: string): {
  id: string;
  language: string | null;
} {
  const colon = name.lastIndexOf(":");
  return {
    id: name.slice(0, colon),
    language: name.slice(colon + 1) || null,
  };
}
