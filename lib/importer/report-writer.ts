import { isCellError } from "@/lib/domain/row-issue";

const PART_CHARS = 1_000_000;

export type ReportWriter = {
  write(cells: readonly string[]): void;
  /** The whole file: UTF-8 with byte order mark, comma, CRLF. */
  blob(): Blob;
};

/** Writes a CSV of any length; what is written goes into Blobs, which the browser may keep on disk. */
export function createReportWriter(): ReportWriter {
  const parts: BlobPart[] = [];
  let part = "\uFEFF";
  return {
    write(cells) {
      part += `${cells.map(csvCell).join(",")}\r\n`;
      if (part.length < PART_CHARS) return;
      parts.push(new Blob([part]));
      part = "";
    },
    blob: () => new Blob([...parts, part], { type: "text/csv;charset=utf-8" }),
  };
}

function csvCell(cell: string): string {
  // An error of a spreadsheet is written as the sheet shows it.
  const text = isCellError(cell) ? cell.slice(1) : cell;
  return /[",\r\n]|^\s|\s$/.test(text)
    ? `"${text.replaceAll('"', '""')}"`
    : text;
}
