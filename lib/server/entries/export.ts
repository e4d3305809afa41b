import "server-only";

import { entryFilterSchema, type EntryFilter } from "@/lib/domain/entry";
import {
  csvEntry,
  csvHeader,
  EXPORT_COLUMNS_MAX,
  exportColumns,
  jsonLine,
  type ExportedEntry,
  type ExportFormat,
} from "@/lib/domain/entry-export";
import { AppError } from "@/lib/domain/errors";
import { requireRole, type Context } from "@/lib/server/context";

import { byteSlices } from "./byte-slices";
import { presenceFilter } from "./entry-filter";
import { entryFinder, type Finder } from "./entry-finder";
import { selectProperties, selectSizes } from "./entry-store";
import { getNames, parseQuery, readPending } from "./search";
import { selectRows, type Presence, type SourceRef } from "./search-store";

const KEYS_AT_ONCE = 500;

/**
 * The entries of a filter as text, piece by piece: memory stays the same
 * however many there are. Not a snapshot: an entry that changes meanwhile is
 * there as it was or as it is, once. Role: viewer.
 *
 * @throws {AppError} before the first piece: `not_found`; `invalid_input` for
 *   an odd filter; `unprocessable` when a table has too many columns to be
 *   imported again; `unavailable` while words are being indexed that the filter
 *   needs.
 */
export async function exportEntries(
  ctx: Context,
  sourceId: string,
  input: Partial<EntryFilter>,
  format: ExportFormat,
): Promise<AsyncGenerator<string>> {
  requireRole(ctx, "viewer");
  const filter = entryFilterSchema.parse(parseQuery(input));
  const ref = { ctx, sourceId };
  const tracked = await getNames(ref);
  const columns = exportColumns(
    tracked.names
      .map(({ prop }) => prop)
      .filter((prop) => !prop.endsWith(":*")),
  );
  if (format !== "jsonl" && columns.length > EXPORT_COLUMNS_MAX) {
    throw new AppError(
      "unprocessable",
      `A table of these entries would have ${columns.length + 1} columns, and the import page reads at most ${EXPORT_COLUMNS_MAX + 1}. Export JSON lines instead.`,
    );
  }
  const pending = await readPending(ref, tracked);
  if (filter.text !== "" && pending === null) {
    throw new AppError(
      "unavailable",
      `${tracked.waiting} changed entries are not searched yet, so this export would not be whole. Try again in a moment.`,
      { retryAfterSeconds: 5 },
    );
  }
  const passing = presenceFilter(filter, tracked);
  const finder = entryFinder(ref, filter, passing, {
    pending,
    isReadingOn: false,
  });
  return write(readAll(ref, finder, passing.presence), columns, format);
}

async function* write(
  entries: AsyncGenerator<ExportedEntry[]>,
  columns: string[],
  format: ExportFormat,
): AsyncGenerator<string> {
  if (format !== "jsonl") yield csvHeader(columns, format);
  for await (const slice of entries) {
    yield slice
      .map((entry) =>
        format === "jsonl" ? jsonLine(entry) : csvEntry(entry, columns, format),
      )
      .join("");
  }
}

async function* readAll(
  ref: SourceRef,
  finder: Finder,
  presence: Presence | null,
): AsyncGenerator<ExportedEntry[]> {
  const { ctx, sourceId } = ref;
  for (const phase of finder.phases) {
    let key: string | null = null;
    for (;;) {
      const found = await phase.next({ direction: "after", key }, KEYS_AT_ONCE);
      const keys = await keysThatPass(ref, found.keys, presence);
      const sizes = await selectSizes(ctx.db, ctx.tenantId, sourceId, keys);
      for (const slice of byteSlices(sizes)) {
        const rows = await selectProperties(
          ctx.db,
          ctx.tenantId,
          sourceId,
          slice,
        );
        yield rows.map(({ key, properties }) => ({
          key,
          values: new Map(Object.entries(properties)),
        }));
      }
      if (found.isEnd) break;
      key = found.scannedTo;
    }
  }
}

async function keysThatPass(
  ref: SourceRef,
  keys: string[],
  presence: Presence | null,
): Promise<string[]> {
  if (!presence) return keys;
  const rows = await selectRows(ref, keys, {
    columns: [],
    presence,
    valueCharsMax: 0,
  });
  return rows.map(({ key }) => key);
}
