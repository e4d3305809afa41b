import "server-only";

import { z } from "zod";

import {
  ENTRY_PAGE_LIMITS,
  entryQuerySchema,
  hasPropertyFilter,
  type EntryPage,
  type EntryQuery,
  type EntryQueryInput,
} from "@/lib/domain/entry";
import { AppError, parseInput } from "@/lib/domain/errors";
import { SEARCH_LIMITS, wordsAsked } from "@/lib/domain/search-words";
import { requireRole, type Context } from "@/lib/server/context";

import { presenceFilter, tellingColumns } from "./entry-filter";
import { entryFinder, type Finder, type Pending } from "./entry-finder";
import {
  inOrder,
  selectNames,
  selectPending,
  selectRows,
  type Direction,
  type Presence,
  type SourceRef,
  type StoredRow,
  type TrackedNames,
} from "./search-store";

/** After this a request ends with what it has; the page asks on by itself. */
const READING_MS_MAX = 60;
const SIEVED_KEYS = 500;
/** Up to so many waiting keys are looked at one by one, which takes about 0.1 ms each. */
const PENDING_KEYS_MAX = 400;

/**
 * A page of entries: of all, of those whose key or values hold the words of
 * `text`, of those that have or lack a property. Keys that begin with the text
 * come first, then the rest; both by key in byte order. Pages are kept by key,
 * so entries that come and go do not shift them. Role: viewer.
 *
 * A request reads for about 60 ms at most. When that is not enough, the page
 * says `isComplete: false` and `next` goes on where it stopped.
 *
 * @throws {AppError} `not_found`; `invalid_input` for an odd query.
 */
export async function searchEntries(
  ctx: Context,
  sourceId: string,
  input: EntryQueryInput,
): Promise<EntryPage> {
  requireRole(ctx, "viewer");
  const query = parseQuery(input);
  const ref = { ctx, sourceId };
  const tracked = await getNames(ref);
  const page = await readPage(ref, query, tracked);
  // Going back can end in a short first page: show the whole one.
  const isShortFirst =
    query.cursor?.startsWith("b") === true &&
    page.previous === null &&
    page.isComplete &&
    page.rows.length < query.rowsMax;
  return isShortFirst
    ? readPage(ref, { ...query, cursor: null }, tracked)
    : page;
}

/** Checks a query as a person or a URL gave it. @throws {AppError} `invalid_input` */
export function parseQuery(input: EntryQueryInput): EntryQuery {
  const query = parseInput(entryQuerySchema, input);
  if (wordsAsked(query.text).length > SEARCH_LIMITS.wordsAskedMax) {
    const message = `Search for at most ${SEARCH_LIMITS.wordsAskedMax} words at once.`;
    throw new AppError("invalid_input", message, { fields: { text: message } });
  }
  return query;
}

/** What the source tracks. @throws {AppError} `not_found` */
export async function getNames(ref: SourceRef): Promise<TrackedNames> {
  const names = z.uuid().safeParse(ref.sourceId).success
    ? await selectNames(ref)
    : undefined;
  if (!names) {
    throw new AppError(
      "not_found",
      "There is no such source; it may have been deleted. Go back to the list of sources.",
    );
  }
  return names;
}

/** Keys that wait for the word index, each with what it has now; `null` when they are many. */
export async function readPending(
  ref: SourceRef,
  { waiting }: TrackedNames,
): Promise<Pending | null> {
  if (waiting === 0) return new Map();
  if (waiting > PENDING_KEYS_MAX) return null;
  const rows = await selectPending(ref);
  return new Map(rows.map(({ key, properties }) => [key, properties]));
}

type Filled = {
  rows: { row: StoredRow; phase: "k" | "w" }[];
  hasMore: boolean;
  stoppedAt: { phase: "k" | "w"; key: string | null } | null;
};

async function readPage(
  ref: SourceRef,
  query: EntryQuery,
  tracked: TrackedNames,
): Promise<EntryPage> {
  const needsIndex = query.text !== "" || hasPropertyFilter(query);
  const pending = needsIndex
    ? await readPending(ref, tracked)
    : new Map<string, never>();
  const filter = presenceFilter(query, tracked);
  const finder = entryFinder(ref, query, filter, {
    pending,
    isReadingOn: query.cursor?.[1] === "s",
  });
  const columns =
    query.columns.length > 0 ? query.columns : tellingColumns(tracked);
  const filled = await fillPage(ref, finder, query, {
    columns,
    presence: filter.presence,
  });
  const { rows } = filled;
  return {
    rows: rows.map(({ row }) => ({
      key: row.key,
      valueCount: row.value_count,
      changedAt: row.updated_at.toISOString(),
      values: row.values,
    })),
    columns,
    ...cursors(query, filled, finder),
    isComplete: filled.stoppedAt === null,
    count: countOf(query, filled, finder, filter.count),
    total: tracked.total,
    notSearchedYet: query.text !== "" && pending === null ? tracked.waiting : 0,
  };
}

