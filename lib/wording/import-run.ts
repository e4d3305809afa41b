import {
  formatBytes,
  formatCount,
  formatNumber,
  formatPercent,
} from "@/lib/client/format-number";
import type { ImportRun, RunStatus } from "@/lib/domain/import-run";

const entries = (count: number) => formatCount(count, "entry", "entries");

/** Words of the page of an import run. */
export const RUN_WORDS = {
  runs: "Imports",
  title: "Import run",
  /** "Into SOURCE, by NAME, started 3 minutes ago": the source is a link. */
  into: "Into",
  byStarted: (name: string) => `, by ${name}, started `,
  seeEntries: "See the entries",
  outOfDate: (reason: string) => `The numbers may be out of date: ${reason}`,
  rejected: "Rejected rows",
  mapping: "Mapping",
  batches: "Batches",
  batchesApplied: (applied: number, total: number) =>
    `${formatNumber(applied)} of ${formatCount(total, "batch", "batches")} applied`,
  batchesAccepted: (accepted: number, total: number) =>
    `${formatNumber(accepted)} of ${formatCount(total, "batch", "batches")} accepted. Open one to see every answer to it.`,

  file: "File",
  size: "Size",
  readAs: "Read as",
  readAsText: (as: {
    encoding: string;
    delimiter: string;
    headerRow: number;
  }) =>
    `${as.encoding}, ${DELIMITERS.get(as.delimiter) ?? as.delimiter}, ${as.headerRow === 0 ? "no header" : `header in row ${as.headerRow}`}`,
  rows: "Rows",
  rowCounts: (check: ImportRun["check"]) =>
    `${formatNumber(check.rowsRead)} read, ${formatNumber(check.rowsMerged)} merged, ${check.rowsUnchanged ? `${formatNumber(check.rowsUnchanged)} unchanged and left out, ` : ""}${formatNumber(check.rowsRejected)} rejected, ${formatNumber(check.rowsBlank)} blank`,
  finished: "Finished",
  notYet: "not yet",
} as const;

const DELIMITERS = new Map([
  [",", "comma"],
  [";", "semicolon"],
  ["\t", "tab"],
  ["|", "pipe"],
]);

/** Words of a run that is not finished, and of how to go on with it. */
export const RUN_PROGRESS_WORDS = {
  sentBy: (name: string) => `${name} is sending it from a browser tab.`,
  sentByNone: "No browser tab is sending it just now.",
  appliedShare: "Share of the entries that is applied",
  applied: (applied: ImportRun["applied"], total: number) =>
    `${formatNumber(applied.entities)} of ${entries(total)} applied: ${formatNumber(applied.created)} created, ${formatNumber(applied.updated)} updated, ${formatNumber(applied.unchanged)} unchanged, ${formatNumber(applied.deleted)} deleted`,
  reading: (fileName: string) =>
    `Reading ${fileName} to see that it is the same file…`,
  readShare: "Share of the file that is read",
  dropHere: (fileName: string) => `Drop ${fileName} here`,
  takeOver: (fileName: string) =>
    `Drop ${fileName} here to take the import over`,
  dropAgain: "Drop the same file again to go on where it stopped",
  dropHint: ({ file, applied, check }: ImportRun) =>
    `${file.name}, ${formatBytes(file.bytes)}. ${formatPercent(applied.entities, check.entities)} is sent; only the rest is sent now.`,
} as const;

/** Words above the import of a source whose last one is not finished. */
export const OPEN_RUN_WORDS = {
  held: (run: { fileName: string; isUndo: boolean }, by: string) =>
    `${run.fileName} is being ${run.isUndo ? "undone" : "imported"} by ${by}`,
  unfinished: (run: { fileName: string; isUndo: boolean }) =>
    `${run.isUndo ? "The undo" : "The import"} of ${run.fileName} is not finished`,
  onTheWay: (run: { fileName: string }) =>
    `${run.fileName} is handed over and on its way`,
  waits: (run: { fileName: string }) =>
    `${run.fileName} is handed over and waits for a person`,
  watch: "Watch it",
  goOn: "Go on with it",
  sent: (applied: number, total: number) =>
    `${formatPercent(applied, total)} sent.`,
  /** "Started 3 minutes ago by NAME." */
  started: "Started",
  by: (name: string) => `by ${name}.`,
  drop: "Drop the same file there to go on where it stopped.",
} as const;

