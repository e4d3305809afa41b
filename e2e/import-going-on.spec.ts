import type { Page } from "@playwright/test";

import { expect, test, type Stored } from "./fixtures";
import { dropFile, giveFile, largeFile, openColumns } from "./import-journey";

const ROWS = 6_000;

test("a reload in the middle loses nothing: the same file goes on where it stopped", async ({
  page,
  source,
  stored,
}) => {
  await dropFile(page, source.id, largeFile(ROWS));
  await openColumns(page);
  await page.getByRole("button", { name: "Check every row" }).click();
  // From the third batch on the server seems to be away.
  await page.route(/\/batches\/[3-6]$/, (route) => route.abort());
  await page.getByRole("button", { name: "Import 6,000 entries" }).click();
  await expect(page.getByText(/Waiting for the server/).first()).toBeVisible();
  await expect.poll(() => stored.batches(source.id)).toEqual([1, 2]);

  page.on("dialog", (dialog) => void dialog.accept());
  await page.reload();
  await expect(page).toHaveURL(/\/imports\//);
  await page.unroute(/\/batches\/[3-6]$/);
  // What is applied is not sent again.
  await page.route(/\/batches\/[12]$/, (route) => route.abort());

  const other = { ...largeFile(ROWS), name: "other.csv" };
  other.buffer = Buffer.from(
    other.buffer.toString().replace("Name 7,", "name 7,"),
  );
  await giveFile(page, other);
  await expect(
    page.getByRole("alert").getByText("not the file of this run"),
  ).toBeVisible();

  await giveFile(page, { ...largeFile(ROWS), name: "renamed.csv" });
  await expect(page.getByText("6,000 entries imported")).toBeVisible();
  expect(await stored.batches(source.id)).toEqual([1, 2, 3, 4, 5, 6]);
  expect((await stored.entries(source.id)).length).toBe(ROWS);
});

test("an import of several files goes on after a reload, with the values that one of them has no column for left alone", async ({
  page,
  source,
  stored,
}) => {
  const { buffer, ...file } = largeFile(1_500);
  const bare = buffer.toString().replaceAll(/,lorem[^\n]*|,description/g, "");
  const files = [
    { ...file, name: "a.csv", buffer },
    { ...file, name: "b.csv", buffer: Buffer.from(bare.replace(/K-/g, "L-")) },
  ];
  await dropFile(page, source.id, files);
  await openColumns(page);
  await page.getByRole("button", { name: "Check every row" }).click();
  await page.route(/\/batches\/[23]$/, (route) => route.abort());
  await page.getByRole("button", { name: "Import 3,000 entries" }).click();
  await expect.poll(() => stored.batches(source.id)).toEqual([1]);
  page.on("dialog", (dialog) => void dialog.accept());
  await page.reload();
  await page.unroute(/\/batches\/[23]$/);
  await giveFile(page, files.toReversed());
  await expect(page.getByText("3,000 entries imported")).toBeVisible();
  expect(await stored.batches(source.id)).toEqual([1, 2, 3]);
  const entries = await stored.entries(source.id);
  expect(entries).toHaveLength(3_000);
  expect(entries.find(({ key }) => key === "L-7")?.properties).toEqual({
    "name:": "Name 7",
  });
});

test("a second tab watches, and takes over only by choice", async ({
  page,
  context,
  source,
  stored,
}) => {
  await dropFile(page, source.id, largeFile(ROWS));
  await openColumns(page);
  await page.getByRole("button", { name: "Check every row" }).click();
  await page.route(/\/batches\/[3-6]$/, (route) => route.abort());
  await page.getByRole("button", { name: "Import 6,000 entries" }).click();
  await expect.poll(() => stored.batches(source.id)).toEqual([1, 2]);

  const second = await context.newPage();
  await second.goto("/imports");
  await second.getByRole("link", { name: "large.csv" }).click();
  await expect(
    second.getByText(/is sending it from a browser tab/),
  ).toBeVisible();
  await expect(
    second.getByText(/2,000 of 6,000 entries applied/),
  ).toBeVisible();

  await giveFile(second, largeFile(ROWS));
  await expect(
    second.getByText(/sends this run from another browser tab/),
  ).toBeVisible();
  await second.getByRole("button", { name: "Take it over" }).click();
  await expect(second.getByText("6,000 entries imported")).toBeVisible();
  expect((await stored.entries(source.id)).length).toBe(ROWS);

  // The first tab learns that the run has ended.
  await page.unroute(/\/batches\/[3-6]$/);
  await expect(page.getByText("6,000 entries imported")).toBeVisible({
    timeout: 45_000,
  });
});

test("pauses, goes on, and is cancelled with what was sent kept", async ({
  page,
  source,
  stored,
}) => {
  await dropFile(page, source.id, largeFile(ROWS));
  await openColumns(page);
  await page.getByRole("button", { name: "Check every row" }).click();
  await page.route(/\/batches\/[3-6]$/, (route) => route.abort());
  await page.getByRole("button", { name: "Import 6,000 entries" }).click();
  await expect.poll(() => stored.batches(source.id)).toEqual([1, 2]);

  await page.getByRole("button", { name: "Pause" }).click();
  await expect(page.getByText("Paused: large.csv")).toBeVisible();
  await page.getByRole("button", { name: "Go on" }).click();
  await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();
  await page.getByRole("button", { name: "Cancel the import" }).click();
  await page
    .getByRole("alertdialog")
    .getByRole("button", { name: "Cancel the import" })
    .click();
  await expect(
    page.getByText("Cancelled after 2,000 entries of 6,000"),
  ).toBeVisible();
  expect((await stored.entries(source.id)).length).toBe(2_000);
});

test("a session that ends while it sends leads nobody away: after signing in elsewhere it goes on", async ({
  page,
  context,
  source,
  stored,
}) => {
  await sendTwoBatches(page, source.id, stored);
  const cookies = await context.cookies();
  await context.clearCookies();
  await page.unroute(/\/batches\/[3-6]$/);
  const stopped = page.getByRole("main").getByRole("alert");
  await expect(stopped).toContainText("You are not signed in any more");
  await expect(
    stopped.getByRole("link", { name: "Sign in (new tab)" }),
  ).toBeVisible();

  await context.addCookies(cookies);
  await stopped.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByText("6,000 entries imported")).toBeVisible();
  expect(await stored.batches(source.id)).toEqual([1, 2, 3, 4, 5, 6]);
});

