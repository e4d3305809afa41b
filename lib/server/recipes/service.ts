import "server-only";

import { randomUUID } from "node:crypto";

import { z } from "zod";

import { AppError, parseInput } from "@/lib/domain/errors";
import type { RecipeUse } from "@/lib/domain/mapping";
import {
  RECIPE_LIMITS,
  recipeInputSchema,
  recipeNameSchema,
  recipeSchema,
  withoutRecipe,
  type Recipe,
  type RecipeInput,
  type RecipeSummary,
  type StoredRecipe,
} from "@/lib/domain/recipe";
import { requireRole, withDb, type Context } from "@/lib/server/context";
import { recordAudit } from "@/lib/server/db/audit";

import {
  countRecipes,
  findRecipe,
  holdSnapshot,
  insertRecipe,
  insertRecipeRun,
  isNameTaken,
  isNeededByRun,
  removeRecipe,
  selectRecipes,
  updateRecipe,
} from "./store";

const idSchema = z.uuid();

/** The recipes of a source, the one used last first; none for a source that is not there. */
export async function listRecipes(
  ctx: Context,
  sourceId: string,
): Promise<RecipeSummary[]> {
  requireRole(ctx, "viewer");
  return isId(sourceId) ? selectRecipes(ctx, sourceId) : [];
}

/** @throws {AppError} `not_found`, also for a recipe of another tenant. */
export async function getRecipe(
  ctx: Context,
  id: string,
): Promise<StoredRecipe> {
  requireRole(ctx, "viewer");
  const found = isId(id) ? await findRecipe(ctx, id) : undefined;
  if (!found) throw noSuchRecipe();
  return { ...found, recipe: recipeSchema.parse(found.recipe) };
}

/**
 * Keeps a recipe for a source.
 *
 * @throws {AppError} `invalid_input`; `not_found` no such source; `conflict`
 *   the name is taken, or the source has as many recipes as it may.
 */
export async function createRecipe(
  ctx: Context,
  sourceId: string,
  input: RecipeInput,
): Promise<StoredRecipe> {
  requireRole(ctx, "editor");
  const { name, recipe } = parseInput(recipeInputSchema, input);
  const id = randomUUID();
  return ctx.db.transaction(async (tx) => {
    const inTx = withDb(ctx, tx);
    const count = isId(sourceId)
      ? await countRecipes(inTx, sourceId)
      : undefined;
    if (count === undefined) {
      throw new AppError(
        "not_found",
        "There is no such source. It may have been deleted meanwhile.",
      );
    }
    if (count >= RECIPE_LIMITS.perSourceMax) {
      throw new AppError(
        "conflict",
        `A source has at most ${RECIPE_LIMITS.perSourceMax} recipes. Delete one that is no longer used, in the source's settings.`,
      );
    }
    const row = { id, sourceId, name, recipe: plain(recipe) };
    if (!(await insertRecipe(inTx, row))) throw nameTaken(name);
    await recordAudit(inTx, "recipe.created", id, { sourceId, name });
    return getRecipe(inTx, id);
  });
}

/** @throws {AppError} `invalid_input`; `not_found`; `conflict` the name is taken. */
export async function renameRecipe(
  ctx: Context,
  id: string,
  newName: string,
): Promise<StoredRecipe> {
  requireRole(ctx, "editor");
  const name = parseInput(recipeNameSchema, newName);
  return ctx.db.transaction(async (tx) => {
    const inTx = withDb(ctx, tx);
    const before = await getRecipe(inTx, id);
    // The same lock as creating takes: two of one name cannot pass each other.
    await countRecipes(inTx, before.sourceId);
    if (await isNameTaken(inTx, id, name)) throw nameTaken(name);
    await updateRecipe(inTx, id, { name });
    await recordAudit(inTx, "recipe.renamed", id, { from: before.name, name });
    return getRecipe(inTx, id);
  });
}

/** Puts another recipe in the place of one, under its name. @throws {AppError} `invalid_input`; `not_found`. */
export async function replaceRecipe(
  ctx: Context,
  id: string,
  input: Recipe,
): Promise<StoredRecipe> {
  requireRole(ctx, "editor");
  const recipe = parseInput(recipeSchema, input);
  return ctx.db.transaction(async (tx) => {
    const inTx = withDb(ctx, tx);
    const { name } = await getRecipe(inTx, id);
    await updateRecipe(inTx, id, { recipe: plain(recipe) });
    await recordAudit(inTx, "recipe.replaced", id, { name });
    return getRecipe(inTx, id);
  });
}

/**
 * Forgets a recipe; imports that followed it stay.
 *
 * @throws {AppError} `not_found`; `conflict` an unfinished import leaves out what
 *   the recipe knows of the last file.
 */
export async function deleteRecipe(ctx: Context, id: string): Promise<void> {
  requireRole(ctx, "editor");
  await ctx.db.transaction(async (tx) => {
    const inTx = withDb(ctx, tx);
    const { name, sourceId } = await getRecipe(inTx, id);
    if (await isNeededByRun(inTx, id)) {
      throw new AppError(
        "conflict",
        "An import that is not finished sends only what changed since this recipe's last file. Finish or cancel it, then delete the recipe.",
      );
    }
    await removeRecipe(inTx, id);
    await recordAudit(inTx, "recipe.deleted", id, { name, sourceId });
  });
}

/**
 * Notes that a run follows a recipe. A recipe that was deleted meanwhile is no
 * reason not to import, but without the snapshot that the run leaves entities
 * out by, its batches could not be made again.
 *
 * @throws {AppError} `conflict` the snapshot is gone.
 */
export async function noteRecipeUse(
  ctx: Context,
  run: { id: string; sourceId: string; use: RecipeUse | undefined },
): Promise<void> {
  requireRole(ctx, "editor");
  const { use } = run;
  if (!use) return;
  const isNoted = await insertRecipeRun(ctx, { ...run, use });
  const since = use.onlyChangedSince;
  if (since === undefined) return;
  if (!isNoted || !(await holdSnapshot(ctx, use.id, since))) {
    throw new AppError(
      "conflict",
      "What the last file held is no longer known, so unchanged entries cannot be left out. Check the file again and send all of them.",
    );
  }
}

function plain(recipe: Recipe): Recipe {
  return { ...recipe, mapping: withoutRecipe(recipe.mapping) };
}

function isId(id: string): boolean {
  return idSchema.safeParse(id).success;
}

function noSuchRecipe(): AppError {
  return new AppError(
    "not_found",
    "There is no such recipe. It may have been deleted meanwhile.",
  );
}

function nameTaken(name: string): AppError {
  const message = `The source has a recipe “${name}” already. Choose another name; upper and lower case count as the same.`;
  return new AppError("conflict", message, { fields: { name: message } });
}
