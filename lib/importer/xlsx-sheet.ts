import { CELL_ERROR_MARK } from "@/lib/domain/row-issue";
import { NOT_READ } from "@/lib/wording/file-refusals";

import { isRounded, numberText, PLAIN } from "./number-text";
import type { DateFormatter, NumberStyle } from "./number-text";
import {
  countFound,
  countRounded,
  newFacts,
  readRange,
  SHEET_COLUMNS_MAX,
  SHEET_ROWS_MAX,
  type OnSheetRow,
  type SheetFacts,
} from "./sheet-rows";
import {
  createXmlReader,
  decodeExcelText,
  decodeXmlText,
  readAttributes,
  type XmlReader,
} from "./xml-reader";
import { damaged, refused } from "./zip-directory";

const MERGES_KEPT_MAX = 20_000;

/** The sheet is written in a way that only SheetJS puts in order. */
export class UnusualSheetError extends Error {}

export type SheetContext = {
  strings: readonly string[];
  styles: readonly NumberStyle[];
  date1904: boolean;
  formatter: DateFormatter | undefined;
};

type Cell = {
  column: number;
  type: string;
  style: number;
  value: string | undefined;
  inline: string | undefined;
  hasFormula: boolean;
};

/**
 * Turns the XML of a sheet, which comes in pieces, into rows of text. The rows
 * go out as they end, so memory does not grow with the sheet.
 *
 * @throws {AppError} `unprocessable` when the sheet is cut off or larger than
 *   sheets can be.
 * @throws {UnusualSheetError} when rows do not come in order.
 */
export class SheetParser {
  readonly facts: SheetFacts = newFacts();
  private row = 0;
  private cells: string[] = [];
  private column = -1;
  private cell: Cell | undefined;
  private capture: "value" | "inline" | undefined;
  private isPhonetic = false;
  private shortStyle = 0;
  private readonly reader: XmlReader;

  constructor(
    private readonly context: SheetContext,
    private readonly onRow: OnSheetRow,
  ) {
    this.reader = createXmlReader({
      open: (name, attributes) => this.open(name, attributes),
      close: (name) => this.close(name),
      text: (piece, isLiteral) => this.text(piece, isLiteral),
      shortcut: (source, at) => this.shortcut(source, at),
    });
  }

  push(text: string): void {
    this.reader.push(text);
  }

  finish(): void {
    this.reader.finish();
  }

  private open(name: string, attributes: string): void {
    const { cell } = this;
    switch (name) {
      case "row":
        return this.openRow(attributes);
      case "c":
        this.cell = this.readCell(attributes);
        return;
      case "v":
        if (!cell) return;
        this.capture = "value";
        cell.value ??= "";
        return;
      case "f":
        if (cell) cell.hasFormula = true;
        return;
      case "is":
        if (cell) cell.inline = "";
        return;
      case "rPh":
        this.isPhonetic = true;
        return;
      case "t":
        if (cell?.inline !== undefined && !this.isPhonetic) {
          this.capture = "inline";
        }
        return;
      case "mergeCell":
        return this.addMerge(readAttributes(attributes).get("ref") ?? "");
    }
  }

  private close(name: string): void {
    switch (name) {
      case "v":
      case "t":
        this.capture = undefined;
        return;
      case "rPh":
        this.isPhonetic = false;
        return;
      case "c":
        if (this.cell) this.putCell(this.cell);
        this.cell = undefined;
        return;
      case "row":
        this.endRow();
    }
  }

  private text(piece: string, isLiteral: boolean): void {
    if (!this.cell || !this.capture) return;
    // Decoded as a whole when the cell ends: pieces may end anywhere.
    const plain = isLiteral ? piece.replaceAll("&", "&amp;") : piece;
    if (this.capture === "value") this.cell.value += plain;
    else this.cell.inline += plain;
  }

  private openRow(attributes: string): void {
    const number = Number(ROW_NUMBER.exec(attributes)?.[1] ?? this.row + 1);
    if (number < 1 || number > SHEET_ROWS_MAX) throw tooLarge();
    if (number <= this.row) {
      throw new UnusualSheetError("Rows are out of order.");
    }
    this.row = number;
    this.cells = [];
    this.column = -1;
  }

  private endRow(): void {
    const { cells, facts, row } = this;
    let last = cells.length;
    while (last > 0 && cells[last - 1] === "") last -= 1;
    if (last === 0) return;
    if (last < cells.length) cells.length = last;
    facts.lastRow = row;
    facts.filledRows += 1;
    if (last > facts.columns) facts.columns = last;
    this.onRow(row, cells);
    this.cells = [];
  }

  private readCell(attributes: string): Cell {
    const of = readAttributes(attributes);
    const ref = of.get("r");
    if (ref === undefined) this.column += 1;
    else {
      const range = readRange(ref);
      if (!range) throw refused(NOT_READ.oddCell(ref));
      this.column = range.firstColumn;
      if (range.firstRow > SHEET_ROWS_MAX) throw tooLarge();
      if (range.firstRow !== this.row) {
        throw new UnusualSheetError("A cell stands in another row.");
      }
    }
    if (this.column >= SHEET_COLUMNS_MAX) throw tooLarge();
    return {
      column: this.column,
      type: of.get("t") ?? "n",
      style: Number(of.get("s") ?? 0),
      value: undefined,
      inline: undefined,
      hasFormula: false,
    };
  }

