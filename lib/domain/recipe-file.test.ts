import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { AppError } from "./errors";
import { createRowMapper } from "./map-row";
import { mappingProblems, ROW_LANGUAGE, type ColumnUse } from "./mapping";
import { isSameRecipe, type Recipe, type RecipeInput } from "./recipe";
import { readRecipeFile, recipeFileText } from "./recipe-file";
import { storable } from "./storable-text";

const id = fc.oneof(
  fc.constantFrom("__proto__", "constructor", "toString"),
  fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/),
);
const use: fc.Arbitrary<ColumnUse> = fc.oneof(
  fc.constant({ as: "ignore" as const }),
  fc.record({
    as: fc.constant("key" as const),
    property: fc.option(id),
  }),
  fc.record({
    as: fc.constant("property" as const),
    id,
    language: fc.constantFrom("", "sv", "en-GB", ROW_LANGUAGE),
    emptyCell: fc.constantFrom(
      "skip" as const,
      "clear" as const,
      "text" as const,
    ),
    isMarked: fc.boolean(),
  }),
  fc.constant({ as: "language" as const }),
  fc.constant({ as: "delete" as const }),
);
const input: fc.Arbitrary<RecipeInput> = fc
  .record({
    name: fc
      .string({ minLength: 1, maxLength: 80, unit: "grapheme" })
      .map((name) =>
        name
          .replace(/[\p{Cc}\p{Cs}]/gu, "")
          .trim()
          .slice(0, 40),
      )
      .filter((name) => name.length > 0 && name.isWellFormed()),
    columns: fc.array(
      fc.tuple(fc.string({ maxLength: 300 }).map(storable), use),
      {
        minLength: 1,
        maxLength: 12,
      },
    ),
    headerRow: fc.nat(1_000),
    delimiter: fc.constantFrom(",", ";", "\t", "|"),
    quotes: fc.constantFrom("standard" as const, "text" as const),
    keySeparator: fc.stringMatching(/^[A-Za-z0-9_-]{0,5}$/),
    repeatedKeys: fc.constantFrom("merge" as const, "reject" as const),
  })
  .map(({ name, columns, headerRow, delimiter, quotes, ...rest }) => ({
    name,
    recipe: {
      version: 1,
      headers: columns.map(([header]) => header),
      tableOptions: { encoding: "utf-8", delimiter, headerRow, quotes },
      mapping: { ...rest, columns: columns.map(([, used]) => used) },
    },
  }));

function refusal(text: string): string {
  try {
    readRecipeFile(text);
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
  return "";
}

const small: RecipeInput = {
  name: "Nightly prices",
  recipe: {
    version: 1,
    headers: ["sku", "price"],
    tableOptions: {
      encoding: "utf-8",
      delimiter: ",",
      headerRow: 1,
      quotes: "standard",
    },
    mapping: {
      columns: [
        { as: "key", property: null },
        { as: "property", id: "price", language: "", emptyCell: "skip" },
      ],
      keySeparator: "-",
      repeatedKeys: "merge",
    },
  },
};

const changed = (change: (file: Record<string, unknown>) => void): string => {
  const file = JSON.parse(recipeFileText(small)) as Record<string, unknown>;
  change(file);
  return JSON.stringify(file);
};

describe("a recipe file", () => {
  test("gives back the recipe that was exported, whatever is in it", () => {
    fc.assert(
      fc.property(input, (given) => {
        const read = readRecipeFile(recipeFileText(given));
        expect(read.name).toBe(given.name);
        expect(isSameRecipe(read.recipe, given.recipe)).toBe(true);
      }),
    );
  });

  test("maps rows as the recipe did that was exported", () => {
    fc.assert(
      fc.property(
        input,
        fc.array(fc.array(fc.string({ maxLength: 6 }), { maxLength: 13 }), {
          maxLength: 5,
        }),
        (given, rows) => {
          const { headers, mapping } = given.recipe;
          fc.pre(mappingProblems(mapping, headers).length === 0);
          const read = readRecipeFile(recipeFileText(given)).recipe.mapping;
          const before = createRowMapper(mapping);
          const after = createRowMapper(read);
          for (const row of rows) {
            expect(after(row, true)).toEqual(before(row, true));
          }
        },
      ),
    );
  });

  test("names a member that this version does not know, and takes no part of it", () => {
    expect(refusal(changed((file) => (file["checks"] = [])))).toContain(
      "checks",
    );
    const text = recipeFileText(small).replace(
      '"keySeparator"',
      '"__proto__": {"polluted": true}, "keySeparator"',
    );
    expect(refusal(text)).toContain("mapping.__proto__");
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  test("refuses what is no recipe with a sentence that says why", () => {
    expect(refusal("not json")).toContain("not JSON");
    expect(refusal("[]")).toContain("no recipe file");
    expect(refusal('{"format":"other"}')).toContain("no recipe file");
    expect(refusal("[".repeat(100_000))).toContain("nested deeper");
    expect(refusal(`"${"x".repeat(2_000_000)}"`)).toContain("at most");
    expect(refusal(changed((file) => (file["version"] = 2)))).toContain(
      "version 2",
    );
    expect(refusal(changed((file) => (file["name"] = " ")))).toContain(
      "Give the recipe a name",
    );
    expect(refusal(changed((file) => (file["headers"] = [])))).toContain(
      "names of its columns",
    );
    expect(
      refusal(changed((file) => (file["headers"] = ["a", "b", "c"]))),
    ).toContain("another number of columns");
  });

  test("cannot bring along whose recipe an import follows", () => {
    const text = changed((file) => {
      const mapping = file["mapping"] as Record<string, unknown>;
      mapping["recipe"] = { id: "11111111-1111-4111-8111-111111111111" };
    });
    expect(refusal(text)).toContain("mapping.recipe");
  });

  test("ends quickly on hostile JSON", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        expect(refusal(text)).not.toBe("");
      }),
    );
    const wide: Recipe = {
      ...small.recipe,
      headers: Array.from({ length: 1_001 }, () => "h"),
    };
    expect(
      refusal(
        JSON.stringify({ format: "source-studio-recipe", name: "n", ...wide }),
      ),
    ).not.toBe("");
  });
});
