import type { CellObject, Sheet2JSONOpts, WorkBook } from "@e965/xlsx";

import { AppError } from "@/lib/domain/errors";
import { CELL_ERROR_MARK } from "@/lib/domain/row-issue";
import { FILE_REFUSALS } from "@/lib/wording/file-refusals";

import {
  isRounded,
  numberStyle,
  numberText,
  PLAIN,
  type DateFormatter,
  type NumberStyle,
} from "./number-text";
import {
  countFound,
  countRounded,
  newFacts,
  type Found,
  type OnSheetRow,
  type SheetFacts,
} from "./sheet-rows";
import type { SheetVisibility } from "./xlsx-book";
import { damaged } from "./zip-directory";

export type SheetJs = typeof import("@e965/xlsx");

export type SheetJsBook = {
  sheets: { name: string; visibility: SheetVisibility }[];
  readSheet: (index: number, onRow: OnSheetRow) => SheetFacts;
};

const ERRORS = new Map<unknown, string>([
  [0x00, "#NULL!"],
  [0x07, "#DIV/0!"],
  [0x0f, "#VALUE!"],
  [0x17, "#REF!"],
  [0x1d, "#NAME?"],
  [0x24, "#NUM!"],
  [0x2a, "#N/A"],
  [0x2b, "#GETTING_DATA"],
]);

const VISIBILITIES: SheetVisibility[] = ["visible", "hidden", "very hidden"];

/**
 * Opens any workbook that SheetJS knows, all at once and in memory: for kinds
 * that have no reader of our own. The cells are walked one by one, by their
 * value and never by the text that a format makes of it (parsing.md 4.3).
 * `unknownFormulas` are those without a result, by sheet, as SheetJS leaves them out.
 *
 * @throws {AppError} `unprocessable`: protected by a password, or damaged.
 */
export function openWithSheetJs(
  sheetJs: SheetJs,
  bytes: Uint8Array,
  unknownFormulas?: readonly Found[],
): SheetJsBook {
  const book = readBook(sheetJs, bytes);
  const properties = book.Workbook?.Sheets ?? [];
  const names = book.SheetNames.filter((name, index) => {
    const type = (book.Sheets[name] as { "!type"?: string } | undefined)?.[
      "!type"
    ];
    return type !== "chart" && index < 10_000;
  });
  return {
    sheets: names.map((name) => ({
      name,
      visibility:
        VISIBILITIES[properties[book.SheetNames.indexOf(name)]?.Hidden ?? 0] ??
        "visible",
    })),
    readSheet: (index, onRow) => {
      const name = names[index] ?? "";
      const facts = walkSheet(sheetJs, book, name, onRow);
      const unknown = unknownFormulas?.[book.SheetNames.indexOf(name)];
      return unknown ? { ...facts, unknownFormulas: unknown } : facts;
    },
  };
}

function readBook(sheetJs: SheetJs, bytes: Uint8Array): WorkBook {
  try {
    return sheetJs.read(bytes, {
      type: "array",
      dense: true,
      cellNF: true,
      UTC: true,
      cellText: false,
      cellHTML: false,
      cellFormula: false,
    });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : "";
    if (/password|encrypt/i.test(message)) {
      throw new AppError("unprocessable", FILE_REFUSALS.workbookPassword, {
        cause,
      });
    }
    throw damaged(cause);
  }
}

function walkSheet(
  sheetJs: SheetJs,
  book: WorkBook,
  name: string,
  onRow: OnSheetRow,
): SheetFacts {
  const sheet = book.Sheets[name];
  // What SheetJS cannot hold it leaves out without a word.
  if (!sheet) throw damaged(new Error("SheetJS gave no sheet."));
  const facts = newFacts();
  const styles = new Map<string, NumberStyle>();
  const dates = {
    formatter: sheetJs.SSF as DateFormatter,
    date1904: book.Workbook?.WBProps?.date1904 === true,
  };
  const data = (sheet["!data"] ?? []) as (CellObject[] | undefined)[];
  for (const index of data.keys()) {
    const cells: string[] = [];
    const row = data[index];
    for (const column of row?.keys() ?? []) {
      const cell = row?.[column];
      const text = cell ? textOf(cell, index + 1, column) : "";
      if (text === "") continue;
      while (cells.length < column) cells.push("");
      cells.push(text);
    }
    if (cells.length === 0) continue;
    facts.lastRow = index + 1;
    facts.filledRows += 1;
    facts.columns = Math.max(facts.columns, cells.length);
    onRow(index + 1, cells);
  }
  for (const { s, e } of sheet["!merges"] ?? []) {
    facts.mergeCount += 1;
    facts.merges.push({
      firstRow: s.r + 1,
      lastRow: e.r + 1,
      firstColumn: s.c,
      lastColumn: e.c,
    });
  }
  return facts;

  function textOf(cell: CellObject, row: number, column: number): string {
    switch (cell.t) {
      case "s":
        return String(cell.v ?? "");
      case "b":
        return cell.v ? "TRUE" : "FALSE";
      case "e":
        countFound(facts.errors, row, column);
        return CELL_ERROR_MARK + (ERRORS.get(cell.v) ?? cell.w ?? "#ERROR");
      case "n": {
        if (typeof cell.v !== "number") return "";
        if (isRounded(cell.v)) countRounded(facts, row, column);
        return numberText(cell.v, styleOf(cell.z), dates);
      }
      case "d":
        return cell.v instanceof Date
          ? cell.v.toISOString().replace(/T00:00:00.000Z$/, "")
          : String(cell.v ?? "");
      default:
        return "";
    }
  }

  function styleOf(format: Sheet2JSONOpts["dateNF"] | number): NumberStyle {
    if (format === undefined || format === "General") return PLAIN;
    const code = String(format);
    let style = styles.get(code);
    if (!style) {
      style = numberStyle(code);
      styles.set(code, style);
    }
    return style;
  }
}
