import { expectAccessible } from "./expect-accessible";
import { expect, test, type Stored } from "./fixtures";
import { checkAndSend, dropFile, openColumns } from "./import-journey";
import { openGateway } from "./remote-gateway";

const csv = (rows: number) => ({
  ...{ name: "chairs.csv", mimeType: "text/csv" },
  buffer: Buffer.from(
    [
      "sku,name",
      ...Array.from({ length: rows }, (_, at) => `K-${at},Chair ${at}`),
    ].join("\n"),
  ),
});

test("a tenant that is kept elsewhere is added, tested, and imported into", async ({
  page,
  source,
  tenant,
  stored,
}) => {
  test.slow();
  const { provider, secret } = await tenant.createProvider([source], "remote");
  const gateway = await openGateway();
  const requests: string[] = [];
  page.on("response", (response) => {
    if (!/\.(js|css|woff2)/.test(response.url())) {
      void response.text().then(
        (text) => requests.push(text),
        () => undefined,
      );
    }
  });

  await page.goto("/endpoints");
  await page.getByRole("link", { name: "Add an endpoint" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Elsewhere");
  await page
    .getByRole("textbox", { name: "Address of the ingest API" })
    .fill(gateway.url);
  await page.getByRole("textbox", { name: "Provider id" }).fill(provider.id);
  await page.getByLabel("Secret").fill(secret);
  await page
    .getByRole("textbox", { name: "Source identifiers" })
    .fill("products\nnobodys");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Add endpoint" }).click();

  await page.getByRole("button", { name: "Test now" }).click();
  await expect(page.getByText("Signing in: works")).toBeVisible();
  await expect(page.getByText("products: works")).toBeVisible();
  await expect(page.getByText(/^nobodys: .* does not know/)).toBeVisible();
  await expect(page.getByText(`ends in …${secret.slice(-4)}`)).toBeVisible();
  await expectAccessible(page);

  await page.goto("/sources");
  const row = page.getByRole("row", { name: /at Elsewhere/ }).first();
  await expect(row).toBeVisible();
  const remoteId = await remoteSourceId(page, "nobodys");
  expect(remoteId).not.toBe("");
  const productsId = await remoteSourceId(page, "products");

  gateway.go("poisoned");
  await dropFile(page, productsId, csv(40));
  await openColumns(page);
  await checkAndSend(page, "39 entries imported, 1 set aside");
  await expect(page.getByText(/K-13 is odd/).first()).toBeVisible();
  expect(await keysOf(stored, source.id)).toHaveLength(39);

  gateway.go("away");
  await dropFile(page, productsId, csv(41));
  await openColumns(page);
  await page.getByRole("button", { name: "Check every row" }).click();
  await page.getByRole("button", { name: /^Import 41 entr/ }).click();
  await expect(page.getByText(/1 batch handed over/)).toBeVisible();
  await expect(page.getByText(/Down for maintenance/)).toBeVisible();
  await page.getByRole("link", { name: "Details of this run" }).click();
  gateway.go("well");
  await expect(page.getByText("41 entries imported")).toBeVisible({
    timeout: 60_000,
  });
  expect(await keysOf(stored, source.id)).toHaveLength(41);

  expect(requests.length).toBeGreaterThan(10);
  for (const text of requests) expect(text).not.toContain(secret);
  await gateway.close();
});

test.describe("as an editor", () => {
  test.use({ role: "editor" });
  test("endpoints are not shown", async ({ page }) => {
    await page.goto("/sources");
    await expect(page.getByRole("link", { name: "Endpoints" })).toHaveCount(0);
    await page.goto("/endpoints");
    await expect(page.getByText(/role admin/)).toBeVisible();
  });
});

async function keysOf(stored: Stored, sourceId: string): Promise<string[]> {
  return (await stored.entries(sourceId)).map(({ key }) => key);
}

async function remoteSourceId(
  page: import("@playwright/test").Page,
  identifier: string,
): Promise<string> {
  const sources = (await (await page.request.get("/api/sources")).json()) as {
    id: string;
    identifier: string;
    endpoint: object | null;
  }[];
  return (
    sources.find(
      (source) => source.endpoint !== null && source.identifier === identifier,
    )?.id ?? ""
  );
}
