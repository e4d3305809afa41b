import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { sheetOf, workbookFile } from "@/lib/testing/workbook";

import { expectAccessible } from "./expect-accessible";
import { expect, STUDIO_URL } from "./fixtures";
import {
  ended,
  ENDED_MS,
  fileRow,
  isTakenOver,
  mediaTest as test,
  pasteLinks,
  row,
  sendLinks,
} from "./media-page";

test("pasted links are checked, sent, watched and retried; a file is looked at and deleted", async ({
  page,
  origin,
}) => {
  test.slow();
  await page.goto("/media");
  await expect(
    page.getByRole("heading", { name: "No media files yet" }),
  ).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Add links" }).click();
  await expect(page.getByRole("textbox", { name: "Links" })).toBeVisible();
  await expectAccessible(page);

  await pasteLinks(page, [
    ["chair.jpg", `${origin.url}/ok/1`, "chair"],
    ["", `${origin.url}/ok/table.jpg`, ""],
    ["gone.jpg", `${origin.url}/status/404`, "gone"],
    ["page.jpg", `${origin.url}/page`, "page"],
    ["inside.jpg", "http://10.11.12.13/a.jpg", "inside"],
    ["repaired.jpg", `${origin.url}/repaired`, "repaired"],
    ["bad.jpg", "ftp://files.example/bad.jpg", "bad"],
    ["chair.jpg", `${origin.url}/ok/1`, "chair"],
    ["other.jpg", `${origin.url}/ok/2`, "chair"],
  ]);
  await expect(
    page.getByText(
      "6 links will be sent, 2 rows with problems not sent, 1 row left out.",
    ),
  ).toBeVisible();
  const checked = (text: string | RegExp) =>
    row(page, "Links in the list", text);
  await expect(checked("bad.jpg")).toContainText(
    "Row 7, link “ftp://files.example/bad.jpg”: The link does not begin with http:// or https://.",
  );
  await expect(checked("other.jpg")).toContainText(
    "Row 1 has the same unique identifier",
  );
  await expect(checked("table.jpg")).toContainText("Will be sent");
  await expectAccessible(page);

  // A row can be corrected in place.
  await page.getByRole("button", { name: "Edit row 9" }).click();
  const dialog = page.getByRole("dialog", { name: "Row 9" });
  await dialog.getByLabel("Unique identifier").fill("chair-back");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Use this row" }).click();
  await expect(checked("other.jpg")).toContainText("Will be sent");

  await sendLinks(page, "Send 7 links");
  await ended(page, "Ended: 3 files done, 4 failed");
  await expect(fileRow(page, "gone.jpg")).toContainText(
    "answered with status 404. There is no file at this address.",
  );
  await expect(fileRow(page, "page.jpg")).toContainText("sent a web page");
  await expect(fileRow(page, "inside.jpg")).toContainText(
    "Use a public link, or ask the administrator to allow it.",
  );
  const picture = fileRow(page, "chair.jpg").locator("img");
  await expect
    .poll(() =>
      picture.evaluate((image: HTMLImageElement) => image.naturalWidth),
    )
    .toBeGreaterThan(0);
  await expectAccessible(page);

  // Nothing is lost by a reload; what failed can be tried again.
  await page.reload();
  await ended(page, "Ended: 3 files done, 4 failed");
  origin.repair();
  await page.getByRole("button", { name: "Retry repaired.jpg" }).click();
  await ended(page, "Ended: 4 files done, 3 failed");

  await fileRow(page, "chair.jpg").getByRole("link").click();
  const sheet = page.getByRole("dialog", { name: "chair.jpg" });
  await expect(sheet.getByText("320 × 200", { exact: true })).toBeVisible();
  await expect(sheet).toContainText("image/jpeg");
  await expectAccessible(page);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await sheet.getByRole("button", { name: "Copy public url" }).click();
  const address = await page.evaluate(() => navigator.clipboard.readText());
  expect((await page.request.get(address)).status()).toBe(200);
  await sheet.getByRole("button", { name: "Delete…" }).click();
  const confirm = page.getByRole("alertdialog");
  await expect(confirm).toContainText("public URL stops working");
  await expect(confirm).toContainText("chair is free again");
  await expectAccessible(page);
  await confirm.getByRole("button", { name: "Delete this file" }).click();
  await expect(sheet).toBeHidden();
  await expect(fileRow(page, "chair.jpg")).toHaveCount(0);
  // Those who had just asked for it may get it for up to 5 s more.
  await expect
    .poll(async () => (await page.request.get(address)).status(), {
      timeout: 10_000,
    })
    .toBe(404);
});

