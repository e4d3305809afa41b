import { z } from "zod";

import { columnMappingSchema } from "./mapping";
import { mirrorOfSchema, missingPlanSchema } from "./mirror";
import { remoteAnswerSchema } from "./remote-answer";
import { QUOTE_STYLES, TABLE_PARTS_MAX, tablePartSchema } from "./table-parts";

/** `text`: a quote is a character like any other, for files with stray quotes. */
export type QuoteStyle = (typeof QUOTE_STYLES)[number];

/** How a file is read. `headerRow` counts from 1 as the spreadsheet does; 0 means no header row. */
export const tableOptionsSchema = z.object({
  /** A label of the Encoding standard, such as `utf-8` or `windows-1252`. */
  encoding: z.string().min(1).max(40),
  delimiter: z.string().length(1),
  headerRow: z.number().int().nonnegative().max(1_000),
  quotes: z.enum(QUOTE_STYLES).default("standard"),
  /**
   * Of a file of rejected rows: position of its columns `status` and `reason`,
   * which are cut out as it is read. See lib/domain/answer-columns.ts.
   */
  answersAt: z.number().int().positive().max(10_000).optional(),
  /** The sheets and files the table was made of, in order; absent for one text file. */
  parts: z.array(tablePartSchema).max(TABLE_PARTS_MAX).optional(),
});
export type TableOptions = z.output<typeof tableOptionsSchema>;

/** The rules a row can break. Wording: `ISSUE_RULES` in lib/wording/row-issues.ts. */
export const ISSUE_CODES = [
  "key_missing",
  "key_illegal",
  "key_too_long",
  "key_repeated",
  "key_replaced",
  "key_collapsed",
  "delete_not_understood",
  "language_missing",
  "language_illegal",
  "property_missing",
  "property_illegal",
  "property_taken",
  "cell_too_long",
  "cell_illegal_character",
  "entity_too_large",
  "link_illegal",
  "extra_cells",
  "cell_error",
] as const;
export type IssueCode = (typeof ISSUE_CODES)[number];

/** Problems of one rule in one column, over all rows. */
export const issueGroupSchema = z.object({
  code: z.enum(ISSUE_CODES),
  /** Position of the column from 0; `null` when the row as a whole is meant. */
  column: z.number().int().nonnegative().nullable(),
  columnName: z.string().max(300),
  /** The rule and the remedy, as a sentence. */
  message: z.string().max(500),
  rowCount: z.number().int().nonnegative(),
  /** Inclusive ranges of rows as the spreadsheet numbers them; the first 200. */
  ranges: z.array(z.tuple([z.number().int(), z.number().int()])).max(200),
  /** The first few cells, cut to 100 characters. */
  samples: z
    .array(z.object({ row: z.number().int(), value: z.string().max(120) }))
    .max(10),
});
export type IssueGroup = z.output<typeof issueGroupSchema>;

/** What the check of a whole file found. read = entities + merged + rejected + blank + unchanged. */
export const checkReportSchema = z.object({
  /** Rows below the header. */
  rowsRead: z.number().int().nonnegative(),
  rowsRejected: z.number().int().nonnegative(),
  rowsBlank: z.number().int().nonnegative(),
  /** Rows folded into an earlier row of the same key. */
  rowsMerged: z.number().int().nonnegative(),
  /** Rows left out because their entities are as they were in the last file of the recipe. */
  rowsUnchanged: z.number().int().nonnegative().optional(),
  /** Entities that will be sent; a key may be in two batches. */
  entities: z.number().int().nonnegative(),
  deletes: z.number().int().nonnegative(),
  batches: z.number().int().nonnegative(),
  issues: z.array(issueGroupSchema).max(300),
  /** Whether a key stands in two batches: these must then be sent one after another. */
  needsOrder: z.boolean(),
  /** Entries of the source that the file lacks are deleted by a further run. */
  missing: missingPlanSchema.optional(),
  /** The file is a list of entries that the file of another run lacked. */
  mirrorOf: mirrorOfSchema.optional(),
});
export type CheckReport = z.output<typeof checkReportSchema>;

/** Identity of a file: resuming needs the same. `hash` is made by lib/importer/file-hash.ts. */
export const fileIdentitySchema = z.object({
  name: z.string().min(1).max(255),
  bytes: z.number().int().nonnegative(),
  hash: z.string().min(1).max(100),
});
export type FileIdentity = z.output<typeof fileIdentitySchema>;

/** What the browser tells the server before the first batch. */
export const runInputSchema = z.object({
  sourceId: z.uuid(),
  file: fileIdentitySchema,
  tableOptions: tableOptionsSchema,
  headers: z.array(z.string().max(300)),
  mapping: columnMappingSchema,
  check: checkReportSchema,
  /** The run whose rejected rows the file holds, when it does. */
  continues: z.uuid().optional(),
  /** Random id of the browser tab, which then holds the run's lease. */
  tabId: z.uuid(),
});
export type RunInput = z.output<typeof runInputSchema>;

export const RUN_STATUSES = [
  "running",
  "paused",
  "finished",
  "cancelled",
] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** An import of a file, or a run that takes another one back. */
export const RUN_KINDS = ["import", "undo"] as const;
export type RunKind = (typeof RUN_KINDS)[number];

