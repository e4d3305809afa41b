import { z } from "zod";

import { sourceIdentifierSchema } from "./identifiers";

const nameSchema = z
  .string()
  .trim()
  .min(1, "Give the source a name.")
  .max(100, "Keep the name under 100 characters.");
const originSystemSchema = z
  .string()
  .trim()
  .max(100, "Keep the origin system under 100 characters.")
  .default("");
const descriptionSchema = z
  .string()
  .trim()
  .max(1_000, "Keep the description under 1,000 characters.")
  .default("");

/** What may change after a source was created. */
export const sourceEditSchema = z.object({
  name: nameSchema,
  originSystem: originSystemSchema,
  description: descriptionSchema,
});

/** What a person types to create a source. The form, the admin command and the service parse with this. */
export const sourceInputSchema = sourceEditSchema.extend({
  /** Appears in the ingest URL `/import/{identifier}`; never changes once created. */
  identifier: sourceIdentifierSchema,
});

/** A stored source as it travels to the browser. */
export const sourceSchema = z.object({
  id: z.uuid(),
  identifier: z.string(),
  name: z.string(),
  originSystem: z.string(),
  description: z.string(),
  entryCount: z.number().int().nonnegative(),
  lastImportAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  /** Of a remote source: the endpoint where its entries really are. */
  endpoint: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  /** Providers that may push to it. */
  providers: z.array(z.object({ id: z.uuid(), name: z.string() })),
});

/** One property id of a source as tracked over its imports. Counts are exact. */
export const sourcePropertySchema = z.object({
  id: z.string(),
  /** Entries that have the property in any language or none. */
  entryCount: z.number().int().nonnegative(),
  firstSeenAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime(),
  sample: z.string().nullable(),
  /** One item per language seen, `language: null` for none. */
  languages: z.array(
    z.object({
      language: z.string().nullable(),
      entryCount: z.number().int().nonnegative(),
      lastSeenAt: z.iso.datetime(),
      sample: z.string().nullable(),
    }),
  ),
});

export type SourceEdit = z.output<typeof sourceEditSchema>;
export type SourceInput = z.output<typeof sourceInputSchema>;
export type Source = z.output<typeof sourceSchema>;
export type SourceProperty = z.output<typeof sourcePropertySchema>;
