import { describe, expect, test } from "vitest";

import {
  columnMappingSchema,
  mappingProblems,
  ROW_LANGUAGE,
  type ColumnUse,
} from "./mapping";

const key: ColumnUse = { as: "key", property: null };
const property = (id: string, language = ""): ColumnUse => ({
  as: "property",
  id,
  language,
  emptyCell: "skip",
});

function problems(...columns: ColumnUse[]): string[] {
  const headers = columns.map((_, index) => `H${index}`);
  return mappingProblems(
    { columns, keySeparator: "-", repeatedKeys: "merge" },
    headers,
  );
}

describe("mappingProblems", () => {
  test("finds nothing wrong with a usual mapping", () => {
    expect(
      problems(key, property("name"), property("name", "sv"), { as: "delete" }),
    ).toEqual([]);
  });

  test("asks for a key", () => {
    expect(problems(property("name"))).toEqual([
      "No column is the key. Choose the one that names each entry.",
    ]);
  });

  test("allows one delete column and one language column", () => {
    const twice = problems(key, { as: "delete" }, { as: "delete" });
    expect(twice).toEqual(["“H1” and “H2” are all delete columns. Keep one."]);
    expect(problems(key, { as: "language" }, { as: "language" })).toHaveLength(
      1,
    );
  });

  test("names two columns that fill the same value", () => {
    expect(problems(key, property("a", "sv"), property("a", "sv"))).toEqual([
      "“H1” and “H2” both fill the property a in sv. Rename or ignore one.",
    ]);
    expect(problems({ as: "key", property: "a" }, property("a"))).toHaveLength(
      1,
    );
  });

  test("sees that the row's language may be that of another column, but not none", () => {
    const language: ColumnUse = { as: "language" };
    expect(
      problems(key, language, property("a", ROW_LANGUAGE), property("a", "sv")),
    ).toHaveLength(1);
    expect(
      problems(key, language, property("a", ROW_LANGUAGE), property("a")),
    ).toEqual([]);
  });

  test("misses the language column that a property needs", () => {
    expect(problems(key, property("a", ROW_LANGUAGE))).toHaveLength(1);
  });

  test("tells ids apart that are names of object members", () => {
    expect(
      problems(key, property("__proto__"), property("constructor")),
    ).toEqual([]);
  });

  test("notices a mapping made for another file", () => {
    const mapping = {
      columns: [key],
      keySeparator: "",
      repeatedKeys: "merge" as const,
    };
    expect(mappingProblems(mapping, ["a", "b"])[0]).toContain(
      "1 columns, the file has 2",
    );
  });
});

describe("columnMappingSchema", () => {
  test("refuses an illegal property id and an illegal separator", () => {
    const mapping = {
      columns: [key, property("a b")],
      keySeparator: " ",
      repeatedKeys: "merge",
    };
    const parsed = columnMappingSchema.safeParse(mapping);
    expect(parsed.error?.issues.map(({ path }) => path[0])).toEqual([
      "columns",
      "keySeparator",
    ]);
  });
});
