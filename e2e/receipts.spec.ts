import { readFileSync } from "node:fs";

import type { Page } from "@playwright/test";
import Papa from "papaparse";

import { expectAccessible } from "./expect-accessible";
import { expect, test } from "./fixtures";
import {
  checkAndSend,
  dropFile,
  giveFile,
  openColumns,
} from "./import-journey";
import { sampleFile } from "./read-table";

// A machine that does other things at the same time needs longer.
test.describe.configure({ timeout: 120_000 });

const csv = (name: string, content: string) => ({
  ...{ name, mimeType: "text/csv" },
  buffer: Buffer.from(content),
});

/** Presses a download button and reads the CSV that comes. */
async function download(page: Page, button: string) {
  const started = page.waitForEvent("download");
  await page.getByRole("button", { name: button }).click();
  const file = await started;
  const text = readFileSync(await file.path(), "utf8");
  const { data } = Papa.parse<string[]>(text.slice(1).trimEnd());
  return { name: file.suggestedFilename(), text, rows: data.slice(1) };
}

test("one entry that the source refuses is set aside by name; the others go through, and every row has a receipt", async ({
  page,
  source,
  tenant,
  stored,
}) => {
  await tenant.fillProperties(source, 19_999);
  const file = csv(
    "poison.csv",
    "sku,name,size\nA-1,Chair,\nA-2,,too many\nA-3,Table,\n,no key,\n",
  );
  await dropFile(page, source.id, file);
  await openColumns(page);
  await checkAndSend(page, "2 entries imported, 1 set aside, 1 row rejected");

  const aside = page.getByRole("table", {
    name: "Entries that were set aside",
  });
  await expect(aside.getByRole("row", { name: /A-2/ })).toContainText(
    /3A-2The source would have more than 20000 properties/,
  );
  const totals = page.getByRole("table", { name: "Where the rows went" });
  await expect(totals).toContainText("2 + 2 = 4");
  expect((await stored.entries(source.id)).map(({ key }) => key)).toEqual([
    ...["A-1", "A-3"],
  ]);
  await expectAccessible(page);

  const receipt = await download(page, "Download the receipt of every row");
  expect(receipt.name).toBe("poison-receipt.csv");
  expect(receipt.rows.map((cells) => cells.slice(0, 3))).toEqual([
    ["2", "A-1", "created"],
    ["3", "A-2", "set aside"],
    ["4", "A-3", "created"],
    ["5", "", "rejected"],
  ]);
  const rejected = await download(page, "Download rejected rows");
  expect(rejected.rows.map((cells) => cells.slice(0, 3))).toEqual([
    ["A-2", "", "too many"],
    ["", "no key", ""],
  ]);
  expect(rejected.rows[0]?.[3]).toMatch(
    /^set aside, row 3, import run [\w-]+$/,
  );

  // Later, on the page of the run, the file is dropped again.
  await page.getByRole("link", { name: "Details of this run" }).click();
  await expect(aside.getByRole("row", { name: /A-2/ })).toBeVisible();
  await giveFile(page, csv("poison.csv", `${file.buffer.toString()}\n`));
  await expect(page.getByText(/is not the file of this run/)).toBeVisible();
  await giveFile(page, file);
  const later = await download(page, "Download the receipt of every row");
  expect(later.text).toBe(receipt.text);
  await expectAccessible(page);
});

test("rejected rows that are corrected and dropped again go on with their run", async ({
  page,
  source,
  stored,
}) => {
  await dropFile(
    page,
    source.id,
    sampleFile("shopware-article-translations.csv"),
  );
  await openColumns(page);
  await checkAndSend(page, "90 entries imported, 13 rows rejected");
  const { text, rows } = await download(page, "Download rejected rows");
  expect(rows).toHaveLength(13);

  // Twelve of the thirteen keys are corrected.
  const [head = "", ...lines] = Papa.parse<string[]>(text.slice(1).trimEnd())
    .data.map((cells, at) => [
      at > 0 && at < 13 ? cells[0]?.replace(".", "-") : cells[0],
      ...cells.slice(1),
    ])
    .map((cells) => Papa.unparse([cells]));
  await page.goto(`/sources/${source.id}/import`);
  await giveFile(page, csv("mended.csv", [head, ...lines].join("\r\n")));
  await expect(
    page.getByText(
      "Rejected rows of shopware-article-translations.csv, dropped again",
    ),
  ).toBeVisible();
  await openColumns(page);
  await expect(
    page.getByRole("combobox", { name: "Use of reason", exact: true }),
  ).toBeHidden();
  await page.getByRole("button", { name: "Check every row" }).click();
  await expect(
    page.getByText("13 rejected rows of shopware-article-translations.csv"),
  ).toBeVisible();
  await page.getByRole("button", { name: "Import 12 entries" }).click();
  await expect(
    page.getByText("12 entries imported, 1 row rejected", { exact: true }),
  ).toBeVisible();
  expect(await stored.entries(source.id)).toHaveLength(102);

  await page.getByRole("link", { name: "Details of this run" }).click();
  const chain = page.getByRole("table", {
    name: "Rejected rows dropped again",
  });
  await expect(
    chain.getByRole("row", { name: /shopware-article/ }),
  ).toContainText("1039013");
  await expect(chain.getByRole("row", { name: /mended/ })).toContainText(
    "13121",
  );
  const joint = page.getByRole("table", { name: /All of them together/ });
  await expect(joint).toContainText("102 + 1 = 103");
  await expectAccessible(page);
});
