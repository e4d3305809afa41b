import {
  formatBytes,
  formatCount,
  formatNumber,
  formatPercent,
} from "@/lib/client/format-number";

const entries = (count: number) => formatCount(count, "entry", "entries");

/** Words of the step that reads every row and says what will be sent. */
export const CHECK_WORDS = {
  checking: "Checking every row",
  checkingSpoken: "Checking every row of the file.",
  checkedShare: "Share of the file that is checked",
  progress: (at: {
    rows: number;
    perSecond: number | undefined;
    bytes: number;
    fileBytes: number;
  }) => {
    const speed =
      at.perSecond === undefined
        ? ""
        : `, ${formatNumber(Math.round(at.perSecond))} a second`;
    return `${formatCount(at.rows, "row")}${speed}, ${formatBytes(at.bytes)} of ${formatBytes(at.fileBytes)} (${formatPercent(at.bytes, at.fileBytes)})`;
  },
  stop: "Stop",
  done: (entities: number, rowsRejected: number) =>
    `Check done. ${entries(entities)} will be sent, ${formatCount(rowsRejected, "row")} rejected.`,
  nothing: "There is nothing to send",
  noRow:
    "The file has no row below its header. Choose another file, or say on the first step that the column names are not in the file.",
  allBlank:
    "Every row below the header is empty. Choose another file, or change how it is read on the first step.",
  allRejected:
    "Every row with content is rejected for the reasons below. Choose another key column, or correct the file and drop it again.",
  rejected: "Rejected rows",
  rejectedHint: "They are left out; all other rows are sent.",
  downloadRejected: "Download rejected rows",
  back: "Back",
  send: (entities: number) => `Import ${entries(entities)}`,
  /** Goes on after `send`, for screen readers. */
  sendInto: (source: string) => `into ${source}`,
  facts: {
    read: "rows read",
    entities: "entries to send",
    deletes: "of them deletes",
    merged: "rows merged",
    unchanged: "rows unchanged",
    rejected: "rows rejected",
    blank: "blank rows",
    batches: "batches",
  },
} as const;

/** Words of the rejected rows, rule by rule. */
export const ROW_ISSUE_WORDS = {
  table: "Rejected rows by rule",
  problem: "Problem",
  rows: "Rows",
  count: "Count",
  summary: (rowsRejected: number, rules: number) =>
    `${formatCount(rowsRejected, "row")} rejected, by ${formatCount(rules, "rule")}`,
} as const;

/** Words of the entries as they will be sent. */
export const ENTRY_PREVIEW_WORDS = {
  label: "Entries that will be sent",
  title: "What will be sent",
  position: (at: { entry: number; shown: number; total: number }) =>
    `entry ${formatNumber(at.entry)} of ${
      at.shown < at.total
        ? `the first ${formatNumber(at.shown)}`
        : formatNumber(at.total)
    }`,
  goToRow: "Go to row",
  previous: "Previous entry",
  next: "Next entry",
  beyond: (lastRow: number) =>
    `The preview ends with row ${formatNumber(lastRow)}; all rows are checked and sent.`,
  row: (row: number) => `row ${formatNumber(row)}`,
  deletes: "deletes the entry",
  views: "How to show the entry",
  table: "Table",
  json: "JSON",
  jsonLabel: "The entry as JSON",

  removed: "The entry with this key is removed.",
  noProperty:
    "No property is sent: all cells of the row are empty. The entry is created if it does not exist.",
  properties: "Properties by language",
  property: "Property",
  noLanguage: "no language",
  notSent: "not sent",
  cleared: "cleared",
  emptyText: "empty text",
} as const;
