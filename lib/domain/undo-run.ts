import { z } from "zod";

import {
  changeTotalsSchema,
  ENTRY_CHANGES,
  VALUE_CHANGES,
} from "./entry-changes";

/**
 * Why an undo left something: the value was changed since; the entry was
 * deleted since; the entry, made by the run, has values of others now; the
 * entry, deleted by the run, was made anew.
 */
export const KEPT_REASONS = [
  "changed",
  "entry_deleted",
  "entry_kept",
  "entry_created",
] as const;
export type KeptReason = (typeof KEPT_REASONS)[number];

/**
 * The same, and `already`: others made it what it was before the batch. Nothing
 * to tell, but an earlier batch of the run must not take that for its own work.
 */
export const SETTLED_REASONS = [...KEPT_REASONS, "already"] as const;
export type SettledReason = (typeof SETTLED_REASONS)[number];

/** Characters of a value that the list of what stays shows. */
export const KEPT_CHARS_MAX = 500;

/** One line of the list of what stays, texts cut to `KEPT_CHARS_MAX`. */
export const keptLineSchema = z.object({
  key: z.string(),
  /** `null`: the entry as a whole. */
  id: z.string().nullable(),
  language: z.string().nullable(),
  reason: z.enum(KEPT_REASONS),
  current: z.string().nullable(),
  before: z.string().nullable(),
});
export type KeptLine = z.output<typeof keptLineSchema>;

/** A line as an undo keeps it while it goes on. */
export const settledLineSchema = keptLineSchema.extend({
  reason: z.enum(SETTLED_REASONS),
});
export type SettledLine = z.output<typeof settledLineSchema>;

export const keptPageSchema = z.object({
  lines: z.array(keptLineSchema),
  /** Batch of the undo to continue after; `null` on the last page. */
  nextAfter: z.number().int().nullable(),
});
export type KeptPage = z.output<typeof keptPageSchema>;

/** What undoing one batch would do; an entry of several batches is told with the last of them. */
export const undoForecastSchema = z.object({
  /** From 1, the newest batch first. */
  batch: z.number().int(),
  batches: z.number().int(),
  totals: changeTotalsSchema,
  /** What stays because others changed it. */
  kept: z.array(keptLineSchema),
});
export type UndoForecast = z.output<typeof undoForecastSchema>;

const excerptSchema = z.union([
  z.string(),
  z.tuple([z.string(), z.number().int()]),
]);

/** What undoing would change in one entry: the changed values alone, by property, then language. */
export const undoChangeSchema = z.object({
  key: z.string(),
  /** No row of a file stands for it. */
  row: z.null(),
  change: z.enum(ENTRY_CHANGES),
  values: z.array(
    z.object({
      id: z.string(),
      language: z.string().nullable(),
      change: z.enum(VALUE_CHANGES),
      before: excerptSchema.nullable(),
      after: excerptSchema.nullable(),
    }),
  ),
});
export type UndoChange = z.output<typeof undoChangeSchema>;

/** Changes of fewer entries are confirmed by a press alone, however small the source. */
const TYPED_ABOVE_ENTRIES = 100;
const TYPED_ABOVE_SHARE = 0.05;

/** Whether so many changed entries of a source have to be confirmed by typing. */
export function needsTypedConfirmation(
  changed: number,
  entryCount: number,
): boolean {
  return (
    changed > TYPED_ABOVE_ENTRIES && changed > entryCount * TYPED_ABOVE_SHARE
  );
}

/** Whether a run can be undone, and if not, why. */
export const undoStateSchema = z.object({
  /** A sentence; `null` when it can. */
  refusal: z.string().nullable(),
  batches: z.number().int(),
  /** Entries that the run changed; one in two batches counts twice. */
  entries: z.number().int(),
});
export type UndoState = z.output<typeof undoStateSchema>;
