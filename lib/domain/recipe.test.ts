import { expect, test } from "vitest";

import { isSameRecipe, recipeOf, suggestRecipeName } from "./recipe";

const file = {
  headers: ["sku"],
  options: {
    encoding: "utf-8",
    delimiter: ",",
    headerRow: 1,
    quotes: "standard" as const,
  },
  mapping: {
    columns: [{ as: "key" as const, property: null }],
    keySeparator: "-",
    repeatedKeys: "merge" as const,
  },
};

test("a recipe's name is the file's, without what changes every time", () => {
  expect(suggestRecipeName("Nightly prices 2026-11-22.csv")).toBe(
    "Nightly prices",
  );
  expect(suggestRecipeName("prices_20261122T0300.tsv")).toBe("prices");
  expect(suggestRecipeName("prices (2).csv")).toBe("prices");
  expect(suggestRecipeName("prices.csv", ["Prices", "prices 2"])).toBe(
    "prices 3",
  );
  expect(suggestRecipeName("2026.csv")).toBe("Recipe");
  expect(suggestRecipeName(`${"a".repeat(300)}.csv`).length).toBeLessThan(81);
});

test("recipes are the same whatever the order of their members and whom they follow", () => {
  const id = "11111111-1111-4111-8111-111111111111";
  const { columns, keySeparator, repeatedKeys } = file.mapping;
  const other = {
    ...file,
    mapping: { recipe: { id }, repeatedKeys, keySeparator, columns },
  };
  expect(isSameRecipe(recipeOf(file), recipeOf(other))).toBe(true);
  const changed = { ...file, mapping: { ...file.mapping, keySeparator: "_" } };
  expect(isSameRecipe(recipeOf(file), recipeOf(changed))).toBe(false);
});
