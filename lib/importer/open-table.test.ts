import { existsSync, readdirSync, readFileSync } from "node:fs";

import { beforeAll, describe, expect, test } from "vitest";

import type { TableOptions } from "@/lib/domain/import-run";

import type { TablePreview } from "./messages";
import { columnLetters, openTable } from "./open-table";
import { readTable } from "./read-table";

const FOLDER = "../shared/data/hostile/csv";

beforeAll(() => {
  if (!existsSync(FOLDER)) throw new Error(`${FOLDER} is missing.`);
});

type Case = { expect: string; rows?: string[][] };

const open = (content: BlobPart, given: Partial<TableOptions> = {}) =>
  openTable(new Blob([content]), given);

const hostile = (name: string) => open(readFileSync(`${FOLDER}/${name}`));

const cellsOf = ({ firstRows }: TablePreview) =>
  firstRows.map(({ cells }) => cells);

/** What a file may do other than show its rows. */
const TOLD: Record<string, RegExp> = {
  "28-only-bom.csv": /has no text/,
  "54-comma-bomb.csv": /Row 1 has 500,001 columns or more; at most 1,000/,
};
const NOTED: Record<string, RegExp> = {
  "26-ragged-long.csv": /Row 2 has more filled cells than the header/,
  "29-only-header.csv": /a header in row 1 but no rows below it/,
  "37-header-zero-width.csv": /“key\[U\+200B\]”, “na\[U\+00AD\]me”/,
  "62-comment-lines.csv": /header is taken from row 2/,
  "63-header-not-first.csv": /header is taken from row 3/,
};

