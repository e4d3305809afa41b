import { expectAccessible } from "./expect-accessible";
import { expect, test } from "./fixtures";

// The page is long, and axe looks at all of it.
test.describe.configure({ timeout: 300_000 });

test("the API page shows every call, and its document can be downloaded", async ({
  page,
  source,
}) => {
  await page.goto(`/sources/${source.id}`);
  await page
    .getByRole("navigation", { name: "Main" })
    .getByRole("link", { name: "API" })
    .click();
  await expect(
    page.getByRole("heading", { name: "API", level: 1 }),
  ).toBeVisible();

  const answer = await page.request.get("/openapi.json");
  const document = (await answer.json()) as {
    openapi: string;
    paths: Record<string, Record<string, { summary?: string }>>;
  };
  expect(document.openapi).toBe("3.1.1");
  const titles = Object.values(document.paths).flatMap((path) =>
    Object.values(path).flatMap(({ summary }) => summary ?? []),
  );
  for (const name of titles) {
    await expect(page.getByRole("heading", { name, level: 3 })).toHaveCount(1);
  }
  const downloading = page.waitForEvent("download");
  await page.getByRole("link", { name: "openapi.json" }).click();
  expect((await downloading).suggestedFilename()).toBe("openapi.json");
  await expectAccessible(page);
});

test("a call has an address of its own, its members and examples", async ({
  page,
  source,
}) => {
  expect(source.id).not.toBe("");
  await page.goto("/api-guide#importEntities");
  const call = page.locator("#importEntities");
  await expect(call).toBeInViewport();
  const members = call.getByRole("table", { name: "Body of: Import entities" });
  await expect(
    members.getByRole("row", {
      name: /^entities\[\]\.properties\[\]\.language/,
    }),
  ).toContainText("optional");
  for (const language of ["curl", "JavaScript", "Python", "C#"]) {
    await call.getByRole("tab", { name: language }).click();
    await expect(call.getByRole("tabpanel")).toContainText("/import/products");
  }
  await call.getByText("Members of the answer").click();
  await expect(
    call.getByRole("table", { name: "Answer of: Import entities" }),
  ).toBeVisible();
  await expectAccessible(page);
});

test("the API page fits a narrow screen", async ({ page, source }) => {
  expect(source.id).not.toBe("");
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto("/api-guide");
  await expect(
    page.getByRole("heading", { name: "API", level: 1 }),
  ).toBeVisible();
  const overflow = await page.evaluate(
    () =>
      document.documentElement.scrollWidth -
      document.documentElement.clientWidth,
  );
  expect(overflow).toBe(0);
  await expectAccessible(page);
});
