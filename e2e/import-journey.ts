import { expect, type Page } from "@playwright/test";

type MadeFile = { name: string; mimeType: string; buffer: Buffer };
type TestFile = string | MadeFile | MadeFile[];

/** Opens the import page of a source and hands it a file. */
export async function dropFile(
  page: Page,
  sourceId: string,
  file: TestFile,
): Promise<void> {
  await page.goto(`/sources/${sourceId}/import`);
  await giveFile(page, file);
  await expect(page.getByRole("heading", { name: "First rows" })).toBeVisible();
}

/** Hands a file to the drop zone of the page that is open. */
export async function giveFile(page: Page, file: TestFile): Promise<void> {
  const input = page.getByLabel("Spreadsheet", { exact: true });
  // A file given before React has taken the page over is given to nobody.
  await expect
    .poll(() =>
      input.evaluate((element) =>
        Object.keys(element).some((name) => name.startsWith("__reactProps")),
      ),
    )
    .toBe(true);
  await input.setInputFiles(file);
}

export async function openColumns(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Map the columns" }).click();
}

/** Sets what a column is used for, by its header. */
export async function useColumn(
  page: Page,
  header: string,
  use: string,
): Promise<void> {
  await page
    .getByRole("combobox", { name: `Use of ${header}`, exact: true })
    .selectOption(use);
}

/** Checks every row, sends, and waits for the sentence that says what happened. */
export async function checkAndSend(page: Page, result: string): Promise<void> {
  await page.getByRole("button", { name: "Check every row" }).click();
  await page.getByRole("button", { name: /^Import [\d,]+ entr/ }).click();
  await expect(page.getByText(result, { exact: true })).toBeVisible({
    timeout: 45_000,
  });
}

/** A file of as many rows as wanted: key, name, and a text that gives it size. */
export function largeFile(rows: number): {
  name: string;
  mimeType: string;
  buffer: Buffer;
} {
  const lines = ["sku,name,description"];
  for (let i = 1; i <= rows; i += 1) {
    lines.push(`K-${i},Name ${i},${"lorem ipsum ".repeat(20)}${i}`);
  }
  return {
    name: "large.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(lines.join("\n")),
  };
}
