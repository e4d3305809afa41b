import { expectAccessible } from "./expect-accessible";
import { expect, test } from "./fixtures";
import { checkAndSend, dropFile, openColumns } from "./import-journey";
import { readTable, sampleFile } from "./read-table";

const csv = (name: string, lines: string[]) => ({
  ...{ name, mimeType: "text/csv" },
  buffer: Buffer.from(`${lines.join("\n")}\n`),
});

test("what a smaller file lacks is reviewed, confirmed by typing and deleted by a run of its own", async ({
  page,
  source,
  stored,
  ingest,
}) => {
  const path = sampleFile("country-codes-multilingual.csv");
  const rows = readTable(path, ",").slice(1);
  const code = (row: string[]) => row[2] ?? "";
  const header = "code,name";
  const lineOf = (row: string[]) => `${code(row)},Country ${code(row)}`;
  const legal = rows.filter((row) => /^[A-Za-z0-9_-]+$/.test(code(row)));
  const all = [...new Map(legal.map((row) => [code(row), row])).values()];
  await dropFile(page, source.id, csv("all.csv", [header, ...all.map(lineOf)]));
  await openColumns(page);
  await checkAndSend(page, `${all.length} entries imported`);

  const kept = all.slice(0, -20);
  const missing = all.slice(-20).map(code);
  await dropFile(
    page,
    source.id,
    csv("fewer.csv", [header, ...kept.map(lineOf)]),
  );
  await openColumns(page);
  await page.getByRole("button", { name: "Check every row" }).click();
  await page.getByRole("button", { name: "Find missing entries" }).click();
  await expect(
    page
      .getByText(
        `20 of the ${all.length} entries of Products are not in this file`,
      )
      .first(),
  ).toBeVisible();
  const list = page.getByRole("list", { name: "Missing entries" });
  const [stays = "", changes = ""] = [...missing].sort();
  await expect(list.getByRole("listitem").first()).toContainText(
    `Country ${stays}`,
  );
  await expectAccessible(page);

  // One stays because somebody says so; the list is searched for it.
  await page.getByRole("searchbox", { name: "Find a key" }).fill(stays);
  await page.getByRole("checkbox", { name: `Delete ${stays}` }).uncheck();
  await expect(page.getByText("19 of 20 ticked")).toBeVisible();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download the list" }).click();
  expect((await download).suggestedFilename()).toBe("fewer-missing.csv");

  await page
    .getByRole("button", { name: "Delete 19 entries after the import" })
    .click();
  const dialog = page.getByRole("alertdialog");
  const confirm = dialog.getByRole("button", {
    name: "Delete them after the import",
  });
  await expect(confirm).toBeDisabled();
  await dialog.getByLabel("Type 19 to confirm").fill("19");
  await expectAccessible(page);
  await confirm.click();
  await expect(
    page.getByText("19 entries will be deleted when the import has finished."),
  ).toBeVisible();

  // Another one stays because a machine changes it meanwhile.
  await ingest.importEntities("products", [
    { key: changes, properties: [{ id: "name", value: "Changed" }] },
  ]);
  await page
    .getByRole("button", { name: `Import ${kept.length} entries` })
    .click();
  await expect(
    page.getByText(`${kept.length} entries imported`, { exact: true }),
  ).toBeVisible();
  await expect(
    page.getByText("18 entries missing from the file deleted"),
  ).toBeVisible();
  await expect(page.getByText(/1 entry left, because/)).toBeVisible();
  await expectAccessible(page);
  const left = [...kept.map(code), stays, changes].sort();
  const entries = await stored.entries(source.id);
  expect(entries.map(({ key }) => key).sort()).toEqual(left);

  await page.getByRole("link", { name: "Details of this run" }).click();
  await expect(
    page.getByText(/After this import 19 entries .* The deletion has finished/),
  ).toBeVisible();
  await page.getByRole("link", { name: "See the deletion" }).click();
  await expect(
    page.getByRole("heading", { name: "fewer-missing.csv" }),
  ).toBeVisible();
});

test("a file that shares no key with the source deletes nothing, and a closed tab leaves a clear state", async ({
  page,
  source,
  stored,
}) => {
  const lines = Array.from({ length: 40 }, (_, at) => `K-${at},Name ${at}`);
  await dropFile(page, source.id, csv("all.csv", ["sku,name", ...lines]));
  await openColumns(page);
  await checkAndSend(page, "40 entries imported");

  await dropFile(page, source.id, csv("other.csv", ["sku,name", "X-1,Other"]));
  await openColumns(page);
  await page.getByRole("button", { name: "Check every row" }).click();
  await page.getByRole("button", { name: "Find missing entries" }).click();
  await expect(
    page.getByText(/No entry of Products is in this file/),
  ).toBeVisible();

  await dropFile(
    page,
    source.id,
    csv("fewer.csv", ["sku,name", ...lines.slice(1)]),
  );
  await openColumns(page);
  await page.getByRole("button", { name: "Check every row" }).click();
  await page.getByRole("button", { name: "Find missing entries" }).click();
  await page
    .getByRole("button", { name: "Delete 1 entry after the import" })
    .click();
  // One of forty is less than 5 %: no typing.
  await page
    .getByRole("button", { name: "Delete them after the import" })
    .click();
  // The deletion never begins: as if the tab were closed in between.
  let runs = 0;
  await page.route("**/sources/*/import*", async (route) => {
    const isAction = route.request().headers()["next-action"] !== undefined;
    const body = route.request().postData() ?? "";
    if (isAction && body.includes("mirrorOf")) {
      runs += 1;
      return route.abort();
    }
    return route.continue();
  });
  await page.getByRole("button", { name: "Import 39 entries" }).click();
  await expect(
    page.getByText("The missing entries are not deleted yet"),
  ).toBeVisible();
  expect(runs).toBe(1);
  await page.unrouteAll();
  await page.getByRole("link", { name: "Details of this run" }).click();
  await expect(
    page.getByText(/1 entry missing from the file .* was not begun/),
  ).toBeVisible();
  expect(await stored.entries(source.id)).toHaveLength(40);
});
