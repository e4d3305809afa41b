import { expectAccessible } from "./expect-accessible";
import { expect, INGEST_URL } from "./fixtures";
import { dropFile, openColumns } from "./import-journey";
import { mediaTest as test } from "./media-page";

const csv = (name: string, rows: string[][]) => ({
  ...{ name, mimeType: "text/csv" },
  buffer: Buffer.from(rows.map((row) => row.join(",")).join("\n")),
});

test("on a remote source links become media files there, and a recipe sends only what changed", async ({
  page,
  make,
  origin,
}) => {
  test.slow();
  const elsewhere = await make("tenant");
  const there = await make("source", elsewhere, "products", "Products");
  const { provider, secret } = await make("provider", elsewhere, "studio", [
    there.id,
  ]);
  await page.goto("/endpoints");
  await page.getByRole("link", { name: "Add an endpoint" }).click();
  const fill = (name: string, text: string) =>
    page.getByRole("textbox", { name }).fill(text);
  await fill("Name", "Elsewhere");
  const url = INGEST_URL.replace("localhost", "127.0.0.1");
  await fill("Address of the ingest API", url);
  await fill("Provider id", provider.id);
  await page.getByLabel("Secret").fill(secret);
  await fill("Source identifiers", "products");
  await page.getByRole("button", { name: "Add endpoint" }).click();
  await expect(page.getByRole("button", { name: "Test now" })).toBeVisible();
  const sources = (await (await page.request.get("/api/sources")).json()) as {
    id: string;
  }[];
  const sourceId = sources[0]?.id ?? "";

  const row = (key: string, name: string, path: string) => [
    ...[key, name, `${origin.url}${path}`],
  ];
  const rows = [
    ["sku", "name", "image"],
    row("A", "Chair", "/ok/chair.jpg"),
    row("B", "Stool", "/ok/stool.jpg"),
    row("C", "Table", "/status/404"),
  ];
  await dropFile(page, sourceId, csv("chairs 2026-11-21.csv", rows));
  await openColumns(page);
  await page
    .getByRole("checkbox", { name: "Fetch the links of image as media files" })
    .check();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Check every row" }).click();
  await page.getByRole("button", { name: "Save as a recipe" }).click();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(
    page.getByRole("button", { name: "Save as a recipe" }),
  ).toBeHidden();
  await page.getByRole("button", { name: /^Import 3 entries/ }).click();
  await expect(
    page.getByText("2 entries imported, 1 set aside", { exact: true }),
  ).toBeVisible({ timeout: 60_000 });
  await expect(
    page.getByText("3 links: 2 fetched, 1 failed", { exact: true }),
  ).toBeVisible({ timeout: 45_000 });
  await expect(
    page.getByText(/Elsewhere could not fetch the file/).first(),
  ).toBeVisible();
  await expectAccessible(page);
  const entries = () => make("storedEntries", elsewhere, there.id);
  const [chair] = await entries();
  expect(chair).toMatchObject({
    key: "A",
    properties: {
      "name:": "Chair",
      "image:": expect.stringContaining(`/${elsewhere}/`) as unknown,
      "image_file_id:": expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
    },
  });

  const next = rows
    .slice(0, 3)
    .map((cells) =>
      cells[0] === "B" ? row("B", "Bench", "/ok/stool.jpg") : cells,
    );
  await dropFile(page, sourceId, csv("chairs 2026-11-22.csv", next));
  await expect(page.getByText(/Recipe “chairs” (is used|fits)/)).toBeVisible();
  await openColumns(page);
  await page.getByRole("button", { name: "Check every row" }).click();
  const changes = page.getByRole("region", { name: "Since the last file" });
  await expect(changes).toContainText("1 changed, 1 gone, 1 unchanged.");
  await changes.getByRole("switch", { name: /Send only what changed/ }).check();
  await checkAndSendChanged(page);
  const after = await entries();
  expect(after.map(({ key }) => key)).toEqual(["A", "B"]);
  expect(after[1]).toMatchObject({ properties: { "name:": "Bench" } });
  expect(after[0]).toEqual(chair);
});

async function checkAndSendChanged(page: import("@playwright/test").Page) {
  await page.getByRole("button", { name: /^Import 1 entr/ }).click();
  await expect(page.getByText("1 entry imported", { exact: true })).toBeVisible(
    { timeout: 45_000 },
  );
}