/** How far the batches are that a browser has handed over for a remote source. */
export const runDeliverySchema = z.object({
  endpointName: z.string(),
  /** Host of the endpoint, with its port where that is not the usual one. */
  host: z.string(),
  /** Handed over and not accepted yet. */
  batches: z.number().int(),
  /** Nothing is sent until a person has done something. */
  isHeld: z.boolean(),
  /** When the next try is due, while the endpoint is away or busy. */
  retryAt: z.iso.datetime().nullable(),
  lastAnswer: remoteAnswerSchema.nullable(),
  /** The run into the same source that is delivered before this one may begin. */
  after: z.object({ id: z.uuid(), fileName: z.string() }).nullable(),
});
export type RunDelivery = z.output<typeof runDeliverySchema>;

/** A run as it travels to the browser. */
export const importRunSchema = z.object({
  id: z.uuid(),
  kind: z.enum(RUN_KINDS),
  /** Of an undo: the run that it takes back. */
  undoOf: z.uuid().nullable(),
  /** The undo of this run that was not cancelled; `isUndone` when that one was taken back itself. */
  undoneBy: z
    .object({
      id: z.uuid(),
      status: z.enum(RUN_STATUSES),
      isUndone: z.boolean(),
    })
    .nullable(),
  /** Of an undo: values and entries left so far because others had changed them. */
  keptCount: z.number().int(),
  /** Where entries missing from the file were to be deleted: the run that did, if it was begun. */
  mirroredBy: z
    .object({ id: z.uuid(), status: z.enum(RUN_STATUSES) })
    .nullable(),
  source: z.object({ id: z.uuid(), identifier: z.string(), name: z.string() }),
  status: z.enum(RUN_STATUSES),
  actorName: z.string(),
  file: fileIdentitySchema,
  tableOptions: tableOptionsSchema,
  headers: z.array(z.string()),
  mapping: columnMappingSchema,
  check: checkReportSchema,
  batchesTotal: z.number().int(),
  /** Sums over the ledger: only what was applied. */
  applied: z.object({
    batches: z.number().int(),
    entities: z.number().int(),
    created: z.number().int(),
    updated: z.number().int(),
    unchanged: z.number().int(),
    deleted: z.number().int(),
    /** Of the entities: refused and set aside, and the rows of the file they came from. */
    aside: z.number().int(),
    asideRows: z.number().int(),
  }),
  /** Of a remote source: what has been handed over and is not accepted there yet; `null` for a built-in one. */
  delivery: runDeliverySchema.nullable(),
  /** The browser tab that sends right now; `null` when none does. */
  lease: z
    .object({
      tabId: z.string(),
      actorName: z.string(),
      until: z.iso.datetime(),
    })
    .nullable(),
  startedAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
});
export type ImportRun = z.output<typeof importRunSchema>;

/** Whether nothing of an open run is left in a browser: the server sends what waits for the endpoint. */
export function isHandedOver({
  delivery,
  applied,
  batchesTotal,
}: {
  delivery: Pick<RunDelivery, "batches"> | null;
  applied: { batches: number };
  batchesTotal: number;
}): boolean {
  const waiting = delivery?.batches ?? 0;
  return waiting > 0 && waiting + applied.batches === batchesTotal;
}

/** A run as the list shows it: without headers and mapping, which may be large. */
export const runSummarySchema = importRunSchema
  .pick({
    id: true,
    kind: true,
    source: true,
    status: true,
    actorName: true,
    batchesTotal: true,
    applied: true,
    lease: true,
    startedAt: true,
    finishedAt: true,
  })
  .extend({
    fileName: z.string(),
    rowsRead: z.number().int(),
    rowsRejected: z.number().int(),
    entities: z.number().int(),
    /** As of a run, and less of it. */
    delivery: runDeliverySchema.pick({ batches: true, isHeld: true }),
  });
export type RunSummary = z.output<typeof runSummarySchema>;

/** Which runs to list; newest first. */
export const runFilterSchema = z.object({
  sourceId: z.uuid().optional(),
  status: z.enum(RUN_STATUSES).optional(),
  /** From the page before: `nextCursor`. */
  cursor: z.string().max(100).optional(),
});
export type RunFilter = z.output<typeof runFilterSchema>;

export const runPageSchema = z.object({
  runs: z.array(runSummarySchema),
  /** `null` on the last page. */
  nextCursor: z.string().nullable(),
});
export type RunPage = z.output<typeof runPageSchema>;

/** One line of a run's ledger. */
export const runBatchSchema = z.object({
  sequence: z.number().int(),
  entities: z.number().int(),
  created: z.number().int(),
  updated: z.number().int(),
  unchanged: z.number().int(),
  deleted: z.number().int(),
  aside: z.number().int(),
  bytes: z.number().int(),
  firstRow: z.number().int(),
  lastRow: z.number().int(),
  ms: z.number().int(),
  at: z.iso.datetime(),
});
export type RunBatch = z.output<typeof runBatchSchema>;

export const runBatchPageSchema = z.object({
  batches: z.array(runBatchSchema),
  /** Sequence to continue after; `null` on the last page. */
  nextAfter: z.number().int().nullable(),
});
export type RunBatchPage = z.output<typeof runBatchPageSchema>;

/** A run that a tab may send, and what it need not send again. */
export type TakenRun = { run: ImportRun; appliedSequences: number[] };
