import { z } from "zod";

import { tableOptionsSchema, type TableOptions } from "./import-run";
import { TABLE_LIMITS } from "./limits";
import { columnMappingSchema, type ColumnMapping } from "./mapping";
import { mappingForOtherFile } from "./step-edit";
import { storable } from "./storable-text";
import { headersAfter } from "./table-steps";

/** Raised when a stored recipe of before could no longer be read as it stands. */
export const RECIPE_VERSION = 1;

export const RECIPE_LIMITS = {
  perSourceMax: 100,
  nameCharsMax: 80,
  /** As JSON text; a server action takes a million bytes. */
  jsonCharsMax: 450_000,
  /** Bytes of a recipe file: a character has up to 3. */
  fileBytesMax: 1_500_000,
} as const;

export const recipeNameSchema = z
  .string()
  .trim()
  .min(1, "Give the recipe a name.")
  .max(
    RECIPE_LIMITS.nameCharsMax,
    `Use at most ${RECIPE_LIMITS.nameCharsMax} characters.`,
  )
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, "Use letters that can be seen.");

/** Everything that makes entries of a file, for the next file like it. */
export const recipeSchema = z
  .object({
    version: z.literal(RECIPE_VERSION),
    /** Of the file, in its order, as it was when the recipe was saved. */
    headers: z
      .array(
        z
          .string()
          .max(300)
          .refine((header) => storable(header) === header, {
            message: "A column's name holds a character that cannot be kept.",
          }),
      )
      .min(1, "A recipe needs the names of its columns.")
      .max(TABLE_LIMITS.columnsMax),
    tableOptions: tableOptionsSchema,
    mapping: columnMappingSchema,
  })
  .refine(
    ({ headers, mapping }) =>
      mapping.columns.length === headersAfter(mapping.steps, headers).length,
    "The mapping has another number of columns than the recipe names.",
  )
  .refine(
    (recipe) => JSON.stringify(recipe).length <= RECIPE_LIMITS.jsonCharsMax,
    "The recipe is too large to keep. Make its steps fewer, such as by one replacement instead of many edits of cells.",
  );
export type Recipe = z.output<typeof recipeSchema>;

export const recipeInputSchema = z.object({
  name: recipeNameSchema,
  recipe: recipeSchema,
});
export type RecipeInput = z.output<typeof recipeInputSchema>;

/** A recipe as lists show it and as files are matched with it. */
export const recipeSummarySchema = z.object({
  id: z.uuid(),
  sourceId: z.uuid(),
  name: z.string(),
  headers: z.array(z.string()),
  /** Where its header stands, from 1; 0 when the file has none. */
  headerRow: z.number().int(),
  authorName: z.string(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
});
export type RecipeSummary = z.output<typeof recipeSummarySchema>;

export const storedRecipeSchema = recipeSummarySchema.extend({
  recipe: recipeSchema,
});
export type StoredRecipe = z.output<typeof storedRecipeSchema>;

/** The recipe that a mapped file gives: without the edits of single cells, which are of this file only. */
export function recipeOf(file: {
  headers: readonly string[];
  options: TableOptions;
  mapping: ColumnMapping;
}): Recipe {
  return {
    version: RECIPE_VERSION,
    headers: file.headers.map(storable),
    tableOptions: withoutParts(file.options),
    mapping: withoutRecipe(mappingForOtherFile(file.mapping)),
  };
}

/** Files and sheets are others every time. */
function withoutParts(options: TableOptions): TableOptions {
  const plain = { ...options };
  delete plain.parts;
  return plain;
}

/** The mapping alone, following no recipe. */
export function withoutRecipe(mapping: ColumnMapping): ColumnMapping {
  const plain = { ...mapping };
  delete plain.recipe;
  return plain;
}

/** A name for a new recipe: the file's, without its ending and the date or number that changes every time. */
export function suggestRecipeName(
  fileName: string,
  taken: readonly string[] = [],
): string {
  const bare = fileName
    .slice(-200)
    .replace(/\.[A-Za-z0-9]{1,5}$/, "")
    .replace(/[_\s.-]*(\(\d+\)|\d[\d_.T-]{0,30})$/, "")
    .replace(/[\p{Cc}\p{Cs}]/gu, "")
    .trim();
  const name = bare.slice(0, RECIPE_LIMITS.nameCharsMax - 5).trim() || "Recipe";
  const lower = new Set(taken.map((one) => one.toLowerCase()));
  for (let n = 1; ; n += 1) {
    const tried = n === 1 ? name : `${name} ${n}`;
    if (!lower.has(tried.toLowerCase())) return tried;
  }
}

/** Whether two recipes do the same to a file. */
export function isSameRecipe(one: Recipe, other: Recipe): boolean {
  return inOrder(one) === inOrder(other);
}

/** JSON with the members of every object in the order of their names: a database keeps none. */
function inOrder(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))
      : part,
  );
}
