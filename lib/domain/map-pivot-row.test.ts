import { describe, expect, test } from "vitest";

import { createBatchPacker } from "./batch";
import { createRowMapper, type MappedRow } from "./map-row";
import {
  mappingProblems,
  ROW_LANGUAGE,
  type ColumnMapping,
  type ColumnUse,
} from "./mapping";
import { tableBatchEntities } from "./table-batch";

const key: ColumnUse = { as: "key", property: null };
const names: ColumnUse = { as: "pivotProperty", illegal: "reject" };
const cleaned: ColumnUse = { as: "pivotProperty", illegal: "clean" };
const value = (
  language = "",
  emptyCell: "skip" | "clear" | "text" = "skip",
): ColumnUse => ({ as: "pivotValue", language, emptyCell });
const language: ColumnUse = { as: "language" };

function mappingOf(columns: ColumnUse[]): ColumnMapping {
  return { columns, keySeparator: "-", repeatedKeys: "merge" };
}

function mapperOf(columns: ColumnUse[]) {
  const mapRow = createRowMapper(mappingOf(columns));
  return (...cells: string[]) => mapRow(cells, cells.join("").includes("\0"));
}

function valuesOf(mapped: MappedRow): (string | null)[][] {
  if (mapped.kind !== "entity") throw new Error(JSON.stringify(mapped));
  const [entity] = tableBatchEntities({
    firstRow: 1,
    lastRow: 1,
    columns: [...mapped.columns.columns],
    rows: [mapped.row],
  });
  return (entity?.properties ?? []).map(({ id, value, language }) => [
    id,
    language,
    value,
  ]);
}

function codesOf(mapped: MappedRow): string[] {
  return mapped.kind === "rejected"
    ? mapped.issues.map(
        ({ code, column, value }) => `${code}@${column}:${value}`,
      )
    : [mapped.kind];
}

describe("a row that names its property", () => {
  test("fills the property in the language of the row, or in none when that is empty", () => {
    const map = mapperOf([key, names, language, value(ROW_LANGUAGE)]);
    expect(valuesOf(map("A", "name", "sv", "Stol"))).toEqual([
      ["name", "sv", "Stol"],
    ]);
    expect(valuesOf(map("A", "weight", "", " 007 "))).toEqual([
      ["weight", null, " 007 "],
    ]);
  });

  test("fills one language a value column", () => {
    const map = mapperOf([key, names, value("sv"), value("de", "clear")]);
    expect(valuesOf(map("A", "name", "Stol", ""))).toEqual([
      ["name", "sv", "Stol"],
      ["name", "de", null],
    ]);
  });

  test("keeps ids that are names of object members", () => {
    const map = mapperOf([key, names, value()]);
    expect(valuesOf(map("A", "__proto__", "x"))).toEqual([
      ["__proto__", null, "x"],
    ]);
  });

  test("is named with its cell when the property is missing or illegal", () => {
    const map = mapperOf([key, names, value()]);
    expect(codesOf(map("A", "", "x"))).toEqual(["property_missing@1:"]);
    expect(codesOf(map("A", "Net weight", "x"))).toEqual([
      "property_illegal@1:Net weight",
    ]);
    expect(codesOf(map("A B", "Net weight", "x"))).toEqual([
      "key_illegal@0:A B",
      "property_illegal@1:Net weight",
    ]);
  });

  test("has its name written as an id where that is wished", () => {
    const map = mapperOf([key, cleaned, value()]);
    expect(valuesOf(map("A", "Färg & mått", "x"))).toEqual([
      ["Farg_and_matt", null, "x"],
    ]);
    expect(codesOf(map("A", "★", "x"))).toEqual(["property_illegal@1:★"]);
  });

  test("has its name replaced, with a language where the name held one", () => {
    const map = mapperOf([
      key,
      {
        ...{ as: "pivotProperty", illegal: "reject" },
        renames: [
          ["colour", "color", ""],
          ["nameSv", "name", "sv"],
        ],
      },
      value(),
    ]);
    expect(valuesOf(map("A", "colour", "red"))).toEqual([
      ["color", null, "red"],
    ]);
    expect(valuesOf(map("A", "nameSv", "Stol"))).toEqual([
      ["name", "sv", "Stol"],
    ]);
  });

  test("sets nothing without a value, whatever its name", () => {
    const map = mapperOf([key, names, value()]);
    expect(valuesOf(map("A", "Net weight", ""))).toEqual([]);
    expect(codesOf(map("", "", ""))).toEqual(["blank"]);
  });

  test("may not fill what another column fills", () => {
    const map = mapperOf([
      key,
      { as: "property", id: "brand", language: "", emptyCell: "skip" },
      names,
      value(),
    ]);
    expect(valuesOf(map("A", "Acme", "name", "Chair"))).toEqual([
      ["brand", null, "Acme"],
      ["name", null, "Chair"],
    ]);
    expect(codesOf(map("A", "Acme", "brand", "Other"))).toEqual([
      "property_taken@2:brand",
    ]);
  });

  test("deletes without naming anything", () => {
    const map = mapperOf([key, names, value(), { as: "delete" }]);
    const mapped = map("A", "Net weight", "x", "yes");
    expect(mapped).toMatchObject({ kind: "entity", row: ["A", 1] });
  });

  test("shares its list of columns with rows of the same property and language", () => {
    const map = mapperOf([key, names, value()]);
    const [one, other] = [map("A", "name", "x"), map("B", "name", "y")];
    expect(one.kind === "entity" && other.kind === "entity").toBe(true);
    if (one.kind !== "entity" || other.kind !== "entity") return;
    expect(one.columns).toBe(other.columns);
  });

  test("is folded with the other rows of its key into one entity", () => {
    const map = mapperOf([key, names, language, value(ROW_LANGUAGE)]);
    const packer = createBatchPacker();
    const rows = [
      ["A", "name", "sv", "Stol"],
      ["A", "name", "de", "Stuhl"],
      ["B", "name", "sv", "Bord"],
      ["A", "weight", "", "7"],
      ["A", "name", "sv", "Stolen"],
    ];
    for (const [index, cells] of rows.entries()) {
      const mapped = map(...cells);
      if (mapped.kind !== "entity") throw new Error(mapped.kind);
      packer.add(mapped, index + 2);
    }
    const batch = packer.flush();
    expect(batch && tableBatchEntities(batch)).toEqual([
      {
        key: "A",
        delete: false,
        properties: [
          { id: "name", language: "sv", value: "Stolen" },
          { id: "name", language: "de", value: "Stuhl" },
          { id: "weight", language: null, value: "7" },
        ],
      },
      {
        key: "B",
        delete: false,
        properties: [{ id: "name", language: "sv", value: "Bord" }],
      },
    ]);
  });
});

