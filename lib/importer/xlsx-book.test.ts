import * as sheetJs from "@e965/xlsx";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { changePart, workbookFile, sheetOf } from "@/lib/testing/workbook";

import type { DateFormatter } from "./number-text";
import { openWithSheetJs } from "./sheetjs-book";
import { openXlsx } from "./xlsx-book";
import { readZipDirectory } from "./zip-directory";

type Rows = [number, string[]][];

async function readOwn(file: File): Promise<Rows> {
  const zip = await readZipDirectory(file);
  if (!zip) throw new Error("No zip.");
  const formatter = sheetJs.SSF as DateFormatter;
  const book = await openXlsx(zip, () => Promise.resolve(formatter));
  const rows: Rows = [];
  const [sheet] = book.sheets;
  if (!sheet) throw new Error("No sheet.");
  await book.readSheet(sheet, (rowNumber, cells) => {
    rows.push([rowNumber, cells]);
  });
  return rows;
}

async function readWithSheetJs(file: File): Promise<Rows> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const rows: Rows = [];
  openWithSheetJs(sheetJs, bytes).readSheet(0, (rowNumber, cells) => {
    rows.push([rowNumber, cells]);
  });
  return rows;
}

const xmlOf = (rows: string) =>
  `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${rows}</sheetData></worksheet>`;

async function withSheetXml(xml: string): Promise<File> {
  const file = workbookFile({ S: sheetOf([["x"]]) });
  return changePart(file, "xl/worksheets/sheet1.xml", () => xml);
}

const cell = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string({ unit: "grapheme" }),
  fc.constantFrom("007", "a&b<c>", "_x000D_", " two  blanks ", "line\nbreak"),
);

describe("the streaming reader of XLSX", () => {
  test("gives the same rows as SheetJS for generated workbooks", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(cell, { maxLength: 6 }), { maxLength: 12 }),
        async (rows) => {
          const file = workbookFile({ S: sheetOf([["head"], ...rows]) });
          expect(await readOwn(file)).toEqual(await readWithSheetJs(file));
        },
      ),
      { numRuns: 60 },
    );
  });

  test.each<[name: string, rows: string, wanted: Rows]>([
    [
      "cells without a place",
      "<row><c><v>1</v></c><c t='str'><v>a</v></c></row><row><c><v>2</v></c></row>",
      [
        [1, ["1", "a"]],
        [2, ["2"]],
      ],
    ],
    [
      "rich and inline texts without their phonetic parts",
      '<row r="1"><c r="A1" t="inlineStr"><is><r><t>ab</t></r><r><rPr/><t xml:space="preserve"> c</t></r><rPh sb="0" eb="1"><t>X</t></rPh></is></c></row>',
      [[1, ["ab c"]]],
    ],
    [
      "comments, CDATA and entities",
      '<row r="1"><!-- <c r="Z1"><v>9</v></c> --><c r="A1" t="str"><v><![CDATA[a<b&c]]></v></c><c r="B1" t="str"><v>&#65;&amp;&quot;</v></c></row>',
      [[1, ["a<b&c", 'A&"']]],
    ],
    [
      "formulas by their stored result",
      '<row r="2"><c r="B2"><f>1+1</f><v>2</v></c><c r="C2" t="b"><f>A1</f><v>1</v></c><c r="D2" t="e"><v>#DIV/0!</v></c></row>',
      [[2, ["", "2", "TRUE", "\0#DIV/0!"]]],
    ],
    [
      "numbers as their plain digits",
      '<row r="1"><c r="A1"><v>4006381333931</v></c><c r="B1"><v>4.006381333931E12</v></c><c r="C1"><v>0.10000000000000001</v></c><c r="D1"><v>1.50</v></c></row>',
      [[1, ["4006381333931", "4006381333931", "0.1", "1.5"]]],
    ],
    ["nothing", "", []],
  ])("reads %s", async (_, rows, wanted) => {
    expect(await readOwn(await withSheetXml(xmlOf(rows)))).toEqual(wanted);
  });

  test("reads tags with a prefix", async () => {
    const xml =
      '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>5</x:v></x:c></x:row></x:sheetData></x:worksheet>';
    expect(await readOwn(await withSheetXml(xml))).toEqual([[1, ["5"]]]);
  });
});
