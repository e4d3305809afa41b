import { readFileSync } from "node:fs";

import type { Page } from "@playwright/test";

import { expect, test } from "./fixtures";
import { dropFile, giveFile, openColumns } from "./import-journey";
import { sampleFile } from "./read-table";

// Some journeys try a dozen files, one after the other.
test.describe.configure({ timeout: 180_000 });

type TestFile = { name: string; mimeType: string; buffer: Buffer };
type Case = [what: string, file: TestFile, sentence: RegExp];

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

const REFUSED: Case[] = [
  ["an empty file", csv(""), /The file is empty\. Drop a file with a header/],
  ["only a byte order mark", csv(BOM), /The file has no text, only blanks or/],
  ["only blank lines", csv("\n \n\n"), /The file has no text, only blanks or/],
  ["only delimiters", csv(",,\n,,\n"), /only empty cells where its table/],
  [
    "a picture named .csv",
    csv(Buffer.from("89504e470d0a1a0a0000000d49484452", "hex")),
    /This is a picture, not a CSV file\. Drop a table saved as CSV/,
  ],
  ["bytes that are no text", csv(noise(4_096)), /binary data, not text/],
  [
    "a workbook that was cut off",
    { ...csv("PK\u0003\u0004 and more"), name: "products.xlsx" },
    /a workbook or another zip file whose end is missing.*save it again/,
  ],
  [
    "2,000 columns",
    csv(`${wideRow(2_000)}\n${wideRow(2_000)}\n`),
    /Row 1 has 2,000 columns or more; at most 1,000 can be imported/,
  ],
  [
    "half a million columns",
    hostile("54-comma-bomb.csv"),
    /Row 1 has 500,001 columns or more; at most 1,000 can be imported/,
  ],
];

