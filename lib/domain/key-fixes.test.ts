import { expect, test } from "vitest";

import { splitByLanguage, withKeyColumn } from "./key-fixes";
import { mappingProblems, type ColumnMapping } from "./mapping";

const MAPPING: ColumnMapping = {
  columns: [
    { as: "key", property: null },
    { as: "property", id: "locale", language: "", emptyCell: "skip" },
    { as: "property", id: "name", language: "", emptyCell: "clear" },
    { as: "property", id: "name", language: "sv", emptyCell: "skip" },
    { as: "property", id: "price", language: "", emptyCell: "skip" },
    { as: "property", id: "text", language: "", emptyCell: "clear" },
  ],
  ...{ keySeparator: "-", repeatedKeys: "merge" },
};
const HEADERS = ["sku", "locale", "name", "name_sv", "price", "text"];

test("splitting by language makes a column the language and gives it to the texts that differ", () => {
  const split = splitByLanguage(MAPPING, 1, [1, 2, 3, 5]);
  expect(split.columns).toEqual([
    MAPPING.columns[0],
    { as: "language" },
    // Another column has it in Swedish, which a row's language may be too.
    ...MAPPING.columns.slice(2, 5),
    { as: "property", id: "text", language: "*", emptyCell: "clear" },
  ]);
  expect(mappingProblems(split, HEADERS)).toEqual([]);
});

test("a column that becomes a part of the key stays the property it was", () => {
  const added = withKeyColumn(MAPPING, 4);
  expect(added.columns[4]).toEqual({ as: "key", property: "price" });
  expect(mappingProblems(added, HEADERS)).toEqual([]);
  expect(withKeyColumn(MAPPING, 3).columns[3]).toEqual({
    ...{ as: "key", property: null },
  });
  const marked = { ...MAPPING.columns[4], isMarked: true } as const;
  const columns = MAPPING.columns.with(4, marked as never);
  expect(withKeyColumn({ ...MAPPING, columns }, 4).columns[4]).toEqual({
    ...{ as: "key", property: "price", isMarked: true },
  });
});
