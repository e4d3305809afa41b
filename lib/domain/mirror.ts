import { z } from "zod";

/** Keys in one page of a source's keys. */
export const KEYS_PER_PAGE = 10_000;
/** Samples asked for at once. */
export const SAMPLES_ASKED_MAX = 50;
/** More entries than this nobody reviews. */
export const MISSING_MAX = 200_000;
/** Above this share of the source a deletion must be confirmed by typing how many. */
const TYPED_SHARE = 0.05;
/** Above this share of rows whose key cannot be read, the list is not to be trusted. */
const UNREADABLE_SHARE_MAX = 0.05;

export const keyPageSchema = z.object({
  keys: z.array(z.string()),
  /** To go on after; `null` on the last page. */
  next: z.string().nullable(),
  /** The server's time before it read: what changes later was not seen. */
  at: z.iso.datetime(),
});
export type KeyPage = z.output<typeof keyPageSchema>;

export const entrySamplesSchema = z.object({
  samples: z.array(z.object({ key: z.string(), text: z.string() })),
});
export type EntrySamples = z.output<typeof entrySamplesSchema>;

/** Part of the check of a run after which entries missing from its file are to be deleted. */
export const missingPlanSchema = z.object({
  /** How many; a further run deletes them. */
  entries: z.number().int().positive(),
});

/** Part of the check of a run that deletes what the file of another one lacked. */
export const mirrorOfSchema = z.object({
  runId: z.uuid(),
  /** An entry that was made or changed since is left. */
  unchangedSince: z.iso.datetime(),
});
export type MirrorOf = z.output<typeof mirrorOfSchema>;

/** What a comparison of a source with a file came to. */
export type MissingEntries = {
  /** In the order of the source. */
  keys: string[];
  /** More are missing than are listed. */
  isCut: boolean;
  sourceEntries: number;
  rowsRead: number;
  /** Rows that are no entry because nobody knows their key. */
  rowsWithoutKey: number;
  /** When the source was read. */
  at: string;
};

/** Why a list of missing entries is better not acted on; `undefined` when nothing speaks against it. */
export function mirrorDoubt(
  found: MissingEntries,
): "nothing_known" | "unreadable_keys" | "too_many" | undefined {
  const { rowsRead, rowsWithoutKey, keys, sourceEntries } = found;
  if (found.isCut) return "too_many";
  if (rowsWithoutKey > rowsRead * UNREADABLE_SHARE_MAX) {
    return "unreadable_keys";
  }
  return sourceEntries > 0 && keys.length === sourceEntries
    ? "nothing_known"
    : undefined;
}

/** Whether deleting so many of a source's entries has to be typed. */
export function needsTyping(entries: number, sourceEntries: number): boolean {
  return entries > sourceEntries * TYPED_SHARE;
}