const TOLD_AT_ONCE: Case[] = [
  [
    "only a header",
    csv("sku,name\n"),
    /a header in row 1 but no rows below it, so there is nothing to import/,
  ],
  [
    "repeated headers",
    csv("sku,name,name\nA,1,2\n"),
    /The header repeats “name”.*give each its own property id or language/,
  ],
  [
    "a blank header",
    csv("sku,,name\nA,1,2\n"),
    /No name in the header for column B\. Give each a property id, or ignore/,
  ],
  [
    "a row that is too short",
    csv("sku,name,color\nA,1,2\nB,1\n"),
    /Row 3 has fewer cells than the table has columns.*counts as empty/,
  ],
  [
    "a row that is too long",
    hostile("26-ragged-long.csv"),
    /Row 2 has more filled cells than the header has names; such rows are rejected/,
  ],
  [
    "stray quotes",
    hostile("18-text-after-quote.csv"),
    /2 quotes \("\) in the first rows do not open or close a cell properly/,
  ],
  [
    "invisible characters in the header",
    hostile("37-header-zero-width.csv"),
    /Invisible characters in the header: “key\[U\+200B\]”/,
  ],
  [
    "a comment before the header",
    hostile("62-comment-lines.csv"),
    /The header is taken from row 2; the rows above it are left out/,
  ],
  [
    "a title before the header",
    hostile("63-header-not-first.csv"),
    /The header is taken from row 3; the rows above it are left out/,
  ],
  [
    "numbers where the header should be",
    csv("1,2\n3,4\n"),
    /The file seems to have no header, so the columns are named by their letters/,
  ],
  [
    "a row that is not UTF-8",
    hostile("08-mixed-encodings.csv"),
    /Row 3 holds bytes that are not UTF-8, though the rest of the file is/,
  ],
  [
    "Windows-1252",
    csv(Buffer.from("sku;name\nA;Blåbärsgelé\n", "latin1")),
    /A guess: look at letters such as å, é or ß below/,
  ],
];

const TOLD_BY_THE_CHECK: Case[] = [
  [
    "a file with nothing below its header",
    hostile("29-only-header.csv"),
    /There is nothing to send.*The file has no row below its header/,
  ],
  [
    "a cell of 1.2 MB",
    csv(`sku,name\nA,${"x".repeat(1_200_000)}\nB,ok\n`),
    /Column “name”: a cell may hold at most 1,000,000 characters\. Shorten.*row 2/,
  ],
  [
    "repeated keys",
    csv("sku,name\nA,1\nA,2\nB,3\n"),
    /1 row repeats the key of an earlier row \(1 key\).*Merge them into one entry/,
  ],
  [
    "an empty key",
    csv("sku,name\nA,1\n,2\n"),
    /Column “sku”: the key is empty.*Fill in the cell, or delete the row.*row 3/,
  ],
  [
    "a key of blanks",
    csv('sku,name\nA,1\n"  ",2\n'),
    /Column “sku”: a key may hold only .*Correct the cell.*row 3/,
  ],
  [
    "rows that are too long",
    csv("sku,name\nA,1\nB,2,3\nC,4,5\nD,6\nE,7\n"),
    /more filled cells than the table has columns\. Check its delimiters.*rows 3-4/,
  ],
  [
    "rows that are too short",
    csv("sku,name,color\nA,1\nB,1,2\nC\n"),
    /2 rows, the first of them row 2, have fewer cells.*counts as empty/,
  ],
  [
    "quotes that are not closed",
    csv('sku,name\nA,"1\nB,2\n'),
    /A quote \("\) in the file does not open or close a cell properly/,
  ],
  [
    "an end that is not UTF-8",
    csv(
      Buffer.concat([
        Buffer.from("sku,name\n" + "A,plain text\n".repeat(50_000)),
        Buffer.from("B,Blåbär\n", "latin1"),
      ]),
    ),
    /begins like UTF-8 but is not, so it was read as Windows-1252/,
  ],
  [
    "overlong UTF-8",
    hostile("48-invalid-utf8-overlong.csv"),
    /Row 2 holds bytes that are not UTF-8.*choose another encoding/,
  ],
  [
    "old line ends among new ones",
    csv("sku,name\r\nA,1\nB,2\rC,3\n"),
    /more filled cells than the table has columns.*row 3/,
  ],
];

/** Odd, and read as it was meant: the first entity says so. */
const UNDERSTOOD: Case[] = [
  [
    "semicolons and decimal commas",
    csv("sku;price;name\nA;1,5;Stol\nB;2,5;Bord\n"),
    /price 1,5/,
  ],
  [
    "UTF-16 with its mark",
    csv(Buffer.from("\uFEFFsku;name\r\nA;Blåbärsgelé\r\n", "utf16le")),
    /name Blåbärsgelé/,
  ],
  ["UTF-16 without it", hostile("04-utf16le-nobom.csv"), /name Alpha/],
  [
    "Windows-1252",
    csv(Buffer.from("sku;name\nA;Blåbärsgelé\n", "latin1")),
    /name Blåbärsgelé/,
  ],
  ["mixed line ends", csv("sku,name\r\nA,Ek\nB,2\r\nC,3\n"), /name Ek/],
  ["old Mac line ends", csv("sku,name\rA,Ek\rB,2\r"), /name Ek/],
  ["leading zeros", hostile("39-leading-zeros.csv"), /ean 00012345678905/],
  ["a byte order mark", hostile("01-bom-utf8.csv"), /name Alpha/],
  ["pipes", hostile("22-pipe.csv"), /name Alpha/],
  [
    "names that are no ids",
    hostile("36-header-illegal.csv"),
    /na_me 1.*pris 2/,
  ],
  [
    "names that differ in case",
    hostile("33-header-case-dup.csv"),
    /Name Alpha.*name Alfa/,
  ],
  ["100,000 digits", hostile("55-redos-number.csv"), /v 9{100}/],
  ["200,000 blanks", hostile("56-redos-space.csv"), /What will be sent/],
];

test("a file that is no table is refused with its own sentence, and the next one can be dropped", async ({
  page,
  source,
}) => {
  await page.goto(`/sources/${source.id}/import`);
  for (const [what, file, sentence] of REFUSED) {
    await test.step(what, async () => {
      await giveFile(page, file);
      const refusal = page.getByRole("alert").filter({ hasText: sentence });
      await expect(refusal).toContainText(`${file.name} could not be read`);
    });
  }
  await importsAsUsual(page);
});

test("what is odd about a table is said when it is opened", async ({
  page,
  source,
}) => {
  await page.goto(`/sources/${source.id}/import`);
  for (const [what, file, sentence] of TOLD_AT_ONCE) {
    await test.step(what, async () => {
      await giveFile(page, file);
      await expect(main(page)).toContainText(sentence);
      await page.getByRole("button", { name: "Choose another file" }).click();
    });
  }
  await importsAsUsual(page);
});

test("what only the whole file shows is said by the check", async ({
  page,
  source,
}) => {
  await page.goto(`/sources/${source.id}/import`);
  for (const [what, file, sentence] of TOLD_BY_THE_CHECK) {
    await test.step(what, async () => {
      await check(page, file);
      await expect(main(page)).toContainText(sentence);
      await chooseAnother(page);
    });
  }
  await importsAsUsual(page);
});

test("stray quotes become ordinary text on request, on the first step and on the check", async ({
  page,
  source,
}) => {
  const use = page.getByRole("button", {
    name: "Read quotes as ordinary text",
  });
  const inches = (name: string, before: string) => ({
    ...{ name, mimeType: "text/csv" },
    buffer: Buffer.from(
      `sku,name\n${before}A-1,"12" screen\nA-2,"13" screen\nA-3,plain\n`,
    ),
  });
  await dropFile(page, source.id, inches("seen-at-once.csv", ""));
  await use.click();
  await expect(use).toBeHidden();
  await expect(page.getByRole("cell", { name: '"12" screen' })).toBeVisible();
  await page.getByRole("button", { name: "Choose another file" }).click();

  const rows = Array.from(
    { length: 12_000 },
    (_, n) => `K-${n},${"a name of some length ".repeat(3)}${n}\n`,
  );
  await dropFile(page, source.id, inches("seen-late.csv", rows.join("")));
  await expect(use).toBeHidden();
  await openColumns(page);
  await page.getByRole("button", { name: "Check every row" }).click();
  await use.click();
  // Read anew, the rows are looked at again before they are checked again.
  await openColumns(page);
  await page.getByRole("button", { name: "Check every row" }).click();
  await expect(
    page.getByRole("button", { name: "Import 12,003 entries" }),
  ).toBeVisible();
});

test("odd tables are read as they were meant", async ({ page, source }) => {
  await page.goto(`/sources/${source.id}/import`);
  for (const [what, file, entity] of UNDERSTOOD) {
    await test.step(what, async () => {
      await check(page, file);
      await expect(
        page.getByRole("heading", { name: "What will be sent" }),
      ).toBeVisible();
      // `innerText` has a tab between the cells of a table.
      const text = (await main(page).innerText()).replaceAll(/\s+/g, " ");
      expect(text).toMatch(entity);
      await chooseAnother(page);
    });
  }
});

test("500 rejected rows are downloaded, corrected and imported", async ({
  page,
  source,
  stored,
}) => {
  const rows = Array.from({ length: 1_000 }, (_, i) =>
    i % 2 === 0 ? `K-${i},Stol ${i}` : `K.${i},"Bord, ""runt"" ${i}"`,
  );
  await page.goto(`/sources/${source.id}/import`);
  await check(page, csv(["sku,name", ...rows].join("\n")));
  await expect(main(page)).toContainText("500 rows rejected, by 1 rule");

  const started = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download rejected rows" }).click();
  const rejected = readFileSync(await (await started).path(), "utf8");
  expect(rejected.split("\r\n")).toHaveLength(502);
  expect(rejected).toMatch(/^\uFEFFsku,name,status,reason\r\nK\.1,/);

  // As it is, all of it is rejected again, for the same reason.
  await chooseAnother(page);
  await check(page, { ...csv(rejected), name: "again.csv" });
  await expect(main(page)).toContainText("500 rows rejected, by 1 rule");

  await chooseAnother(page);
  await check(page, csv(rejected.replaceAll("\nK.", "\nK-")));
  await page.getByRole("button", { name: "Import 500 entries" }).click();
  await expect(
    page.getByText("500 entries imported", { exact: true }),
  ).toBeVisible();
  const entries = await stored.entries(source.id);
  expect(entries).toHaveLength(500);
  // Neither the status nor the reason became a property.
  expect(entries.find(({ key }) => key === "K-1")?.properties).toEqual({
    "name:": 'Bord, "runt" 1',
  });
});

function csv(content: string | Buffer): TestFile {
  const buffer = typeof content === "string" ? Buffer.from(content) : content;
  return { name: "table.csv", mimeType: "text/csv", buffer };
}

function hostile(name: string): TestFile {
  return { ...csv(readFileSync(sampleFile(`hostile/csv/${name}`))), name };
}

function wideRow(columns: number): string {
  return Array.from({ length: columns }, (_, i) => `c${i}`).join(",");
}

/** Bytes without a pattern, a quarter of them control characters. */
function noise(bytes: number): Buffer {
  return Buffer.from(
    Array.from({ length: bytes }, (_, i) => (i * 7_919 + i * i * 31) % 128),
  );
}

const main = (page: Page) => page.getByRole("main");

async function check(page: Page, file: TestFile): Promise<void> {
  await giveFile(page, file);
  await openColumns(page);
  await page.getByRole("button", { name: "Check every row" }).click();
}

async function chooseAnother(page: Page): Promise<void> {
  await page
    .getByRole("navigation", { name: "Steps of the import" })
    .getByRole("button", { name: "File" })
    .click();
  await page.getByRole("button", { name: "Choose another file" }).click();
}

/** After all that the page still does its work. */
async function importsAsUsual(page: Page): Promise<void> {
  await check(page, csv("sku,name\nA,Alpha\n"));
  await page.getByRole("button", { name: "Import 1 entry" }).click();
  await expect(
    page.getByText("1 entry imported", { exact: true }),
  ).toBeVisible();
}
