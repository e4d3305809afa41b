import * as sheetJs from "@e965/xlsx";
import { describe, expect, test } from "vitest";

import type { TableOptions } from "@/lib/domain/import-run";
import { placeOfRow, placesOfRange } from "@/lib/domain/table-parts";
import { readSharedBytes, readSharedData } from "@/lib/testing/shared-data";
import {
  changePart,
  setCell,
  sheetOf,
  workbookFile,
  zipFile,
  type BookKind,
} from "@/lib/testing/workbook";

import { readTable } from "./read-table";
import { openInput } from "./table-input";

const TOOLS = {
  loadSheetJs: () => import("@e965/xlsx"),
  onAlive: () => undefined,
};

async function open(
  files: File | readonly File[],
  given: Partial<TableOptions> = {},
) {
  const list = files instanceof File ? [files] : files;
  const input = await openInput(list, given, TOOLS);
  const rows: string[][] = [];
  for await (const chunk of readTable(input.table, input.preview.options)) {
    rows.push(...chunk.rows);
  }
  return { ...input, rows, notices: input.preview.notices.join("\n") };
}

/** The traps of parsing.md 4.3, as one sheet. */
function trickySheet(): sheetJs.WorkSheet {
  const sheet = sheetOf([
    ["sku", "ean", "zeros", "date", "when", "flag", "long", "text", "sum"],
    ["A-1", 4006381333931, 7, 45413, 45413.5, true, 1, "007", 5],
    [],
    ["A-3", 0.1, 123456, 45414, 45414.25, false, 2, "1e5", 6],
  ]);
  for (const cell of ["C2", "C4"]) setCell(sheet, cell, { z: "00000" });
  for (const cell of ["D2", "D4"]) setCell(sheet, cell, { z: "dd.mm.yyyy" });
  for (const cell of ["E2", "E4"])
    setCell(sheet, cell, { z: "yyyy-mm-dd hh:mm" });
  setCell(sheet, "I2", { f: "2+3" });
  setCell(sheet, "G2", { v: 12345678901234567000 });
  setCell(sheet, "G4", { t: "e", v: 0x2a });
  return sheet;
}