/** Names of what a run did, below their numbers. */
export const RUN_RESULT_WORDS = {
  facts: {
    created: "entries created",
    updated: "updated",
    unchanged: "unchanged",
    deleted: "deleted",
    aside: "set aside",
    rejected: "rows rejected",
  },
} as const;

/** "1,200 entries imported, 3 rows rejected". */
export function resultSentence({
  status,
  applied,
  check,
}: Pick<ImportRun, "status" | "applied" | "check">): string {
  const sent = entries(applied.entities - applied.aside);
  const aside =
    applied.aside > 0 ? `, ${formatNumber(applied.aside)} set aside` : "";
  const rejected =
    check.rowsRejected > 0
      ? `, ${formatCount(check.rowsRejected, "row")} rejected`
      : "";
  return status === "finished"
    ? `${sent} imported${aside}${rejected}`
    : `Cancelled after ${sent} of ${formatNumber(check.entities)}${aside}`;
}

/** The state of one run, as its badge says it. */
export const RUN_STATE_NAMES = {
  interrupted: "Interrupted",
  sending: "Sending",
  undoing: "Undoing",
  paused: "Paused",
  finished: "Finished",
  cancelled: "Cancelled",
  onTheWay: "On the way",
  held: "Waits for a person",
} as const;

/** The states that a list of runs can be filtered by. */
export const RUN_STATUS_NAMES: Record<RunStatus, string> = {
  running: "Sending or interrupted",
  paused: "Paused",
  finished: "Finished",
  cancelled: "Cancelled",
};

/** Words of the list of import runs. */
export const RUN_LIST_WORDS = {
  what: "The imports",
  hint: "Spreadsheets that were imported through the Studio.",
  none: "No spreadsheet has been imported yet",
  noneText:
    "Each import leaves a run here: what was sent, by whom, and the rows that were rejected.",
  importOne: "Import a spreadsheet",
  chooseSource: "Choose a source",
  allSources: "All sources",
  anyStatus: "Any status",
  noneLikeThat: "No import run is like that.",
  table: "Import runs",
  file: "File",
  source: "Source",
  status: "Status",
  created: "Created",
  updated: "Updated",
  unchanged: "Unchanged",
  deleted: "Deleted",
  rejected: "Rejected rows",
  by: "By",
  started: "Started",
} as const;

/** Words of what each batch of a run did. */
export const BATCH_WORDS = {
  none: "No batch is applied yet.",
  table: "Applied batches",
  batch: "Batch",
  rows: "Rows",
  entries: "Entries",
  created: "Created",
  updated: "Updated",
  unchanged: "Unchanged",
  deleted: "Deleted",
  aside: "Set aside",
  size: "Size",
  took: "Took",
  applied: "Applied",
  milliseconds: (ms: number) => `${formatNumber(ms)} ms`,
} as const;

/** Words of how the columns of a run became entries. */
export const RUN_MAPPING_WORDS = {
  table: "Mapping of the columns",
  column: "Column",
  becomes: "Becomes",
  language: "Language",
  emptyCell: "An empty cell",
  key: "Key",
  /** Before the id of the property that keeps the key too. */
  keyAnd: "Key and",
  mediaAddresses: "(addresses of media files)",
  /** Before the id of the property that keeps the ids. */
  mediaIds: "and their ids as",
  rowLanguage: "Language of the row",
  pivotProperty: "Names the property of the row",
  pivotValue: "Value of the property that the row names",
  delete: "Delete flag",
  ignored: "Ignored",
  ofTheRow: "of the row",
  joined: (separator: string) =>
    `The key columns are joined with “${separator}”.`,
  ignoredColumns: (count: number) =>
    `${count} ${count === 1 ? "column is" : "columns are"} ignored.`,
} as const;
