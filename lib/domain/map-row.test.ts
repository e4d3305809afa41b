import { describe, expect, test } from "vitest";

import { entityBytes } from "./entity";
import { createRowMapper, type MappedRow } from "./map-row";
import { ROW_LANGUAGE, type ColumnMapping, type ColumnUse } from "./mapping";
import { tableBatchEntities } from "./table-batch";

const key: ColumnUse = { as: "key", property: null };
const property = (
  id: string,
  language = "",
  emptyCell: "skip" | "clear" | "text" = "skip",
): ColumnUse => ({ as: "property", id, language, emptyCell });

function map(
  columns: ColumnUse[],
  cells: string[],
  more: Partial<ColumnMapping> = {},
): MappedRow {
  const mapping: ColumnMapping = {
    columns,
    keySeparator: "-",
    repeatedKeys: "merge",
    ...more,
  };
  return createRowMapper(mapping)(cells, cells.join("").includes("\0"));
}

function entityOf(mapped: MappedRow) {
  if (mapped.kind !== "entity") throw new Error(JSON.stringify(mapped));
  const [entity] = tableBatchEntities({
    firstRow: 1,
    lastRow: 1,
    columns: [...mapped.columns.columns],
    rows: [mapped.row],
  });
  return entity;
}

function codesOf(mapped: MappedRow): string[] {
  return mapped.kind === "rejected"
    ? mapped.issues.map(({ code, column }) => `${code}@${column}`)
    : [mapped.kind];
}

describe("createRowMapper", () => {
  test("keeps every cell the text it was", () => {
    const cells = [
      "007",
      " x ",
      "00012345678905",
      "1E5",
      "\t=1+1",
      "2026-01-01",
    ];
    const columns = [
      key,
      ...["a", "b", "c", "d", "e"].map((id) => property(id)),
    ];
    expect(entityOf(map(columns, cells))).toEqual({
      key: "007",
      delete: false,
      properties: ["a", "b", "c", "d", "e"].map((id, i) => ({
        id,
        value: cells[i + 1],
        language: null,
      })),
    });
  });

  test("does with an empty cell what its column says, also when the row is short", () => {
    const columns = [
      key,
      property("s"),
      property("c", "", "clear"),
      property("t", "sv", "text"),
    ];
    const wanted = [
      { id: "c", value: null, language: null },
      { id: "t", value: "", language: "sv" },
    ];
    expect(entityOf(map(columns, ["k", "", "", ""]))?.properties).toEqual(
      wanted,
    );
    expect(entityOf(map(columns, ["k"]))?.properties).toEqual(wanted);
  });

  test("ignores ignored columns and keeps a key as property when asked", () => {
    const columns: ColumnUse[] = [
      { as: "key", property: "sku" },
      { as: "ignore" },
    ];
    expect(entityOf(map(columns, ["k", "x"]))?.properties).toEqual([
      { id: "sku", value: "k", language: null },
    ]);
  });

  test("joins key columns in their order, and needs all of them", () => {
    const columns = [key, property("a"), key];
    expect(entityOf(map(columns, ["A", "x", "B"]))?.key).toBe("A-B");
    expect(codesOf(map(columns, ["A", "x", ""]))).toEqual(["key_missing@2"]);
    expect(codesOf(map(columns, ["A b", "x", ""]))).toEqual([
      "key_illegal@0",
      "key_missing@2",
    ]);
  });

  test("refuses keys that break the rule, with spaces around them too", () => {
    const columns = [key, property("a")];
    for (const bad of ["a b", " a", "a ", "a.1", "å", "a\n", "\u00a0"]) {
      expect(codesOf(map(columns, [bad, "x"]))).toEqual(["key_illegal@0"]);
    }
    expect(codesOf(map(columns, ["", "x"]))).toEqual(["key_missing@0"]);
    expect(codesOf(map(columns, ["k".repeat(257), "x"]))).toEqual([
      "key_too_long@0",
    ]);
    expect(codesOf(map(columns, ["k".repeat(256), "x"]))).toEqual(["entity"]);
    expect(
      codesOf(map([key, key], ["k".repeat(128), "k".repeat(128)])),
    ).toEqual(["key_too_long@0"]);
  });

  test("calls a row blank only when every cell is empty", () => {
    expect(codesOf(map([key, property("a")], [""]))).toEqual(["blank"]);
    expect(codesOf(map([key, property("a")], ["", "", ""]))).toEqual(["blank"]);
    expect(codesOf(map([key, property("a")], ["", " "]))).toEqual([
      "key_missing@0",
    ]);
  });

  test("refuses filled cells beyond the last column, and lets empty ones pass", () => {
    expect(codesOf(map([key, property("a")], ["k", "x", "", "y"]))).toEqual([
      "extra_cells@null",
    ]);
    expect(codesOf(map([key, property("a")], ["k", "x", "", ""]))).toEqual([
      "entity",
    ]);
  });

  test("deletes on yes in many languages, and says when it does not understand", () => {
    const columns: ColumnUse[] = [key, property("a"), { as: "delete" }];
    for (const yes of [
      "yes",
      "TRUE",
      "1",
      " x ",
      "ja",
      "Oui",
      "sí",
      "да",
      "tak",
    ]) {
      expect(entityOf(map(columns, ["k", "v", yes]))).toEqual({
        key: "k",
        delete: true,
        properties: [],
      });
    }
    for (const no of ["", "no", "FALSE", "0", "nej", "nein", "нет"]) {
      expect(entityOf(map(columns, ["k", "v", no]))?.delete).toBe(false);
    }
    expect(codesOf(map(columns, ["k", "v", "maybe"]))).toEqual([
      "delete_not_understood@2",
    ]);
  });

  test("takes the language of the row, and needs it only where a text is", () => {
    const columns: ColumnUse[] = [
      key,
      { as: "language" },
      property("a", ROW_LANGUAGE),
      property("b"),
    ];
    expect(entityOf(map(columns, ["k", "de", "x", "y"]))?.properties).toEqual([
      { id: "a", value: "x", language: "de" },
      { id: "b", value: "y", language: null },
    ]);
    expect(codesOf(map(columns, ["k", "", "x", "y"]))).toEqual([
      "language_missing@1",
    ]);
    expect(codesOf(map(columns, ["k", "d", "x", "y"]))).toEqual([
      "language_illegal@1",
    ]);
    expect(codesOf(map(columns, ["k", "de ", "x", "y"]))).toEqual([
      "language_illegal@1",
    ]);
    expect(codesOf(map(columns, ["k", "", "", "y"]))).toEqual(["entity"]);
  });

  test("takes __proto__ and friends as keys and languages", () => {
    const columns: ColumnUse[] = [
      key,
      { as: "language" },
      property("constructor", ROW_LANGUAGE),
    ];
    expect(entityOf(map(columns, ["__proto__", "toString", "x"]))).toEqual({
      key: "__proto__",
      delete: false,
      properties: [{ id: "constructor", value: "x", language: "toString" }],
    });
  });

  test("finds a NUL, a cell that is too long and an entity that is too large", () => {
    const columns = [key, property("a"), property("b")];
    expect(codesOf(map(columns, ["k", "x\0y", ""]))).toEqual([
      "cell_illegal_character@1",
    ]);
    expect(codesOf(map(columns, ["k", "x".repeat(1_200_000), ""]))).toEqual([
      "cell_too_long@1",
    ]);
    expect(
      codesOf(map(columns, ["k", "å".repeat(300_000), "å".repeat(300_000)])),
    ).toEqual(["entity_too_large@null"]);
    expect(codesOf(map(columns, ["k", "x".repeat(999_000), ""]))).toEqual([
      "entity",
    ]);
  });

  test("never promises fewer bytes than the entity has", () => {
    const columns = [key, property("a", "sv"), property("b", "", "clear")];
    for (const text of [
      "x",
      "\u0001".repeat(50),
      '"\\'.repeat(50),
      "😀".repeat(20),
      "\ud800",
    ]) {
      const mapped = map(columns, ["k", text, ""]);
      if (mapped.kind !== "entity") throw new Error("rejected");
      const entity = entityOf(mapped);
      if (!entity) throw new Error("no entity");
      expect(mapped.bytesAtMost).toBeGreaterThanOrEqual(entityBytes(entity));
    }
  });
});

