import { z } from "zod";

/** One import through the ingest API as the Studio lists it; repeats within 3 minutes are one. */
export const loggedImportSchema = z.object({
  id: z.uuid(),
  status: z.enum(["accepted", "refused"]),
  /** Null once the provider was deleted. */
  provider: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  requestId: z.string(),
  correlationId: z.string().nullable(),
  bytes: z.number().int().nonnegative(),
  entities: z.number().int().nonnegative(),
  created: z.number().int().nonnegative(),
  updated: z.number().int().nonnegative(),
  unchanged: z.number().int().nonnegative(),
  deleted: z.number().int().nonnegative(),
  /** Milliseconds from the whole body read to the commit, of the first of its repeats. */
  ms: z.number().int().nonnegative(),
  /** Advice of the API that was passed over. */
  flags: z.array(z.enum(["entities_advised", "bytes_advised"])),
  /** Of a refused import: the errors as they were answered, at most 20. */
  problems: z.array(z.string()),
  /** How often the same body came, the first time included. */
  repeats: z.number().int().positive(),
  at: z.iso.datetime(),
  lastAt: z.iso.datetime(),
});

export type LoggedImport = z.output<typeof loggedImportSchema>;

/** A page of the log, newest first. `next` is passed as `before` for the page after it; null on the last. */
export type ImportLogPage = { imports: LoggedImport[]; next: string | null };
