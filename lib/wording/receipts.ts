import { formatCount, formatNumber } from "@/lib/client/format-number";
import type { ChainTotals, RunTotals } from "@/lib/domain/run-totals";
import { placeOfRow, type TablePart } from "@/lib/domain/table-parts";
import type { RunReport } from "@/lib/domain/run-receipt";

/** Texts about what became of the rows of a file, and the reports of it. */
export const RECEIPTS = {
  totals: "Where the rows went",
  chainTitle: "Rejected rows dropped again",
  chainHint: "These runs go on with what the first of them rejected.",
  chainFile: "File",
  chainStarted: "Started",
  chainSent: "Sent",
  chainRejected: "Rejected",
  chainTotals: "All of them together, each row once",
  read: "Rows read",
  added: "Rows added when they were dropped again",
  together: "Together",
  setAsideLabel: "Entries that were set aside",
  setAsideHint:
    "The server refused these alone, and all others went through. Download the rejected rows, correct them, and drop that file again.",
  setAsideUnread: "The list could not be read.",
  row: "Row",
  key: "Key",
  reason: "Reason",
  batch: "Batch",
  rowUnknown: "–",
  reportsTitle: "Reports of every row",
  reportsHint:
    "The rows themselves stay in your file. Drop it here again to download them with what became of each; nothing is sent by that.",
  reportsOnlyThen:
    "This import left out the rows that were as in the file before it. Which ones is no longer known, so its reports could only be made where it ended.",
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
  ["rejected", "Rejected or set aside"],
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

/** For a file of rejected rows; `rows` is known after the check. */
export function continuedTexts(known: {
  rows: number | undefined;
  fileName: string | undefined;
  isMappingTaken: boolean;
}): { title: string; text: string; link: string } {
  const { rows, fileName, isMappingTaken } = known;
  const what =
    rows === undefined ? "Rejected rows" : formatCount(rows, "rejected row");
  const ofWhat = fileName === undefined ? "" : ` of ${fileName}`;
  const taken =
    fileName === undefined
      ? "No run of this source names them, so the file is imported like any other."
      : isMappingTaken
        ? "The mapping of that import is taken over, and the two imports are shown together."
        : "The columns are others than in that import, so its mapping is not taken over.";
  return {
    title: `${what}${ofWhat}, dropped again`,
    text: `The columns status and reason are ignored. ${taken}`,
    link: "See that import",
  };
}

/** For screen readers and for who wants to see it: the sum behind the table. */
export function sumSentence(totals: RunTotals | ChainTotals): string {
  const parts = TOTAL_NAMES.map(([part]) => totals[part]).filter(
    (count) => count > 0,
  );
  const sum = parts.reduce((total, count) => total + count, 0);
  return `${parts.map(formatNumber).join(" + ") || "0"} = ${formatNumber(sum)}`;
}
