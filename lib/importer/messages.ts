import type { Entity } from "@/lib/domain/entity";
import type { CheckReport, TableOptions } from "@/lib/domain/import-run";
import type { LinkColumns, LinkRow } from "@/lib/domain/link-row";
import type { ColumnMapping } from "@/lib/domain/mapping";
import type { PlacedEdit } from "@/lib/domain/placed-edits";
import type { RunReport } from "@/lib/domain/run-receipt";

import type { FileInsights } from "./file-insights";
import type { ForecastEvent, ForecastRequest } from "./forecast-messages";
import type { RowEvent, RowRequest } from "./row-messages";

/** A sheet or file that the table can be made of. */
export type SheetChoice = {
  file: string;
  /** `null` for a text file. */
  sheet: string | null;
  visibility: "visible" | "hidden" | "very hidden";
  isChosen: boolean;
  /** Rows with cells, the header among them; `null` where counting would take long. */
  rows: number | null;
  columns: number | null;
};

/** What a look at the beginning (and a few places) of a file tells. */
export type TablePreview = {
  options: TableOptions;
  /** False when the encoding is a guess that a person should look at. */
  isEncodingCertain: boolean;
  /** One per column; invented (`Column C`) where the file has none. */
  headers: string[];
  /** First records of the file as read, the header row among them, with their row numbers. Long cells are cut and end in `…`. */
  firstRows: { rowNumber: number; cells: string[] }[];
  /** Of a file of rejected rows: the run that rejected them; `null` when they were never sent. */
  rejectedBy?:
    | {
        runId: string | null;
        /** Cells that were changed one by one and are not what the file has, or not at its beginning. */
        edits?: PlacedEdit[];
      }
    | undefined;
  /** Things a person should know before mapping: blank or repeated headers, stray quotes, ragged rows. Whole sentences. */
  notices: string[];
  /** Quotes in the first rows that do not open or close a cell properly. */
  quoteProblems: number;
  /** Where there is something to choose: the sheets of workbooks, several files. */
  sheets?: SheetChoice[];
};

export type ImportProgress = {
  phase: "checking" | "sending";
  rows: number;
  bytesRead: number;
  bytesTotal: number;
  batchesSent: number;
  entitiesSent: number;
  /** Of them, refused by the server and set aside. */
  entitiesAside: number;
  /** The server or the network is away; the batch is sent again until it answers. */
  isWaitingForServer: boolean;
};

/**
 * Page to worker. One job at a time: a new one ends the one before without an
 * event of it; `stop` ends the one that runs and is answered by `stopped`.
 */
export type WorkerRequest =
  /** Answered beside whatever job runs. */
  | RowRequest
  | { type: "open"; files: File[]; options: Partial<TableOptions> }
  | { type: "check"; options: TableOptions; mapping: ColumnMapping }
  | {
      type: "send";
      runId: string;
      tabId: string;
      options: TableOptions;
      mapping: ColumnMapping;
      /** Sequences that the ledger has already. */
      appliedSequences: number[];
      isOrderNeeded: boolean;
    }
  | {
      type: "report";
      report: RunReport;
      options: TableOptions;
      mapping: ColumnMapping;
      /** Names the run in the report, with what the server says of it; `null` before there is one. */
      runId: string | null;
    }
  /** Keeps what the file is for the next one of its recipe; answered by nothing. */
  | {
      type: "rememberFile";
      runId: string;
      options: TableOptions;
      mapping: ColumnMapping;
    }
  | { type: "readLinks"; options: TableOptions; columns: LinkColumns }
  | ForecastRequest
  | { type: "pause" }
  | { type: "resume" }
  | { type: "stop" };

/** Worker to page. Counts and the rows on screen, never all rows (parsing.md 3). */
export type WorkerEvent =
  | RowEvent
  | { type: "opened"; preview: TablePreview }
  /** Opening takes its time; without this sign the page ends the worker. */
  | { type: "alive" }
  | { type: "progress"; progress: ImportProgress }
  | {
      type: "checked";
      report: CheckReport;
      fileHash: string;
      /** How the file was read in the end: a file that proved not to be UTF-8 was read again. Store and send with these. */
      options: TableOptions;
      headers: string[];
      /** What only the whole file could tell. Whole sentences. */
      notices: string[];
      /** The first entities as they will be sent, with the row each came from. */
      entities: { rowNumber: number; entity: Entity }[];
      insights: FileInsights;
      /** Over the whole file. */
      quoteProblems: number;
    }
  | { type: "sent"; batches: number; entities: number }
  | { type: "reportReady"; csv: Blob }
  | { type: "linksRead"; rows: LinkRow[] }
  | ForecastEvent
  | { type: "stopped" }
  /** `canRetry`: the network or server was away; the same request may work later. */
  | { type: "failed"; message: string; canRetry: boolean };
