import type { Page } from "@playwright/test";

import { expectAccessible } from "./expect-accessible";
import { expect, test } from "./fixtures";
import {
  dropFile,
  largeFile,
  openColumns,
  useColumn as setUse,
} from "./import-journey";
import { readTable, sampleFile } from "./read-table";

const COUNTRIES = "country-codes-multilingual.csv";

/** The country codes with some cells changed, one country more and one row that is refused. */
function changedCountries(): {
  name: string;
  mimeType: string;
  buffer: Buffer;
} {
  const rows = readTable(sampleFile(COUNTRIES), ",");
  const [headers = []] = rows;
  const column = (name: string) => headers.indexOf(name);
  const key = column("ISO3166-1-Alpha-2");
  const rowOf = (code: string): string[] => {
    const found = rows.find((row) => row[key] === code);
    if (!found) throw new Error(`${COUNTRIES} has no ${code}.`);
    return found;
  };

  rowOf("SE")[column("official_name_en")] = "Kingdom of Sweden";
  rowOf("NO")[column("official_name_fr")] = "Royaume de Norvège";
  rowOf("NO")[column("Capital")] = "Christiania";
  // An empty cell is left as it is stored.
  rowOf("FI")[column("Capital")] = "";
  rows.push(headers.map((_, at) => (at === key ? "XX" : at < 2 ? "X" : "")));
  rows.push(headers.map((_, at) => (at === key ? "no key" : "")));
  const csv = rows.map((row) =>
    row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(","),
  );
  return {
    ...{ name: COUNTRIES, mimeType: "text/csv" },
    buffer: Buffer.from(csv.join("\n")),
  };
}

async function mapCountries(page: Page): Promise<void> {
  await openColumns(page);
  await setUse(page, "ISO3166-1-Alpha-3", "Property");
  await setUse(page, "ISO3166-1-Alpha-2", "Key");
}

const changes = (page: Page) =>
  page.getByRole("region", { name: "What will change" });

test("a changed file shows what it will change, and the import then does just that", async ({
  page,
  source,
}) => {
  await dropFile(page, source.id, sampleFile(COUNTRIES));
  await mapCountries(page);
  await page.getByRole("button", { name: "Check every row" }).click();
  await expect(changes(page)).toContainText(
    /249 entries, all new; [\d,]+ values set/,
  );
  await page.getByRole("button", { name: "Import 249 entries" }).click();
  await expect(page.getByText("This is what was forecast.")).toBeVisible();

  await dropFile(page, source.id, changedCountries());
  await mapCountries(page);
  await page.getByRole("button", { name: "Check every row" }).click();
  const panel = changes(page);
  await expect(panel).toContainText(
    "1 entry new, 2 changed, 247 unchanged; 2 values set, 3 replaced; 1 row rejected",
  );

  await panel.getByRole("button", { name: "Show the changes" }).click();
  const norway = panel.getByRole("article", { name: "NO", exact: true });
  const capital = norway.getByText("Christiania").locator("xpath=ancestor::dd");
  await expect(capital.locator("del")).toHaveText("Oslo");
  await expect(capital.locator("ins")).toHaveText("Christiania");
  await expect(capital).toContainText("changed");
  await expect(panel.getByRole("article")).toHaveCount(2);
  await norway.getByRole("button", { name: /^Show \d+ values/ }).click();
  await expect(norway.getByText("unchanged").first()).toBeVisible();
  await expectAccessible(page);

  // Finland's capital is not in the file: it is kept, and said to be.
  await panel.getByRole("button", { name: /^Unchanged 247/ }).click();
  await expect(panel.getByText("1 to 10 of 247 entries")).toBeVisible();

  await panel.getByRole("tab", { name: "By property" }).click();
  const row = panel.getByRole("row", { name: /which Capital changes/ });
  await expect(row.getByRole("cell").nth(1)).toHaveText("1");
  await panel.getByRole("button", { name: "Changed", exact: true }).click();
  await expect(
    panel.getByRole("columnheader", { name: "Changed", exact: true }),
  ).toHaveAttribute("aria-sort", "descending");
  await expectAccessible(page);
  await row.getByRole("button").click();
  await expect(panel.getByRole("article")).toHaveCount(1);

  await page.getByRole("button", { name: "Import 250 entries" }).click();
  await expect(
    page.getByText("250 entries imported, 1 row rejected"),
  ).toBeVisible();
  await expect(page.getByText("This is what was forecast.")).toBeVisible();
});

test("a large file is compared when asked, and stopped and overtaken at will", async ({
  page,
  source,
}) => {
  await dropFile(page, source.id, largeFile(25_000));
  await openColumns(page);
  await page.getByRole("button", { name: "Check every row" }).click();
  const panel = changes(page);
  await panel.getByRole("button", { name: "See what will change" }).click();
  await panel.getByRole("button", { name: "Stop comparing" }).click();
  await panel.getByRole("button", { name: "See what will change" }).click();
  // The import does not wait.
  await page.getByRole("button", { name: "Import 25,000 entries" }).click();
  await expect(page.getByText("25,000 entries imported")).toBeVisible();
});

test("somebody who writes meanwhile is noticed, before and after the import", async ({
  page,
  source,
  ingest,
}) => {
  const file = {
    ...{ name: "products.csv", mimeType: "text/csv" },
    buffer: Buffer.from("sku,name\nA-1,Chair\nA-2,Table"),
  };
  await dropFile(page, source.id, file);
  await openColumns(page);
  await page.getByRole("button", { name: "Check every row" }).click();
  const panel = changes(page);
  await expect(panel).toContainText("2 entries, all new");

  await ingest.importEntities(source.identifier, [
    {
      ...{ key: "A-1", delete: false },
      properties: [{ id: "name", value: "Stool", language: null }],
    },
  ]);
  await expect(panel).toContainText("The source has changed since");
  await page.getByRole("button", { name: "Import 2 entries" }).click();
  await expect(
    page.getByText("1 new instead of 2, 1 changed instead of 0"),
  ).toBeVisible();
});

test("a forecast that fails stops nobody", async ({ page, source }) => {
  await page.route("**/forecasts/**", (route) =>
    route.fulfill({
      status: 400,
      json: { error: { code: "invalid_input", message: "Not today." } },
    }),
  );
  await dropFile(page, source.id, largeFile(10));
  await openColumns(page);
  await page.getByRole("button", { name: "Check every row" }).click();
  await expect(changes(page)).toContainText("Not today.");
  await expectAccessible(page);
  await page.unroute("**/forecasts/**");
  await checkAndSendNow(page);
});

async function checkAndSendNow(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Import 10 entries" }).click();
  await expect(
    page.getByText("10 entries imported", { exact: true }),
  ).toBeVisible();
}
