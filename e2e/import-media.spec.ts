import { expectAccessible } from "./expect-accessible";
import { expect, test } from "./fixtures";
import { checkAndSend, dropFile, openColumns } from "./import-journey";
import { openMediaOrigin, type MediaOrigin } from "./media-origin";

let origin: MediaOrigin;
test.beforeAll(async () => {
  origin = await openMediaOrigin();
});
test.afterAll(() => origin.close());

const csv = (...lines: string[]) => ({
  ...{ name: "chairs.csv", mimeType: "text/csv" },
  buffer: Buffer.from(["sku,name,image", ...lines].join("\n")),
});

test("links of a column become media files, and the entries name them", async ({
  page,
  source,
  stored,
}) => {
  const link = (path: string) => `${origin.url}${path}`;
  await dropFile(
    page,
    source.id,
    csv(
      `A,Chair,${link("/ok/chair.jpg")}|${link("/ok/side.jpg")}`,
      `B,Stool,${link("/ok/chair.jpg")}`,
      `C,Table,${link("/status/404")}`,
      "D,Lamp,",
      "E,Sofa,sofa.jpg",
    ),
  );
  await openColumns(page);
  const row = page.getByRole("listitem", { name: "image", exact: true });
  // One cell of this column is no link, so the switch is not offered yet.
  await expect(row.getByRole("checkbox")).toHaveCount(0);

  await dropFile(
    page,
    source.id,
    csv(
      `A,Chair,${link("/ok/chair.jpg")}|${link("/ok/side.jpg")}`,
      `B,Stool,${link("/ok/chair.jpg")}`,
      `C,Table,${link("/status/404")}`,
      "D,Lamp,",
    ),
  );
  await openColumns(page);
  await row
    .getByRole("checkbox", { name: "Fetch the links of image as media files" })
    .check();
  await expect(
    row.getByRole("combobox", { name: "Links in one cell of image" }),
  ).toHaveValue("|");
  await expectAccessible(page);
  await checkAndSend(page, "4 entries imported");
  await expect(
    page.getByText("3 links: 2 fetched, 1 failed", { exact: true }),
  ).toBeVisible({ timeout: 45_000 });

  const entries = await stored.entries(source.id);
  const valuesOf = (key: string) =>
    entries.find((entry) => entry.key === key)?.properties ?? {};
  const urls = (valuesOf("A")["image:"] ?? "").split("|");
  const ids = (valuesOf("A")["image_file_id:"] ?? "").split("|");
  expect(urls).toHaveLength(2);
  expect(valuesOf("B")).toMatchObject({
    ...{ "image:": urls[0], "image_file_id:": ids[0] },
  });
  expect(valuesOf("D")).toEqual({ "name:": "Lamp" });
  for (const [at, url] of urls.entries()) {
    expect(url).toContain(ids[at] ?? "no id");
    const file = await page.request.get(url);
    expect(file.headers()["content-type"]).toBe("image/jpeg");
  }

  await page.getByRole("link", { name: "See the files" }).click();
  await expect(page.getByText("chair.jpg").first()).toBeVisible();
});

test("the same file again fetches nothing again", async ({ page, source }) => {
  const file = csv(`A,Chair,${origin.url}/ok/chair.jpg`);
  for (const result of ["1 fetched", "0 fetched, 1 there before"]) {
    await dropFile(page, source.id, file);
    await openColumns(page);
    const box = page.getByRole("checkbox", { name: /^Fetch the links of/ });
    if (!(await box.isChecked())) await box.check();
    await checkAndSend(page, "1 entry imported");
    await expect(
      page.getByText(`1 link: ${result}`, { exact: true }),
    ).toBeVisible({ timeout: 45_000 });
  }
});
