import { expectAccessible } from "./expect-accessible";
import { expect, test } from "./fixtures";
import { checkAndSend, dropFile, openColumns } from "./import-journey";
import { readTable, sampleFile } from "./read-table";

test("article numbers with dots become legal keys with one click", async ({
  page,
  source,
  stored,
}) => {
  const path = sampleFile("shopware-article-translations.csv");
  await dropFile(page, source.id, path);
  await openColumns(page);
  await page.getByRole("button", { name: "Check every row" }).click();
  await expect(
    page.getByText("13 rows are rejected for the characters of the key"),
  ).toBeVisible();
  await expect(page.getByText("SW10002.1 →")).toBeVisible();
  await expectAccessible(page);

  await page
    .getByRole("button", { name: "Clean the keys, save 13 rows" })
    .click();
  await expect(
    page.getByRole("button", { name: "Import 103 entries" }),
  ).toBeVisible();

  // The rule stands with the key, where it can be changed.
  await page.getByRole("button", { name: "Back" }).click();
  await page.getByText("Clean the keys").click();
  const rules = page.getByRole("list", { name: "Clean the keys" });
  await expect(rules.getByRole("listitem")).toHaveCount(1);
  await expect(rules).toContainText("Replace illegal characters");
  const examples = page.getByRole("table", { name: "First keys" });
  await expect(
    examples.getByRole("row", { name: "SW10002.1 SW10002-1" }),
  ).toBeVisible();
  await rules.getByRole("combobox", { name: "becomes" }).selectOption("_");
  await expect(
    examples.getByRole("row", { name: "SW10002.1 SW10002_1" }),
  ).toBeVisible();
  await expectAccessible(page);

  await checkAndSend(page, "103 entries imported");
  const expected = readTable(path, ";")
    .slice(1)
    .map(([number = ""]) => number.replaceAll(".", "_"));
  const keys = (await stored.entries(source.id)).map(({ key }) => key);
  expect(keys.sort()).toEqual(expected.sort());
  await page.getByRole("link", { name: "Details of this run" }).click();
  await expect(
    page.getByText("Keys are cleaned: illegal characters replaced by “_”."),
  ).toBeVisible();
});

test("keys that become the same are held apart until somebody says what they mean", async ({
  page,
  source,
  stored,
}) => {
  const rows = ["sku,name", "A.1,Chair", "A-1,Table", "B.1,Lamp"];
  await dropFile(page, source.id, {
    ...{ name: "dots.csv", mimeType: "text/csv" },
    buffer: Buffer.from(rows.join("\n")),
  });
  await openColumns(page);
  await page.getByRole("button", { name: "Check every row" }).click();
  await page
    .getByRole("button", { name: "Clean the keys, save 2 rows" })
    .click();
  await expect(
    page.getByText("1 row has another key in the file that becomes the same"),
  ).toBeVisible();
  await expect(
    page.getByRole("button", { name: "Import 2 entries" }),
  ).toBeVisible();
  await page.getByText("Side by side: 1 key").click();
  const pair = page.getByRole("table", { name: "Key 1 of 1" });
  await expect(pair.getByRole("row")).toContainText([
    /Row.*Key in the file.*sku.*name/,
    /2A\.1/,
    /3A-1.*differs.*Table.*differs/,
  ]);
  await expectAccessible(page);
  await page.getByRole("radio", { name: /key of the last row/ }).check();
  await expect(page.getByText(/1 row rejected/).first()).toBeVisible();
  await page.getByRole("button", { name: "Import 2 entries" }).click();
  await expect(
    page.getByText("2 entries imported, 1 row rejected"),
  ).toBeVisible();
  expect(await stored.entries(source.id)).toEqual([
    { key: "A-1", properties: { "name:": "Table" } },
    { key: "B-1", properties: { "name:": "Lamp" } },
  ]);
});

test("prices in two currencies: the rows of a key side by side, the last kept, or the currency in the key", async ({
  page,
  source,
  stored,
}) => {
  const path = sampleFile("spree-products.csv");
  await dropFile(page, source.id, path);
  await openColumns(page);
  await page.getByRole("button", { name: "Check every row" }).click();
  const panel = page.getByRole("region", {
    name: "When a key stands in several rows",
  });
  await expect(panel).toContainText(
    "88 rows repeat the key of an earlier row (88 keys)",
  );
  await panel.getByText("Side by side: 88 keys").click();
  const second = panel.getByRole("table", { name: "Key 2 of 88" });
  await expect(second).toContainText("USD");
  await expect(second).toContainText("EUR");
  await expectAccessible(page);

  await panel.getByRole("radio", { name: "Keep the last row" }).check();
  await expect(
    page.getByRole("row", { name: /a later row has the same key/ }),
  ).toContainText("88");
  await expect(
    page.getByRole("button", { name: "Import 123 entries" }),
  ).toBeVisible();

  await panel
    .getByRole("button", { name: "Add “currency” to the key" })
    .click();
  // One product is in the file twice in the same currency.
  await expect(panel).toContainText("1 row repeats the key");
  await page.getByRole("button", { name: "Import 210 entries" }).click();
  await expect(
    page.getByText("210 entries imported, 1 row rejected"),
  ).toBeVisible();
  const rows = readTable(path, ",").slice(1);
  const expected = new Set(rows.map((row) => `${row[1]}-${row[5]}`));
  const entries = await stored.entries(source.id);
  expect(entries.map(({ key }) => key).sort()).toEqual([...expected].sort());
  const robot = entries.find(({ key }) => key === "ROBOT-VACUUM-USD");
  expect(robot?.properties).toMatchObject({
    ...{ "name:": "Robot Vacuum Pro", "currency:": "USD" },
  });
});