test("a source that is deleted while its import is sent ends the import with a sentence", async ({
  page,
  context,
  source,
  stored,
}) => {
  await sendTwoBatches(page, source.id, stored);
  const second = await context.newPage();
  await second.goto(`/sources/${source.id}/settings`);
  await second.getByRole("button", { name: "Delete source…" }).click();
  const dialog = second.getByRole("alertdialog");
  await dialog.getByRole("textbox").fill(source.identifier);
  await dialog.getByRole("button", { name: "Delete this source" }).click();
  await expect(second).toHaveURL(/\/sources$/);
  await second.close();

  await page.unroute(/\/batches\/[3-6]$/);
  const stopped = page.getByRole("main").getByRole("alert");
  await expect(stopped).toContainText(
    "This import and its source were deleted",
  );
  await expect(page.getByRole("button", { name: "Try again" })).toBeHidden();
  await stopped.getByRole("link", { name: "Go to the sources" }).click();
  await expect(page).toHaveURL(/\/sources$/);
});

/** Starts an import of six batches, of which the server gets only two. */
async function sendTwoBatches(
  page: Page,
  sourceId: string,
  stored: Stored,
): Promise<void> {
  await dropFile(page, sourceId, largeFile(ROWS));
  await openColumns(page);
  await page.getByRole("button", { name: "Check every row" }).click();
  await page.route(/\/batches\/[3-6]$/, (route) => route.abort());
  await page.getByRole("button", { name: "Import 6,000 entries" }).click();
  await expect.poll(() => stored.batches(sourceId)).toEqual([1, 2]);
}
