import { z } from "zod";

/** Characters of a value that a list of changes shows. */
export const EXCERPT_CHARS_MAX = 240;
/** Characters before the first difference that still say where it is. */
const CONTEXT_CHARS = 40;

/** A text, or the part of a long one that begins at a character. */
export const excerptSchema = z.union([
  z.string(),
  z.tuple([z.string(), z.number().int()]),
]);
export type Excerpt = z.output<typeof excerptSchema>;

/** The part of a text that is shown; all of it when it is short. */
export function cutExcerpt(text: string, from = 0): Excerpt {
  if (from === 0 && text.length <= EXCERPT_CHARS_MAX) return text;
  return [text.slice(from, from + EXCERPT_CHARS_MAX).toWellFormed(), from];
}

/**
 * The same part of a value before and after: where it begins to differ, so that
 * two long texts are not shown as equal. `after` may be missing.
 */
export function cutAtDifference(
  before: string,
  after: string | undefined,
): { before: Excerpt; after: Excerpt } {
  const from = after === undefined ? 0 : firstShown(before, after);
  return {
    before: cutExcerpt(before, from),
    after: cutExcerpt(after ?? "", from),
  };
}

/** The text of an excerpt, with … where something is left out. `isCut` tells whether something follows. */
export function excerptText(excerpt: Excerpt): string {
  if (typeof excerpt === "string") return excerpt;
  const [text, from] = excerpt;
  const isCut = text.length >= EXCERPT_CHARS_MAX;
  return `${from > 0 ? "…" : ""}${text}${isCut ? "…" : ""}`;
}

function firstShown(a: string, b: string): number {
  if (a.length <= EXCERPT_CHARS_MAX && b.length <= EXCERPT_CHARS_MAX) return 0;
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  // What fits from the beginning is shown from there.
  return at < EXCERPT_CHARS_MAX - CONTEXT_CHARS ? 0 : at - CONTEXT_CHARS;
}
