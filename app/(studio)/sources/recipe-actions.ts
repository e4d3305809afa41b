"use server";

import { z } from "zod";

import { parseInput } from "@/lib/domain/errors";
import type { Recipe, RecipeInput, StoredRecipe } from "@/lib/domain/recipe";
import type { ActionResult } from "@/lib/domain/result";
import { runAction } from "@/lib/server/action";
import {
  createRecipe,
  deleteRecipe,
  renameRecipe,
  replaceRecipe,
} from "@/lib/server/recipes/service";

const idSchema = z.uuid();

export async function createRecipeAction(
  sourceId: string,
  input: RecipeInput,
): Promise<ActionResult<StoredRecipe>> {
  return runAction((ctx) =>
    createRecipe(ctx, parseInput(idSchema, sourceId), input),
  );
}

export async function renameRecipeAction(
  id: string,
  name: string,
): Promise<ActionResult<StoredRecipe>> {
  return runAction((ctx) => renameRecipe(ctx, parseInput(idSchema, id), name));
}

export async function replaceRecipeAction(
  id: string,
  recipe: Recipe,
): Promise<ActionResult<StoredRecipe>> {
  return runAction((ctx) =>
    replaceRecipe(ctx, parseInput(idSchema, id), recipe),
  );
}

export async function deleteRecipeAction(
  id: string,
): Promise<ActionResult<null>> {
  return runAction(async (ctx) => {
    await deleteRecipe(ctx, parseInput(idSchema, id));
    return null;
  });
}