describe("one workbook", () => {
  test.each<BookKind>(["xlsx", "xlsm", "xlsb", "xls", "ods"])(
    "an %s gives digits, zeros, dates and truths as the sheet shows them",
    async (kind) => {
      const { rows, notices, preview } = await open(
        workbookFile({ Products: trickySheet() }, kind),
      );
      const isOds = kind === "ods";
      // SheetJS writes dates with such formats wrongly into an ODS.
      const dateText = (text: string) =>
        isOds ? (expect.any(String) as string) : text;
      expect(rows).toEqual([
        ["sku", "ean", "zeros", "date", "when", "flag", "long", "text", "sum"],
        [
          ...["A-1", "4006381333931", "00007"],
          dateText("01.05.2024"),
          dateText("2024-05-01 12:00"),
          ...["TRUE", "12345678901234567000", "007", "5"],
        ],
        [""],
        [
          ...["A-3", "0.1", "123456"],
          dateText("02.05.2024"),
          dateText("2024-05-02 06:00"),
          // SheetJS writes no errors into an ODS.
          ...["FALSE", isOds ? "" : "\0#N/A", "1e5", "6"],
        ],
      ]);
      expect(notices).toMatch(/“long” has a number of 16 digits/);
      expect(preview.options.headerRow).toBe(1);
      if (isOds) return;
      expect(notices).toMatch(/One cell holds an error such as #N\/A/);
      expect(preview.firstRows[3]?.cells[6]).toBe("#N/A");
    },
  );

  test("shows the dates of an ODS as their format does", async () => {
    const sheet = sheetOf([
      ["sku", "day"],
      ["A", 45413],
    ]);
    setCell(sheet, "B2", { z: "dd/mm/yyyy" });
    // LibreOffice leaves this out; SheetJS reads it as true.
    const file = await changePart(
      workbookFile({ S: sheet }, "ods"),
      "content.xml",
      (xml) => xml.replaceAll(' number:textual="false"', ""),
    );
    expect((await open(file)).rows[1]).toEqual(["A", "01/05/2024"]);
  });

  test("tells of the formulas of an ODS that have no result", async () => {
    const rows = [
      ["sku", "sum"],
      ["A", 1],
      ["B", 2],
      ["C", 3],
    ];
    const file = await changePart(
      workbookFile({ None: sheetOf(rows), Some: sheetOf(rows) }, "ods"),
      "content.xml",
      (xml) => {
        const cell = (n: number) =>
          new RegExp(
            `<table:table-cell[^>]*office:value="${n}".*?</table:table-cell>`,
            "g",
          );
        const formula = 'table:formula="of:=[.B2]+1"';
        let sheet = 0;
        return xml
          .replace(cell(2), (found) =>
            ++sheet === 2 ? `<table:table-cell ${formula}/>` : found,
          )
          .replace(cell(3), (found) =>
            found.replace("<table:table-cell", `<table:table-cell ${formula}`),
          );
      },
    );
    const parts = (sheet: string) => ({ parts: [{ file: "book.ods", sheet }] });
    expect((await open(file, parts("None"))).notices).not.toMatch(/formula/);
    const some = await open(file, parts("Some"));
    expect(some.notices).toMatch(
      /One formula has no result stored in the file \(first in row 3, column “sum”\)/,
    );
    expect(some.rows[2]).toEqual(["B", ""]);
  });

  test("writes dates of the computer's own format the ISO way", async () => {
    const sheet = sheetOf([
      ["sku", "day", "moment"],
      ["A", 45413, 45413.5],
    ]);
    setCell(sheet, "B2", { z: "m/d/yy" });
    setCell(sheet, "C2", { z: "m/d/yy h:mm" });
    expect((await open(workbookFile({ S: sheet }))).rows[1]).toEqual([
      "A",
      "2024-05-01",
      "2024-05-01 12:00:00",
    ]);
  });

  test("counts from 1904 where the workbook does", async () => {
    const sheet = sheetOf([
      ["sku", "day"],
      ["A", 0],
    ]);
    setCell(sheet, "B2", { t: "n", v: 43951, z: "yyyy-mm-dd" });
    const workbook = sheetJs.utils.book_new(sheet, "S");
    workbook.Workbook = { WBProps: { date1904: true } };
    for (const bookType of ["xlsx", "biff8"] as const) {
      const bytes = sheetJs.write(workbook, {
        bookType,
        type: "array",
      }) as ArrayBuffer;
      const { rows } = await open(new File([bytes], "mac.xlsx"));
      const read = sheetJs.read(bytes, { cellNF: true, cellText: true });
      expect(rows[1]?.[1]).toBe((read.Sheets.S?.B2 as { w: string }).w);
    }
  });

  test("reads every cell of a real export as SheetJS does", async () => {
    const bytes = readSharedBytes("unopim-1k-products.xlsx");
    const { rows } = await open(new File([new Uint8Array(bytes)], "1k.xlsx"));
    const sheet = sheetJs.read(bytes, { dense: true }).Sheets.Worksheet;
    const wanted = (sheet?.["!data"] ?? []).map((row) =>
      Array.from({ length: 17 }, (_, column) => String(row[column]?.v ?? "")),
    );
    expect(rows).toHaveLength(1_001);
    expect(rows).toEqual(wanted);
  });

  test("fills merged header cells to the right, and warns of merged cells below", async () => {
    const sheet = sheetOf([
      ["sku", "name", null, "size"],
      ["A", "Chair", "Stol", 1],
      ["B", "Table", "Bord", 2],
    ]);
    sheet["!merges"] = [
      sheetJs.utils.decode_range("B1:C1"),
      sheetJs.utils.decode_range("A2:A3"),
    ];
    const { preview, notices } = await open(workbookFile({ S: sheet }));
    expect(preview.headers).toEqual(["sku", "name", "name", "size"]);
    expect(notices).toMatch(/Cells are merged below the header \(A2:A3\)/);
  });

  test("keeps the row numbers of the sheet, blank rows and all", async () => {
    const sheet = sheetOf([["Export of today"], [], ["sku", "name"]]);
    sheetJs.utils.sheet_add_aoa(sheet, [["A", "Chair"]], { origin: "A200" });
    const { rows, preview } = await open(workbookFile({ S: sheet }));
    expect(preview.options.headerRow).toBe(3);
    expect(rows[199]).toEqual(["A", "Chair"]);
    expect(rows).toHaveLength(200);
  });

  test("takes the first visible sheet with cells, and says which are hidden", async () => {
    const file = workbookFile(
      {
        Secret: sheetOf([["sku"], ["S"]]),
        Deep: sheetOf([["sku"], ["D"]]),
        Empty: sheetOf([]),
        Products: sheetOf([["sku"], ["P"]]),
      },
      "xlsx",
      { Secret: 1, Deep: 2 },
    );
    const { preview, rows } = await open(file);
    expect(rows[1]).toEqual(["P"]);
    expect(
      preview.sheets?.map(({ sheet, visibility, rows, isChosen }) => [
        ...[sheet, visibility, rows, isChosen],
      ]),
    ).toEqual([
      ["Secret", "hidden", 2, false],
      ["Deep", "very hidden", 2, false],
      ["Empty", "visible", 0, false],
      ["Products", "visible", 2, true],
    ]);
    const again = await open(file, {
      parts: [{ file: "book.xlsx", sheet: "Secret" }],
    });
    expect(again.rows[1]).toEqual(["S"]);
  });

  test("says what a web page or XML is that is called a workbook", async () => {
    const page = new File(["<html><table><tr><td>sku"], "export.xls");
    await expect(open(page)).rejects.toThrow(/a web page, not a spreadsheet/);
    const xml = new File(['<?xml version="1.0"?><Workbook/>'], "export.xls");
    await expect(open(xml)).rejects.toThrow(/This is XML/);
  });

  test("warns of formulas without a stored result", async () => {
    const sheet = sheetOf([
      ["sku", "sum"],
      ["A", 1],
    ]);
    const file = workbookFile({ S: sheet });
    // As a program writes it that does not calculate.
    const raw = await changePart(file, "xl/worksheets/sheet1.xml", (xml) =>
      xml.replace("<v>1</v>", "<f>1+1</f>"),
    );
    const { notices, rows } = await open(raw);
    expect(rows[1]).toEqual(["A", ""]);
    expect(notices).toMatch(/One formula has no result stored in the file/);
  });
});

describe("several parts as one table", () => {
  const one = new File(["sku,name\nA,Chair\n\nB,Table\n"], "b10.csv");
  const two = new File(["name;sku;price\nLamp;C;7\n"], "b2.csv");

  test("joins files by the names of their columns, in the order of their names", async () => {
    const { rows, preview } = await open([one, two]);
    expect(rows).toEqual([
      ["name", "sku", "price", "File"],
      ["Lamp", "C", "7", "b2.csv"],
      ["Chair", "A", "", "b10.csv"],
      [""],
      ["Table", "B", "", "b10.csv"],
    ]);
    const { parts } = preview.options;
    expect(placeOfRow(parts, 2)).toEqual({ label: "b2.csv", row: 2 });
    expect(placeOfRow(parts, 5)).toEqual({ label: "b10.csv", row: 4 });
    expect(placesOfRange(parts, [2, 3])).toEqual([
      { label: "b2.csv", from: 2, to: 2 },
      { label: "b10.csv", from: 2, to: 2 },
    ]);
  });

  test("makes the same table and the same identity in whatever order files are dropped", async () => {
    const first = await open([one, two]);
    const second = await open([two, one], first.preview.options);
    expect(second.rows).toEqual(first.rows);
    expect(second.preview.options).toEqual(first.preview.options);
    expect(await second.hash?.()).toBe(await first.hash?.());
    const other = await open([two, new File(["sku\nX\n"], "b10.csv")]);
    expect(await other.hash?.()).not.toBe(await first.hash?.());
  });

  test("reads the sheets of a renamed workbook as they were read before", async () => {
    const rows = [["sku"], ["A"], ["code"], ["B"]];
    const file = workbookFile({ One: sheetOf(rows), Two: sheetOf(rows) });
    const parts = ["One", "Two"].map((sheet) => ({
      ...{ file: "book.xlsx", sheet, headerRow: 3 },
    }));
    const before = await open(file, { parts });
    expect(before.rows).toEqual([
      ["code", "Sheet"],
      ["B", "One"],
      ["B", "Two"],
    ]);
    const renamed = new File([file], "book (1).xlsx");
    const after = await open(renamed, before.preview.options);
    expect(after.rows).toEqual(before.rows);
    expect(await after.hash?.()).toBe(await before.hash?.());
  });

  test("joins chosen sheets, and keeps cells beyond the header beyond it", async () => {
    const file = workbookFile({
      Chairs: sheetOf([
        ["sku", "name"],
        ["A", "Chair"],
      ]),
      Lamps: sheetOf([["Lamps"], [], ["name", "sku"], ["Lamp", "B", "?"]]),
    });
    const parts = ["Chairs", "Lamps"].map((sheet) => ({
      ...{ file: "book.xlsx", sheet },
      headerRow: sheet === "Lamps" ? 3 : undefined,
    }));
    const { rows, preview } = await open(file, { parts });
    expect(rows[0]?.slice(0, 2)).toEqual(["sku", "name"]);
    expect(rows[2]?.slice(0, 2)).toEqual(["B", "Lamp"]);
    expect(rows[2]).toContain("?");
    expect(preview.headers.at(-1)).toBe("Sheet");
    expect(placeOfRow(preview.options.parts, 3)).toEqual({
      label: "Lamps",
      row: 4,
    });
  });

  test("reads a zip of tables, and leaves out what is none", async () => {
    const file = zipFile({
      "data/a.csv": "sku,name\nA,Chair\n",
      "data/b.tsv": "sku\tname\nB\tTable\n",
      "readme.md": "Hello",
      "__MACOSX/._a.csv": "x",
    });
    const { rows, notices } = await open(file);
    expect(rows).toEqual([
      ["sku", "name", "File"],
      ["A", "Chair", "data/a.csv"],
      ["B", "Table", "data/b.tsv"],
    ]);
    expect(notices).toMatch(/One file in the zip is no table/);
  });

  test("reads the one CSV of a zip as it is", async () => {
    const text = readSharedData("shopware-article-translations.csv");
    const { preview, rows } = await open(zipFile({ "x.csv": text }));
    expect(preview.options.delimiter).toBe(";");
    expect(rows).toHaveLength(104);
  });

  test("says so when a zip holds no table", async () => {
    await expect(open(zipFile({ "a.png": "x" }))).rejects.toThrow(/no table/);
  });

  test("reads a file that proves late not to be UTF-8 as Windows-1252", async () => {
    const late = new File(
      [
        "sku,name\n",
        "A,Chair\n".repeat(100_000),
        new Uint8Array([0x42, 0x2c, 0xe5, 0x0a]),
      ],
      "late.csv",
    );
    const { rows, notices } = await open([late, two]);
    expect(rows.at(-1)?.slice(0, 2)).toContain("å");
    expect(notices).toMatch(/late.csv begins like UTF-8 but is not/);
  });
});
