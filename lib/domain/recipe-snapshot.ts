import { z } from "zod";

import { fileMeasuresSchema } from "./column-measures";

export const SNAPSHOT_LIMITS = {
  /** Larger files are compared by their columns only. */
  keysMax: 2_000_000,
  /** Of one key: two hashes of 64 bits. */
  keyBytes: 16,
  keysPerPart: 250_000,
  /** As JSON text; values of many columns are left out to keep to it. */
  measuresCharsMax: 600_000,
  /** Hashes of keys that are gone, of which the server is asked the names. */
  goneAskedMax: 1_000,
  goneListedMax: 20,
  /** Above it what was set aside cannot be taken into account. */
  asideMax: 10_000,
} as const;

/** What a browser announces before it uploads what a file's entities were. */
export const snapshotInputSchema = z.object({
  recipeId: z.uuid(),
  keys: z.number().int().nonnegative().max(SNAPSHOT_LIMITS.keysMax),
  measures: fileMeasuresSchema.refine(
    (measures) =>
      JSON.stringify(measures).length <= SNAPSHOT_LIMITS.measuresCharsMax,
    "The measures of the columns are too large.",
  ),
});
export type SnapshotInput = z.output<typeof snapshotInputSchema>;

/** How many parts a snapshot of so many keys has. */
export function partsOf(keys: number): number {
  return Math.ceil(keys / SNAPSHOT_LIMITS.keysPerPart);
}

/** A snapshot to be filled, or one that is whole already. */
export const openSnapshotSchema = z.object({
  id: z.uuid(),
  isComplete: z.boolean(),
});
export type OpenSnapshot = z.output<typeof openSnapshotSchema>;

/** What the last accepted file of a recipe was. */
export const recipeSnapshotSchema = z.object({
  id: z.uuid(),
  runId: z.uuid(),
  fileName: z.string(),
  at: z.iso.datetime(),
  keys: z.number().int(),
  measures: fileMeasuresSchema,
  /** Keys that were refused: they are not as the file has them. */
  aside: z.array(z.string()),
  /** Nothing of a later file of the recipe was stored, and it was not taken back: what is unchanged since can be left out. */
  isCurrent: z.boolean(),
});
export type RecipeSnapshot = z.output<typeof recipeSnapshotSchema>;

/** Keys by their hashes, `[low, high]`. */
export const goneQuestionSchema = z.object({
  hashes: z
    .array(
      z.tuple([
        z.number().int().min(0).max(0xffffffff),
        z.number().int().min(0).max(0xffffffff),
      ]),
    )
    .min(1)
    .max(SNAPSHOT_LIMITS.goneAskedMax),
});
export type GoneQuestion = z.output<typeof goneQuestionSchema>;
export const goneKeysSchema = z.array(z.string());
