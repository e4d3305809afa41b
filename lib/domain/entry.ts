import { z } from "zod";

import {
  entryKeySchema,
  languageCodeSchema,
  propertyIdSchema,
} from "./identifiers";
import { SEARCH_LIMITS } from "./search-words";

/** As a filter's language: any language or none. `*` is no legal code. */
export const ANY_LANGUAGE = "*";

export const ENTRY_PAGE_LIMITS = {
  rowsDefault: 50,
  rowsMax: 100,
  columnsMax: 8,
  /** Characters of a value in the list; one entry's page shows all. */
  valueCharsMax: 200,
} as const;

/** Which entries. The page's URL, the search and the export read the same members. */
export const entryFilterSchema = z.object({
  /** Words and beginnings of words, of values and keys. */
  text: z
    .string()
    .trim()
    .max(
      SEARCH_LIMITS.textCharsMax,
      `Search for at most ${SEARCH_LIMITS.textCharsMax} characters.`,
    )
    .refine((text) => text.isWellFormed() && !text.includes("\u0000"), {
      error: "The search holds a character that no text can hold.",
    })
    .default(""),
  /** `null` for any property. */
  property: propertyIdSchema.nullable().default(null),
  /** A code, `""` for values without a language, or `ANY_LANGUAGE`. */
  language: z
    .union([z.literal(""), z.literal(ANY_LANGUAGE), languageCodeSchema])
    .default(ANY_LANGUAGE),
  /** Whether entries have such a value or have none. No filter when neither property nor language is given. */
  presence: z.enum(["present", "missing"]).default("present"),
});

/**
 * A place in the list: `a`fter or `b`efore a key; in the keys that begin with
 * the text (`k`), in what the words find (`w`), or in a search that reads on
 * because the index could not answer in time (`s`).
 */
export const entryCursorSchema = z
  .string()
  .regex(/^[ab][kws]:[A-Za-z0-9_-]{0,256}$/, "This is no place in the list.");

const valueNameSchema = z
  .string()
  .max(300)
  .regex(
    /^[A-Za-z0-9_-]+:[A-Za-z0-9_-]*$/,
    "Name a property, such as name:sv.",
  );

export const entryQuerySchema = entryFilterSchema.extend({
  cursor: entryCursorSchema.nullable().default(null),
  rowsMax: z.coerce
    .number()
    .int()
    .min(1)
    .max(ENTRY_PAGE_LIMITS.rowsMax)
    .default(ENTRY_PAGE_LIMITS.rowsDefault),
  /** Value names (`id:language`) to show; the most common ones when empty. */
  columns: z
    .array(valueNameSchema)
    .max(ENTRY_PAGE_LIMITS.columnsMax, "Show at most 8 properties.")
    .default([]),
});

export const entryRowSchema = z.object({
  key: z.string(),
  valueCount: z.number().int(),
  changedAt: z.iso.datetime(),
  /** In the order of the page's columns; cut to `valueCharsMax`; `null` where there is none. */
  values: z.array(z.string().nullable()),
});

export const entryPageSchema = z.object({
  rows: z.array(entryRowSchema),
  columns: z.array(z.string()),
  next: entryCursorSchema.nullable(),
  previous: entryCursorSchema.nullable(),
  /** False: the time of one request was over before the page was full; `next` goes on. */
  isComplete: z.boolean(),
  /** Matches, when they are cheap to count: exactly, or at least so many. */
  count: z.object({ value: z.number().int(), isExact: z.boolean() }),
  /** Entries of the source. */
  total: z.number().int(),
  /** Entries changed a moment ago whose words this search does not see yet. */
  notSearchedYet: z.number().int(),
});

/** One stored value with when it last changed. */
export const entryValueSchema = z.object({
  id: z.string(),
  language: z.string().nullable(),
  value: z.string(),
  changedAt: z.iso.datetime(),
});

export const entrySchema = z.object({
  key: entryKeySchema,
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  version: z.number().int(),
  /** By property id, then language, none first. */
  values: z.array(entryValueSchema),
});

/** Texts that can be looked up as keys at once. */
export const KNOWN_KEYS_ASKED_MAX = 200;

/** Which texts are keys of the source. */
export const knownKeysSchema = z.object({ keys: z.array(z.string()) });

export type EntryFilter = z.output<typeof entryFilterSchema>;
export type EntryQuery = z.output<typeof entryQuerySchema>;
export type EntryQueryInput = z.input<typeof entryQuerySchema>;
export type EntryRow = z.output<typeof entryRowSchema>;
export type EntryPage = z.output<typeof entryPageSchema>;
export type EntryValue = z.output<typeof entryValueSchema>;
export type Entry = z.output<typeof entrySchema>;

/** Whether the filter asks about properties at all. */
export function hasPropertyFilter(filter: EntryFilter): boolean {
  return filter.property !== null || filter.language !== ANY_LANGUAGE;
}

/**
 * The URL's members of a filter, in the order people read them; what is at its
 * default is left out. `readEntrySearchParams` is the reverse.
 */
export function entryFilterParams(
  filter: Partial<EntryFilter>,
): URLSearchParams {
  const params = new URLSearchParams();
  if (filter.text) params.set("text", filter.text);
  if (filter.property) params.set("property", filter.property);
  if (filter.language !== undefined && filter.language !== ANY_LANGUAGE) {
    params.set("language", filter.language);
  }
  if (filter.presence === "missing") params.set("presence", "missing");
  return params;
}

/** The members of a filter or query as they stand in a URL, unchecked: parse them with a schema of this file. */
export function readEntrySearchParams(params: URLSearchParams): {
  [member: string]: unknown;
} {
  return {
    text: params.get("text") ?? undefined,
    property: params.get("property") || null,
    language: params.get("language") ?? undefined,
    presence: params.get("presence") || undefined,
    cursor: params.get("cursor") || null,
    columns: params.getAll("column"),
    rowsMax: params.get("rows") ?? undefined,
  };
}
