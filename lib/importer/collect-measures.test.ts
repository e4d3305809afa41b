import fc from "fast-check";
import { expect, test } from "vitest";

import { fileMeasuresSchema } from "@/lib/domain/column-measures";
import type { MappedRow } from "@/lib/domain/map-row";
import type { ColumnMapping } from "@/lib/domain/mapping";
import { SNAPSHOT_LIMITS } from "@/lib/domain/recipe-snapshot";

import { createMeasureCollector } from "./collect-measures";

const MAPPING: ColumnMapping = {
  columns: [{ as: "key", property: null }, { as: "ignore" }],
  ...{ keySeparator: "-", repeatedKeys: "merge" },
};
const rejected: MappedRow = { kind: "rejected", issues: [] };

test("measures lengths, numbers and the values of a column of few", () => {
  const collector = createMeasureCollector(MAPPING, ["sku", "size"]);
  const rows = [
    ["K-1", "-1,5"],
    ["K-22", "10"],
    ["K-22", ""],
  ];
  for (const [index, row] of rows.entries()) {
    collector.row(row, index + 2, rejected);
  }
  collector.row(["", ""], 5, { kind: "blank" });
  expect(collector.result()).toEqual({
    rows: 3,
    columns: [
      {
        ...{
          header: "sku",
          isUsed: true,
          filled: 3,
          lengthMin: 3,
          lengthMax: 4,
        },
        ...{ numbers: 0, numberMin: null, numberMax: null },
        values: [
          ["K-22", 2],
          ["K-1", 1],
        ],
      },
      {
        ...{
          header: "size",
          isUsed: false,
          filled: 2,
          lengthMin: 2,
          lengthMax: 4,
        },
        ...{ numbers: 2, numberMin: -1.5, numberMax: 10 },
        values: [
          ["-1,5", 1],
          ["10", 1],
        ],
      },
    ],
  });
});

test("keeps no values of a column of many, and of long ones the beginning, storable", () => {
  const collector = createMeasureCollector(MAPPING, ["sku", "text"]);
  for (let n = 0; n < 100; n += 1) {
    collector.row([`K-${n}`, `\0${"x".repeat(58)}😀 and more`], n, rejected);
  }
  const [keys, texts] = collector.result().columns;
  expect(keys?.values).toBeNull();
  expect(texts?.values?.[0]?.[0]).toMatch(/^\uFFFDx+\uFFFD…$/);
});

test("keeps the measures of a thousand wide columns small enough to be kept", () => {
  const headers = Array.from(
    { length: 1_000 },
    (_, n) => `${"\u0001".repeat(40)}${n}`,
  );
  const collector = createMeasureCollector(MAPPING, headers);
  for (let n = 0; n < 40; n += 1) {
    collector.row(
      headers.map(() => `${n}${"\u0001".repeat(70)}`),
      n,
      rejected,
    );
  }
  const measures = collector.result();
  expect(JSON.stringify(measures).length).toBeLessThan(
    SNAPSHOT_LIMITS.measuresCharsMax,
  );
  expect(fileMeasuresSchema.parse(measures)).toEqual(measures);
});

test("takes the very texts for numbers that are plain ones, with their exact values", () => {
  const texts = fc.stringMatching(/^[+-]?[0-9]{0,18}([.,][0-9,]{0,18})?$/);
  fc.assert(
    fc.property(texts, (text) => {
      const collector = createMeasureCollector(MAPPING, ["sku"]);
      collector.row([text], 2, rejected);
      const isNumber = text.length <= 20 && /^[+-]?\d+(?:[.,]\d+)?$/.test(text);
      const [column] = collector.result().columns;
      expect(column?.numbers).toBe(isNumber ? 1 : 0);
      expect(column?.numberMin).toBe(
        isNumber ? Number(text.replace(",", ".")) : null,
      );
    }),
    { numRuns: 2_000 },
  );
});
