import { expect, test } from "@playwright/test";

const EMAIL = "first@example.com";
const PASSWORD = "a calm and quiet sea";

// Runs before all journeys: afterwards a user exists and the page is closed for good.
test("the first visit creates the first admin, once", async ({ page }) => {
  await page.goto("/");
  await expect(page).toHaveURL(/\/setup$/);
  await page.getByLabel("Your name").fill("First Admin");
  await page.getByLabel("E-mail address").fill(EMAIL);
  await page.getByLabel(/^Password/).fill(PASSWORD);
  await page.getByRole("button", { name: "Create the account" }).click();
  await expect(page).toHaveURL(/\/sources$/);

  await page.context().clearCookies();
  await page.goto("/setup");
  await expect(page).toHaveURL(/\/sign-in/);
  await page.getByLabel("E-mail address").fill(EMAIL);
  await page.getByLabel(/^Password/).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(/\/sources$/);
});
