import type { RecipeSummary } from "./recipe";
import { storable } from "./storable-text";
import { visibleText } from "./visible-text";

/** Below this share of common columns a file is of another kind. */
const SIMILARITY_MIN = 0.5;

/** How well a recipe's columns are those of a file. */
export type RecipeFit = {
  recipeId: string;
  /** Columns of the recipe that the file has. */
  found: number;
  /** Columns of the recipe. */
  total: number;
  /** The file has the recipe's columns and no other, in whatever order. */
  isExact: boolean;
  /** Common columns as a share of all columns of both. */
  similarity: number;
};

/**
 * For each column of a recipe the file's column of the same name, or -1. The
 * second of two columns with one name goes to the file's second. Names are
 * alike whatever their case, blanks and invisible characters; one that is
 * written exactly so comes first.
 */
export function matchHeaders(
  recipeHeaders: readonly string[],
  headers: readonly string[],
): number[] {
  const exact = byName(headers, storable);
  const alike = byName(headers, normalisedHeader);
  const taken = new Set<number>();
  const take = (columns: number[] | undefined): number => {
    const column = columns?.find((one) => !taken.has(one)) ?? -1;
    if (column >= 0) taken.add(column);
    return column;
  };
  const found = recipeHeaders.map((header) => take(exact.get(header)));
  return found.map((column, index) =>
    column >= 0
      ? column
      : take(alike.get(normalisedHeader(recipeHeaders[index] ?? ""))),
  );
}

/** A header as names are compared: one blank between words, lower case. */
export function normalisedHeader(header: string): string {
  return visibleText(header)
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\s_]+/g, " ")
    .trim();
}

/** How well one recipe fits the columns of a file. */
export function fitRecipe(
  recipe: Pick<RecipeSummary, "id" | "headers">,
  headers: readonly string[],
): RecipeFit {
  const total = recipe.headers.length;
  const found = matchHeaders(recipe.headers, headers).filter(
    (column) => column >= 0,
  ).length;
  return {
    recipeId: recipe.id,
    found,
    total,
    isExact: found === total && found === headers.length,
    similarity: found / Math.max(1, total + headers.length - found),
  };
}

/** The recipe that fits a file best, the one used last among equals; none when the file is of another kind. */
export function bestRecipe(
  recipes: readonly Pick<RecipeSummary, "id" | "headers" | "lastUsedAt">[],
  headers: readonly string[],
): RecipeFit | undefined {
  let best: { fit: RecipeFit; usedAt: string } | undefined;
  for (const recipe of recipes) {
    const fit = fitRecipe(recipe, headers);
    const usedAt = recipe.lastUsedAt ?? "";
    const isBetter =
      best === undefined ||
      fit.similarity > best.fit.similarity ||
      (fit.similarity === best.fit.similarity && usedAt > best.usedAt);
    if (fit.similarity >= SIMILARITY_MIN && isBetter) best = { fit, usedAt };
  }
  return best?.fit;
}

function byName(
  headers: readonly string[],
  nameOf: (header: string) => string,
): Map<string, number[]> {
  const columns = new Map<string, number[]>();
  for (const [column, header] of headers.entries()) {
    const name = nameOf(header);
    const same = columns.get(name);
    if (same) same.push(column);
    else columns.set(name, [column]);
  }
  return columns;
}
