import { readFileSync } from "node:fs";

import { expectAccessible } from "./expect-accessible";
import { expect, test } from "./fixtures";
import { dropFile, giveFile, openColumns, useColumn } from "./import-journey";
import { readTable, sampleFile } from "./read-table";

const PATH = sampleFile("country-codes-multilingual.csv");
const KEY = "ISO3166-1-Alpha-2";
const GONE = "EDGAR";
const RENAMED = { from: "official_name_fr", to: "official name (fr)" };

const cell = (text: string) =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
const csv = (name: string, rows: string[][]) => ({
  ...{ name, mimeType: "text/csv" },
  buffer: Buffer.from(rows.map((row) => row.map(cell).join(",")).join("\n")),
});

/** The file as it comes the next day: a column renamed, one gone, one new; some rows changed, one gone, one new. */
function drifted() {
  const [headers = [], ...rows] = readTable(PATH, ",");
  const at = (header: string) => headers.indexOf(header);
  const before = new Map(rows.map((row) => [row[at(KEY)], row]));
  const changed = new Set<string>();
  const kept = rows
    .filter((row) => row[at(KEY)] !== "ZW")
    .map((row) => {
      const copy = [...row];
      const key = row[at(KEY)] ?? "";
      if (key === "SE") copy[at("Capital")] = "Uppsala";
      if (key === "SE" || row[at(GONE)] !== "") changed.add(key);
      return copy;
    });
  const added = headers.map((header) => (header === KEY ? "QQ" : ""));
  const table = [headers.map((h) => (h === RENAMED.from ? RENAMED.to : h))]
    .concat([...kept, added])
    .map((row, index) => [
      ...row.filter((_, column) => column !== at(GONE)),
      index === 0 ? "Population" : String(1_000 + index),
    ]);
  return {
    ...{ table, changed: changed.size, columns: headers.length },
    unchanged: before.size - 1 - changed.size,
  };
}

test("a recipe maps the next file though its columns drifted, and sends only what changed", async ({
  page,
  source,
  stored,
}) => {
  const [headers = [], ...rows] = readTable(PATH, ",");
  const first = csv("countries 2026-11-21.csv", [headers, ...rows]);
  await dropFile(page, source.id, first);
  await openColumns(page);
  await useColumn(page, "ISO3166-1-Alpha-3", "Property");
  await useColumn(page, KEY, "Key");
  await page.getByRole("button", { name: "Check every row" }).click();
  await page.getByRole("button", { name: "Save as a recipe" }).click();
  await expect(page.getByLabel("Name of the recipe")).toHaveValue("countries");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(
    page.getByRole("button", { name: "Save as a recipe" }),
  ).toBeHidden();
  await page.getByRole("button", { name: /^Import 249 entries/ }).click();
  await expect(
    page.getByText("249 entries imported", { exact: true }),
  ).toBeVisible();

  const next = drifted();
  const file = csv("countries 2026-11-22.csv", next.table);
  await dropFile(page, source.id, file);
  await expect(
    page.getByText(
      `Recipe “countries” fits ${next.columns - 2} of ${next.columns} columns.`,
    ),
  ).toBeVisible();
  await page.getByRole("button", { name: "Use it" }).click();
  await expect(
    page.getByText("Columns: 1 renamed, 1 gone, 1 new."),
  ).toBeVisible();
  await page.getByRole("button", { name: "Show the columns" }).click();
  await expect(
    page.getByText(`“${RENAMED.from}” is now “${RENAMED.to}”`),
  ).toBeVisible();
  await expectAccessible(page);
  await openColumns(page);
  await expect(
    page.getByRole("combobox", { name: "Use of Population", exact: true }),
  ).toHaveValue("ignore");
  await page.getByRole("button", { name: "Check every row" }).click();

  const changes = page.getByRole("region", { name: "Since the last file" });
  await expect(changes).toContainText(
    `1 new, ${next.changed} changed, 1 gone, ${next.unchanged} unchanged.`,
  );
  await changes.getByRole("button", { name: "Show what changed" }).click();
  await expect(changes).toContainText("QQ");
  await expect(changes).toContainText("ZW");
  await expectAccessible(page);
  await changes.getByRole("switch", { name: /Send only what changed/ }).check();
  const sent = next.changed + 1;
  await page
    .getByRole("button", { name: new RegExp(`^Import ${sent} entries`) })
    .click();
  await expect(
    page.getByText(`${sent} entries imported`, { exact: true }),
  ).toBeVisible();
  const entries = await stored.entries(source.id);
  const values = (key: string) =>
    entries.find((entry) => entry.key === key)?.properties;
  expect(entries).toHaveLength(250);
  expect(values("SE")).toMatchObject({
    ...{ "Capital:": "Uppsala", "official_name:fr": "Suède" },
  });
  expect(values("ZW")).toMatchObject({ "Capital:": "Harare" });

  await page.getByRole("button", { name: "Update the recipe" }).click();
  await expect(
    page.getByRole("button", { name: "Update the recipe" }),
  ).toBeHidden();
  await dropFile(page, source.id, file);
  await expect(page.getByText("Recipe “countries” is used.")).toBeVisible();
  await openColumns(page);
  await page.getByRole("button", { name: "Check every row" }).click();
  await expect(changes).toContainText(`${next.table.length - 1} unchanged.`);
  await changes.getByRole("switch", { name: /Send only what changed/ }).check();
  await expect(page.getByText("There is nothing to send")).toBeVisible();
});

