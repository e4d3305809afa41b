import type { TableOptions } from "@/lib/domain/import-run";
import type { ColumnMapping } from "@/lib/domain/mapping";
import { issueMessage, type RowIssue } from "@/lib/domain/row-issue";
import { headersAfter } from "@/lib/domain/table-steps";

import { openTable } from "./open-table";
import { runImport } from "./run-import";

const PART_CHARS = 1_000_000;

/**
 * The rejected rows as a CSV that can be corrected and dropped again: the
 * columns of the file in their order and as they stand there, without the steps
 * of the mapping (which are done again when it is dropped), then `status` (always `rejected`) and
 * `reason`. UTF-8 with byte order mark, comma, CRLF.
 *
 * Cells are written as they were read, also those that a spreadsheet takes for
 * a formula: they come from the person's own file, and a guard such as a
 * leading apostrophe would come back as data.
 */
export async function rejectedRowsCsv(args: {
  file: Blob;
  options: TableOptions;
  mapping: ColumnMapping;
  signal?: AbortSignal | undefined;
}): Promise<Blob> {
  const { headers } = await openTable(args.file, args.options);
  const named = headersAfter(args.mapping.steps, headers);
  const parts: BlobPart[] = [];
  let part = "\uFEFF";

  function write(cells: readonly string[]): void {
    part += `${cells.map(csvCell).join(",")}\r\n`;
    if (part.length >= PART_CHARS) {
      // As a Blob the browser may keep it on disk.
      parts.push(new Blob([part]));
      part = "";
    }
  }

  // A file without a header gets one too, or its first row would become it.
  write([...headers, "status", "reason"]);
  await runImport({
    ...args,
    headers,
    onRejected: (cells, _rowNumber, issues) => {
      // Cells beyond the last column stay beyond it: after the two of ours.
      const own = headers.map((_, column) => cells[column] ?? "");
      const extra = cells.slice(headers.length);
      const isLong = extra.some((cell) => cell !== "");
      write([
        ...own,
        "rejected",
        reasons(named, issues),
        ...(isLong ? extra : []),
      ]);
    },
  });
  return new Blob([...parts, part], { type: "text/csv;charset=utf-8" });
}

function reasons(
  headers: readonly string[],
  issues: readonly RowIssue[],
): string {
  return issues
    .map(({ code, column }) =>
      issueMessage(code, column === null ? "" : (headers[column] ?? "")),
    )
    .join(" ");
}

function csvCell(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text)
    ? `"${text.replaceAll('"', '""')}"`
    : text;
}
