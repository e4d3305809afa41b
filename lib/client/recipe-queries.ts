import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";

import { recipeSummarySchema, storedRecipeSchema } from "@/lib/domain/recipe";
import {
  goneKeysSchema,
  recipeSnapshotSchema,
  type GoneQuestion,
} from "@/lib/domain/recipe-snapshot";

import { getJson, postJson } from "./http";

const list = z.array(recipeSummarySchema);

/** Keys and fetchers for recipes. Invalidate `all()` after any change to one. */
export const recipeQueries = {
  all: () => ["recipes"] as const,
  list: (sourceId: string) =>
    queryOptions({
      queryKey: [...recipeQueries.all(), "list", sourceId] as const,
      queryFn: ({ signal }) =>
        getJson(
          `/api/sources/${encodeURIComponent(sourceId)}/recipes`,
          list,
          signal,
        ),
    }),
  one: (recipeId: string) =>
    queryOptions({
      queryKey: [...recipeQueries.all(), "one", recipeId] as const,
      queryFn: ({ signal }) =>
        getJson(
          `/api/recipes/${encodeURIComponent(recipeId)}`,
          storedRecipeSchema,
          signal,
        ),
    }),
  /** What the last file of a recipe was, if there was one. */
  lastFile: (recipeId: string) =>
    queryOptions({
      queryKey: [...recipeQueries.all(), "last", recipeId] as const,
      queryFn: ({ signal }) =>
        getJson(
          `/api/recipes/${encodeURIComponent(recipeId)}/snapshot`,
          z.nullable(recipeSnapshotSchema),
          signal,
        ),
    }),
  /** The names of keys that a file lacks, where the source still has them. */
  goneKeys: (recipeId: string, hashes: GoneQuestion["hashes"]) =>
    queryOptions({
      queryKey: [...recipeQueries.all(), "gone", recipeId, hashes] as const,
      queryFn: ({ signal }) =>
        postJson(
          `/api/recipes/${encodeURIComponent(recipeId)}/keys`,
          { hashes },
          goneKeysSchema,
          signal,
        ),
    }),
};
