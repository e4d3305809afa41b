import type { RecipeActions } from "@/lib/client/recipe-actions";

import {
  createRecipeAction,
  deleteRecipeAction,
  renameRecipeAction,
  replaceRecipeAction,
} from "./recipe-actions";

/** The actions of recipes, as the components take them. */
export const recipeActions: RecipeActions = {
  create: createRecipeAction,
  rename: renameRecipeAction,
  replace: replaceRecipeAction,
  remove: deleteRecipeAction,
};
