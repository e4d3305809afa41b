import type { Page } from "@playwright/test";

import { expectAccessible } from "./expect-accessible";
import { expect, INGEST_URL, test } from "./fixtures";

/** Everything the page has got from the server, as it would be read again. */
async function readAgain(page: Page): Promise<string> {
  const response = await page.request.get(page.url());
  const rsc = await page.request.get(page.url(), { headers: { rsc: "1" } });
  const list = await page.request.get("/api/providers");
  return [
    await response.text(),
    await rsc.text(),
    await list.text(),
    page.url(),
    await page.content(),
  ].join("\n");
}

test("a provider is created, its secret seen once, tested, rotated and revoked", async ({
  page,
  source,
  tenant,
  request,
}) => {
  test.slow();
  await tenant.createSource("media", "Media");
  const signIn = async (id: string, secret: string) => {
    const answer = await request.post(`${INGEST_URL}/dataProviders/tokens`, {
      data: { id, secret },
    });
    return answer.status();
  };

  await page.goto("/providers");
  await expectAccessible(page);
  await page.getByRole("link", { name: "Create a provider" }).click();
  await page.getByLabel("Name").fill("ERP");
  await page.getByRole("checkbox", { name: /^Products/ }).check();
  await expect(page.getByText("1 source chosen.")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Create provider" }).click();

  const dialog = page.getByRole("dialog", { name: "The secret of ERP" });
  const first = await dialog.getByTestId("secret").innerText();
  await expectAccessible(page);

  await dialog.getByRole("button", { name: "Test token" }).click();
  const result = dialog.getByRole("list", { name: "Result of the test" });
  await expect(result).toContainText("a token was issued");
  await expect(result).toContainText(`${source.identifier}: Takes imports`);
  await expect(result.getByRole("listitem")).toHaveCount(2);

  // Closing without having copied it is asked about first.
  await page.keyboard.press("Escape");
  await dialog.getByRole("button", { name: "I have stored it" }).click();
  await expect(
    dialog.getByText("You have not copied the secret"),
  ).toBeVisible();
  await expectAccessible(page);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await dialog.getByRole("button", { name: "Copy secret" }).click();
  await dialog.getByRole("button", { name: "I have stored it" }).click();

  await expect(page.getByRole("heading", { level: 1 })).toHaveText("ERP");
  const secrets = page.getByRole("list", { name: "Live secrets" });
  await expect(secrets).toContainText(`…${first.slice(-4)}`);
  await expectAccessible(page);
  const id = page.url().split("/").at(-1) ?? "";
  expect(await signIn(id, first)).toBe(200);
  expect(await readAgain(page)).not.toContain(first);

  await page.getByRole("button", { name: "Add a second secret" }).click();
  const second = await dialog.getByTestId("secret").innerText();
  await dialog.getByRole("button", { name: "Copy secret" }).click();
  await dialog.getByRole("button", { name: "I have stored it" }).click();
  await expect(secrets.getByRole("listitem")).toHaveCount(2);
  await expect(
    page.getByRole("button", { name: "Add a second secret" }),
  ).toBeDisabled();
  expect([await signIn(id, first), await signIn(id, second)]).toEqual([
    200, 200,
  ]);

  await page
    .getByRole("button", {
      name: `Revoke the secret ending in ${first.slice(-4)}`,
    })
    .click();
  const revoke = page.getByRole("alertdialog");
  await expect(revoke).toContainText("The other secret goes on working.");
  await expectAccessible(page);
  await revoke.getByRole("button", { name: "Revoke it" }).click();
  await expect(secrets.getByRole("listitem")).toHaveCount(1);
  expect([await signIn(id, first), await signIn(id, second)]).toEqual([
    401, 200,
  ]);

  // Later a secret is tested by pasting it.
  await page.getByLabel("Secret", { exact: true }).fill(first);
  await page.getByRole("button", { name: "Test token" }).click();
  const checks = page.getByRole("list", { name: "Result of the test" });
  await expect(checks).toContainText("The secret was refused.");
  await expectAccessible(page);
  await page.getByLabel("Secret", { exact: true }).fill(second);
  await page.getByRole("button", { name: "Test token" }).click();
  await expect(checks).toContainText("a token was issued");
  await expect(page.getByLabel("Secret", { exact: true })).toHaveValue("");
  const seen = await readAgain(page);
  expect(seen).not.toContain(first);
  expect(seen).not.toContain(second);
});

test("a provider is edited and deleted", async ({ page, ingest, tenant }) => {
  await tenant.createSource("media", "Media");
  const { provider } = ingest.provider;
  await page.goto("/providers");
  const row = page.getByRole("row", { name: /^erp/ });
  await expect(row).toContainText(provider.id);
  await expect(row).toContainText("ends in …");
  await expect(row).toContainText("Products");
  await expectAccessible(page);

  await row.getByRole("link", { name: "erp" }).click();
  await page.getByLabel("Name").fill("ERP 2");
  await page.getByRole("checkbox", { name: /^Products/ }).uncheck();
  await page.getByRole("checkbox", { name: /^Media/ }).check();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("ERP 2");
  const refused = await ingest.post("products", { entities: [] });
  expect(refused.status()).toBe(403);
  await ingest.importEntities("media", []);

  await page.getByRole("button", { name: "Delete provider…" }).click();
  const dialog = page.getByRole("alertdialog");
  await dialog.getByRole("textbox").fill("ERP 2");
  await dialog.getByRole("button", { name: "Delete this provider" }).click();
  await expect(page).toHaveURL(/\/providers$/);
  await expect(page.getByText("Create your first provider")).toBeVisible();
  const gone = await ingest.post("media", { entities: [] });
  expect(gone.status()).toBe(401);
});

test.describe("as an editor", () => {
  test.use({ role: "editor" });

  test("providers are seen, and why nothing can be changed is said", async ({
    page,
    ingest,
  }) => {
    await page.goto("/providers");
    await expect(
      page.getByText("Only administrators may create"),
    ).toBeVisible();
    await page.getByRole("link", { name: "erp" }).click();
    await expect(
      page.getByText("Only administrators may add or revoke secrets."),
    ).toBeVisible();
    await expect(
      page.getByRole("button", { name: /Revoke|Add|Delete|Save/ }),
    ).toHaveCount(0);
    await page
      .getByLabel("Secret", { exact: true })
      .fill(ingest.provider.secret);
    await page.getByRole("button", { name: "Test token" }).click();
    await expect(
      page.getByRole("list", { name: "Result of the test" }),
    ).toContainText("a token was issued");
    await expectAccessible(page);
  });
});
