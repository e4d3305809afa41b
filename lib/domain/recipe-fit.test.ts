import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { bestRecipe, fitRecipe, matchHeaders } from "./recipe-fit";

const recipe = (id: string, headers: string[], lastUsedAt: string | null) => ({
  ...{ id, headers, lastUsedAt },
});

describe("matchHeaders", () => {
  test("finds columns by name wherever they moved, repeats in their order", () => {
    expect(matchHeaders(["a", "b", "b"], ["b", "x", "a", "b"])).toEqual([
      2, 0, 3,
    ]);
  });

  test("passes over case, blanks and underscores, but prefers the very name", () => {
    expect(matchHeaders(["Price", "net price"], ["PRICE", "Price"])).toEqual([
      1, -1,
    ]);
    expect(matchHeaders(["Net_Price "], ["net  price"])).toEqual([0]);
  });

  test("gives each column of the file to one column of the recipe at most", () => {
    const header = fc.constantFrom("a", "A", " a", "b", "__proto__", "c");
    fc.assert(
      fc.property(fc.array(header), fc.array(header), (known, headers) => {
        const found = matchHeaders(known, headers).filter((one) => one >= 0);
        expect(new Set(found).size).toBe(found.length);
        expect(found.every((one) => one < headers.length)).toBe(true);
      }),
    );
  });
});

describe("bestRecipe", () => {
  test("takes the one with most common columns, and of equals the one used last", () => {
    const recipes = [
      recipe("old", ["sku", "price"], "2026-01-01T00:00:00.000Z"),
      recipe("new", ["price", "sku"], "2026-02-01T00:00:00.000Z"),
      recipe("more", ["sku", "price", "name", "size"], null),
    ];
    expect(bestRecipe(recipes, ["sku", "price"])).toMatchObject({
      recipeId: "new",
      isExact: true,
    });
    expect(
      bestRecipe(recipes, ["sku", "price", "name", "colour"]),
    ).toMatchObject({ recipeId: "more", found: 3, total: 4, isExact: false });
  });

  test("offers none for a file of another kind", () => {
    const recipes = [recipe("one", ["sku", "price", "name"], null)];
    expect(bestRecipe(recipes, ["key", "price", "title"])).toBeUndefined();
    expect(bestRecipe([], ["key"])).toBeUndefined();
  });

  test("is not exact when the file has a column more", () => {
    const one = recipe("one", ["a", "b"], null);
    expect(fitRecipe(one, ["a", "b", "c"]).isExact).toBe(false);
    expect(fitRecipe(one, ["b", "a"]).isExact).toBe(true);
  });
});