test("taken identifiers: the existing file is kept, the new one gets a suffix, or it replaces", async ({
  page,
  origin,
}) => {
  test.slow();
  const identifiers = ["kept", "suffixed", "replaced"];
  const lines = (kind: string) =>
    identifiers.map((id) => [
      `${id}-${kind}.jpg`,
      `${origin.url}/ok/${id}`,
      id,
    ]);
  await pasteLinks(page, lines("old"));
  await sendLinks(page, "Send 3 links");
  await ended(page, "Ended: 3 files done");

  await pasteLinks(page, lines("new"));
  await expect(
    page.getByText("0 links will be sent, 3 existing files kept."),
  ).toBeVisible();
  await expectAccessible(page);
  // For all, and then for single rows.
  await page.getByRole("radio", { name: /^Add the new ones under/ }).check();
  await expect(page.getByText("3 links will be sent.")).toBeVisible();
  await expect(row(page, "Links in the list", "suffixed-2")).toBeVisible();
  await page.getByLabel("What to do in row 1").selectOption("reuse");
  await page.getByLabel("What to do in row 3").selectOption("replace");
  await page.getByRole("button", { name: "Send 2 links" }).click();
  const confirm = page.getByRole("alertdialog");
  await expect(confirm).toContainText("public URLs stop working");
  await confirm.getByRole("button", { name: "Delete 1 file and send" }).click();
  await ended(page, "Ended: 2 files done");
  await expect(page.getByText("1 existing file kept")).toBeVisible();

  await page.goto("/media?as=table");
  const table = page.getByRole("table", { name: "Media files" });
  for (const text of [
    /kept-old\.jpg.*kept/,
    /suffixed-old\.jpg.*suffixed/,
    /suffixed-new\.jpg.*suffixed-2/,
    /replaced-new\.jpg.*replaced/,
  ]) {
    await expect(table.getByRole("row").filter({ hasText: text })).toHaveCount(
      1,
    );
  }
  await expect(table).not.toContainText("kept-new");
  await expect(table).not.toContainText("replaced-old");
});

test("a spreadsheet of links is mapped by its columns", async ({
  page,
  origin,
}) => {
  await page.goto("/media?add=links");
  const input = page.getByLabel("Spreadsheet of links", { exact: true });
  await isTakenOver(input);
  const csv = [
    "Artikel;Bezeichnung;Foto;Preis",
    `S-1;Stuhl.jpg;${origin.url}/ok/1;12`,
    `S-2;Tisch.jpg;${origin.url}/ok/2;13`,
  ].join("\r\n");
  await input.setInputFiles({
    ...{ name: "links.csv", mimeType: "text/csv", buffer: Buffer.from(csv) },
  });
  await expect(page.getByRole("combobox", { name: /^Link/ })).toHaveValue("2");
  await page
    .getByRole("combobox", { name: "File name" })
    .selectOption("Bezeichnung");
  await page
    .getByRole("combobox", { name: "Unique identifier" })
    .selectOption("Artikel");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Check every row" }).click();
  await expect(row(page, "Links in the list", "Stuhl.jpg")).toContainText(
    "S-1",
  );
  await sendLinks(page, "Send 2 links");
  await ended(page, "Ended: 2 files done");
});

test("links are read from the sheet of a workbook", async ({
  page,
  origin,
}) => {
  const file = workbookFile(
    {
      Notes: sheetOf([["Not this one"]]),
      Photos: sheetOf([
        ["File", "Link"],
        ["Chair.jpg", `${origin.url}/ok/1`],
        ["Table.jpg", `${origin.url}/ok/2`],
      ]),
    },
    "xlsx",
    { Notes: 1 },
  );
  await page.goto("/media?add=links");
  const input = page.getByLabel("Spreadsheet of links", { exact: true });
  await isTakenOver(input);
  await input.setInputFiles({
    ...{ name: "photos.xlsx", mimeType: "application/octet-stream" },
    buffer: Buffer.from(await file.arrayBuffer()),
  });
  await expect(page.getByRole("combobox", { name: /^Link/ })).toHaveValue("1");
  await page.getByRole("button", { name: "Check every row" }).click();
  await expect(row(page, "Links in the list", "Table.jpg")).toBeVisible();
  await sendLinks(page, "Send 2 links");
  await ended(page, "Ended: 2 files done");
});