  private putCell({ column, type, style, value, inline, hasFormula }: Cell) {
    if (inline !== undefined && (type === "inlineStr" || value === undefined)) {
      return this.put(column, decodeExcelText(inline));
    }
    if (value !== undefined) {
      return this.put(column, this.textOf(column, type, style, value));
    }
    if (hasFormula) countFound(this.facts.unknownFormulas, this.row, column);
  }

  private textOf(
    column: number,
    type: string,
    style: number,
    raw: string,
  ): string {
    switch (type) {
      case "s":
        return this.context.strings[Number(raw)] ?? missingString(raw);
      case "n":
        return this.numberOf(column, style, raw);
      case "str":
      case "inlineStr":
        return decodeExcelText(raw);
      case "b":
        return raw.trim() === "1" || raw.trim() === "true" ? "TRUE" : "FALSE";
      case "e":
        countFound(this.facts.errors, this.row, column);
        return CELL_ERROR_MARK + (decodeXmlText(raw).trim() || "#ERROR");
      default:
        // `d`: a date as ISO text.
        return decodeXmlText(raw).trim();
    }
  }

  private numberOf(column: number, style: number, raw: string): string {
    const as = this.context.styles[style] ?? PLAIN;
    if (as.is === "plain" && raw.length < 16 && isPlainInteger(raw)) return raw;
    const value = Number(raw);
    if (raw.trim() === "" || Number.isNaN(value)) return decodeXmlText(raw);
    if (isRounded(value)) countRounded(this.facts, this.row, column);
    return numberText(value, as, this.context);
  }

  private put(at: number, value: string): void {
    const { cells } = this;
    while (cells.length < at) cells.push("");
    cells[at] = value;
  }

  /** Most cells in one look: `<c r="A1" s="1" t="s"><v>12</v></c>`. */
  private shortcut(source: string, at: number): number {
    if (source.charCodeAt(at + 1) !== 99 || source.charCodeAt(at + 2) !== 32) {
      return -1;
    }
    const end = source.indexOf(">", at + 3);
    if (end < 0 || this.cell) return -1;
    const isEmpty = source.charCodeAt(end - 1) === 47;
    if (!isEmpty && !source.startsWith("<v>", end + 1)) return -1;
    const valueEnd = isEmpty ? end : source.indexOf("<", end + 4);
    if (valueEnd < 0) return -1;
    if (!isEmpty && !source.startsWith("</v></c>", valueEnd)) return -1;

    const type = this.readShort(source, at + 3, isEmpty ? end - 1 : end);
    if (type === undefined) return -1;
    if (isEmpty) return end + 1;
    const raw = source.slice(end + 4, valueEnd);
    this.put(this.column, this.textOf(this.column, type, this.shortStyle, raw));
    return valueEnd + 8;
  }

  /** The type of a cell; sets its column and style. `undefined` when its attributes are not the plain ones. */
  private readShort(
    source: string,
    from: number,
    to: number,
  ): string | undefined {
    let type = "n";
    let place = -1;
    let style = 0;
    for (let at = from; at < to;) {
      const name = source.charCodeAt(at);
      if (name === 32) {
        at += 1;
        continue;
      }
      const isPlain =
        source.charCodeAt(at + 1) === 61 && source.charCodeAt(at + 2) === 34;
      const end = isPlain ? source.indexOf('"', at + 3) : -1;
      if (end < 0 || end > to) return undefined;
      if (name === 114) place = placeOf(source, at + 3, end, this.row);
      else if (name === 115) style = Number(source.slice(at + 3, end));
      else if (name === 116) type = source.slice(at + 3, end);
      else return undefined;
      at = end + 1;
    }
    if (place < 0) return undefined;
    this.column = place;
    this.shortStyle = style;
    return type;
  }

  private addMerge(ref: string): void {
    const { facts } = this;
    facts.mergeCount += 1;
    const range = readRange(ref);
    if (range && facts.merges.length < MERGES_KEPT_MAX) {
      facts.merges.push(range);
    }
  }
}

/** The column of `AB12` when 12 is the row; -1 to have it looked at with care. */
function placeOf(source: string, from: number, to: number, row: number) {
  let letters = 0;
  let number = 0;
  for (let i = from; i < to; i++) {
    const code = source.charCodeAt(i);
    if (code >= 65 && code <= 90 && number === 0) {
      letters = letters * 26 + code - 64;
    } else if (code >= 48 && code <= 57) number = number * 10 + code - 48;
    else return -1;
  }
  return number === row && letters <= SHEET_COLUMNS_MAX ? letters - 1 : -1;
}

const ROW_NUMBER = /(?:^|\s)r\s*=\s*["'](\d{1,20})["']/;

function isPlainInteger(raw: string): boolean {
  const first = raw.charCodeAt(0);
  if (first === 48) return raw.length === 1;
  if (first < 49 || first > 57) return false;
  for (let i = 1; i < raw.length; i++) {
    const code = raw.charCodeAt(i);
    if (code < 48 || code > 57) return false;
  }
  return true;
}

function missingString(raw: string): never {
  throw damaged(new Error(`No shared string ${raw.slice(0, 20)}`));
}

function tooLarge() {
  const rows = SHEET_ROWS_MAX.toLocaleString("en");
  const columns = SHEET_COLUMNS_MAX.toLocaleString("en");
  return refused(NOT_READ.beyondSheet(rows, columns));
}
