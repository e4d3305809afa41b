import { queryOptions, type QueryClient } from "@tanstack/react-query";

import {
  ANY_LANGUAGE,
  ENTRY_PAGE_LIMITS,
  entryFilterParams,
  entryPageSchema,
  entryQuerySchema,
  entrySchema,
  knownKeysSchema,
  readEntrySearchParams,
  type EntryFilter,
  type EntryPage,
} from "@/lib/domain/entry";

import {
  storedValuesSchema,
  type StoredValuesPage,
} from "@/lib/domain/stored-values";

import { getJson, postJson } from "./http";

/** What the list shows: the filter, the place in the list, the chosen columns. */
export type EntryView = EntryFilter & {
  cursor: string | null;
  columns: string[];
};

/** The address members of a view; the page and the search route read the same. */
export function entryViewParams(view: Partial<EntryView>): URLSearchParams {
  const params = entryFilterParams(view);
  for (const column of view.columns ?? []) params.append("column", column);
  if (view.cursor) params.set("cursor", view.cursor);
  return params;
}

/** An address that somebody has changed by hand shows what is readable of it. */
export function readEntryView(params: URLSearchParams): EntryView {
  const given = readEntrySearchParams(params);
  const { text, property, language, presence, cursor, columns } =
    entryQuerySchema.shape;
  const read = <T>(
    schema: { safeParse(value: unknown): { success: boolean; data?: T } },
    value: unknown,
    otherwise: T,
  ): T => schema.safeParse(value).data ?? otherwise;
  return {
    text: read(text, given["text"], ""),
    property: read(property, given["property"], null),
    language: read(language, given["language"], ANY_LANGUAGE),
    presence: read(presence, given["presence"], "present"),
    cursor: read(cursor, given["cursor"], null),
    columns: read(columns, given["columns"], []),
  };
}

/** Keys and fetchers for the entries of a source. Invalidate `all()` after any change to its entries. */
export const entryQueries = {
  all: (sourceId: string) => ["entries", sourceId] as const,
  search: (sourceId: string, view: EntryView, client?: QueryClient) => {
    const queryKey = [
      ...entryQueries.all(sourceId),
      "search",
      entryViewParams(view).toString(),
    ] as const;
    return queryOptions({
      queryKey,
      queryFn: ({ signal }) =>
        readWholePage(sourceId, view, signal, (page) =>
          client?.setQueryData(queryKey, page),
        ),
    });
  },
  known: (sourceId: string, keys: readonly string[]) =>
    queryOptions({
      queryKey: [...entryQueries.all(sourceId), "known", ...keys] as const,
      queryFn: ({ signal }) => readKnownKeys(sourceId, keys, signal),
    }),
  one: (sourceId: string, key: string) =>
    queryOptions({
      queryKey: [...entryQueries.all(sourceId), "one", key] as const,
      queryFn: ({ signal }) =>
        getJson(`/api/sources/${sourceId}/entries/${key}`, entrySchema, signal),
    }),
};

/** Those of the keys that are entries of the source. */
export async function readKnownKeys(
  sourceId: string,
  keys: readonly string[],
  signal?: AbortSignal,
): Promise<ReadonlySet<string>> {
  const params = new URLSearchParams(keys.map((key) => ["key", key]));
  const known = await getJson(
    `/api/sources/${sourceId}/known-keys?${params.toString()}`,
    knownKeysSchema,
    signal,
  );
  return new Set(known.keys);
}

/** What is stored of some entries, cut for reading. */
export function readStoredValues(
  sourceId: string,
  keys: readonly string[],
): Promise<StoredValuesPage> {
  return postJson(
    `/api/sources/${sourceId}/stored-values`,
    { keys },
    storedValuesSchema,
  );
}

/** The address of an export of the entries that a filter shows. */
export function exportPath(
  sourceId: string,
  filter: EntryFilter,
  format: string,
): string {
  const params = entryFilterParams(filter);
  params.set("format", format);
  return `/api/sources/${sourceId}/entries/export?${params.toString()}`;
}

/**
 * A request reads for a bounded time only; asks on until the page is full or
 * there is no more, and tells what there is meanwhile.
 */
async function readWholePage(
  sourceId: string,
  view: EntryView,
  signal: AbortSignal,
  onPart: (page: EntryPage) => void,
): Promise<EntryPage> {
  const rowsMax = ENTRY_PAGE_LIMITS.rowsDefault;
  const isBack = view.cursor?.startsWith("b") === true;
  let whole: EntryPage | undefined;
  let { cursor } = view;
  for (;;) {
    const params = entryViewParams({ ...view, cursor });
    params.set("rows", String(rowsMax - (whole?.rows.length ?? 0)));
    const part = await getJson(
      `/api/sources/${sourceId}/entries?${params.toString()}`,
      entryPageSchema,
      signal,
    );
    whole = joinParts(whole, part, isBack);
    const more = isBack ? part.previous : part.next;
    if (part.isComplete || more === null || whole.rows.length >= rowsMax) {
      return { ...whole, isComplete: true };
    }
    onPart(whole);
    cursor = more;
  }
}

function joinParts(
  before: EntryPage | undefined,
  part: EntryPage,
  isBack: boolean,
): EntryPage {
  if (!before) return part;
  const rows = isBack
    ? [...part.rows, ...before.rows]
    : [...before.rows, ...part.rows];
  const counted = part.count.isExact && before.count.isExact;
  return {
    ...part,
    rows,
    next: isBack ? before.next : part.next,
    previous: isBack ? part.previous : before.previous,
    count: counted
      ? before.count
      : {
          value: rows.length,
          isExact: part.next === null && before.previous === null,
        },
  };
}
