import { describe, expect, test } from "vitest";

import type { ColumnMapping } from "@/lib/domain/mapping";
import { suggestMapping } from "@/lib/domain/suggest-mapping";
import { readSharedData } from "@/lib/testing/shared-data";

import { checkFile } from "./check-file";
import { openTable } from "./open-table";

async function repeatsOf(
  content: string,
  change: (mapping: ColumnMapping) => ColumnMapping = (mapping) => mapping,
) {
  const file = new Blob([content]);
  const { headers, firstRows, options } = await openTable(file, {});
  const rows = firstRows.slice(1).map(({ cells }) => cells);
  const mapping = change(suggestMapping(headers, rows));
  const { insights } = await checkFile({ file, options, mapping });
  return { repeats: insights.repeatedKeys, headers };
}

describe("repeated keys of a file", () => {
  test("spree-products: 88 rows repeat a key, and the currency tells all but one pair apart", async () => {
    const { repeats, headers } = await repeatsOf(
      readSharedData("spree-products.csv"),
    );
    expect(repeats).toMatchObject({
      ...{ repeatedRows: 88, collapsedRows: 0, languageColumn: null },
      keyColumn: {
        ...{ column: headers.indexOf("currency"), keys: 87, keysOf: 88 },
      },
    });
    // The very first is one that is there twice in the same currency.
    const group = repeats.groups[1];
    const shown = group?.columns.map((column) => headers[column]);
    expect(shown).toContain("currency");
    expect(group?.rows.map(({ key }) => key)).toEqual([
      ...[group?.rows[0]?.key, group?.rows[0]?.key],
    ]);
    const at = shown?.indexOf("currency") ?? -1;
    expect(group?.rows.map(({ cells }) => cells[at])).toEqual(["USD", "EUR"]);
    expect(group?.rows.map(({ differs }) => differs[at])).toEqual([
      ...[false, true],
    ]);
  });

  test("spree-product-translations: the locale is the language, and then nothing repeats", async () => {
    const content = readSharedData("spree-product-translations.csv");
    const plain = await repeatsOf(content, (mapping) => ({
      ...mapping,
      columns: mapping.columns.map((use) =>
        use.as === "language"
          ? { as: "ignore" }
          : use.as === "property"
            ? { ...use, language: "" }
            : use,
      ),
    }));
    expect(plain.repeats).toMatchObject({
      ...{ repeatedRows: 37, repeatedKeys: 37, isWhole: true },
      languageColumn: {
        ...{ column: plain.headers.indexOf("locale"), keys: 37, keysOf: 37 },
      },
    });
    const { repeats } = await repeatsOf(content);
    expect(repeats).toMatchObject({ repeatedRows: 0, groups: [] });
  });

  test("a column with empty cells in other rows is not offered for the key", async () => {
    const { repeats } = await repeatsOf("sku,size\nA,S\nA,M\nB,\n");
    expect(repeats).toMatchObject({ repeatedRows: 1, keyColumn: null });
  });

  test("counts every row and shows a hundred keys of each kind", async () => {
    const lines = Array.from({ length: 400 }, (_, i) => [
      ...[`K${i % 100},${i}`, `D.${i % 100},${i}`, `D-${i % 100},${i}`],
    ]).flat();
    const { repeats } = await repeatsOf(
      ["sku,n", ...lines].join("\n"),
      (mapping) => ({
        ...mapping,
        columns: [
          { as: "key", property: null },
          { as: "property", id: "n", language: "", emptyCell: "skip" },
        ],
        keyRules: [{ rule: "illegal", by: "-" }],
      }),
    );
    expect(repeats).toMatchObject({
      ...{ repeatedRows: 600, repeatedKeys: 200 },
      ...{ collapsedRows: 400, collapsedKeys: 100, isWhole: false },
    });
    const kinds = repeats.groups.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === "collapsed")).toHaveLength(100);
    expect(kinds.filter((kind) => kind === "repeated")).toHaveLength(100);
    expect(repeats.groups[0]?.rows.slice(0, 2).map(({ key }) => key)).toEqual([
      ...["D.0", "D-0"],
    ]);
  });
});
