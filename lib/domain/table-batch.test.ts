import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { entityBytes } from "./entity";
import { jsonTextBytes, propertyFrameBytes, rowEntityBytes } from "./row-bytes";
import {
  readTableBatch,
  tableBatchEntities,
  type BatchCell,
  type TableBatch,
} from "./table-batch";

const batch = (more: Record<string, unknown> = {}): unknown => ({
  firstRow: 2,
  lastRow: 3,
  columns: [
    ["name", ""],
    ["name", "sv"],
  ],
  rows: [
    ["a", 0, "Chair", 0],
    ["b", 0, null, ""],
  ],
  ...more,
});

describe("readTableBatch", () => {
  test("takes a batch as it is", () => {
    expect(readTableBatch(batch())).toEqual(batch());
  });

  test("takes names of object members as keys, ids and languages", () => {
    const columns = [["__proto__", "toString"]];
    const rows = [
      ["__proto__", 0, "x"],
      ["constructor", 1],
    ];
    const read = readTableBatch(batch({ columns, rows }));
    expect(tableBatchEntities(read)).toEqual([
      {
        key: "__proto__",
        delete: false,
        properties: [{ id: "__proto__", value: "x", language: "toString" }],
      },
      { key: "constructor", delete: true, properties: [] },
    ]);
  });

  test.each([
    ["no object", null],
    ["a list", []],
    ["no row numbers", batch({ firstRow: undefined })],
    ["row numbers in the wrong order", batch({ firstRow: 4 })],
    ["a row number that no file reaches", batch({ lastRow: 3_000_000_000 })],
    ["too few row numbers", batch({ rowNumbers: [2] })],
    ["more rows than it spans", batch({ rowNumbers: [[2, 2_000_000], 3] })],
    ["no columns", batch({ columns: undefined })],
    [
      "an illegal property id",
      batch({ columns: [["na me", ""]], rows: [["a", 0, "x"]] }),
    ],
    [
      "an illegal language",
      batch({ columns: [["name", "s"]], rows: [["a", 0, "x"]] }),
    ],
    [
      "a column twice",
      batch({
        columns: [
          ["a", ""],
          ["a", ""],
        ],
      }),
    ],
    ["no rows", batch({ rows: [] })],
    [
      "1,001 rows",
      batch({ rows: Array.from({ length: 1_001 }, (_, i) => [`k${i}`, 0]) }),
    ],
    ["a row that is no list", batch({ rows: [{}] })],
    ["more cells than columns", batch({ rows: [["a", 0, "x", "y", "z"]] })],
    ["an illegal key", batch({ rows: [["a b", 0, "x"]] })],
    ["a key with a line break at its end", batch({ rows: [["a\n", 0, "x"]] })],
    [
      "a repeated key",
      batch({
        rows: [
          ["a", 0, "x"],
          ["a", 0, "y"],
        ],
      }),
    ],
    ["a flag that is no flag", batch({ rows: [["a", true, "x"]] })],
    ["a number as cell", batch({ rows: [["a", 0, 7]] })],
    ["a NUL", batch({ rows: [["a", 0, "x\0"]] })],
    ["half a surrogate pair", batch({ rows: [["a", 0, "\ud800"]] })],
    ["values in a delete", batch({ rows: [["a", 1, "x"]] })],
  ])("refuses %s with a sentence", (_what, body) => {
    expect(() => readTableBatch(body)).toThrow(/^[A-Z].+\.$/s);
  });

  test("refuses an entity above 1,000,000 bytes and a batch above 20,000,000", () => {
    const text = "x".repeat(999_900);
    const rows = (count: number) =>
      Array.from({ length: count }, (_, i) => [`k${i}`, 0, text]);
    expect(readTableBatch(batch({ rows: rows(20) })).rows).toHaveLength(20);
    expect(() => readTableBatch(batch({ rows: rows(21) }))).toThrow(
      "The batch stands for more than 20,000,000",
    );
    expect(() =>
      readTableBatch(batch({ rows: [["a", 0, text + text]] })),
    ).toThrow("(key a)");
  });
});

describe("rowEntityBytes", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string(),
    fc.constantFrom("\ud800", "\udc00x", "\b\t\n\f\r\v\u0000", '"\\/', "😀"),
  );

  test("is what JSON.stringify gives for a text", () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(jsonTextBytes(value)).toBe(
          Buffer.byteLength(JSON.stringify(value)),
        );
      }),
    );
  });

  test("is what entityBytes gives for the row", () => {
    const cells = fc.array(
      fc.oneof(text, fc.constant(null), fc.constant(0 as const)),
      { maxLength: 3 },
    );
    fc.assert(
      fc.property(
        cells,
        fc.constantFrom(0 as const, 1 as const),
        (row, isDelete) => {
          const columns: TableBatch["columns"] = [
            ["a", ""],
            ["b-1", "sv"],
            ["c", "zh-Hans"],
          ];
          const used: BatchCell[] = isDelete ? [] : row;
          const [entity] = tableBatchEntities({
            firstRow: 1,
            lastRow: 1,
            columns,
            rows: [["key", isDelete, ...used]],
          });
          if (!entity) throw new Error("no entity");
          expect(
            rowEntityBytes(
              "key",
              isDelete,
              used,
              columns.map(propertyFrameBytes),
              columns,
            ),
          ).toBe(entityBytes(entity));
        },
      ),
    );
  });
});