async function fillPage(
  ref: SourceRef,
  finder: Finder,
  query: EntryQuery,
  shown: { columns: string[]; presence: Presence | null },
): Promise<Filled> {
  const until = performance.now() + READING_MS_MAX;
  const start = readCursor(query.cursor);
  const compare = inOrder({ direction: start.direction, key: null });
  const phases =
    start.direction === "after" ? finder.phases : finder.phases.toReversed();
  const from = phases.findIndex(({ id }) => id === start.phase);
  const needed = query.rowsMax + 1;
  // What words find is then sieved by what must be missing.
  const isSieved = query.text !== "" && shown.presence?.isPresent === false;
  const rows: Filled["rows"] = [];
  const done = (hasMore: boolean, stoppedAt: Filled["stoppedAt"]): Filled => {
    const kept = rows.slice(0, query.rowsMax);
    if (start.direction === "before") kept.reverse();
    return { rows: kept, hasMore, stoppedAt };
  };

  for (const [at, phase] of phases.slice(Math.max(0, from)).entries()) {
    let key = at === 0 ? start.key : null;
    for (;;) {
      const place = { direction: start.direction, key };
      const found = await phase.next(
        place,
        isSieved ? SIEVED_KEYS : needed - rows.length,
      );
      const loaded = await selectRows(ref, found.keys, {
        ...shown,
        valueCharsMax: ENTRY_PAGE_LIMITS.valueCharsMax,
      });
      loaded.sort((a, b) => compare(a.key, b.key));
      rows.push(...loaded.map((row) => ({ row, phase: phase.id })));
      if (rows.length >= needed) return done(true, null);
      if (found.isEnd) break;
      key = found.scannedTo;
      if (performance.now() > until) {
        return done(true, { phase: phase.id, key });
      }
    }
  }
  return done(false, null);
}

function readCursor(cursor: string | null): {
  direction: Direction;
  phase: "k" | "w" | null;
  key: string | null;
} {
  if (cursor === null) return { direction: "after", phase: null, key: null };
  return {
    direction: cursor.startsWith("a") ? "after" : "before",
    phase: cursor[1] === "k" ? "k" : "w",
    key: cursor.slice(3) || null,
  };
}

function cursors(
  query: EntryQuery,
  { rows, hasMore, stoppedAt }: Filled,
  finder: Finder,
): Pick<EntryPage, "next" | "previous"> {
  const write = (
    direction: "a" | "b",
    { phase, key }: { phase: "k" | "w"; key: string | null },
  ) => {
    const mode = phase === "w" && finder.isReadingOn() ? "s" : phase;
    return `${direction}${mode}:${key ?? ""}`;
  };
  const first = rows[0] && { phase: rows[0].phase, key: rows[0].row.key };
  const last = rows.at(-1);
  const end = last && { phase: last.phase, key: last.row.key };
  const isBack = query.cursor?.startsWith("b") === true;

  if (isBack) {
    const edge = stoppedAt ?? first;
    return {
      previous: hasMore && edge ? write("b", edge) : null,
      next: end ? write("a", end) : (query.cursor?.replace(/^b/, "a") ?? null),
    };
  }
  const edge = stoppedAt ?? end;
  return {
    previous: query.cursor
      ? first
        ? write("b", first)
        : query.cursor.replace(/^a/, "b")
      : null,
    next: hasMore && edge ? write("a", edge) : null,
  };
}

function countOf(
  query: EntryQuery,
  { rows, hasMore }: Filled,
  finder: Finder,
  counted: number | null,
): EntryPage["count"] {
  if (query.text === "" && counted !== null) {
    return { value: counted, isExact: true };
  }
  const isWhole = query.cursor === null && !hasMore;
  if (isWhole) return { value: rows.length, isExact: true };
  // Keys that begin with the text are among what the words find.
  const found = finder.countFound();
  if (found !== null) return { value: found, isExact: true };
  return { value: rows.length, isExact: false };
}
