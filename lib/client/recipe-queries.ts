import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";

import { recipeSummarySchema, storedRecipeSchema } from "@/lib/domain/recipe";

import { getJson } from "./http";

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
};
