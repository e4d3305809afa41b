import { describe, expect, test } from "vitest";

import { columnProblems } from "./column-problems";
import { mappingProblems, type ColumnUse } from "./mapping";

const KEY: ColumnUse = { as: "key", property: null };
const property = (id: string, language = ""): ColumnUse => ({
  as: "property",
  id,
  language,
  emptyCell: "skip",
});

function problemsOf(...columns: ColumnUse[]) {
  const mapping = {
    columns,
    keySeparator: "-",
    repeatedKeys: "merge" as const,
  };
  const headers = columns.map((_, column) => `h${column}`);
  return {
    byColumn: columnProblems(mapping, headers),
    whole: mappingProblems(mapping, headers),
  };
}

describe("columnProblems", () => {
  test("finds none in a mapping that can be used", () => {
    const { byColumn } = problemsOf(
      KEY,
      property("name"),
      property("name", "sv"),
      { as: "delete" },
    );
    expect(byColumn.size).toBe(0);
  });

  test("names an id and a language that break their rule", () => {
    const { byColumn } = problemsOf(
      KEY,
      property("na me"),
      property("", "sv"),
      property("text", "s"),
    );
    expect([...byColumn].map(([column, { part }]) => [column, part])).toEqual([
      [1, "property"],
      [2, "property"],
      [3, "language"],
    ]);
    expect([...byColumn.values()].every(({ isTyped }) => isTyped)).toBe(true);
  });

  test("puts a value that two columns fill at the later one and names the earlier", () => {
    const { byColumn, whole } = problemsOf(
      { as: "key", property: "name" },
      property("name"),
    );
    expect(byColumn.get(1)?.message).toContain("“h0”");
    expect(whole).toHaveLength(1);
  });

  test("wants a language column for properties in the row's language, and only one", () => {
    expect(problemsOf(KEY, property("name", "*")).byColumn.get(1)?.part).toBe(
      "language",
    );
    const two = problemsOf(KEY, { as: "language" }, { as: "language" });
    expect(two.byColumn.get(2)?.part).toBe("use");
  });
});
