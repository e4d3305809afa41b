import { expect, test } from "./fixtures";

test("a signed-in admin reaches the sources", async ({ page, source }) => {
  await page.goto("/");
  await expect(page).toHaveURL(/\/sources$/);
  await expect(page.getByText(source.name).first()).toBeVisible();
});

test.describe("a visitor", () => {
  test.use({ role: null });

  test("is sent to the sign-in page and back", async ({ page, user }) => {
    await page.goto("/providers");
    await expect(page).toHaveURL(/\/sign-in\?next=/);
    await page.getByLabel("E-mail address").fill(user.email);
    await page.getByLabel(/^Password/).fill(user.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page).toHaveURL(/\/providers$/);
  });
});
