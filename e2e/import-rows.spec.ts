import AxeBuilder from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";

import { expect, test } from "./fixtures";
import { dropFile, openColumns } from "./import-journey";

const SHOPWARE = "../shared/data/shopware-article-translations.csv";
const PORTS = "../shared/data/world-port-index.tsv";

const grid = (page: Page) =>
  page.getByRole("grid", { name: "Rows of the file" });
const panel = (page: Page, name: string): Locator =>
  page.getByRole("region", { name, exact: true });

async function openRows(page: Page): Promise<void> {
  await openColumns(page);
  await page.getByRole("button", { name: "Look at all rows" }).click();
  await expect(grid(page)).toBeVisible();
}

test("bad keys of a real file are mended by find and replace, and all rows are sent", async ({
  page,
  source,
  stored,
}) => {
  await dropFile(page, source.id, SHOPWARE);
  await openColumns(page);
  await page.getByRole("button", { name: "Check every row" }).click();
  await expect(page.getByText("13 rows rejected, by 1 rule")).toBeVisible();
  await page.getByRole("button", { name: "Fix rows here" }).click();
  await expect(page).toHaveURL(/step=rows/);
  const cell = grid(page).getByRole("gridcell", { name: /SW10002\.1/ });
  await expect(cell).toContainText("Problem: A key may hold only");
  await expect(grid(page)).toHaveAttribute("aria-rowcount", "14");

  await page.getByRole("button", { name: "Find and replace" }).click();
  const replace = panel(page, "Find and replace");
  await replace.getByLabel("Find", { exact: true }).fill(".");
  await replace.getByLabel("Replace with").fill("-");
  await expect(
    replace.getByText("13 cells in 13 rows would change."),
  ).toBeVisible();
  await replace.getByRole("button", { name: "Replace all" }).click();
  await expect(
    grid(page).getByRole("gridcell", { name: /SW10002-1/ }),
  ).not.toContainText("Problem");

  await page.getByRole("button", { name: "Check every row" }).click();
  await page.getByRole("button", { name: "Import 103 entries" }).click();
  await expect(
    page.getByText("103 entries imported", { exact: true }),
  ).toBeVisible();
  const entries = await stored.entries(source.id);
  expect(entries).toHaveLength(103);
  expect(entries.filter(({ key }) => key.startsWith("SW10002-"))).not.toEqual(
    [],
  );
});

test("values of a real file are counted, filtered, and look-alikes merged in one step", async ({
  page,
  source,
}) => {
  await dropFile(page, source.id, {
    name: "chairs.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(
      "sku,colour\nA,Dark red\nB,dark-red\nC,Red dark\nD,Blue\nE,Dark red\n",
    ),
  });
  await openRows(page);
  await page.getByRole("button", { name: "Values" }).click();
  const values = panel(page, "Values");
  await values.getByLabel("Column").selectOption("colour");
  await expect(values.getByText("4 different values")).toBeVisible();
  await values.getByRole("button", { name: "Look-alikes" }).click();
  await values.getByLabel(/Merge the look-alikes of “Dark red”/).check();
  await values.getByRole("button", { name: "Merge 1 group" }).click();
  await expect(values.getByText("No values look alike.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Steps (1)" })).toBeVisible();
  await page.getByRole("button", { name: /^Changed/ }).click();
  await expect(grid(page)).toHaveAttribute("aria-rowcount", "3");

  await dropFile(page, source.id, PORTS);
  await openRows(page);
  await expect(grid(page)).toHaveAttribute("aria-rowcount", "4045");
  await page.getByRole("button", { name: "Values" }).click();
  await panel(page, "Values")
    .getByLabel("Column")
    .selectOption("Wpi_country_code");
  await panel(page, "Values").getByLabel("Search the values").fill("SE");
  await panel(page, "Values").getByRole("button", { name: /^SE / }).click();
  await expect(
    page.getByRole("button", { name: /Wpi_country_code is “SE”/ }),
  ).toBeVisible();
  await expect(
    grid(page).getByRole("gridcell", { name: "SE" }).first(),
  ).toBeVisible();
});

