import { readFile } from "node:fs/promises";

import { expectAccessible } from "./expect-accessible";
import { expect, test } from "./fixtures";

const product = (key: string, values: Record<string, string>) => ({
  key,
  properties: Object.entries(values).map(([name, value]) => {
    const [id, language] = name.split(":");
    return { id, value, ...(language && { language }) };
  }),
});

const PRODUCTS = [
  product("SKU-1", {
    "name:sv": "Grön stol",
    "name:en": "Green chair",
    ean: "0073",
  }),
  product("SKU-2", { "name:sv": "Blått bord", formula: "=1+1" }),
  ...Array.from({ length: 60 }, (_, at) =>
    product(`LAMP-${100 + at}`, { "name:en": `Lamp ${at}`, watt: "5" }),
  ),
];

test("entries are searched, filtered, paged and opened, and the address holds it", async ({
  page,
  source,
  ingest,
}) => {
  test.slow();
  await page.goto(`/sources/${source.id}/entries`);
  await expect(page.getByText("No entries yet")).toBeVisible();
  await expectAccessible(page);

  await ingest.importEntities("products", PRODUCTS);
  await page.reload();
  await expect(page.getByText("62 entries", { exact: true })).toBeVisible();
  await expect(page.getByRole("link", { name: "LAMP-100" })).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("button", { name: "Next", exact: true }).click();
  await expect(page.getByRole("link", { name: "SKU-2" })).toBeVisible();
  await page.getByRole("button", { name: "Previous", exact: true }).click();
  await expect(page.getByRole("link", { name: "LAMP-100" })).toBeVisible();

  await page.getByRole("searchbox", { name: "Search" }).fill("gron sto");
  await expect(
    page.getByText("1 of 62 entries", { exact: true }),
  ).toBeVisible();
  await expect(page).toHaveURL(/text=gron\+sto/);
  await page.reload();
  await expect(
    page.getByText("1 of 62 entries", { exact: true }),
  ).toBeVisible();
  // Drawn by the server before a click does anything.
  await expect(async () => {
    await page.getByRole("button", { name: "Clear" }).click();
    await expect(page.getByText("62 entries", { exact: true })).toBeVisible({
      timeout: 2_000,
    });
  }).toPass();

  await page.getByRole("combobox", { name: "Property" }).fill("name");
  await page.getByRole("option", { name: /^name/ }).first().click();
  await page.getByRole("combobox", { name: "Language" }).selectOption("sv");
  await expect(
    page.getByText("2 of 62 entries", { exact: true }),
  ).toBeVisible();
  await page.getByRole("combobox", { name: "Value" }).selectOption("missing");
  await expect(
    page.getByText("60 of 62 entries", { exact: true }),
  ).toBeVisible();
  await page.goBack();
  await expect(
    page.getByText("2 of 62 entries", { exact: true }),
  ).toBeVisible();

  await page.getByRole("searchbox", { name: "Search" }).fill("zebra");
  await expect(page.getByText("No entry matches")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Clear search and filter" }).click();

  await page.getByRole("searchbox", { name: "Search" }).fill("SKU-1");
  await page.getByRole("link", { name: "SKU-1" }).click();
  await expect(page.getByRole("heading", { name: "SKU-1" })).toBeVisible();
  const row = page.getByRole("row", { name: /Grön stol/ });
  await expect(row).toContainText("sv");
  await expectAccessible(page);
});

test("without a network the search says so, and goes on when it is back", async ({
  page,
  source,
  ingest,
}) => {
  await ingest.importEntities("products", PRODUCTS);
  await page.goto(`/sources/${source.id}/entries`);
  await expect(page.getByText("62 entries", { exact: true })).toBeVisible();
  await page.context().setOffline(true);
  await page.getByRole("searchbox", { name: "Search" }).fill("LAMP");
  await expect(page.getByText(/server could not be reached/)).toBeVisible();
  await page.context().setOffline(false);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByText(/ of 62 entries$/)).toBeVisible();
});

test("columns are chosen, and the choice is in the address", async ({
  page,
  source,
  ingest,
}) => {
  await ingest.importEntities("products", PRODUCTS);
  await page.goto(`/sources/${source.id}/entries?text=SKU`);
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("searchbox", { name: "Find a property" }).fill("ean");
  await page.getByRole("checkbox", { name: /^ean/ }).check();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Show" }).click();
  await expect(page.getByRole("cell", { name: "0073" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("cell", { name: "0073" })).toBeVisible();
});

test("what the filter shows is exported", async ({ page, source, ingest }) => {
  await ingest.importEntities("products", PRODUCTS);
  await page.goto(`/sources/${source.id}/entries?text=SKU`);
  const wanted = [
    ["CSV for spreadsheets and re-import", "products-entries.csv", "'=1+1"],
    [
      "CSV for programs, values as they are",
      "products-entries-raw.csv",
      ",=1+1",
    ],
    ["JSON lines", "products-entries.jsonl", '"=1+1"'],
  ] as const;
  for (const [item, name, text] of wanted) {
    await page.getByRole("button", { name: "Export" }).click();
    const download = page.waitForEvent("download");
    await page.getByRole("menuitem", { name: item }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe(name);
    const content = await readFile(await file.path(), "utf8");
    expect(content).toContain(text);
    expect(content).toContain("SKU-1");
    expect(content).not.toContain("LAMP");
  }
});

test("an entry is deleted after a question", async ({
  page,
  source,
  ingest,
}) => {
  await ingest.importEntities("products", PRODUCTS);
  await page.goto(`/sources/${source.id}/entries/SKU-2`);
  await page.getByRole("button", { name: "Delete" }).click();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Delete entry" }).click();
  await expect(page.getByText("61 entries", { exact: true })).toBeVisible();
  const gone = await page.request.get(
    `/api/sources/${source.id}/entries/SKU-2`,
  );
  expect(gone.status()).toBe(404);
  await page.goto(`/sources/${source.id}/entries/SKU-2`);
  await expect(
    page.getByRole("heading", { name: "Nothing is here" }),
  ).toBeVisible();
});

test.describe("a viewer", () => {
  test.use({ role: "viewer" });

  test("reads and exports, but has no delete button", async ({
    page,
    source,
    ingest,
  }) => {
    await ingest.importEntities("products", PRODUCTS);
    await page.goto(`/sources/${source.id}/entries/SKU-1`);
    await expect(
      page.getByRole("button", { name: "Copy as JSON" }),
    ).toBeVisible();
    await expect(page.getByRole("button", { name: "Delete" })).toHaveCount(0);
  });
});