test("a recipe is renamed, travels as a JSON file, and a file that is none is refused", async ({
  page,
  source,
}) => {
  const rows = [
    ["sku", "Name (sv)"],
    ["K-1", "Stol"],
  ];
  await dropFile(page, source.id, csv("chairs.csv", rows));
  await openColumns(page);
  await page.getByRole("button", { name: "Check every row" }).click();
  await page.getByRole("button", { name: "Save as a recipe" }).click();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(
    page.getByRole("button", { name: "Save as a recipe" }),
  ).toBeHidden();

  await page.goto(`/sources/${source.id}/settings`);
  await page.getByRole("button", { name: "Actions for recipe chairs" }).click();
  await page.getByRole("menuitem", { name: "Rename" }).click();
  await page.getByLabel("Name of the recipe").fill("Chairs by night");
  await page.getByRole("button", { name: "Rename", exact: true }).click();
  const actions = page.getByRole("button", {
    name: "Actions for recipe Chairs by night",
  });
  await expect(actions).toBeVisible();
  await expectAccessible(page);

  const coming = page.waitForEvent("download");
  await actions.click();
  await page.getByRole("menuitem", { name: "Export" }).click();
  const exported = readFileSync(await (await coming).path());
  expect(JSON.parse(exported.toString())).toMatchObject({
    ...{ format: "source-studio-recipe", version: 1, name: "Chairs by night" },
    headers: ["sku", "Name (sv)"],
  });

  await actions.click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await expect(page.getByText("No recipe yet.")).toBeVisible();

  const recipeFile = page.getByLabel("Recipe file");
  const json = (text: string) => ({
    ...{ name: "recipe.json", mimeType: "application/json" },
    buffer: Buffer.from(text),
  });
  await recipeFile.setInputFiles(json("[".repeat(100_000)));
  await expect(page.getByRole("alert").first()).toContainText("nested deeper");
  await recipeFile.setInputFiles(
    json(
      exported.toString().replace('"version"', '"__proto__": {}, "version"'),
    ),
  );
  await expect(page.getByRole("alert").first()).toContainText("__proto__");
  await recipeFile.setInputFiles(json(exported.toString()));
  await expect(actions).toBeVisible();

  await page.goto(`/sources/${source.id}/import`);
  await page.evaluate(() => sessionStorage.clear());
  await page.reload();
  await giveFile(page, csv("chairs.csv", rows));
  await expect(
    page.getByText("Recipe “Chairs by night” is used."),
  ).toBeVisible();
});
