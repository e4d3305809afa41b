import {
  ENTRY_CHANGES,
  NO_CHANGES,
  sumChanges,
  type ChangeTotals,
  type EntryChange,
} from "@/lib/domain/entry-changes";
import { valueName } from "@/lib/domain/identifiers";
import type { KeptLine, UndoChange, UndoForecast } from "@/lib/domain/undo-run";
import { KEPT } from "@/lib/wording/undo";

/** Lines of what stays that a page shows; the file has all. */
export const KEPT_SHOWN_MAX = 200;

/** What is known of an undo so far. */
export type UndoPreview = {
  batch: number;
  batches: number;
  totals: ChangeTotals;
  /** The first `KEPT_SHOWN_MAX` lines. */
  kept: KeptLine[];
  keptCount: number;
  /** All lines, as chunks that the browser may put on disk. */
  keptParts: Blob[];
  /** Totals of each batch, to find the batch of an entry in. */
  perBatch: ChangeTotals[];
};

export const NO_PREVIEW: UndoPreview = {
  ...{ batch: 0, batches: 0, totals: NO_CHANGES },
  ...{ kept: [], keptCount: 0, keptParts: [], perBatch: [] },
};

/** Adds the next batch. */
export function addForecast(
  preview: UndoPreview,
  part: UndoForecast,
): UndoPreview {
  const room = KEPT_SHOWN_MAX - preview.kept.length;
  return {
    batch: part.batch,
    batches: part.batches,
    totals: sumChanges([preview.totals, part.totals]),
    kept: [...preview.kept, ...part.kept.slice(0, Math.max(0, room))],
    keptCount: preview.keptCount + part.kept.length,
    keptParts:
      part.kept.length > 0
        ? [...preview.keptParts, new Blob([keptCsvLines(part.kept)])]
        : preview.keptParts,
    perBatch: [...preview.perBatch, part.totals],
  };
}

type Filter = { change: EntryChange | null; property: string | null };

/**
 * A page of the entries that an undo changes, batch after batch: only the
 * batches are asked for that the page needs, as their totals tell which.
 */
export async function loadUndoPage(
  perBatch: readonly ChangeTotals[],
  filter: Filter,
  place: { from: number; count: number },
  readBatch: (batch: number) => Promise<UndoChange[]>,
): Promise<{ entries: UndoChange[]; total: number }> {
  const entries: UndoChange[] = [];
  let total = 0;
  for (const [index, totals] of perBatch.entries()) {
    const atMost = countMatches(totals, filter);
    if (atMost === 0) continue;
    const isCounted = filter.change === null || filter.property === null;
    const isWanted =
      total + atMost > place.from && entries.length < place.count;
    if (!isWanted && isCounted) {
      total += atMost;
      continue;
    }
    const matching = (await readBatch(index + 1)).filter((entry) =>
      isMatch(entry, filter),
    );
    const skipped = Math.max(0, place.from - total);
    entries.push(
      ...matching.slice(skipped, skipped + place.count - entries.length),
    );
    total += matching.length;
  }
  return { entries, total };
}

/** How many entries of a batch fit; with both filters, at most so many. */
function countMatches(totals: ChangeTotals, filter: Filter): number {
  const { change, property } = filter;
  const ofChange =
    change === null
      ? ENTRY_CHANGES.reduce((sum, one) => sum + totals.entries[one], 0)
      : totals.entries[change];
  if (property === null) return ofChange;
  const found = totals.properties.find(
    ({ id, language }) => valueName(id, language) === property,
  );
  if (!found) return 0;
  const ofProperty = found.set + found.replaced + found.cleared + found.removed;
  return change === null ? ofProperty : Math.min(ofChange, ofProperty);
}

function isMatch(entry: UndoChange, { change, property }: Filter): boolean {
  if (change !== null && entry.change !== change) return false;
  if (property === null) return true;
  return entry.values.some(
    ({ id, language }) => valueName(id, language) === property,
  );
}

/** The list of what stays as a CSV: UTF-8 with byte order mark, comma, CRLF. */
export function keptCsv(parts: readonly BlobPart[]): Blob {
  return new Blob([`\uFEFF${KEPT.fileColumns}\r\n`, ...parts], {
    type: "text/csv;charset=utf-8",
  });
}

/** Its lines; a text that a spreadsheet would take for a formula begins with an apostrophe. */
export function keptCsvLines(lines: readonly KeptLine[]): string {
  return lines
    .map(({ key, id, language, reason, current, before }) =>
      [key, id, language, reason, current, before].map(csvCell).join(","),
    )
    .map((line) => `${line}\r\n`)
    .join("");
}

function csvCell(text: string | null): string {
  const safe = /^[=+\-@\t\r]/.test(text ?? "")
    ? `'${text ?? ""}`
    : (text ?? "");
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
