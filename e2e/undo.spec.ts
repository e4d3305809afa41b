import { readFile } from "node:fs/promises";

import type { Page } from "@playwright/test";

import { expectAccessible } from "./expect-accessible";
import { expect, test } from "./fixtures";
import {
  checkAndSend,
  dropFile,
  largeFile,
  openColumns,
  useColumn,
} from "./import-journey";
import { sampleFile } from "./read-table";

/** From the page of a run to its undo, confirmed. */
async function undo(page: Page, typed: string): Promise<void> {
  await page.getByRole("link", { name: "Undo this import…" }).click();
  await page.getByRole("button", { name: "Undo this import" }).click();
  const dialog = page.getByRole("alertdialog");
  await dialog.getByRole("textbox").fill(typed);
  await dialog.getByRole("button", { name: "Undo this import" }).click();
}

test("an import of country names is undone, but for what the ERP changed since", async ({
  page,
  source,
  stored,
  ingest,
}) => {
  await ingest.importEntities(source.identifier, [
    {
      key: "SE",
      properties: [
        { id: "official_name", value: "Vieux nom", language: "fr" },
        { id: "note", value: "ours" },
      ],
    },
    { key: "ZZ", properties: [{ id: "note", value: "not in the file" }] },
  ]);
  const before = await stored.entries(source.id);

  await dropFile(page, source.id, sampleFile("country-codes-multilingual.csv"));
  await openColumns(page);
  await useColumn(page, "ISO3166-1-Alpha-3", "Property");
  await useColumn(page, "ISO3166-1-Alpha-2", "Key");
  await checkAndSend(page, "249 entries imported");
  await ingest.importEntities(source.identifier, [
    {
      key: "NO",
      properties: [
        { id: "official_name", value: "Changé depuis", language: "fr" },
      ],
    },
  ]);

  await page.getByRole("link", { name: "Details of this run" }).click();
  await page.getByRole("link", { name: "Undo this import…" }).click();
  const list = page.getByRole("region", { name: "2 things will be left" });
  await expect(list.getByRole("row", { name: /official_name/ })).toContainText(
    "Changé depuis",
  );
  const changes = page.getByRole("region", { name: "Changed entries" });
  await page.getByRole("button", { name: /^Changed \d/ }).click();
  await expect(changes.getByRole("article", { name: "SE" })).toContainText(
    "Vieux nom",
  );
  await expectAccessible(page);
  expect(await stored.entries(source.id)).not.toEqual(before);

  await page.goBack();
  await undo(page, "products");
  await expect(page.getByText("249 entries taken back")).toBeVisible();
  expect(await stored.entries(source.id)).toEqual(
    [
      ...before,
      { key: "NO", properties: { "official_name:fr": "Changé depuis" } },
    ].sort((a, b) => (a.key < b.key ? -1 : 1)),
  );

  const done = page.getByRole("region", { name: "2 things left as they are" });
  await expect(done.getByRole("row", { name: /official_name/ })).toContainText(
    "changed since",
  );
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download the list" }).click();
  const csv = await readFile(await (await download).path(), "utf8");
  expect(csv).toContain("NO,official_name,fr,changed,Changé depuis,");
  await expectAccessible(page);

  await page.getByRole("link", { name: /^the import of/ }).click();
  await expect(page.getByText("This run was undone.")).toBeVisible();
  await page.getByRole("link", { name: "See the undo" }).click();
  await expect(
    page.getByRole("link", { name: "Bring the import back…" }),
  ).toBeVisible();
});

test("an undo stops when its page is left and goes on when it is opened again", async ({
  page,
  source,
  stored,
}) => {
  await dropFile(page, source.id, largeFile(3_000));
  await openColumns(page);
  await checkAndSend(page, "3,000 entries imported");
  await page.getByRole("link", { name: "Details of this run" }).click();

  let steps = 0;
  await page.route(/\/undo\/steps$/, (route) => {
    steps += 1;
    return route.abort();
  });
  await undo(page, "products");
  await expect(page.getByText(/Trying again/)).toBeVisible();
  expect(steps).toBeGreaterThan(0);
  expect((await stored.entries(source.id)).length).toBe(3_000);

  await page.getByRole("button", { name: "Pause" }).click();
  await expect(page.getByText(/This undo is paused/).first()).toBeVisible();
  await page.unroute(/\/undo\/steps$/);
  await page.reload();
  await page.getByRole("button", { name: "Go on" }).click();
  await expect(page.getByText("3,000 entries taken back")).toBeVisible();
  expect(await stored.entries(source.id)).toEqual([]);
});
