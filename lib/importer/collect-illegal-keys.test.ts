import { expect, test } from "vitest";

import { createRowMapper } from "@/lib/domain/map-row";
import type { ColumnMapping } from "@/lib/domain/mapping";

import { createIllegalKeyCollector } from "./collect-illegal-keys";

function repairOf(keys: string[][], more: Partial<ColumnMapping> = {}) {
  const width = keys[0]?.length ?? 1;
  const mapping: ColumnMapping = {
    columns: Array.from({ length: width }, () => ({
      ...{ as: "key", property: null },
    })),
    ...{ keySeparator: "-", repeatedKeys: "merge", ...more },
  };
  const mapRow = createRowMapper(mapping);
  const collector = createIllegalKeyCollector(mapping);
  keys.forEach((cells, i) => collector.row(cells, i + 2, mapRow(cells, true)));
  return collector.result();
}

test("offers nothing where no key is illegal, or nothing helps", () => {
  expect(repairOf([["a"], ["b"]])).toBeNull();
  expect(repairOf([["a"], [" "], ["x".repeat(300)]])).toBeNull();
});

test("offers to replace illegal characters, with the rows that it saves", () => {
  expect(repairOf([["SW1.1"], ["SW2"], ["SW1.2"], [""]])).toEqual({
    rules: [{ rule: "illegal", by: "-" }],
    rows: 2,
    example: { from: "SW1.1", to: "SW1-1" },
  });
});

test("offers no more rules than are needed", () => {
  expect(repairOf([["a"], [" b "]])?.rules).toEqual([{ rule: "trim" }]);
  expect(repairOf([["ö"]])?.rules).toEqual([{ rule: "transliterate" }]);
  expect(repairOf([["ö x "]])).toEqual({
    rules: [
      { rule: "trim" },
      { rule: "transliterate" },
      { rule: "illegal", by: "-" },
    ],
    rows: 1,
    example: { from: "ö x ", to: "oe-x" },
  });
});

test("looks at the keys as the rules there are leave them", () => {
  const dots = { rule: "replace", find: ".", by: "" } as const;
  expect(repairOf([["a.1"], ["b 2."]], { keyRules: [dots] })).toEqual({
    rules: [{ rule: "illegal", by: "-" }],
    rows: 1,
    example: { from: "b 2", to: "b-2" },
  });
});

test("does not count a row that another problem rejects as well", () => {
  expect(repairOf([["a.1", ""]])).toBeNull();
});
