import type { TableOptions } from "./import-run";

/**
 * Names how the rows of a file are numbered: two readings with one name have
 * the same row under each number, so that edits of single cells hold for both.
 * Another encoding or header row changes no number; other sheets, quotes or
 * another delimiter may.
 */
export function rowNumbering({
  delimiter,
  quotes,
  parts = [],
}: TableOptions): string {
  // Of several parts the header rows decide where each begins.
  const places =
    parts.length > 1
      ? parts.map(({ lacks: _, ...part }) => part)
      : parts.map(({ file, sheet }) => [file, sheet]);
  return JSON.stringify([delimiter, quotes, places]);
}
