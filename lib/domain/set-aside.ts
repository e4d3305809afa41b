import { z } from "zod";

/** An entity that was refused alone while the rest of its batch was applied. */
export const setAsideSchema = z.object({
  /** Its place in the batch, from 0. */
  at: z.number().int().nonnegative(),
  key: z.string(),
  /** The first row of the file it comes from; `null` where the batch does not tell. */
  row: z.number().int().nullable(),
  /** How many rows it was merged from. */
  rows: z.number().int(),
  /** What was refused and what to do: a sentence. */
  reason: z.string(),
});
export type SetAside = z.output<typeof setAsideSchema>;

/** Longer reasons, such as those of a remote server, are cut. */
export const ASIDE_REASON_CHARS_MAX = 500;

/** What a run set aside, a page at a time, in the order of the file. */
export const setAsidePageSchema = z.object({
  entries: z.array(setAsideSchema.extend({ sequence: z.number().int() })),
  /** Sequence to continue after; `null` on the last page. */
  nextAfter: z.number().int().nullable(),
});
export type SetAsidePage = z.output<typeof setAsidePageSchema>;