test("a cell is found, edited, undone and edited again by keyboard alone, and back keeps it", async ({
  page,
  source,
  stored,
}) => {
  await dropFile(page, source.id, {
    name: "small.csv",
    mimeType: "text/csv",
    buffer: Buffer.from("sku,name\nA-1,Chair\nA 2,Table\nA-3,Bed\n"),
  });
  await openRows(page);
  await grid(page).focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Home");
  await expect(grid(page).locator("[aria-selected=true]")).toContainText("A 2");
  await page.keyboard.press("Enter");
  const editor = page.getByRole("textbox", { name: "sku, row 3" });
  await expect(editor).toBeFocused();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("A-9");
  await page.keyboard.press("Escape");
  await expect(grid(page)).toBeFocused();
  await expect(grid(page).getByRole("gridcell", { name: "A 2" })).toBeVisible();
  await page.keyboard.press("F2");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("A-2");
  await page.keyboard.press("Enter");
  const mended = grid(page).getByRole("gridcell", { name: /A-2/ });
  await expect(mended).toContainText("Changed by a step.");
  await page.keyboard.press("Control+z");
  await expect(mended).toHaveCount(0);
  await page.keyboard.press("Control+y");
  await expect(mended).toBeVisible();

  // The menu of the column of the active cell.
  await page.keyboard.press("Alt+ArrowDown");
  await page.getByRole("menuitem", { name: "CAPITAL LETTERS" }).press("Enter");
  await expect(page.getByRole("button", { name: "Steps (2)" })).toBeVisible();
  await page.goBack();
  await page.goForward();
  await expect(mended).toBeVisible();
  await page.getByRole("button", { name: "Check every row" }).press("Enter");
  await page.getByRole("button", { name: "Import 3 entries" }).press("Enter");
  await expect(
    page.getByText("3 entries imported", { exact: true }),
  ).toBeVisible();
  expect((await stored.entries(source.id)).map(({ key }) => key)).toEqual([
    "A-1",
    "A-2",
    "A-3",
  ]);
  expect((await stored.mapping(source.id)).steps).toHaveLength(2);
});

test("a column is added, used, and taken away with its step", async ({
  page,
  source,
}) => {
  await dropFile(page, source.id, {
    name: "small.csv",
    mimeType: "text/csv",
    buffer: Buffer.from("sku,name\nA-1,Chair\nA-2,Table\n"),
  });
  await openRows(page);
  await page.getByRole("button", { name: "Add a column" }).click();
  await page.getByRole("menuitem", { name: /same text in every row/ }).click();
  await page.getByLabel("Name of the new column").fill("brand");
  await page.getByLabel("Text", { exact: true }).fill("Nord");
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(grid(page).getByRole("gridcell", { name: "Nord" })).toHaveCount(
    2,
  );
  await page.getByRole("button", { name: "Back", exact: true }).click();
  await expect(
    page.getByRole("combobox", { name: "Use of brand" }),
  ).toHaveValue("property");
  await page.goBack();
  await page.getByRole("button", { name: "Steps (1)" }).click();
  await page
    .getByRole("button", { name: /Remove the step: Add brand/ })
    .click();
  await expect(grid(page).getByRole("gridcell", { name: "Nord" })).toHaveCount(
    0,
  );
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing on the rows, on a phone too, ${colorScheme}`, async ({
    page,
    source,
  }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await dropFile(page, source.id, SHOPWARE);
    await openRows(page);
    await expect(grid(page).getByText("SW10002.1")).toBeVisible();
    await expectAccessible(page);
    for (const open of ["Find and replace", "Values", "Steps"]) {
      await page.getByRole("button", { name: open, exact: true }).click();
      await expectAccessible(page);
    }
    await page.setViewportSize({ width: 390, height: 844 });
    await expectAccessible(page);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth > window.innerWidth,
    );
    expect(overflow).toBe(false);
  });
}

async function expectAccessible(page: Page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(
    violations.map(({ id, nodes }) => [
      id,
      nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`),
    ]),
  ).toEqual([]);
}
