import { NOT_READ } from "@/lib/wording/file-refusals";

import { refused } from "./zip-directory";

const PART_CHARS = 1 << 20;
/** A small workbook may hold one long text a million times. */
const TABLE_CHARS_MAX = 1_000_000_000;

/** `sep=;` alone in a first row would be taken for Excel's line that names the delimiter. */
const NEEDS_QUOTES = /[",\r\n]|^sep=/i;

/** What this product reads its own tables with: UTF-8, commas, quotes where needed. */
export const CANONICAL = {
  encoding: "utf-8",
  delimiter: ",",
  quotes: "standard",
} as const;

export type CsvWriter = {
  /** Writes a row; an empty list is a blank row. */
  row(cells: readonly string[]): void;
  /** What was written, in parts that the browser may keep on disk. */
  parts(): Blob[];
};

/** Writes the table that the rest of the importer reads. @throws {AppError} above a gigabyte of text. */
export function createCsvWriter(): CsvWriter {
  const done: Blob[] = [];
  let text = "";
  let chars = 0;

  function flush(): void {
    chars += text.length;
    if (chars > TABLE_CHARS_MAX) {
      throw refused(NOT_READ.tooMuchText);
    }
    if (text !== "") done.push(new Blob([text]));
    text = "";
  }

  return {
    row(cells) {
      let line = "";
      for (let i = 0; i < cells.length; i++) {
        const cell = cells[i] as string;
        if (i > 0) line += ",";
        line += NEEDS_QUOTES.test(cell)
          ? `"${cell.replaceAll('"', '""')}"`
          : cell;
      }
      text += `${line}\n`;
      if (text.length >= PART_CHARS) flush();
    },
    parts() {
      flush();
      return done;
    },
  };
}

/** With a byte order mark of its own, so that one in the first cell is not cut off. */
export function canonicalBlob(parts: readonly Blob[]): Blob {
  return new Blob(["\uFEFF", ...parts], { type: "text/csv;charset=utf-8" });
}
