import type { Page } from "@playwright/test";

import { expectAccessible } from "./expect-accessible";
import { expect, STUDIO_URL } from "./fixtures";
import {
  ended,
  ENDED_MS,
  mediaTest as test,
  pasteLinks,
  sendLinks,
} from "./media-page";

/** Lets the first batch of 50 links through, and no other until the return value is called. */
async function holdBatches(page: Page): Promise<() => Promise<void>> {
  let batches = 0;
  await page.route("**/media?*", (route) => {
    if (route.request().method() !== "POST") return route.continue();
    batches += 1;
    return batches > 1 ? route.abort() : route.continue();
  });
  return () => page.unroute("**/media?*");
}

const linesTo = (url: string, links: number) =>
  Array.from({ length: links }, (_, i) => [
    `file-${i}.jpg`,
    `${url}/ok/${i}`,
    "",
  ]);

test("unsent links wait for the person who entered them, whoever signs in meanwhile", async ({
  page,
  origin,
  tenant,
  user,
  stranger,
}) => {
  test.slow();
  const signIn = ({ cookie }: typeof user) =>
    page.context().addCookies([{ ...cookie, url: STUDIO_URL }]);
  const letThrough = await holdBatches(page);
  await pasteLinks(page, linesTo(origin.url, 120));
  await sendLinks(page, "Send 120 links");
  await expect(page.getByText("The server does not answer")).toBeVisible();
  const submission = page.url();

  // A colleague signs in in another tab: this one sends nothing in that name.
  await signIn(await tenant.createUser("editor"));
  await letThrough();
  await expect(page.getByText("70 links could not be sent")).toBeVisible({
    timeout: 45_000,
  });
  await expect(
    page.getByText("Another person entered these links in this browser."),
  ).toBeVisible();
  await page.goto("/media");
  await expect(page.getByRole("list", { name: "Media files" })).toBeVisible();
  await expect(page.getByText("were not sent")).toHaveCount(0);
  await page.goto(submission);
  await expect(
    page.getByText("70 to be sent, 50 done", { exact: false }),
  ).toBeVisible({ timeout: ENDED_MS });
  await expect(page.getByText("file-60.jpg")).toHaveCount(0);

  // So does somebody of another tenant, who does not see even the files.
  await signIn(stranger);
  await page.goto("/media");
  await expect(page.getByText("No media files yet")).toBeVisible();
  await expect(page.getByText("were not sent")).toHaveCount(0);
  await page.goto(submission);
  await expect(page.getByText("This submission has no files")).toBeVisible();

  await signIn(user);
  await page.goto("/media");
  await expect(
    page.getByText("70 links of a submission were not sent"),
  ).toBeVisible();
  await page.getByRole("link", { name: "Send them now" }).click();
  await ended(page, "Ended: 120 files done");
});

test("a second browser goes on watching while the first still sends, and finds the submission in the list", async ({
  page,
  origin,
  tenant,
  browser,
}) => {
  test.slow();
  const letThrough = await holdBatches(page);
  await pasteLinks(page, linesTo(origin.url, 120));
  await sendLinks(page, "Send 120 links");
  await expect(page.getByText("The server does not answer")).toBeVisible();

  const viewer = await tenant.createUser("viewer");
  const context = await browser.newContext();
  await context.addCookies([{ ...viewer.cookie, url: STUDIO_URL }]);
  const theirs = await context.newPage();
  await theirs.goto("/media");
  await theirs.getByRole("link", { name: "Submissions" }).click();
  const table = theirs.getByRole("table", { name: "Submissions" });
  const line = table.getByRole("row", { name: /120 links/ });
  await expect(line).toContainText("Test admin");
  await expect(line).toContainText("Not all sent");
  await expect(line.getByRole("cell").nth(4)).toHaveText("70");
  await expectAccessible(theirs);
  await line.getByRole("link", { name: "120 links" }).click();
  // All that has arrived is done, and still it is not at its end.
  await expect(
    theirs.getByText(/^70 to be sent, 50 done; .* arrived$/),
  ).toBeVisible({ timeout: ENDED_MS });
  await expectAccessible(theirs);
  await letThrough();
  await ended(page, "Ended: 120 files done");
  await ended(theirs, "Ended: 120 files done");
  await theirs
    .getByRole("navigation", { name: "Breadcrumb" })
    .getByRole("link", { name: "Submissions" })
    .click();
  await expect(line).toContainText("Ended");
  await expect(line.getByRole("cell").nth(1)).toHaveText("120");
  await expect(line.getByRole("cell").nth(4)).toHaveText("0");
  await context.close();
});