test("downloads are watched while they run, and cancelled", async ({
  page,
  origin,
}) => {
  await pasteLinks(page, [
    ["slow.jpg", `${origin.url}/slow/1`, "slow"],
    ["slow-2.jpg", `${origin.url}/slow/2`, "slow-2"],
  ]);
  await sendLinks(page, "Send 2 links");
  await expect(fileRow(page, "slow.jpg").first()).toContainText("Downloading");
  await expect(
    fileRow(page, "slow.jpg").first().getByRole("progressbar"),
  ).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Cancel slow.jpg" }).click();
  await expect(fileRow(page, "slow.jpg").first()).toContainText("Cancelled");
  await page.getByRole("button", { name: "Cancel the rest (1)" }).click();
  await page
    .getByRole("alertdialog")
    .getByRole("button", { name: "Cancel the downloads" })
    .click();
  await ended(page, "Ended: 0 files done");
  origin.release();
  await page.getByRole("button", { name: "Fetch the cancelled (2)" }).click();
  await ended(page, "Ended: 2 files done");
});

test("links that were not sent before a reload are sent after it, each once", async ({
  page,
  origin,
}) => {
  test.slow();
  const lines = Array.from({ length: 120 }, (_, i) => [
    `file-${i}.jpg`,
    `${origin.url}/ok/${i}`,
    "",
  ]);
  // The second batch and those after it do not get through.
  let batches = 0;
  await page.route("**/media?*", (route) => {
    if (route.request().method() !== "POST") return route.continue();
    batches += 1;
    return batches > 1 ? route.abort() : route.continue();
  });
  await pasteLinks(page, lines);
  await sendLinks(page, "Send 120 links");
  await expect(page.getByText("The server does not answer")).toBeVisible();
  await page.unroute("**/media?*");
  await page.reload();
  await ended(page, "Ended: 120 files done");
  await page.goto("/media?as=table");
  await expect(page.getByText("The newest 60 files").first()).toBeVisible();
  await page.getByRole("button", { name: "Load more" }).click();
  await expect(
    page.getByText("120 files", { exact: true }).first(),
  ).toBeVisible();
});

test("an upload is paused, goes on after a reload, and keeps what had arrived", async ({
  page,
}) => {
  test.slow();
  const dir = await mkdtemp(join(tmpdir(), "studio-upload-"));
  const path = join(dir, "film.bin");
  await writeFile(path, Buffer.alloc(20 * 1_024 * 1_024, "studio"));
  const offsets: string[] = [];
  let isHeld = true;
  await page.route("**/api/media-uploads/*", async (route) => {
    const request = route.request();
    const offset = (await request.headerValue("upload-offset")) ?? "";
    if (request.method() !== "PATCH") return route.continue();
    offsets.push(offset);
    // The first chunk arrives; the second stays on its way until the page is left.
    if (offset === "0" || !isHeld) return route.continue();
  });
  const choose = async () => {
    const input = page.getByLabel("Files to upload", { exact: true });
    await isTakenOver(input);
    await input.setInputFiles(path);
  };
  const upload = row(page, "Uploads", "film.bin");

  await page.goto("/media?add=files");
  await expectAccessible(page);
  await choose();
  await page.getByLabel("Unique identifier of film.bin").fill("film");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Upload 1 file" }).click();
  await expect(upload).toContainText("Uploading");
  await expect.poll(() => offsets.at(-1)).toBe("8388608");
  await page.getByRole("button", { name: "Pause film.bin" }).click();
  await expect(upload).toContainText("Paused");
  await expectAccessible(page);

  await page.reload();
  await expect(
    page.getByRole("list", { name: "Interrupted uploads" }),
  ).toContainText("film.bin");
  await expectAccessible(page);
  isHeld = false;
  offsets.length = 0;
  await choose();
  await expect(page.getByLabel("Unique identifier of film.bin")).toHaveValue(
    "film",
  );
  await page.getByRole("button", { name: "Upload 1 file" }).click();
  await expect(upload).toContainText("Done", { timeout: ENDED_MS });
  expect(offsets[0]).toBe("8388608");
  await upload.getByRole("link", { name: "film.bin" }).click();
  await expect(page.getByRole("dialog", { name: "film.bin" })).toContainText(
    "21 MB",
  );
  await page.keyboard.press("Escape");

  // The same identifier once more is refused before anything is sent.
  const other = join(dir, "other.bin");
  await writeFile(other, "other");
  await page
    .getByLabel("Files to upload", { exact: true })
    .setInputFiles(other);
  await page.getByLabel("Unique identifier of other.bin").fill("film");
  await page.getByRole("button", { name: "Upload 1 file" }).click();
  await expect(row(page, "Uploads", "other.bin")).toContainText(
    "The unique identifier film is taken by film.bin.",
  );
  await rm(dir, { recursive: true });
});

