import { existsSync, readFileSync } from "node:fs";

import { beforeAll, expect, test } from "vitest";

import { mappingProblems } from "@/lib/domain/mapping";
import { suggestMapping } from "@/lib/domain/suggest-mapping";

import { checkFile } from "./check-file";
import { openTable } from "./open-table";

const DATA = "../shared/data";

beforeAll(() => {
  if (!existsSync(DATA)) throw new Error(`${DATA} is missing.`);
});

async function suggestFor(name: string) {
  const file = new Blob([readFileSync(`${DATA}/${name}`)]);
  const { options, headers, firstRows, notices } = await openTable(file);
  const rows = firstRows.slice(options.headerRow).map(({ cells }) => cells);
  const mapping = suggestMapping(headers, rows);
  expect(mappingProblems(mapping, headers)).toEqual([]);
  expect(notices).toEqual([]);
  const uses = new Map(
    mapping.columns.map((use, column) => [
      headers[column] ?? "",
      use.as === "property" ? `${use.id}:${use.language}` : use.as,
    ]),
  );
  const { report } = await checkFile({ file, options, mapping });
  expect(report.rowsRead).toBe(
    report.entities +
      report.rowsMerged +
      report.rowsRejected +
      report.rowsBlank,
  );
  return { uses, report };
}

test("spree-products.csv: sku is the key, dots become underscores, variants merge", async () => {
  const { uses, report } = await suggestFor("spree-products.csv");
  expect(uses.get("sku")).toBe("key");
  expect(uses.get("custom_field.custom.wattage")).toBe(
    "custom_field_custom_wattage:",
  );
  expect(uses.get("status")).toBe("status:");
  expect(report).toMatchObject({
    rowsRead: 211,
    entities: 123,
    rowsMerged: 88,
    rowsRejected: 0,
  });
});

test("spree-product-translations.csv: one row a language", async () => {
  const { uses, report } = await suggestFor("spree-product-translations.csv");
  expect(Object.fromEntries(uses)).toEqual({
    slug: "key",
    locale: "language",
    name: "name:*",
    description: "description:*",
    meta_title: "meta_title:*",
    meta_description: "meta_description:*",
  });
  expect(report).toMatchObject({ rowsRead: 74, entities: 37, rowsMerged: 37 });
});

test("country-codes-multilingual.csv: both ways of naming languages, a clean key", async () => {
  const { uses, report } = await suggestFor("country-codes-multilingual.csv");
  expect(uses.get("ISO3166-1-Alpha-3")).toBe("key");
  expect(uses.get("official_name_cn")).toBe("official_name:zh");
  expect(uses.get("official_name_fr")).toBe("official_name:fr");
  expect(uses.get("UNTERM Arabic Formal")).toBe("UNTERM_Formal:ar");
  expect(uses.get("is_independent")).toBe("is_independent:");
  expect(uses.get("Small Island Developing States (SIDS)")).toBe(
    "Small_Island_Developing_States_SIDS:",
  );
  expect(report).toMatchObject({
    rowsRead: 249,
    entities: 249,
    rowsRejected: 0,
  });
});

test("shopware-article-translations.csv: a shop's language number is no language, dotted keys are named", async () => {
  const { uses, report } = await suggestFor(
    "shopware-article-translations.csv",
  );
  expect(uses.get("articlenumber")).toBe("key");
  expect(uses.get("languageId")).toBe("languageId:");
  expect(report).toMatchObject({
    rowsRead: 103,
    entities: 90,
    rowsRejected: 13,
  });
  expect(report.issues).toEqual([
    expect.objectContaining({ code: "key_illegal", rowCount: 13 }),
  ]);
});

test("world-port-index.tsv: 78 columns, none of them a language", async () => {
  const { uses, report } = await suggestFor("world-port-index.tsv");
  expect(uses.get("World_port_index_number")).toBe("key");
  expect([...uses.values()].filter((use) => use.endsWith(":"))).toHaveLength(
    77,
  );
  expect(report).toMatchObject({
    rowsRead: 4_044,
    entities: 4_044,
    batches: 5,
  });
});
