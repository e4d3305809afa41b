import { expect, test } from "vitest";

import { coverageGrid, missingLanguages } from "@/lib/domain/language-coverage";
import { suggestMapping } from "@/lib/domain/suggest-mapping";
import { readSharedBytes } from "@/lib/testing/shared-data";

import { checkFile } from "./check-file";
import { openTable } from "./open-table";

async function gridOf(file: Blob) {
  const { options, headers, firstRows } = await openTable(file);
  const rows = firstRows.slice(options.headerRow).map(({ cells }) => cells);
  const mapping = suggestMapping(headers, rows);
  const { insights } = await checkFile({ file, options, mapping });
  return { grid: coverageGrid(insights.coverage), insights };
}

const shared = (name: string) =>
  new Blob([new Uint8Array(readSharedBytes(name))]);

test("a file with a row a language is counted by entry, not by row", async () => {
  const { grid, insights } = await gridOf(
    shared("spree-product-translations.csv"),
  );
  expect(insights.coverage.entities).toBe(37);
  expect(grid.languages).toEqual([
    { language: "de", filled: 148, properties: 4 },
    { language: "fr", filled: 148, properties: 4 },
  ]);
  expect(grid.rows.map(({ id }) => id)).toEqual([
    "name",
    "description",
    "meta_title",
    "meta_description",
  ]);
});

test("a file with a column a language is counted as it stands", async () => {
  const { grid } = await gridOf(shared("country-codes-multilingual.csv"));
  const codes = grid.languages.map(({ language }) => language);
  expect(codes[0]).toBe("");
  expect(codes.slice(1).sort()).toEqual(["ar", "en", "es", "fr", "ru", "zh"]);
  const names = grid.rows.find(({ id }) => id === "official_name");
  expect(names?.byLanguage.get("zh")?.filled).toBe(249);
  const formal = grid.rows.find(({ id }) => id === "UNTERM_Formal");
  expect(formal?.byLanguage.get("ar")?.filled).toBe(195);
});

test("a file with a row a value is counted by property, and its names are kept", async () => {
  const text = [
    "sku,attribute,locale,value",
    "A,name,sv,Stol",
    "A,name,de,Stuhl",
    "A,Net weight,,7",
    "B,name,sv,Bord",
    "B,name,de,",
  ].join("\n");
  const { grid, insights } = await gridOf(new Blob([text]));
  expect(insights.coverage.entities).toBe(2);
  expect(
    insights.coverage.values.map(({ id, language, filled }) => [
      ...[id, language, filled],
    ]),
  ).toEqual([
    ["name", "sv", 2],
    ["name", "de", 1],
    ["Net_weight", "", 1],
  ]);
  expect(insights.names).toEqual([
    { cell: "name", id: "name" },
    { cell: "Net weight", id: "Net_weight" },
  ]);
  expect(
    missingLanguages(grid, [
      { id: "name", languages: ["sv", "fi", null] },
      { id: "Net_weight", languages: ["fi"] },
      { id: "other", languages: ["fi", "da"] },
    ]),
  ).toEqual([{ language: "fi", ids: ["name", "Net_weight"] }]);
});