describe("openTable", () => {
  test("gives every hostile file rows or a sentence, and quickly", async () => {
    const cases = JSON.parse(
      readFileSync(`${FOLDER}/cases.json`, "utf8"),
    ) as Record<string, Case>;
    const files = readdirSync(FOLDER).filter((name) => name.endsWith(".csv"));
    expect(files).toHaveLength(29);

    for (const name of files) {
      const started = performance.now();
      const answer = await hostile(name).catch((error: Error) => error);
      expect({ name, isQuick: performance.now() - started < 2_000 }).toEqual({
        name,
        isQuick: true,
      });
      if (TOLD[name]) {
        expect({
          name,
          answer: answer instanceof Error ? answer.message : "rows",
        }).toEqual({
          name,
          answer: expect.stringMatching(TOLD[name]) as string,
        });
        continue;
      }
      if (answer instanceof Error)
        throw new Error(`${name}: ${answer.message}`);
      const wanted = cases[name]?.rows;
      if (wanted)
        expect({ name, rows: cellsOf(answer) }).toEqual({ name, rows: wanted });
      const isStray = name === "18-text-after-quote.csv";
      expect(answer.quoteProblems > 0).toBe(isStray);
      if (NOTED[name]) expect(answer.notices.join(" ")).toMatch(NOTED[name]);
      else if (wanted)
        expect({ name, notices: answer.notices }).toEqual({
          name,
          notices: [],
        });
    }
  });

  test.each([
    ["01-bom-utf8.csv", "utf-8", true],
    ["04-utf16le-nobom.csv", "utf-16le", true],
    ["06-shift-jis.csv", "windows-1252", false],
    ["07-gb18030.csv", "windows-1252", false],
    ["49-rtl.csv", "utf-8", true],
  ])("takes %s for %s", async (name, encoding, isCertain) => {
    const preview = await hostile(name);
    expect(preview.options.encoding).toBe(encoding);
    expect(preview.isEncodingCertain).toBe(isCertain);
    expect(preview.headers[0]).toBe("key");
  });

  test.each([
    ["08-mixed-encodings.csv", 3],
    ["48-invalid-utf8-overlong.csv", 2],
  ])(
    "names the broken row of %s, which is UTF-8 elsewhere",
    async (name, row) => {
      const preview = await hostile(name);
      expect(preview.options.encoding).toBe("utf-8");
      expect(preview.isEncodingCertain).toBe(false);
      expect(preview.notices[0]).toMatch(
        new RegExp(`^Row ${row} holds bytes that are not UTF-8`),
      );
      const bytes = readFileSync(`${FOLDER}/${name}`);
      const reading = readTable(new Blob([bytes]), preview.options).next();
      await expect(reading).rejects.toThrow(preview.notices[0]);
    },
  );

  test("says that an encoding is not known", async () => {
    await expect(open("a,b\nc,d\n", { encoding: "klingon" })).rejects.toThrow(
      "The encoding klingon is not known here.",
    );
  });

  test("reads a file in the encoding a person chose", async () => {
    const bytes = readFileSync(`${FOLDER}/06-shift-jis.csv`);
    const preview = await open(bytes, { encoding: "shift_jis" });
    expect(cellsOf(preview)[1]).toEqual(["a1", "日本語"]);
    expect(preview.isEncodingCertain).toBe(true);
  });

  test("recognises UTF-16 with and without its mark", async () => {
    const text = "key;name\r\na1;Blåbär\r\n";
    const little = Buffer.from(text, "utf16le");
    const big = Buffer.from(text, "utf16le").swap16();
    for (const [bytes, encoding] of [
      [little, "utf-16le"],
      [big, "utf-16be"],
      [Buffer.concat([Buffer.from([0xff, 0xfe]), little]), "utf-16le"],
      [Buffer.concat([Buffer.from([0xfe, 0xff]), big]), "utf-16be"],
    ] as const) {
      const preview = await open(bytes);
      expect(preview.options).toMatchObject({ encoding, delimiter: ";" });
      expect(cellsOf(preview)).toEqual([
        ["key", "name"],
        ["a1", "Blåbär"],
      ]);
    }
  });

  test.each([
    ["key,name\na,b\n", ","],
    ["key;name\na;b\n", ";"],
    ["key\tname\na\tb\n", "\t"],
    ["key|name\na|b\n", "|"],
    ["sku;price\na;1,50\nb;2,50\nc;3,50\n", ";"],
    ["sku\ttext\na\tone, two\nb\tone, two\n", "\t"],
    ["sep=;\nsku;price\na;1,50\n", ";"],
    ['sku;name\na;"x; y; z, q"\nb;z\n', ";"],
    ["key\na\nb\n", ","],
    ["key;name", ";"],
    ["Report 2026;;\n;;\nkey;name;x\na;b,c;1\n", ";"],
  ])("finds the delimiter of %j", async (text, delimiter) => {
    expect((await open(text)).options.delimiter).toBe(delimiter);
  });

  test.each([
    ["key,name\na,b\n", 1],
    ["# by x\nkey,name\na,b\n", 2],
    ["Report,,\n,,\nkey,name,x\na,b,1\n", 3],
    ["\n\nkey,name\na,b\n", 3],
    ["1,2\n3,4\n", 0],
    ["key\na\nb\n", 1],
    ["key,name,,,\na,b,1,2,3\n", 1],
  ])("finds the header of %j in row %i", async (text, headerRow) => {
    expect((await open(text)).options.headerRow).toBe(headerRow);
  });

  test("takes the header from the row a person chose, or from none", async () => {
    const text = "x,y\nkey,name\na,b\n";
    expect((await open(text, { headerRow: 2 })).headers).toEqual([
      "key",
      "name",
    ]);
    const none = await open(text, { headerRow: 0 });
    expect(none.headers).toEqual(["Column A", "Column B"]);
    expect(none.notices[0]).toContain("no header");
  });

  test("names blank and repeated headers, and leaves out an empty last column", async () => {
    const preview = await open("key,,name,name,\na,1,2,3,\n");
    expect(preview.headers).toEqual(["key", "Column B", "name", "name"]);
    expect(preview.notices).toEqual([
      expect.stringContaining("No name in the header for column B."),
      expect.stringContaining("The header repeats “name”."),
    ]);
  });

  test("names the first row that is too short, but no empty one", async () => {
    const { notices } = await open("key,name,color\na,1,2\n\nb,1\nc\n");
    expect(notices).toEqual([
      expect.stringContaining("Row 4 has fewer cells than the table"),
    ]);
  });

  test("keeps a nameless last column that has cells", async () => {
    expect((await open("key,name,\na,b,c\n")).headers).toEqual([
      "key",
      "name",
      "Column C",
    ]);
  });

  test.each([
    ["an empty file", "", "The file is empty."],
    ["only blanks", " \n\n ", "The file has no text"],
    ["a workbook", "PK\u0003\u0004xxxx", "This is a workbook"],
    ["a PDF", "%PDF-1.7 ", "This is a PDF"],
    ["binary data", "\u0001\u0002\u0003abc\u0000\u0000", "holds binary data"],
  ])("says of %s what it is", async (_what, text, sentence) => {
    await expect(open(text)).rejects.toThrow(sentence);
  });

  test("says what is wrong with 2,000 columns, and takes 1,000", async () => {
    const table = (columns: number) => {
      const names = Array.from({ length: columns }, (_, i) => `c${i}`).join(
        ",",
      );
      return `${names}\n${names}\n`;
    };
    await expect(open(table(2_000))).rejects.toThrow(
      "Row 1 has 2,000 columns or more; at most 1,000 can be imported.",
    );
    expect((await open(table(1_000))).headers).toHaveLength(1_000);
  });

  test("shows the beginning of a cell of 1.2 MB", async () => {
    const preview = await open(`key,text\na,${"x".repeat(1_200_000)}\nb,y\n`);
    expect(preview.headers).toEqual(["key", "text"]);
    expect(preview.firstRows[1]?.cells[1]).toHaveLength(501);
  });

  test("does not take one NUL in a text for UTF-16 or binary data", async () => {
    const preview = await open(
      `key,name\n${"a,some text\n".repeat(50)}b,x\0y\n`,
    );
    expect(preview.options.encoding).toBe("utf-8");
  });
});

test("columnLetters counts as spreadsheets do", () => {
  expect([0, 25, 26, 701, 702].map(columnLetters)).toEqual([
    "A",
    "Z",
    "AA",
    "ZZ",
    "AAA",
  ]);
});
