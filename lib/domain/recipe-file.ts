import { z } from "zod";

import { AppError } from "./errors";
import {
  RECIPE_LIMITS,
  RECIPE_VERSION,
  recipeNameSchema,
  recipeSchema,
  type RecipeInput,
} from "./recipe";

const FORMAT = "source-studio-recipe";
const NESTING_MAX = 32;
const NAMES_LISTED = 3;

/** The text of a recipe file: readable JSON, without whose it was and where. */
export function recipeFileText({ name, recipe }: RecipeInput): string {
  return `${JSON.stringify({ format: FORMAT, name, ...recipe }, null, 2)}\n`;
}

/**
 * The recipe of a file that anybody may have written. A member that this
 * version does not know is refused, not dropped: without it the recipe would
 * do something else than its author saw.
 *
 * @throws {AppError} `too_large`; `invalid_input` naming the place, the rule
 *   and what helps.
 */
export function readRecipeFile(text: string): RecipeInput {
  if (text.length > RECIPE_LIMITS.fileBytesMax) {
    throw new AppError(
      "too_large",
      `A recipe file has at most ${RECIPE_LIMITS.fileBytesMax.toLocaleString("en")} bytes. This is another file, or one with far too many steps.`,
    );
  }
  const value = parse(text.replace(/^\uFEFF/, ""));
  if (!isObject(value) || value["format"] !== FORMAT) {
    throw refuse(
      `This is no recipe file: it does not begin with "format": "${FORMAT}". Choose a file that was exported from a list of recipes.`,
    );
  }
  const { name, ...recipe } = value;
  delete recipe["format"];
  if (recipe["version"] !== RECIPE_VERSION) {
    throw refuse(
      `The recipe has the version ${shown(recipe["version"])}, and this Studio reads version ${RECIPE_VERSION}. Export it again from a Studio of the same version.`,
    );
  }
  const named = recipeNameSchema.safeParse(name);
  if (!named.success) throw refuse(`name: ${firstProblem(named.error)}`);
  const read = recipeSchema.safeParse(recipe);
  if (!read.success) throw refuse(firstProblem(read.error));
  const unknown = unknownMembers(recipe, read.data, "");
  if (unknown.length > 0) {
    const listed = unknown.slice(0, NAMES_LISTED).join(", ");
    const more = unknown.length > NAMES_LISTED ? " and more" : "";
    throw refuse(
      `The recipe has members that this Studio does not know: ${listed}${more}. It may come from a newer version; without them it would do something else.`,
    );
  }
  if (read.data.mapping.recipe) {
    throw refuse("mapping.recipe: a recipe cannot follow another one.");
  }
  return { name: named.data, recipe: read.data };
}

function parse(text: string): unknown {
  if (isTooDeep(text)) {
    throw refuse(
      `The file is nested deeper than ${NESTING_MAX} levels, which no recipe is.`,
    );
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError(
      "invalid_input",
      "The file is not JSON. Choose a file that was exported from a list of recipes.",
      { cause },
    );
  }
}

/** Before parsing: a parser may run out of stack. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let isText = false;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text[at];
    if (isText) {
      if (unit === "\\") at += 1;
      else if (unit === '"') isText = false;
    } else if (unit === '"') isText = true;
    else if (unit === "{" || unit === "[") {
      depth += 1;
      if (depth > NESTING_MAX) return true;
    } else if (unit === "}" || unit === "]") depth -= 1;
  }
  return false;
}

/** What the schema dropped, by its path. */
function unknownMembers(
  given: unknown,
  known: unknown,
  path: string,
): string[] {
  if (Array.isArray(given)) {
    const items = Array.isArray(known) ? (known as unknown[]) : [];
    return given.flatMap((item, index) =>
      unknownMembers(item, items[index], `${path}[${index}]`),
    );
  }
  if (!isObject(given)) return [];
  return Object.keys(given).flatMap((name) => {
    const place = path === "" ? shown(name) : `${path}.${shown(name)}`;
    return isObject(known) && Object.hasOwn(known, name)
      ? unknownMembers(given[name], known[name], place)
      : [place];
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Hostile text, cut and made visible. */
function shown(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return (text ?? "none").replace(/[\p{C}\s]+/gu, " ").slice(0, 60);
}

function firstProblem(error: z.ZodError): string {
  const [issue] = error.issues;
  const place = shown(issue?.path.join(".") ?? "");
  return place ? `${place}: ${issue?.message}` : (issue?.message ?? "");
}

function refuse(message: string): AppError {
  return new AppError("invalid_input", message);
}
