import { describe, expect, test } from "vitest";

import type { ColumnUse } from "./mapping";
import type { Recipe } from "./recipe";
import { columnDrift, hasDrifted, mappingForFile } from "./recipe-drift";
import { suggestMapping } from "./suggest-mapping";

const property = (id: string, language = ""): ColumnUse => ({
  ...{ as: "property", id, language, emptyCell: "skip" },
});

function recipe(headers: string[], columns: ColumnUse[]): Recipe {
  return {
    version: 1,
    headers,
    tableOptions: {
      encoding: "utf-8",
      delimiter: ",",
      headerRow: 1,
      quotes: "standard",
    },
    mapping: { columns, keySeparator: "-", repeatedKeys: "reject" },
  };
}

const prices = recipe(
  ["sku", "Price SEK", "Name (sv)", "stock"],
  [
    { as: "key", property: null },
    property("price"),
    property("name", "sv"),
    property("stock"),
  ],
);

const drift = (of: Recipe, headers: string[]) =>
  columnDrift({
    recipe: of,
    headers,
    suggested: suggestMapping(headers, []),
  });

describe("columnDrift", () => {
  test("finds nothing in a file with the same columns, in any order", () => {
    expect(hasDrifted(drift(prices, prices.headers))).toBe(false);
    const turned = drift(prices, [...prices.headers].reverse());
    expect(hasDrifted(turned)).toBe(false);
    expect(turned.isReordered).toBe(true);
  });

  test("tells renamed, new and gone columns apart", () => {
    const found = drift(prices, ["sku", "Price (SEK)", "Name (sv)", "colour"]);
    expect(found.renamed).toEqual([
      {
        from: { column: 1, header: "Price SEK" },
        to: { column: 1, header: "Price (SEK)" },
      },
    ]);
    expect(found.gone).toEqual([{ column: 3, header: "stock" }]);
    expect(found.added).toEqual([{ column: 3, header: "colour" }]);
  });

  test("never takes one language for another, however alike the names are", () => {
    const found = drift(prices, ["sku", "Price SEK", "Name (de)", "stock"]);
    expect(found.renamed).toEqual([]);
    expect(found.added).toEqual([{ column: 2, header: "Name (de)" }]);
  });

  test("knows a renamed column by its values", () => {
    const headers = ["sku", "Price SEK", "Name (sv)", "Lager"];
    const input = {
      ...{ recipe: prices, headers, suggested: suggestMapping(headers, []) },
      samples: [[], [], [], ["many", "few", "none"]],
      remembered: [[], [], [], ["none", "few", "many"]],
    };
    expect(columnDrift(input).renamed).toMatchObject([
      { from: { header: "stock" }, to: { header: "Lager" } },
    ]);
    expect(columnDrift({ ...input, remembered: [] }).renamed).toEqual([]);
  });
});

describe("mappingForFile", () => {
  test("lets each use follow its column and ignores what is new", () => {
    const headers = ["colour", "stock", "Name (sv)", "sku", "Price (SEK)"];
    const found = drift(prices, headers);
    const moved = mappingForFile(prices, found, headers.length);
    expect(moved.stepsLost).toBe(0);
    expect(moved.mapping).toEqual({
      columns: [
        { as: "ignore" },
        property("stock"),
        property("name", "sv"),
        { as: "key", property: null },
        property("price"),
      ],
      keySeparator: "-",
      repeatedKeys: "reject",
    });
  });

  test("lets steps follow their columns, and leaves out one whose column is gone", () => {
    const of = recipe(
      ["sku", "brand", "size"],
      [
        { as: "key", property: null },
        property("brand"),
        property("size"),
        property("title"),
        property("origin"),
      ],
    );
    of.mapping.steps = [
      { do: "clean", column: 2, how: "trim" },
      {
        ...{ do: "join", header: "title", columns: [1, 2] },
        ...{ separator: " ", isEmptySkipped: true },
      },
      { do: "constant", header: "origin", value: "erp" },
      { do: "clean", column: 4, how: "upper" },
      { do: "clean", column: null, how: "collapse" },
    ];
    const moved = mappingForFile(of, { columns: [1, 2, 0] }, 4);
    expect(moved).toEqual({
      stepsLost: 0,
      mapping: {
        ...of.mapping,
        columns: [
          property("size"),
          { as: "key", property: null },
          property("brand"),
          { as: "ignore" },
          property("title"),
          property("origin"),
        ],
        steps: [
          { do: "clean", column: 0, how: "trim" },
          {
            ...{ do: "join", header: "title", columns: [2, 0] },
            ...{ separator: " ", isEmptySkipped: true },
          },
          { do: "constant", header: "origin", value: "erp" },
          { do: "clean", column: 5, how: "upper" },
          { do: "clean", column: null, how: "collapse" },
        ],
      },
    });

    const without = mappingForFile(of, { columns: [0, 1, -1] }, 2);
    expect(without.stepsLost).toBe(2);
    expect(without.mapping.columns).toEqual([
      { as: "key", property: null },
      property("brand"),
      property("origin"),
    ]);
    expect(without.mapping.steps).toEqual([
      { do: "constant", header: "origin", value: "erp" },
      { do: "clean", column: 2, how: "upper" },
      { do: "clean", column: null, how: "collapse" },
    ]);
  });
});
