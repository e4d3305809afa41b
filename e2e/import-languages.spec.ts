import { expectAccessible } from "./expect-accessible";
import { expect, test } from "./fixtures";
import { dropFile, openColumns, useColumn } from "./import-journey";
import { asStored, expectedEntries, readTable, sampleFile } from "./read-table";

function csv(name: string, lines: string[]) {
  return { name, mimeType: "text/csv", buffer: Buffer.from(lines.join("\n")) };
}

test("translations in rows show what they fill, and which language is missing", async ({
  page,
  source,
  stored,
  ingest,
}) => {
  const slug = "automatic-espresso-machine";
  await ingest.importEntities(source.identifier, [
    {
      key: slug,
      properties: [
        { id: "name", value: "Espressomaskin", language: "sv" },
        { id: "name", value: "Old", language: "de" },
      ],
    },
  ]);
  const path = sampleFile("spree-product-translations.csv");
  await dropFile(page, source.id, path);
  await openColumns(page);
  await page.getByRole("button", { name: "Check every row" }).click();

  const languages = page.getByRole("region", { name: "Languages" });
  await expect(
    languages.getByText("4 properties have values in 2 languages."),
  ).toBeVisible();
  await expect(
    languages.getByText(/The source has Swedish \(sv\) for name, this file/),
  ).toBeVisible();
  await expect(languages.getByRole("row", { name: /^name/ })).toContainText(
    "37100 %",
  );
  await expectAccessible(page);

  await page.getByRole("button", { name: /^Import 37 entries/ }).click();
  await expect(page.getByText("37 entries imported")).toBeVisible();
  const expected = expectedEntries(
    readTable(path, ","),
    await stored.mapping(source.id),
  );
  expected.get(slug)?.set("name:sv", "Espressomaskin");
  expect(await stored.entries(source.id)).toEqual(asStored(expected));
});

test("texts in another language than the file says are named, and block nothing", async ({
  page,
  source,
}) => {
  await dropFile(
    page,
    source.id,
    csv("mixed-up.csv", [
      "sku,name_sv,name_en",
      "A-1,Dieser Stuhl ist sehr bequem,This chair is very comfortable",
      "A-2,Der Tisch steht in der Küche,The table is in the kitchen",
      "A-3,Die Lampe wird ohne Birne geliefert,The lamp comes without a bulb",
    ]),
  );
  await openColumns(page);
  await page.getByRole("button", { name: "Check every row" }).click();
  await expect(
    page.getByText(
      "name in sv looks like German in 3 of 3 texts, for example in row 2.",
    ),
  ).toBeVisible();
  await expect(page.getByText(/name in en looks like/)).toHaveCount(0);
  await page.getByRole("button", { name: /^Import 3 entries/ }).click();
  await expect(page.getByText("3 entries imported")).toBeVisible();
});

test("country names show six languages, and the other columns on request", async ({
  page,
  source,
}) => {
  await dropFile(page, source.id, sampleFile("country-codes-multilingual.csv"));
  await openColumns(page);
  await page.getByRole("button", { name: "Check every row" }).click();

  const table = page.getByRole("table", { name: /in each language/ });
  await expect(table.getByRole("row")).toHaveCount(4);
  await expect(
    table.getByRole("row", { name: /^official_name/ }),
  ).toContainText("249");
  await page
    .getByRole("button", { name: /Also those without a language/ })
    .click();
  await expect(
    table.getByRole("columnheader", { name: "no language" }),
  ).toBeVisible();
  await expect(page.getByText(/The source is empty: all/)).toBeVisible();
});

test("a file with a row a value fills one entry from many rows", async ({
  page,
  source,
  stored,
}) => {
  await dropFile(
    page,
    source.id,
    csv("attributes.csv", [
      "sku,attribute,locale,value",
      "A-1,name,sv,Stol",
      "A-1,name,de,Stuhl",
      "A-1,Net weight,,007",
      "A-2,name,sv,Bord",
      "A-2,,sv,Nowhere",
    ]),
  );
  await openColumns(page);
  const use = (name: string) =>
    page.getByRole("combobox", { name: `Use of ${name}`, exact: true });
  await expect(use("attribute")).toHaveValue("pivotProperty");
  await expect(use("value")).toHaveValue("pivotValue");
  await page
    .getByRole("combobox", { name: /Names of attribute that are no legal/ })
    .selectOption("Reject rows whose name is no legal id");
  await page.getByRole("button", { name: "Check every row" }).click();
  await expect(
    page.getByRole("row", { name: /property id has at most/ }),
  ).toContainText("Net weight");
  await expect(
    page.getByRole("row", { name: /does not say of which property/ }),
  ).toBeVisible();

  await page.getByRole("button", { name: "Back" }).click();
  await page
    .getByRole("combobox", { name: /Names of attribute that are no legal/ })
    .selectOption("Write names as legal ids");
  await page.getByRole("button", { name: "Check every row" }).click();
  await page.getByText("1 name was written as legal ids:").click();
  await expect(page.getByText("Net_weight").first()).toBeVisible();
  await page.getByRole("button", { name: /^Import 2 entries/ }).click();
  await expect(
    page.getByText("2 entries imported, 1 row rejected"),
  ).toBeVisible();

  expect(await stored.entries(source.id)).toEqual([
    {
      key: "A-1",
      properties: {
        "name:sv": "Stol",
        "name:de": "Stuhl",
        "Net_weight:": "007",
      },
    },
    { key: "A-2", properties: { "name:sv": "Bord" } },
  ]);
});

test("a shop's language number is translated, and a look-alike becomes the property that the source has", async ({
  page,
  source,
  stored,
  ingest,
}) => {
  await ingest.importEntities(source.identifier, [
    {
      key: "A-1",
      properties: [
        { id: "name", value: "Stol", language: "sv" },
        { id: "colour", value: "red" },
      ],
    },
  ]);
  await dropFile(
    page,
    source.id,
    csv("shop.csv", [
      "sku,languageId,name,colours,weight_kg",
      "A-1,2,Stolen,blue,7",
    ]),
  );
  await openColumns(page);
  await useColumn(page, "languageId", "Language of the row");
  await expect(page.getByText("“2” is no language code.")).toBeVisible();
  const code = page.getByRole("combobox", { name: "Language meant by “2”" });
  await code.fill("sv");
  await expect(
    page.getByRole("combobox", { name: "Language of name" }),
  ).toHaveValue("from the row");
  await page.getByRole("combobox", { name: "Language of colours" }).fill("");
  await page.getByRole("combobox", { name: "Language of weight_kg" }).fill("");
  await page.getByRole("button", { name: "Check every row" }).click();

  const guard = page.getByRole("region", { name: "New properties" });
  await expect(
    guard.getByText("1 new property looks like one that the source has."),
  ).toBeVisible();
  await expectAccessible(page);
  await guard.getByRole("button", { name: "Use colour for colours" }).click();
  await expect(
    guard.getByText("weight_kg is new to the source."),
  ).toBeVisible();
  await page.getByRole("button", { name: /^Import 1 entry/ }).click();
  await expect(page.getByText("1 entry imported")).toBeVisible();
  expect(await stored.entries(source.id)).toEqual([
    {
      key: "A-1",
      properties: { "name:sv": "Stolen", "colour:": "blue", "weight_kg:": "7" },
    },
  ]);
});
