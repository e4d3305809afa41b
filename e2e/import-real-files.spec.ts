import { expect, test } from "./fixtures";
import {
  checkAndSend,
  dropFile,
  openColumns,
  useColumn,
} from "./import-journey";
import { asStored, expectedEntries, readTable, sampleFile } from "./read-table";

test("every port of the world port index is stored as it stands in the file", async ({
  page,
  source,
  stored,
}) => {
  const path = sampleFile("world-port-index.tsv");
  await dropFile(page, source.id, path);
  await openColumns(page);
  await checkAndSend(page, "4,044 entries imported");

  const rows = readTable(path, "\t");
  const expected = expectedEntries(rows, await stored.mapping(source.id));
  expect(expected.size).toBe(4_044);
  expect(await stored.entries(source.id)).toEqual(asStored(expected));
});

test("the country names keep their languages, and Namibia its code NA", async ({
  page,
  source,
  stored,
}) => {
  const path = sampleFile("country-codes-multilingual.csv");
  await dropFile(page, source.id, path);
  await openColumns(page);
  await useColumn(page, "ISO3166-1-Alpha-3", "Property");
  await useColumn(page, "ISO3166-1-Alpha-2", "Key");
  await checkAndSend(page, "249 entries imported");

  const rows = readTable(path, ",");
  const mapping = await stored.mapping(source.id);
  const entries = await stored.entries(source.id);
  expect(entries).toEqual(asStored(expectedEntries(rows, mapping)));
  const namibia = entries.find(({ key }) => key === "NA");
  expect(namibia?.properties).toMatchObject({
    "official_name:fr": "Namibie",
    "official_name:ru": "Намибия",
  });
});

test("articles with an illegal key are named, the others stored with their HTML", async ({
  page,
  source,
  stored,
}) => {
  const path = sampleFile("shopware-article-translations.csv");
  await dropFile(page, source.id, path);
  await openColumns(page);
  await page.getByRole("button", { name: "Check every row" }).click();

  const rejected = page.getByRole("row", { name: /a key may hold only/ });
  await expect(rejected).toContainText(
    "rows 2, 4-5, 47, 55, 58, 72-76, 83, 88",
  );
  await expect(rejected).toContainText("SW10002.1");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download rejected rows" }).click();
  expect((await download).suggestedFilename()).toBe(
    "shopware-article-translations-rejected.csv",
  );

  await page.getByRole("button", { name: "Import 90 entries" }).click();
  await expect(
    page.getByText("90 entries imported, 13 rows rejected"),
  ).toBeVisible();
  const rows = readTable(path, ";");
  const expected = expectedEntries(rows, await stored.mapping(source.id));
  expect(await stored.entries(source.id)).toEqual(asStored(expected));

  await page.getByRole("link", { name: "Details of this run" }).click();
  await expect(page.getByRole("row", { name: /a key may hold/ })).toBeVisible();
});

test("products and their translations merge into one source", async ({
  page,
  source,
  stored,
}) => {
  const products = sampleFile("spree-products.csv");
  await dropFile(page, source.id, products);
  await openColumns(page);
  await useColumn(page, "sku", "Property");
  await useColumn(page, "slug", "Key");
  await checkAndSend(page, "37 entries imported");
  const expected = expectedEntries(
    readTable(products, ","),
    await stored.mapping(source.id),
  );

  const translations = sampleFile("spree-product-translations.csv");
  await dropFile(page, source.id, translations);
  await openColumns(page);
  await expect(
    page.getByRole("combobox", { name: "Use of locale" }),
  ).toHaveValue("language");
  await checkAndSend(page, "37 entries imported");
  expectedEntries(
    readTable(translations, ","),
    await stored.mapping(source.id),
    expected,
  );
  expect(await stored.entries(source.id)).toEqual(asStored(expected));
  const espresso = (await stored.entries(source.id)).find(
    ({ key }) => key === "automatic-espresso-machine",
  );
  expect(espresso?.properties).toMatchObject({
    "name:": "Automatic Espresso Machine",
    "name:de": "Kaffeevollautomat",
    "name:fr": "Machine Espresso Automatique",
  });

  // Both columns may be the key; the source has the keys of the slug.
  await dropFile(page, source.id, products);
  await openColumns(page);
  await expect(page.getByRole("combobox", { name: "Use of slug" })).toHaveValue(
    "key",
  );
  await expect(
    page.getByText(/keys are in this source: their entries are updated/),
  ).toBeVisible();
});
