import type { Source } from "@/lib/domain/source";

import { expectAccessible } from "./expect-accessible";
import { expect, openIngest, test } from "./fixtures";

test("a source is created, edited, emptied and deleted", async ({
  page,
  tenant,
  request,
}) => {
  test.slow();
  await page.goto("/sources");
  await expect(
    page.getByRole("heading", { name: "Create your first source" }),
  ).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Create a source" }).click();

  // The identifier follows the name until it is taken over.
  const name = page.getByLabel("Name");
  const identifier = page.getByLabel("Identifier");
  await name.fill("Möbler & Ljus");
  await expect(identifier).toHaveValue("mobler-and-ljus");
  await expect(page.getByText("/import/mobler-and-ljus")).toBeVisible();
  await identifier.fill("Furniture_1");
  await name.fill("Möbler");
  await expect(identifier).toHaveValue("Furniture_1");
  await page.getByLabel("Origin system").fill("Akeneo");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Create source" }).click();

  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Möbler");
  await expect(page.getByText("No property seen yet")).toBeVisible();
  await expectAccessible(page);
  const sourceUrl = page.url();
  const id = sourceUrl.split("/").at(-1) ?? "";

  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByLabel("Name").fill("Furniture");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Furniture");
  await expect(page.getByLabel("Identifier")).toHaveValue("Furniture_1");

  const source = await page.request.get(`/api/sources/${id}`);
  const provider = await tenant.createProvider([
    (await source.json()) as Source,
  ]);
  const ingest = await openIngest(request, provider);
  await ingest.importEntities("furniture_1", [
    { key: "A-1", properties: [{ id: "name", value: "Stol", language: "sv" }] },
    { key: "A-2", properties: [{ id: "Name", value: "Bord" }] },
  ]);
  await page.goto(sourceUrl);
  const row = page.getByRole("row", { name: /^name / });
  await expect(row).toContainText("sv");
  await expect(row).toContainText("50 %");
  await expect(row).toContainText("only upper and lower case differ");
  await page.getByPlaceholder("Filter by id").fill("Bord");
  await expect(page.getByText("1 of 2 properties")).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("link", { name: "Settings" }).click();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Empty source…" }).click();
  const empty = page.getByRole("alertdialog");
  await expect(empty).toContainText("2 entries now");
  const confirm = empty.getByRole("button", { name: "Remove all entries" });
  await empty.getByRole("textbox").fill("furniture_1");
  await expect(confirm).toBeDisabled();
  await empty.getByRole("textbox").fill("Furniture_1");
  await expectAccessible(page);
  await confirm.click();
  await expect(page.getByText("2 entries removed")).toBeVisible();
  await page.goto(sourceUrl);
  await expect(page.getByText("0 entries", { exact: false })).toBeVisible();
  await expect(page.getByRole("row", { name: /^name / })).toBeVisible();

  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("button", { name: "Delete source…" }).click();
  const remove = page.getByRole("alertdialog");
  await remove.getByRole("textbox").fill("Furniture_1");
  await remove.getByRole("button", { name: "Delete this source" }).click();
  await expect(page).toHaveURL(/\/sources$/);
  await expect(
    page.getByRole("heading", { name: "Create your first source" }),
  ).toBeVisible();
  await page.goto(sourceUrl);
  await expect(page.getByText("Nothing is here")).toBeVisible();
});

test("an identifier that is taken in another case is refused at its field", async ({
  page,
  source,
}) => {
  await page.goto("/sources/new");
  await page.getByLabel("Name").fill("PRODUCTS");
  await page.getByLabel("Identifier").fill("PRODUCTS");
  await page.getByRole("button", { name: "Create source" }).click();
  await expect(page.getByRole("alert").first()).toContainText(
    `already used by the source “${source.name}”`,
  );
  await expect(page.getByLabel("Identifier")).toBeFocused();
});

test("the list shows counts and providers, and is searched when long", async ({
  page,
  tenant,
  ingest,
}) => {
  for (let n = 1; n <= 13; n += 1) {
    await tenant.createSource(`stock-${n}`, `Stock ${n}`);
  }
  await ingest.importEntities("products", [{ key: "A-1", properties: [] }]);
  await page.goto("/sources");
  const row = page.getByRole("row", { name: /^Products/ });
  await expect(row).toContainText("erp");
  await expect(row.getByRole("cell").first()).toHaveText("1");
  await expectAccessible(page);
  await page.getByLabel("Search sources").fill("stock-13");
  await expect(page.getByRole("row")).toHaveCount(2);
});

test.describe("as a viewer", () => {
  test.use({ role: "viewer" });

  test("a source can be read, and what is not allowed is not offered", async ({
    page,
    source,
  }) => {
    await page.goto("/sources");
    await expect(page.getByRole("link", { name: source.name })).toBeVisible();
    await expect(
      page.getByRole("link", { name: "Create a source" }),
    ).toHaveCount(0);
    await page.goto(`/sources/${source.id}/settings`);
    await expect(page.getByLabel("Name")).toBeDisabled();
    await expect(
      page.getByText("Only administrators may delete a source."),
    ).toBeVisible();
    await expect(
      page.getByRole("button", { name: /Delete|Empty/ }),
    ).toHaveCount(0);
    await expectAccessible(page);
  });
});

test("a source of another tenant is not found", async ({ page, make }) => {
  const other = await make("tenant");
  const foreign = await make("source", other, "secret", "Secret");
  await page.goto(`/sources/${foreign.id}`);
  await expect(page.getByText("Nothing is here")).toBeVisible();
  const api = await page.request.get(`/api/sources/${foreign.id}`);
  expect(api.status()).toBe(404);
});

test("what a provider pushed is listed, and why something was refused", async ({
  page,
  source,
  ingest,
}) => {
  await page.goto(`/sources/${source.id}/imports`);
  await expect(
    page.getByRole("heading", { name: "Nothing imported yet" }),
  ).toBeVisible();
  await expectAccessible(page);

  await ingest.importEntities("products", [
    { key: "A-1", properties: [{ id: "name", value: "Stol" }] },
    { key: "A-2", properties: [] },
  ]);
  const refused = await ingest.post("products", {
    entities: [{ key: "A 3", properties: [] }],
  });
  expect(refused.status()).toBe(400);

  await page.reload();
  const rows = page.getByRole("row", { name: /erp/ });
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toContainText("Refused");
  await expect(rows.first()).toContainText("A 3");
  await expect(rows.first()).toContainText("nothing stored");
  await expect(rows.last()).toContainText("Accepted");
  await page
    .getByRole("main")
    .getByRole("link", { name: "Import a spreadsheet" })
    .waitFor();
  await expect(rows.last().getByRole("cell")).toHaveText([
    /now|ago/,
    "Accepted",
    ...["2", "0", "0", "0"],
  ]);
  await expectAccessible(page);
});
