import type { Recipe, RecipeInput, StoredRecipe } from "@/lib/domain/recipe";
import type { ActionResult } from "@/lib/domain/result";

/** The server actions of recipes, handed down by the page. */
export type RecipeActions = {
  create: (
    sourceId: string,
    input: RecipeInput,
  ) => Promise<ActionResult<StoredRecipe>>;
  rename: (id: string, name: string) => Promise<ActionResult<StoredRecipe>>;
  replace: (id: string, recipe: Recipe) => Promise<ActionResult<StoredRecipe>>;
  remove: (id: string) => Promise<ActionResult<null>>;
};
