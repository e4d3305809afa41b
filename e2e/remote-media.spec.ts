import type { Page } from "@playwright/test";

import { expectAccessible } from "./expect-accessible";
import { expect, INGEST_URL } from "./fixtures";
import {
  ended,
  fileRow,
  isTakenOver,
  mediaTest as test,
  sendLinks,
} from "./media-page";

test("links go to an endpoint, which is watched until each file is there", async ({
  page,
  make,
  origin,
}) => {
  test.slow();
  const elsewhere = await make("tenant");
  const { provider, secret } = await make("provider", elsewhere, "studio", []);
  await addEndpoint(page, { id: provider.id, secret });

  await page.goto("/media?add=links");
  await page
    .getByRole("combobox", { name: "Where to" })
    .selectOption({ index: 1 });
  await expect(page.getByText(/^Elsewhere fetches each file/)).toBeVisible();
  await expectAccessible(page);
  await checkLinks(page, [
    ["chair.jpg", `${origin.url}/ok/1`, "chair"],
    ["table.jpg", `${origin.url}/ok/2`, ""],
    ["gone.jpg", `${origin.url}/status/404`, "gone"],
    ["slow.jpg", `${origin.url}/slow/1`, "slow"],
  ]);
  await expect(page.getByText("4 links will be sent.")).toBeVisible();
  await expect(
    page.getByText(/without a unique identifier \(1\)/),
  ).toBeVisible();
  await expectAccessible(page);

  await sendLinks(page, "Send 4 links");
  await expect(page.getByText("Files at Elsewhere")).toBeVisible();
  await expect(fileRow(page, "slow.jpg")).toContainText("Fetching there");
  await expect(fileRow(page, "chair.jpg")).toContainText("Done");
  await expectAccessible(page);
  origin.release();
  await ended(page, "Ended: 3 files done, 1 failed");
  await expect(fileRow(page, "gone.jpg")).toContainText(
    /Elsewhere could not fetch the file\. It says: .*status 404/,
  );
  await expectAccessible(page);

  await fileRow(page, "table.jpg").getByRole("link").click();
  const sheet = page.getByRole("dialog", { name: "table.jpg" });
  await expect(sheet.getByText("Public URL there")).toBeVisible();
  await expect(sheet.getByText(/^studio-[0-9a-f-]{36}$/)).toBeVisible();
  await expectAccessible(page);
  const address = await sheet
    .getByRole("link", { name: "Open the file" })
    .getAttribute("href");
  expect(address).toContain(`/${elsewhere}/`);
  expect((await page.request.get(address ?? "")).ok()).toBe(true);

  // None of it is a file of this Studio.
  await page.goto("/media");
  await expect(
    page.getByRole("heading", { name: "No media files yet" }),
  ).toBeVisible();
  await page
    .getByRole("combobox", { name: "Where" })
    .selectOption({ label: "Elsewhere" });
  await expect(
    page.getByText("4 files", { exact: true }).first(),
  ).toBeVisible();
  await page.getByRole("searchbox", { name: "Search" }).fill("chair");
  await expect(page.getByText("1 file", { exact: true }).first()).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Submissions" }).click();
  const row = page.getByRole("row", { name: /4 links/ });
  await expect(row).toContainText("Elsewhere");
  await expect(row).toContainText("Ended with failures");
  await expectAccessible(page);

  // What failed is corrected; what is taken there can be replaced.
  await row.getByRole("link").click();
  await page.getByRole("link", { name: "Correct the failed links" }).click();
  await expect(page.getByText(/^For Elsewhere/)).toBeVisible();
  await page.getByRole("button", { name: "Back" }).click();
  await checkLinks(page, [["new.jpg", `${origin.url}/ok/3`, "chair"]]);
  await expect(page.getByText("chair is taken by chair.jpg.")).toBeVisible();
  await page.getByRole("radio", { name: /Delete the existing files/ }).check();
  await page.getByRole("button", { name: "Send 1 link" }).click();
  await page.getByRole("button", { name: "Delete 1 file and send" }).click();
  await ended(page, "Ended: 1 file done");
});

async function addEndpoint(
  page: Page,
  provider: { id: string; secret: string },
): Promise<void> {
  await page.goto("/endpoints");
  await page.getByRole("link", { name: "Add an endpoint" }).click();
  const fill = (name: string, text: string) =>
    page.getByRole("textbox", { name }).fill(text);
  await fill("Name", "Elsewhere");
  // Of this machine journeys may reach the number alone.
  const url = INGEST_URL.replace("localhost", "127.0.0.1");
  await fill("Address of the ingest API", url);
  await fill("Provider id", provider.id);
  await page.getByLabel("Secret").fill(provider.secret);
  await page.getByRole("button", { name: "Add endpoint" }).click();
  await expect(page.getByRole("button", { name: "Test now" })).toBeVisible();
}

async function checkLinks(page: Page, lines: string[][]): Promise<void> {
  const box = page.getByRole("textbox", { name: "Links" });
  await isTakenOver(box);
  await box.fill(lines.map((cells) => cells.join("\t")).join("\n"));
  await page.getByRole("button", { name: /^Check \d/ }).click();
}
