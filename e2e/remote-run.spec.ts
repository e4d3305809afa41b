import { readFileSync } from "node:fs";

import type { Page } from "@playwright/test";
import Papa from "papaparse";

import { expectAccessible } from "./expect-accessible";
import { expect, test } from "./fixtures";
import { dropFile, openColumns } from "./import-journey";
import { openGateway, type Gateway } from "./remote-gateway";

let gateway: Gateway;
test.beforeEach(async () => {
  gateway = await openGateway();
});
test.afterEach(() => gateway.close());

const csv = (rows: number) => ({
  ...{ name: "chairs.csv", mimeType: "text/csv" },
  buffer: Buffer.from(
    [
      "sku,name",
      ...Array.from({ length: rows }, (_, at) => `K-${at},Chair ${at}`),
    ].join("\n"),
  ),
});

async function sendRows(page: Page, sourceId: string, rows: number) {
  await dropFile(page, sourceId, csv(rows));
  await openColumns(page);
  await page.getByRole("button", { name: "Check every row" }).click();
  await page.getByRole("button", { name: /^Import [\d,]+ entr/ }).click();
}

test("a run that the other side refuses says who has to do what, and shows every answer", async ({
  page,
  source,
  tenant,
}) => {
  const { provider, secret } = await tenant.createProvider([source], "remote");
  const { sources } = await tenant.createEndpoint({
    ...{ name: "Elsewhere", url: gateway.url, providerId: provider.id },
    ...{ secret, sources: ["products"] },
  });
  const sourceId = sources[0]?.id ?? "";

  gateway.go("closed");
  await sendRows(page, sourceId, 2_100);
  await expect(
    page.getByText("Sending has stopped and waits for the other side"),
  ).toBeVisible();
  await page.getByRole("link", { name: "Details of this run" }).click();
  const delivery = page.getByRole("region", { name: "Delivery" });
  await expect(delivery).toContainText(
    /does not know the source “products”, or the provider of the endpoint “Elsewhere” may not write to it/,
  );
  await expect(delivery).toContainText("“The provider may not write to it”");
  await expect(page.getByText("Waits for a person")).toBeVisible();
  const batches = page.getByRole("table", {
    name: "Batches and what was answered to them",
  });
  await expect(
    batches.getByRole("row", { name: /Waits for the other side/ }),
  ).toHaveCount(3);
  const first = batches.getByRole("row").filter({ hasText: "2-1,001" });
  await expect(first).toContainText("403gateway-1");
  await expectAccessible(page);
  await page.getByRole("button", { name: "answers to batch 1" }).click();
  const answers = page.getByRole("dialog", { name: "Batch 1" });
  await expect(
    answers.getByRole("listitem").filter({ hasText: "source not granted" }),
  ).toContainText("The provider may not write to it");
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(
    page.getByRole("button", { name: "answers to batch 1" }),
  ).toBeFocused();

  gateway.go("poisoned");
  await delivery.getByRole("button", { name: "Send again now" }).click();
  await expect(
    page.getByText("2,099 entries imported, 1 set aside"),
  ).toBeVisible({ timeout: 60_000 });
  await expect(batches.getByRole("row", { name: /Accepted/ })).toHaveCount(3);
  await expect(first).toContainText("Accepted, 1 set aside");
  await page.getByRole("button", { name: "answers to batch 1" }).click();
  await expect(
    answers.getByText("sent entry 14", { exact: false }),
  ).toBeVisible();
  await expect(answers.getByText("K-13 is odd").first()).toBeVisible();
  await page.keyboard.press("Escape");

  await page
    .getByLabel("Spreadsheet", { exact: true })
    .setInputFiles(csv(2_100));
  const started = page.waitForEvent("download");
  await page
    .getByRole("button", { name: "Download the receipt of every row" })
    .click();
  const text = readFileSync(await (await started).path(), "utf8");
  const { data } = Papa.parse<string[]>(text.slice(1).trimEnd());
  expect(data[0]?.slice(-4)).toEqual([
    ...["status", "request id", "answered", "answer text"],
  ]);
  const poisoned = data.find((cells) => cells[1] === "K-13");
  expect([poisoned?.[2], poisoned?.at(-4), poisoned?.at(-1)]).toEqual([
    ...["set aside", "400", "K-13 is odd"],
  ]);
  expect(data.find((cells) => cells[1] === "K-2000")?.at(-4)).toBe("202");
});

test("a run on its way to a remote source that is down can be cancelled", async ({
  page,
  tenant,
}) => {
  const { sources } = await tenant.createEndpoint({
    ...{ name: "Elsewhere", url: gateway.url, providerId: "p" },
    ...{ secret: "s3cret-s3cret", sources: ["products"] },
  });
  const sourceId = sources[0]?.id ?? "";
  gateway.go("away");
  await sendRows(page, sourceId, 3);
  await expect(page.getByText("Waiting to try again")).toBeVisible();
  await page.goto(`/sources/${sourceId}/import`);
  await expect(
    page.getByText("chairs.csv is handed over and on its way"),
  ).toBeVisible();
  await page.getByRole("link", { name: "Watch it" }).click();
  await expect(
    page.getByRole("row", { name: /Again at .*: problem/ }),
  ).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Cancel the import" }).click();
  const question = page.getByRole("alertdialog");
  await expect(question).toContainText("1 batch that is not accepted yet");
  await question.getByRole("button", { name: "Cancel the import" }).click();
  await expect(page.getByText("Cancelled after 0 entries of 3")).toBeVisible();
  await expect(
    page.getByRole("row", { name: /Dropped, the import was cancelled/ }),
  ).toBeVisible();
});
