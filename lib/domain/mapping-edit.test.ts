import { describe, expect, test } from "vitest";

import type { ColumnMapping, ColumnUse } from "./mapping";
import {
  exampleKey,
  isSameUse,
  startUse,
  withAllAsProperties,
  withColumn,
  withEmptyCells,
  withIgnored,
  withoutPartNames,
} from "./mapping-edit";

const MAPPING: ColumnMapping = {
  columns: [
    { as: "key", property: null },
    { as: "property", id: "name", language: "sv", emptyCell: "skip" },
    { as: "ignore" },
  ],
  keySeparator: "-",
  repeatedKeys: "merge",
};

describe("a mapping's edits", () => {
  test("leave the mapping they start from alone", () => {
    const before = JSON.stringify(MAPPING);
    withColumn(MAPPING, 1, { as: "ignore" });
    withEmptyCells(MAPPING, "clear");
    withIgnored(MAPPING, () => true);
    expect(JSON.stringify(MAPPING)).toBe(before);
  });

  test("set the rule for empty cells in property columns only", () => {
    const { columns } = withEmptyCells(MAPPING, "clear");
    expect(columns[0]).toEqual(MAPPING.columns[0]);
    expect(columns[1]).toMatchObject({ emptyCell: "clear" });
  });

  test("ignore chosen properties, never the key", () => {
    const { columns } = withIgnored(MAPPING, () => true);
    expect(columns.map(({ as }) => as)).toEqual(["key", "ignore", "ignore"]);
  });

  test("make ignored columns properties as suggested, else by their header", () => {
    const suggested: ColumnMapping = {
      ...MAPPING,
      columns: MAPPING.columns.with(2, {
        ...{ as: "property", id: "note" },
        ...{ language: "de", emptyCell: "skip" },
      }),
    };
    expect(
      withAllAsProperties(MAPPING, suggested, ["", "", "x"]).columns[2],
    ).toMatchObject({ id: "note", language: "de" });
    expect(
      withAllAsProperties(MAPPING, MAPPING, ["", "", "x"]).columns[2],
    ).toMatchObject({ id: "x", language: "" });
  });

  test("start a chosen kind from the suggestion when it is of that kind", () => {
    expect(startUse("property", "x", MAPPING.columns[1])).toBe(
      MAPPING.columns[1],
    );
    expect(startUse("key", "x", MAPPING.columns[1])).toEqual({
      as: "key",
      property: null,
    });
  });
});

describe("exampleKey", () => {
  test("joins the key cells and says whether that is a legal key", () => {
    const two = withColumn(MAPPING, 2, { as: "key", property: null });
    expect(exampleKey(two, ["A", "x", "1"])).toEqual({
      key: "A-1",
      raw: "A-1",
      isLegal: true,
    });
    expect(exampleKey(two, ["A", "x", ""])?.isLegal).toBe(false);
    expect(exampleKey(MAPPING, ["A 1"])?.isLegal).toBe(false);
    expect(
      exampleKey(
        withIgnored(MAPPING, () => true),
        ["A"],
      ),
    ).toBeDefined();
    expect(
      exampleKey(withColumn(MAPPING, 0, { as: "ignore" }), ["A"]),
    ).toBeUndefined();
  });
});

test("a column of marked cells stays marked whatever it is used for", () => {
  const key = { as: "key", property: null, isMarked: true } as const;
  expect(startUse("property", "sku", key)).toEqual({
    ...{ as: "property", id: "sku", language: "" },
    ...{ emptyCell: "skip", isMarked: true },
  });
  const property: ColumnUse = {
    ...{ as: "property", id: "note", language: "" },
    ...{ emptyCell: "skip", isMarked: true },
  };
  expect(startUse("key", "note", property)).toEqual(key);
  expect(startUse("ignore", "note", property)).toEqual({ as: "ignore" });
  expect(startUse("key", "sku", { as: "ignore" })).toEqual({
    ...{ as: "key", property: null },
  });
});

test("an example key is cleaned cell by cell, and a cell of which nothing is left is missing", () => {
  const two: ColumnMapping = {
    ...withColumn(MAPPING, 2, { as: "key", property: null }),
    keyRules: [{ rule: "trim" }, { rule: "illegal", by: "_" }],
  };
  expect(exampleKey(two, [" A.1 ", "x", "2"])).toEqual({
    ...{ key: "A_1-2", raw: " A.1 -2", isLegal: true },
  });
  expect(exampleKey(two, ["A", "x", " "])?.isLegal).toBe(false);
});

test("two uses are the same in whatever order their members stand", () => {
  const a = { as: "key", property: null, isMarked: true } as const;
  const b = { isMarked: true, property: null, as: "key" } as const;
  expect(isSameUse(a, b)).toBe(true);
  expect(isSameUse(a, { ...b, property: "sku" })).toBe(false);
  expect(isSameUse(a, undefined)).toBe(false);
});

test("the column that names the sheets of a table is left out, one of the file's own is not", () => {
  const use: ColumnUse = {
    ...{ as: "property", id: "Sheet", language: "", emptyCell: "skip" },
  };
  const mapping: ColumnMapping = {
    ...MAPPING,
    columns: [{ as: "key", property: null }, use],
  };
  const headers = ["sku", "Sheet"];
  const parts = [{ sheet: "Chairs" }, { sheet: "Lamps" }];
  expect(withoutPartNames(mapping, headers, parts).columns[1]).toEqual({
    as: "ignore",
  });
  expect(withoutPartNames(mapping, headers, parts.slice(1))).toBe(mapping);
  expect(withoutPartNames(mapping, headers, undefined)).toBe(mapping);
  expect(withoutPartNames(mapping, ["sku", "name"], parts)).toBe(mapping);
});
