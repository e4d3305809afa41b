import { describe, expect, test } from "vitest";

import type { ColumnMeasure, FileMeasures } from "./column-measures";
import { valueShifts } from "./value-shifts";

const column = (change: Partial<ColumnMeasure>): ColumnMeasure => ({
  ...{ header: "a", isUsed: true, filled: 100, lengthMin: 1, lengthMax: 9 },
  ...{ numbers: 0, numberMin: null, numberMax: null, values: null },
  ...change,
});
const file = (change: Partial<ColumnMeasure>, rows = 100): FileMeasures => ({
  ...{ rows, columns: [column(change)] },
});
const numbers = (min: number, max: number) => ({
  ...{ numbers: 100, numberMin: min, numberMax: max },
});

describe("valueShifts", () => {
  test("says nothing about a file that is like the last one", () => {
    expect(valueShifts(file({}), file({}))).toEqual([]);
    expect(valueShifts(file({}), file({ filled: 96 }))).toEqual([]);
  });

  test("tells of cells that are empty more or less often", () => {
    expect(valueShifts(file({}), file({ filled: 60 }))).toEqual([
      { header: "a", is: "filled", before: 1, now: 0.6 },
    ]);
  });

  test("names values that a column of few values never had", () => {
    const before = file({
      values: [
        ["red", 60],
        ["blue", 40],
      ],
    });
    const now = file({
      values: [
        ["red", 50],
        ["rde", 50],
      ],
    });
    expect(valueShifts(before, now)).toEqual([
      { header: "a", is: "newValues", values: ["rde"], count: 1 },
    ]);
    expect(valueShifts(before, file({ values: null }))).toEqual([
      { header: "a", is: "manyValues", before: 2 },
    ]);
  });

  test("tells numbers that are none now, another sign and another size", () => {
    const before = file(numbers(1, 90));
    expect(valueShifts(before, file({ numbers: 10 }))).toMatchObject([
      { is: "notNumbers", share: 0.1 },
    ]);
    expect(valueShifts(before, file(numbers(1, 9_000)))).toMatchObject([
      { is: "range", now: [1, 9_000] },
    ]);
    expect(valueShifts(before, file(numbers(-1, 80)))).toMatchObject([
      { is: "range" },
    ]);
    expect(valueShifts(before, file(numbers(1, 200)))).toEqual([]);
  });

  test("tells texts that are much longer", () => {
    expect(valueShifts(file({}), file({ lengthMax: 900 }))).toEqual([
      { header: "a", is: "length", before: 9, now: 900 },
    ]);
  });

  test("looks at no column that is not used, and at no small file", () => {
    const now = file({ filled: 10, isUsed: false });
    expect(valueShifts(file({}), now)).toEqual([]);
    expect(valueShifts(file({}, 9), file({ filled: 1 }, 9))).toEqual([]);
  });
});
