import { z } from "zod";

import {
  entryKeySchema,
  languageCodeSchema,
  propertyIdSchema,
} from "./identifiers";
import { ACCEPT_LIMITS } from "./limits";

/**
 * The body of `POST /import/{source}` as it is described to others. Bodies are
 * read by `readImportBody`, which is made for a million entities; a test holds
 * the two together. The schema knows members in the letter case shown; the
 * reader takes any.
 */

const encoder = new TextEncoder();

/** PostgreSQL stores no NUL and no lone surrogate (security.md R18). */
const storableTextSchema = z
  .string()
  .refine((text) => !text.includes("\0") && text.isWellFormed());

export const entityPropertySchema = z.object({
  id: propertyIdSchema.meta({
    description: "The property. Letter case counts.",
  }),
  value: z.union([storableTextSchema, z.number(), z.boolean(), z.null()]).meta({
    description:
      "Numbers and booleans are stored as their text, digits as sent. null clears this one value; an empty text is stored. No NUL and no half surrogate pair.",
  }),
  language: z
    .union([languageCodeSchema, z.literal("")])
    .nullish()
    .meta({
      description: "Missing, null and an empty text mean no language.",
    }),
});

const keySchema = entryKeySchema.meta({
  description: "The entry. Letter case counts. Once in a request.",
});

const mergedEntitySchema = z.object({
  key: keySchema,
  delete: z.literal(false).nullish(),
  properties: z
    .array(entityPropertySchema)
    .superRefine((properties, ctx) => {
      const seen = new Set<string>();
      for (const { id, language } of properties) {
        // As sent: null beside "" is no repeat, the later one wins.
        const name = JSON.stringify([id, language ?? null]);
        if (seen.has(name)) ctx.addIssue("An id twice in one language.");
        seen.add(name);
      }
    })
    .nullish()
    .meta({
      description:
        "What changes: properties that are not named stay. Each id once in each language.",
    }),
});

const deletedEntitySchema = z.object({
  key: keySchema,
  delete: z.literal(true).meta({ description: "Removes the entry." }),
  properties: z.unknown().optional().meta({
    description: "Not looked at.",
  }),
});

export const entitySchema = z
  .union([mergedEntitySchema, deletedEntitySchema])
  .refine(
    (entity) =>
      encoder.encode(JSON.stringify(entity)).byteLength <=
      ACCEPT_LIMITS.entityBytesMax,
  )
  .meta({
    description: `One entry's changes, at most ${ACCEPT_LIMITS.entityBytesMax} bytes.`,
  });

export const importBodySchema = z.object({
  entities: z
    .array(entitySchema)
    .superRefine((entities, ctx) => {
      const keys = new Set(entities.map(({ key }) => key));
      if (keys.size < entities.length) ctx.addIssue("A key twice.");
    })
    .meta({
      description: `At most ${ACCEPT_LIMITS.entitiesAdvised} are advised; it may be empty. All of them are taken or none.`,
    }),
});

/** The body of `POST /dataProviders/tokens`. What is missing or no text is refused like wrong credentials. */
export const tokenBodySchema = z.object({
  id: z.string().meta({ description: "The id of the data provider." }),
  secret: z.string().meta({
    description: "Its secret. Shown once, when it was made.",
  }),
});
