import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";

import { expect, test } from "./fixtures";
import { dropFile, giveFile, openColumns, useColumn } from "./import-journey";

const CSV = [
  "sku,name,name (sv),note",
  "A-1,Chair,Stol,old",
  "A 2,Table,Bord,",
  ",Lamp,Lampa,",
  "A-3,Bed,Säng,",
].join("\n");
const FILE = {
  name: "products.csv",
  mimeType: "text/csv",
  buffer: Buffer.from(CSV),
};

async function expectAccessible(page: Page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(
    violations.map(({ id, nodes }) => [
      id,
      nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`),
    ]),
  ).toEqual([]);
}

test("the whole journey goes by keyboard, and focus follows the steps", async ({
  page,
  source,
  stored,
}) => {
  await page.goto(`/sources/${source.id}/import`);
  const chosen = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Choose files" }).focus();
  await page.keyboard.press("Enter");
  await (await chosen).setFiles(FILE);
  await expect(page.locator(":focus")).toContainText("First rows");

  await page.getByRole("button", { name: "Map the columns" }).focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/step=columns/);

  const use = page.getByRole("combobox", { name: "Use of note" });
  await use.focus();
  await page.keyboard.type("Ignore");
  await expect(use).toHaveValue("ignore");
  const property = page.getByRole("combobox", {
    name: "Property id of name",
    exact: true,
  });
  await property.focus();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("title");
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "Check every row" }).focus();
  await page.keyboard.press("Enter");
  await expect(
    page.getByRole("button", { name: "Import 2 entries" }),
  ).toBeVisible();
  const tabs = page.getByRole("tablist", { name: "How to show the entry" });
  await tabs.getByRole("tab", { name: "Table" }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(tabs.getByRole("tab", { name: "JSON" })).toBeFocused();

  // Back, and the work is still there.
  await page.goBack();
  await expect(property).toHaveValue("title");
  await page.goForward();
  await page.getByRole("button", { name: "Import 2 entries" }).focus();
  await page.keyboard.press("Enter");
  await expect(
    page.getByText("2 entries imported, 2 rows rejected"),
  ).toBeVisible();
  expect(await stored.entries(source.id)).toEqual([
    { key: "A-1", properties: { "title:": "Chair", "name:sv": "Stol" } },
    { key: "A-3", properties: { "title:": "Bed", "name:sv": "Säng" } },
  ]);
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing in any step, ${colorScheme}`, async ({
    page,
    source,
  }) => {
    test.slow();
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.goto(`/sources/${source.id}/import`);
    await expectAccessible(page);
    await giveFile(page, FILE);
    await expect(
      page.getByRole("heading", { name: "First rows" }),
    ).toBeVisible();
    await expectAccessible(page);
    await openColumns(page);
    await expectAccessible(page);
    await page.getByRole("button", { name: "Check every row" }).click();
    await expect(page.getByText("2 rows rejected, by 2 rules")).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Import 2 entries" }).click();
    await expect(
      page.getByText("2 entries imported, 2 rows rejected"),
    ).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("link", { name: "Details of this run" }).click();
    await expect(page.getByRole("heading", { name: "Mapping" })).toBeVisible();
    await expectAccessible(page);
    await page.goto("/imports");
    await expect(
      page.getByRole("link", { name: "products.csv" }),
    ).toBeVisible();
    await expectAccessible(page);
  });
}

test("the columns say what is missing, and nothing can be sent before", async ({
  page,
  source,
}) => {
  await dropFile(page, source.id, FILE);
  await openColumns(page);
  const check = page.getByRole("button", { name: "Check every row" });
  await useColumn(page, "sku", "Property");
  await expect(check).toBeDisabled();
  await expect(page.getByText(/No column is the key/)).toBeVisible();
  await useColumn(page, "sku", "Key");
  await useColumn(page, "note", "Key");
  await page.getByLabel("Between the cells").fill("_");
  await expect(page.getByText("A-1_old")).toBeVisible();
  await useColumn(page, "note", "Property");
  const language = page.getByRole("combobox", {
    name: "Language of name (sv)",
    exact: true,
  });
  await language.fill("s v");
  await expect(
    page.getByText("Use only letters A-Z, digits, _ and -.", { exact: true }),
  ).toBeVisible();
  await expect(check).toBeDisabled();
  await language.fill("sv");
  await expect(check).toBeEnabled();
});

test("every unreadable file gets its own sentence and stays on the first step", async ({
  page,
  source,
}) => {
  const cases: [name: string, content: Buffer, says: RegExp][] = [
    ["empty.csv", Buffer.from(""), /empty/i],
    [
      "picture.csv",
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 0, 0, 3]),
      /not|picture|binary/i,
    ],
  ];
  for (const [name, buffer, says] of cases) {
    await page.goto(`/sources/${source.id}/import`);
    await giveFile(page, { name, mimeType: "text/csv", buffer });
    const alert = page.locator("main").getByRole("alert");
    await expect(alert).toContainText(`${name} could not be read`);
    await expect(alert).toContainText(says);
    await expect(page.getByText("Drop a spreadsheet here")).toBeVisible();
  }
  await page.goto(`/sources/${source.id}/import`);
  await giveFile(page, {
    name: "header.csv",
    mimeType: "text/csv",
    buffer: Buffer.from("sku,name\n"),
  });
  const main = page.locator("main");
  await expect(main).toContainText(/no row|only a header|nothing to/i);
});
