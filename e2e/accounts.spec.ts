import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";

import { expect, test } from "./fixtures";

const NEW_PASSWORD = "seven calm yellow boats";

async function signIn(page: Page, email: string, password: string) {
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel(/^Password/).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

async function signOut(page: Page) {
  await page.getByRole("button", { name: "Account menu" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
}

test("signing out ends the session even for a copy of its cookie", async ({
  page,
  context,
}) => {
  await page.goto("/sources");
  const cookies = await context.cookies();
  await signOut(page);
  await context.addCookies(cookies);
  await page.goto("/sources");
  await expect(page).toHaveURL(/\/sign-in\?next=%2Fsources$/);
});

test("a wrong password is answered by one sentence that does not tell which part is wrong", async ({
  browser,
  user,
}) => {
  const context = await browser.newContext({
    storageState: { cookies: [], origins: [] },
  });
  const page = await context.newPage();
  await page.goto("/sign-in");
  const alert = page.getByRole("alert").filter({ hasText: "password" });
  for (const email of [user.email, `nobody-${user.email}`]) {
    await signIn(page, email, "not the password");
    await expect(alert).toHaveText(
      "The e-mail address and the password do not belong together. Check both, then try again.",
    );
    await page.reload();
  }
  await signIn(page, user.email.toUpperCase(), user.password);
  await expect(page).toHaveURL(/\/sources$/);
  await context.close();
});

test("an admin adds a viewer, who sees the sources and cannot change anything", async ({
  page,
  source,
  user,
}) => {
  const email = `new-${user.email}`;
  await page.goto("/users");
  await page.getByRole("button", { name: "Add user" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a user" });
  await dialog.getByLabel("Name").fill("Vera Viewer");
  await dialog.getByLabel("E-mail address").fill(email);
  await dialog.getByLabel("First password").fill("short");
  await dialog.getByRole("radio", { name: "Viewer" }).check();
  await dialog.getByRole("button", { name: "Add user" }).click();
  await expect(dialog.getByText("Use at least 12 characters.")).toBeVisible();
  await dialog.getByLabel("First password").fill(NEW_PASSWORD);
  await dialog.getByRole("button", { name: "Add user" }).click();
  await expect(page.getByRole("row", { name: /Vera Viewer/ })).toContainText(
    "Viewer",
  );

  await signOut(page);
  await signIn(page, email, NEW_PASSWORD);
  await expect(page.getByText(source.name).first()).toBeVisible();
  await expect(page.getByRole("link", { name: "Users" })).toHaveCount(0);
  await expect(
    page.getByRole("link", { name: /(new|create|add).*source/i }),
  ).toHaveCount(0);
  await page.goto("/users");
  await expect(
    page.getByRole("heading", { name: "Your role does not open this page" }),
  ).toBeVisible();
});

test("a changed role and a disabled account count with the next click", async ({
  page,
  tenant,
  browser,
}) => {
  const other = await tenant.createUser("admin");
  const context = await browser.newContext({
    storageState: { cookies: [], origins: [] },
  });
  const otherPage = await context.newPage();
  await otherPage.goto("/sign-in?next=/users");
  await signIn(otherPage, other.email, other.password);
  await expect(otherPage).toHaveURL(/\/users$/);

  await page.goto("/users");
  const row = page.getByRole("row", { name: new RegExp(other.email) });
  await row.getByRole("button", { name: /^Actions for/ }).click();
  await page.getByRole("menuitem", { name: "Change role" }).click();
  await page.getByRole("radio", { name: "Viewer" }).check();
  await page.getByRole("button", { name: "Change the role" }).click();
  await expect(row).toContainText("Viewer");
  await otherPage.reload();
  await expect(
    otherPage.getByRole("heading", {
      name: "Your role does not open this page",
    }),
  ).toBeVisible();

  await row.getByRole("button", { name: /^Actions for/ }).click();
  await page.getByRole("menuitem", { name: "Disable" }).click();
  await page.getByRole("button", { name: "Disable" }).click();
  await expect(row).toContainText("Disabled");
  // A click, not a load: only the page below the frame is asked for.
  await otherPage
    .getByRole("navigation", { name: "Main" })
    .getByRole("link", { name: "Providers" })
    .click();
  await expect(otherPage).toHaveURL(/\/sign-in/);
  await context.close();
});

test("the last admin cannot be disabled", async ({ page }) => {
  await page.goto("/users");
  await page.getByRole("button", { name: /^Actions for/ }).click();
  await page.getByRole("menuitem", { name: "Disable" }).click();
  const dialog = page.getByRole("alertdialog");
  await dialog.getByRole("button", { name: "Disable" }).click();
  await expect(dialog.getByRole("alert")).toContainText(
    "This is the last admin",
  );
});

test("changing one's password needs the current one and keeps the person in", async ({
  page,
  user,
}) => {
  await page.goto("/account");
  await page.getByLabel("Current password").fill("not this one");
  await page.getByLabel("New password").fill(NEW_PASSWORD);
  await page.getByRole("button", { name: "Change the password" }).click();
  await expect(
    page.getByText("This is not your current password."),
  ).toBeVisible();
  await page.getByLabel("Current password").fill(user.password);
  await page.getByRole("button", { name: "Change the password" }).click();
  await expect(page.getByText("Your password is changed")).toBeVisible();
  await page.goto("/sources");
  await expect(page).toHaveURL(/\/sources$/);
  await signOut(page);
  await signIn(page, user.email, NEW_PASSWORD);
  await expect(page).toHaveURL(/\/sources$/);
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`the pages of accounts have no accessibility problem in ${colorScheme}`, async ({
    page,
    browser,
  }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const path of ["/users", "/account", "/no-such-page"]) {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    }
    await page.goto("/users");
    await page.getByRole("button", { name: "Add user" }).click();
    await page.getByRole("dialog").getByLabel("Name").waitFor();
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

    const context = await browser.newContext({
      colorScheme,
      storageState: { cookies: [], origins: [] },
    });
    const visitor = await context.newPage();
    await visitor.goto("/sign-in");
    await visitor.getByLabel("E-mail address").waitFor();
    const { violations } = await new AxeBuilder({ page: visitor }).analyze();
    expect(violations).toEqual([]);
    await context.close();
  });
}

test("the pages fit a phone, and the menu opens there", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  for (const path of ["/users", "/account"]) {
    await page.goto(path);
    const tooWide = await page.evaluate(
      () => document.documentElement.scrollWidth - innerWidth,
    );
    expect(tooWide).toBe(0);
  }
  await page.getByRole("button", { name: "Open the menu" }).click();
  await page.getByRole("link", { name: "Users" }).click();
  await expect(page).toHaveURL(/\/users$/);
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("a chosen theme stays, before the page's own scripts have run", async ({
  page,
}) => {
  await page.goto("/account");
  await page.getByRole("button", { name: "Account menu" }).click();
  await page.getByRole("menuitemradio", { name: "Dark theme" }).click();
  const theme = page.locator("html");
  await expect(theme).toHaveAttribute("data-theme", "dark");
  await page.route("**/_next/**/*.js", (route) => route.abort());
  await page.reload();
  await expect(theme).toHaveAttribute("data-theme", "dark");
});

test("pages carry a policy that lets no foreign script in, and run under it without complaint", async ({
  page,
}) => {
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.text().includes("Content Security Policy")) {
      complaints.push(message.text());
    }
  });
  const response = await page.goto("/users");
  const headers = response?.headers() ?? {};
  expect(headers["content-security-policy"]).toMatch(
    /script-src 'self' 'nonce-[\w+/=]{24}' 'strict-dynamic';/,
  );
  expect(headers["content-security-policy"]).toContain(
    "frame-ancestors 'none'",
  );
  expect(headers["x-content-type-options"]).toBe("nosniff");
  await page.getByRole("button", { name: "Add user" }).click();
  await page.getByRole("dialog").waitFor();
  expect(complaints).toEqual([]);
});