describe("the language of a row", () => {
  const texts: ColumnUse = {
    ...{ as: "property", id: "name" },
    ...{ language: ROW_LANGUAGE, emptyCell: "skip" },
  };

  test("is what the codes say of its cell", () => {
    const map = mapperOf([
      key,
      {
        as: "language",
        codes: [
          ["2", "sv"],
          ["", ""],
        ],
      },
      texts,
    ]);
    expect(valuesOf(map("A", "2", "Stol"))).toEqual([["name", "sv", "Stol"]]);
    expect(valuesOf(map("A", "en", "Chair"))).toEqual([
      ["name", "en", "Chair"],
    ]);
    expect(valuesOf(map("A", "", "Chair"))).toEqual([["name", null, "Chair"]]);
    expect(codesOf(map("A", "3", "Chair"))).toEqual(["language_illegal@1:3"]);
  });

  test("may be none only where no column fills the same without a language", () => {
    const columns: ColumnUse[] = [
      key,
      { as: "language", codes: [["all", ""]] },
      texts,
      { as: "property", id: "name", language: "", emptyCell: "skip" },
    ];
    const headers = ["sku", "language", "name", "base"];
    expect(mappingProblems(mappingOf(columns), headers)).toEqual([
      "“name” and “base” both fill the property name. Rename or ignore one.",
    ]);
  });
});

describe("mappingProblems of rows that name their property", () => {
  const problems = (columns: ColumnUse[]) =>
    mappingProblems(
      mappingOf(columns),
      columns.map((_, column) => `c${column}`),
    );

  test("wants both a name and a value, each once in a language", () => {
    expect(problems([key, names, value("sv"), value("de")])).toEqual([]);
    expect(problems([key, names])[0]).toMatch(/no column holds its value/);
    expect(problems([key, value()])[0]).toMatch(/no column names it/);
    expect(problems([key, names, cleaned, value()])[0]).toMatch(
      /“c1” and “c2” all name the property/,
    );
    expect(problems([key, names, value("sv"), value("sv")])[0]).toMatch(
      /“c2” and “c3” both hold the value .* in sv/,
    );
    expect(
      problems([key, names, value(ROW_LANGUAGE), value(), language])[0],
    ).toMatch(/both hold the value/);
    expect(problems([key, names, value(ROW_LANGUAGE)])[0]).toMatch(
      /no column is the language/,
    );
  });
});
