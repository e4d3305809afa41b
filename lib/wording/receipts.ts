import { formatCount, formatNumber } from "@/lib/client/format-number";
import type { ChainTotals, RunTotals } from "@/lib/domain/run-totals";
import { placeOfRow, type TablePart } from "@/lib/domain/table-parts";
import type { RunReport } from "@/lib/domain/run-receipt";

/** Texts about what became of the rows of a file, and the reports of it. */
export const RECEIPTS = {
  totals: "Where the rows went",
  chainTotals: "Together with the runs it continues",
  read: "Rows read",
  added: "Rows added when they were dropped again",
  together: "Together",
  setAsideLabel: "Entries that were set aside",
  setAsideHint:
    "The server refused them alone; all others of their batches went through. Download the rejected rows, correct them, and drop that file again.",
  setAsideUnread: "The list could not be read.",
  row: "Row",
  key: "Key",
  reason: "Reason",
  batch: "Batch",
  rowUnknown: "–",
  reportsTitle: "Reports of every row",
  reportsHint:
    "The rows themselves stay in your file. Drop it here again to download them with what became of each; nothing is sent by that.",
  reportsReady: "It is the file of this run.",
  reading: "Reading the file to see that it is the same…",
  readingShare: "Share of the file that is read",
  unmade:
    "The report could not be made. Check that the file is still where it was and that the server can be reached, then try again.",
};

export const REPORT_NAMES: Record<RunReport, string> = {
  rejectedRows: "Download rejected rows",
  receipt: "Download the receipt of every row",
};

/** What is put behind the name of the file. */
export const REPORT_SUFFIXES: Record<RunReport, string> = {
  rejectedRows: "rejected",
  receipt: "receipt",
};

type Part = Exclude<keyof RunTotals, "read">;

/** The places a row can end up in, in the order they are listed. */
export const TOTAL_NAMES: readonly [Part, string][] = [
  ["sent", "Sent, each its entry"],
  ["merged", "Merged into an entry of the same key"],
  ["rejected", "Rejected"],
  ["unchanged", "As in the last file, left out"],
  ["blank", "Blank"],
  ["unsent", "Not sent"],
];

/** "3 entries set aside". */
export function setAsideSentence(count: number): string {
  return `${formatCount(count, "entry", "entries")} set aside`;
}

/** "4 and 2 more": the first row of a merged entry and how many there are. */
export function asideRowText(
  { row, rows }: { row: number | null; rows: number },
  parts: readonly TablePart[] | undefined,
): string {
  if (row === null) return RECEIPTS.rowUnknown;
  const place = placeOfRow(parts, row);
  const more = rows > 1 ? ` and ${formatNumber(rows - 1)} more` : "";
  const part = place.label === "" ? "" : ` of ${place.label}`;
  return `${formatNumber(place.row)}${part}${more}`;
}

/** For screen readers and for who wants to see it: the sum behind the table. */
export function sumSentence(totals: RunTotals | ChainTotals): string {
  const parts = TOTAL_NAMES.map(([part]) => totals[part]).filter(
    (count) => count > 0,
  );
  const sum = parts.reduce((total, count) => total + count, 0);
  return `${parts.map(formatNumber).join(" + ") || "0"} = ${formatNumber(sum)}`;
}
