import Papa from "papaparse";
import { beforeAll, describe, expect, test } from "vitest";

import { suggestMapping } from "@/lib/domain/suggest-mapping";
import { ROW_LANGUAGE, type ColumnMapping } from "@/lib/domain/mapping";
import { readSharedBytes, readSharedData } from "@/lib/testing/shared-data";

import { checkFile } from "./check-file";
import { loadLanguageDetector, type DetectLanguage } from "./detect-language";
import { doubtLanguages } from "./doubt-languages";
import { openTable } from "./open-table";

let detect: DetectLanguage;
beforeAll(async () => {
  detect = await loadLanguageDetector();
});

async function doubtsOf(
  name: string,
  change: (mapping: ColumnMapping) => ColumnMapping = (mapping) => mapping,
) {
  const file = new Blob([new Uint8Array(readSharedBytes(name))]);
  const { options, headers, firstRows } = await openTable(file);
  const rows = firstRows.slice(options.headerRow).map(({ cells }) => cells);
  const mapping = change(suggestMapping(headers, rows));
  const { insights } = await checkFile({ file, options, mapping });
  return insights.doubts.map(
    ({ id, language, looksLike }) => `${id}:${language} ${looksLike}`,
  );
}

/** The languages of all columns turned one further. */
function turned(mapping: ColumnMapping, next: Record<string, string>) {
  return {
    ...mapping,
    columns: mapping.columns.map((use) =>
      use.as === "property" && use.language in next
        ? { ...use, language: next[use.language] ?? "" }
        : use,
    ),
  };
}

describe("the real files", () => {
  test.each([
    "country-codes-multilingual.csv",
    "spree-product-translations.csv",
    "spree-products.csv",
    "shopware-article-translations.csv",
    "world-port-index.tsv",
  ])("raise no false alarm: %s", async (name) => {
    expect(await doubtsOf(name)).toEqual([]);
  });

  test("show translations whose languages were mixed up", async () => {
    const codes: [string, string][] = [
      ["de", "fr"],
      ["fr", "de"],
    ];
    const doubts = await doubtsOf(
      "spree-product-translations.csv",
      (mapping) => ({
        ...mapping,
        columns: mapping.columns.map((use) =>
          use.as === "language" ? { as: "language", codes } : use,
        ),
      }),
    );
    expect(doubts).toContain("description:fr de");
    expect(doubts).toContain("description:de fr");
    expect(doubts).toContain("meta_description:de fr");
    expect(doubts).toContain("name:de fr");
  });

  test("show country names whose languages were mixed up", async () => {
    const next = { ar: "ru", ru: "zh", zh: "ar", en: "fr", fr: "en" };
    const doubts = await doubtsOf("country-codes-multilingual.csv", (mapping) =>
      turned(mapping, next),
    );
    expect(doubts).toEqual(
      expect.arrayContaining([
        "UNTERM_Formal:en fr",
        "UNTERM_Formal:fr en",
        "UNTERM_Formal:ru ar",
        "UNTERM_Formal:ar zh",
        "UNTERM_Formal:zh ru",
      ]),
    );
  });
});

test("says how many texts look like it, and where the first is", () => {
  const { data } = Papa.parse<Record<string, string>>(
    readSharedData("spree-product-translations.csv"),
    { header: true, skipEmptyLines: true },
  );
  const texts = data.map((row, index) => ({
    ...{ text: row["description"] ?? "", locale: row["locale"] },
    rowNumber: index + 2,
  }));
  const german = texts.filter(({ locale }) => locale === "de");
  const sample = { id: "description", language: "sv-SE", texts: german };
  expect(doubtLanguages([sample], detect)).toEqual([
    {
      ...{ id: "description", language: "sv-SE", looksLike: "de" },
      ...{ alike: 37, looked: 37, row: 2 },
    },
  ]);
  // Of a language that the detector does not know it says nothing.
  expect(doubtLanguages([{ ...sample, language: "la" }], detect)).toEqual([]);
});

test.each([
  ["names of makers", ["Bosch", "Siemens", "Electrolux", "Philips", "Miele"]],
  ["codes", ["AB-120 XL", "BC-330 XXL", "Typ 7 Pro Max", "Ultra HD 4K"]],
  ["too few texts", ["Dies ist ein Satz auf Deutsch und nichts sonst."]],
])("says nothing about %s", (_, texts) => {
  const sample = {
    ...{ id: "name", language: "sv" },
    texts: texts.map((text, index) => ({ text, rowNumber: index + 2 })),
  };
  expect(doubtLanguages([sample], detect)).toEqual([]);
});

test("looks at a bounded share of a long file, from its whole length", async () => {
  const lines = ["sku,locale,name"];
  for (let i = 0; i < 5_000; i += 1) {
    lines.push(`A${i},sv,"Dieser Stuhl ist sehr bequem, Modell ${i}"`);
  }
  const file = new Blob([lines.join("\n")]);
  const { options, headers } = await openTable(file);
  const { insights } = await checkFile({
    ...{ file, options },
    mapping: {
      columns: [
        { as: "key", property: null },
        { as: "language" },
        {
          ...{ as: "property", id: "name" },
          ...{ language: ROW_LANGUAGE, emptyCell: "skip" },
        },
      ],
      ...{ keySeparator: "-", repeatedKeys: "merge" },
    },
  });
  expect(headers).toHaveLength(3);
  const [doubt] = insights.doubts;
  expect(doubt).toMatchObject({ looksLike: "de", language: "sv" });
  expect(doubt?.looked).toBeLessThanOrEqual(40);
  expect(doubt?.row).toBeGreaterThan(2);
});
