import { readFileSync } from "node:fs";

import * as sheetJs from "@e965/xlsx";

import { sheetOf, workbookFile, zipFile } from "@/lib/testing/workbook";

import { expect, test } from "./fixtures";
import {
  checkAndSend,
  dropFile,
  giveFile,
  openColumns,
  useColumn,
} from "./import-journey";
import { asStored, expectedEntries, sampleFile } from "./read-table";

const asUpload = async (file: File, name = file.name) => ({
  name,
  mimeType: "application/octet-stream",
  buffer: Buffer.from(await file.arrayBuffer()),
});

test("a workbook of a thousand products is stored as another reader reads it", async ({
  page,
  source,
  stored,
}) => {
  const path = sampleFile("unopim-1k-products.xlsx");
  await dropFile(page, source.id, path);
  await openColumns(page);
  await useColumn(page, "sku", "Key");
  await checkAndSend(page, "1,000 entries imported");

  const sheet = sheetJs.read(readFileSync(path)).Sheets.Worksheet;
  if (!sheet) throw new Error("The sheet is missing.");
  const rows = sheetJs.utils
    .sheet_to_json<unknown[]>(sheet, { header: 1, raw: true, defval: "" })
    .map((row) => row.map(String));
  const expected = expectedEntries(rows, await stored.mapping(source.id));
  expect(expected.size).toBe(1_000);
  expect(await stored.entries(source.id)).toEqual(asStored(expected));
});

test("two sheets of a workbook become one table; rows are named as their sheet numbers them", async ({
  page,
  source,
  stored,
}) => {
  const file = workbookFile(
    {
      Chairs: sheetOf([
        ["sku", "name", "price"],
        ["A-1", "Chair", 10],
      ]),
      Lamps: sheetOf([
        ["name", "sku"],
        ["Lamp", "B-1"],
        ["Broken", "not legal"],
      ]),
      Old: sheetOf([["sku"], ["Z"]]),
    },
    "xlsx",
    { Old: 1 },
  );
  await dropFile(page, source.id, await asUpload(file));
  const sheets = page.getByRole("table", { name: "Sheets" });
  await expect(sheets.getByRole("row", { name: /Old.*hidden/ })).toBeVisible();
  await sheets.getByRole("checkbox", { name: "Use Lamps" }).check();
  // What is ticked is read before the way on, or it would be left out unseen.
  await expect(
    page.getByRole("button", { name: "Map the columns" }),
  ).toBeDisabled();
  await page.getByRole("button", { name: "Read these" }).click();
  await expect(page.getByRole("cell", { name: "Lamps" }).first()).toBeVisible();

  await openColumns(page);
  await expect(
    page.getByRole("combobox", { name: "Use of Sheet" }),
  ).toHaveValue("ignore");
  await page.getByRole("button", { name: "Check every row" }).click();
  await expect(
    page.getByRole("row", { name: /a key may hold only/ }),
  ).toContainText("Lamps row 3");
  await page.getByRole("button", { name: /^Import [\d,]+ entr/ }).click();
  await expect(
    page.getByText("2 entries imported, 1 row rejected", { exact: true }),
  ).toBeVisible();
  expect((await stored.entries(source.id)).map(({ key }) => key)).toEqual([
    "A-1",
    "B-1",
  ]);
});

test("several files and a zip of tables become one import", async ({
  page,
  source,
  stored,
}) => {
  const zip = zipFile({
    "a.csv": "sku,name\nA,Chair\n",
    "b.tsv": "sku\tname\nB\tTable\n",
  });
  await page.goto(`/sources/${source.id}/import`);
  await giveFile(page, await asUpload(zip));
  await expect(page.getByRole("table", { name: "Files" })).toContainText(
    "b.tsv",
  );
  await openColumns(page);
  await checkAndSend(page, "2 entries imported");
  expect((await stored.entries(source.id)).map(({ key }) => key)).toEqual([
    "A",
    "B",
  ]);
});

test("cells that are pasted on the page are read as a table", async ({
  page,
  source,
  stored,
}) => {
  await page.goto(`/sources/${source.id}/import`);
  const button = page.getByRole("button", { name: "Paste cells" });
  await expect(button).toBeVisible();
  await expect(async () => {
    await button.click();
    await expect(page.getByLabel("Cells", { exact: true })).toBeVisible({
      timeout: 500,
    });
  }).toPass();
  await page
    .getByLabel("Cells", { exact: true })
    .fill('sku\tname\nA\tChair\nB\t"Two\nlines"\n');
  await page.getByRole("button", { name: "Use these cells" }).click();
  await openColumns(page);
  await checkAndSend(page, "2 entries imported");
  expect(await stored.entries(source.id)).toMatchObject([
    { key: "A" },
    { key: "B", properties: { "name:": "Two\nlines" } },
  ]);
});

test("cells that were copied in a spreadsheet are pasted with the keyboard", async ({
  page,
  context,
  source,
  stored,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(`/sources/${source.id}/import`);
  await page.evaluate(() =>
    navigator.clipboard.write([
      new ClipboardItem({
        "text/html": new Blob(
          ["<table><tr><td>sku</td><td>name</td></tr></table>"],
          { type: "text/html" },
        ),
        "text/plain": new Blob(["sku\tname\r\nA\tChair\r\nB\t007\r\n"], {
          type: "text/plain",
        }),
      }),
    ]),
  );
  await expect(async () => {
    await page.keyboard.press("ControlOrMeta+V");
    await expect(page.getByRole("heading", { name: "First rows" })).toBeVisible(
      { timeout: 1_000 },
    );
  }).toPass();
  await openColumns(page);
  await checkAndSend(page, "2 entries imported");
  expect(await stored.entries(source.id)).toMatchObject([
    { key: "A", properties: { "name:": "Chair" } },
    { key: "B", properties: { "name:": "007" } },
  ]);
});

for (const [name, sentence] of [
  ["01-bomb-sheet-300mb.xlsx", /made to exhaust a computer/],
  ["04-lying-size-zero.xlsx", /holds more than it says/],
  ["09-billion-laughs.xlsx", /document type/],
  ["32-malformed-xml.xlsx", /The file is damaged/],
] as const) {
  test(`${name} ends in a sentence, and the page goes on`, async ({
    page,
    source,
  }) => {
    await page.goto(`/sources/${source.id}/import`);
    await giveFile(page, sampleFile(`hostile/xlsx/${name}`));
    await expect(
      page.getByRole("alert").filter({ hasText: sentence }),
    ).toBeVisible({ timeout: 20_000 });
    await giveFile(page, sampleFile("hostile/xlsx/00-control-good.xlsx"));
    await expect(
      page.getByRole("heading", { name: "First rows" }),
    ).toBeVisible();
  });
}
