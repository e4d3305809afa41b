import { formatCount, formatNumber } from "@/lib/client/format-number";

/** Sentences of the parts that read a file and speak with the server, when they cannot go on. */
export const IMPORT_FAILURES = {
  noFile: "No file is open.",
  noFileChoose: "No file is open. Choose one.",
  fileClosed: "The file was closed.",
  otherOpened: "Another file was opened.",
  readingUnexpected:
    "Reading the file failed for a reason we did not expect. Reload the page and try again; what was sent is kept.",
  readingTooLong:
    "The file could not be read within 15 seconds, so the reading was ended. It may be damaged or made to do harm. Save the table as CSV and drop that file.",
  workerBroke:
    "The part of the page that reads files could not go on. Reload the page and choose the file again; what was sent is kept.",
  rowsUnexpected:
    "The rows could not be read for a reason we did not expect. Reload the page and choose the file again.",
  calledOff: "The question was called off.",
  rowsUnread: "The rows cannot be read.",
  forecastStopped: "The forecast was stopped.",
  unexpected: "Something went wrong on our side.",
  lastFileForgotten:
    "What the last file held is no longer known, so unchanged entries cannot be left out. Check the file again and send all of them.",
  answerCutOff: "The answer of the server was cut off.",
  compareCutOff:
    "The connection broke before everything was compared. Compare again.",
  unreachable:
    "The server could not be reached. Check the connection, then try again.",
} as const;

type NamedFile = { name: string; bytes: number };

/** Why a file cannot go on with a run: its size or its contents differ. */
export function otherFileSentence(file: NamedFile, ofRun: NamedFile): string {
  const difference =
    file.bytes === ofRun.bytes
      ? "has the same size but other contents"
      : `has ${formatNumber(file.bytes)} bytes, the run's file ${formatNumber(ofRun.bytes)}`;
  return `${file.name} is not the file of this run: it ${difference}. Drop the unchanged ${ofRun.name}, or start a new import for this one.`;
}

type FileSize = { rowsRead: number; entities: number; batches: number };

/** Why a file with a run's very bytes cannot go on with it. */
export function readOtherwiseSentence(now: FileSize, before: FileSize): string {
  const sizeOf = ({ rowsRead, entities, batches }: FileSize) =>
    `${formatNumber(rowsRead)} rows, ${formatNumber(entities)} entries and ${formatNumber(batches)} batches`;
  return `The contents are those of this run's file, but they are read otherwise now: ${sizeOf(now)} instead of ${sizeOf(before)}. Drop all of its files together under the names they had. If that does not help, cancel the run and import the file anew.`;
}

/** How files and their rows are named in sentences. */
export const FILE_NAME_WORDS = {
  several: (first: string, more: number) =>
    `${first} and ${formatCount(more, "more file")}`,
  pasted: "Pasted cells",
  row: (row: number) => `row ${formatNumber(row)}`,
  rows: (ranges: readonly string[], isOne: boolean) =>
    `${isOne ? "row" : "rows"} ${ranges.join(", ")}`,
  moreRows: (count: number) => `and ${formatCount(count, "more row")}`,
} as const;