test("files are found by name, identifier and type", async ({
  page,
  origin,
}) => {
  await pasteLinks(page, [
    ["armchair.jpg", `${origin.url}/ok/1`, "sofa-4711"],
    ["table.jpg", `${origin.url}/ok/2`, "desk"],
    ["lost.pdf", `${origin.url}/status/410`, "manual"],
  ]);
  await sendLinks(page, "Send 3 links");
  await ended(page, "Ended: 2 files done, 1 failed");
  await page.getByRole("link", { name: "Media" }).first().click();
  const gallery = page.getByRole("list", { name: "Media files" });
  await expect(gallery.getByRole("listitem")).toHaveCount(3);
  await expectAccessible(page);
  const search = page.getByRole("searchbox", { name: "Search" });
  await search.fill("CHAIR");
  await expect(gallery.getByRole("listitem")).toHaveCount(1);
  await expect(gallery).toContainText("armchair.jpg");
  await search.fill("4711");
  await expect(gallery).toContainText("armchair.jpg");
  await search.fill("nothing is called this");
  await expect(page.getByText("No media file matches")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Clear search and filter" }).click();
  await page.getByLabel("Type").selectOption("document");
  await expect(gallery.getByRole("listitem")).toHaveCount(1);
  await expect(gallery).toContainText("lost.pdf");
  await page.getByLabel("Type").selectOption("");
  await page.getByLabel("State").selectOption("completed");
  await expect(gallery.getByRole("listitem")).toHaveCount(2);
  await page.getByRole("button", { name: "Table" }).click();
  await expect(page.getByRole("table", { name: "Media files" })).toBeVisible();
  await expectAccessible(page);
  // The address is the state.
  await page.reload();
  await expect(page.getByLabel("State")).toHaveValue("completed");
  await expect(page.getByRole("row")).toHaveCount(3);
});

test("links go in and a file is opened and closed with the keyboard alone", async ({
  page,
  origin,
}) => {
  await page.goto("/media");
  await expect(page.getByText("No media files yet")).toBeVisible();
  const tabTo = async (name: RegExp) => {
    for (let i = 0; i < 40; i += 1) {
      await page.keyboard.press("Tab");
      const focused = await page.evaluate(() => {
        const element = document.activeElement;
        return `${element?.getAttribute("aria-label") ?? ""} ${element?.textContent ?? ""} ${element?.tagName ?? ""}`;
      });
      if (name.test(focused)) return;
    }
    throw new Error(`The Tab key did not lead to ${String(name)}.`);
  };
  await tabTo(/Add links/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("textbox", { name: "Links" })).toBeVisible();
  await tabTo(/TEXTAREA/);
  await page.keyboard.insertText(`${origin.url}/ok/by-keyboard.jpg`);
  await tabTo(/Check 1 link/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Send 1 link" })).toBeEnabled();
  await tabTo(/Send 1 link/);
  await page.keyboard.press("Enter");
  await ended(page, "Ended: 1 file done");
  await tabTo(/^ by-keyboard\.jpg A$/);
  await page.keyboard.press("Enter");
  const sheet = page.getByRole("dialog", { name: "by-keyboard.jpg" });
  await expect(sheet).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(sheet).toBeHidden();
});

test.describe("as a viewer", () => {
  test.use({ role: "viewer" });

  test("files are seen and nothing can be changed", async ({
    page,
    tenant,
    origin,
    browser,
  }) => {
    const editor = await tenant.createUser("editor");
    const context = await browser.newContext();
    await context.addCookies([{ ...editor.cookie, url: STUDIO_URL }]);
    const theirs = await context.newPage();
    await pasteLinks(theirs, [["chair.jpg", `${origin.url}/ok/1`, "chair"]]);
    await sendLinks(theirs, "Send 1 link");
    await ended(theirs, "Ended: 1 file done");
    const submission = theirs.url();
    await context.close();

    await page.goto("/media");
    await expect(page.getByRole("list", { name: "Media files" })).toContainText(
      "chair.jpg",
    );
    await expect(page.getByRole("link", { name: "Add links" })).toHaveCount(0);
    await expectAccessible(page);
    await page.getByRole("link", { name: /chair\.jpg/ }).click();
    const sheet = page.getByRole("dialog", { name: "chair.jpg" });
    await expect(sheet).toContainText("Public URL");
    await expect(sheet.getByRole("button", { name: "Delete…" })).toHaveCount(0);
    await page.goto(submission);
    await ended(page, "Ended: 1 file done");
    await page.goto("/media?add=links");
    await expect(
      page.getByText("Your role does not open this page"),
    ).toBeVisible();
  });
});
