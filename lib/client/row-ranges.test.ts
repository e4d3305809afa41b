import { expect, test } from "vitest";

import { rowRanges } from "./row-ranges";

test("names single rows and ranges as the spreadsheet numbers them", () => {
  const ranges: [number, number][] = [
    [5, 8],
    [12, 12],
  ];
  expect(rowRanges({ ranges, rowCount: 5 })).toBe("rows 5-8, 12");
  expect(rowRanges({ ranges: [[4, 4]], rowCount: 1 })).toBe("row 4");
});

test("says how many rows it leaves out", () => {
  const ranges = Array.from({ length: 14 }, (_, i): [number, number] => [
    i * 2 + 2,
    i * 2 + 2,
  ]);
  expect(rowRanges({ ranges, rowCount: 1_014 }, 2)).toBe(
    "rows 2, 4 and 1,012 more rows",
  );
});