describe("a mapping with rules that clean keys", () => {
  const keyRules = [
    { rule: "trim" } as const,
    { rule: "illegal", by: "-" } as const,
  ];
  const named: ColumnUse = { as: "key", property: "number" };

  test("makes the key of the cleaned cells, and keeps the property as it stands in the file", () => {
    const mapped = map([named, key], [" SW 1.2", "x/y "], {
      keyRules,
      keySeparator: "--",
    });
    expect(entityOf(mapped)).toEqual({
      key: "SW-1-2--x-y",
      delete: false,
      properties: [{ id: "number", language: null, value: " SW 1.2" }],
    });
  });

  test("sees a key missing of which nothing is left, and names the cell as it was", () => {
    const mapped = map([key, property("a")], ["  ", "1"], { keyRules });
    expect(mapped).toEqual({
      kind: "rejected",
      issues: [{ code: "key_missing", column: 0, value: "  " }],
    });
  });

  test("rejects a key that stays illegal or too long", () => {
    const trim = [{ rule: "trim" } as const];
    const long = "x".repeat(257);
    expect(codesOf(map([key], ["a b"], { keyRules: trim }))).toEqual([
      "key_illegal@0",
    ]);
    expect(codesOf(map([key], [long], { keyRules }))).toEqual([
      "key_too_long@0",
    ]);
    expect(codesOf(map([key], ["\0#N/A"], { keyRules }))).toEqual([
      "cell_error@0",
    ]);
  });

  test("takes the mark of an export off before it cleans", () => {
    const marked: ColumnUse = { as: "key", property: null, isMarked: true };
    expect(entityOf(map([marked], ["'a.b"], { keyRules }))?.key).toBe("a-b");
  });
});
