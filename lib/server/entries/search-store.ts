import "server-only";

import type { Context } from "@/lib/server/context";

/** What rows must have besides their place: any of the names, or none of them. */
export type Presence = { names: string[]; isPresent: boolean };

export type Direction = "after" | "before";

/** A stretch of keys read in order. `scannedTo` is the last one read, `isEnd` that there are no more. */
export type Stretch = {
  keys: string[];
  scannedTo: string | null;
  isEnd: boolean;
};

export type SourceRef = { ctx: Context; sourceId: string };

export type Place = { direction: Direction; key: string | null };

/**
 * The first `keysMax` keys that have what `presence` asks among the next
 * `windowMax` entries. Always up to date: it reads the entries themselves.
 */
export async function walkEntries(
  { ctx, sourceId }: SourceRef,
  place: Place,
  presence: Presence | null,
  windowMax: number,
): Promise<Stretch> {
  const params = [ctx.tenantId, sourceId, place.key, windowMax];
  const [row] = await ctx.db.rows<WindowRow>(
    `select count(*) as scanned, ${edge(place)}(key) as last,
            array_agg(key) filter (where ${presenceSql(presence, "w.properties", 5)}) as hits
     from (select key, properties from entries
           where tenant_id = $1 and source_id = $2 and ${beyond(place, "key", 3)}
           order by key ${order(place)} limit $4) w`,
    presence ? [...params, presence.names] : params,
  );
  return stretch(row, place, windowMax);
}

/**
 * Keys that begin with a text, in order. Upper and lower case differ, as they
 * do in keys. Key order is byte order, and `~` comes after every legal character.
 */
export async function walkKeyPrefix(
  { ctx, sourceId }: SourceRef,
  place: Place,
  prefix: string,
  presence: Presence | null,
  windowMax: number,
): Promise<Stretch> {
  const params = [
    ctx.tenantId,
    sourceId,
    place.key,
    windowMax,
    prefix,
    `${prefix}~`,
  ];
  const [row] = await ctx.db.rows<WindowRow>(
    `select count(*) as scanned, ${edge(place)}(key) as last,
            array_agg(key) filter (where ${presenceSql(presence, "w.properties", 7)}) as hits
     from (select key, properties from entries
           where tenant_id = $1 and source_id = $2 and key >= $5 and key < $6
             and ${beyond(place, "key", 3)}
           order by key ${order(place)} limit $4) w`,
    presence ? [...params, presence.names] : params,
  );
  return stretch(row, place, windowMax);
}

/**
 * Keys whose indexed words answer `query` among the next `windowMax` ones, and
 * for each of `terms` how many of the window have it: a sample of how common
 * it is.
 */
export async function walkWords(
  { ctx, sourceId }: SourceRef,
  place: Place,
  query: string,
  terms: string[],
  windowMax: number,
): Promise<Stretch & { scanned: number; termHits: number[] }> {
  const counts = terms.map(
    (_, at) => `count(*) filter (where words @@ $${at + 6}::tsquery)`,
  );
  const [row] = await ctx.db.rows<WindowRow & { terms: number[] }>(
    `select count(*) as scanned, ${edge(place)}(key) as last,
            array_agg(key) filter (where words @@ $5::tsquery) as hits,
            array[${counts.join(", ")}]::int[] as terms
     from (select key, words from entry_search
           where tenant_id = $1 and source_id = $2 and ${beyond(place, "key", 3)}
           order by key ${order(place)} limit $4) w`,
    [ctx.tenantId, sourceId, place.key, windowMax, query, ...terms],
  );
  return {
    ...stretch(row, place, windowMax),
    scanned: row?.scanned ?? 0,
    termHits: row?.terms ?? [],
  };
}

const QUERY_CANCELED = "57014";

/**
 * Asks the word index for `rare` and checks `common`, and values that must be
 * missing, on what it gives. Values that must be present are asked for in
 * `rare`. Gives the next `keysMax` keys in order, and how many there are in all.
 * `undefined` when that takes longer than `msMax`.
 */
export async function findByWords(
  { ctx, sourceId }: SourceRef,
  place: Place,
  asked: { rare: string; common: string | null; presence: Presence | null },
  limits: { keysMax: number; msMax: number },
): Promise<{ keys: string[]; count: number } | undefined> {
  const { rare, common, presence } = asked;
  const params: unknown[] = [
    ctx.tenantId,
    sourceId,
    place.key,
    limits.keysMax,
    rare,
    common,
  ];
  // "is true" keeps the planner from using any index but the one on words, and
  // from looking up common words in it.
  const lacking = presence?.isPresent === false ? presence : null;
  if (lacking) params.push(lacking.names);
  const kept = lacking
    ? `select f.key from found f cross join lateral (
         select 1 from entries e
         where e.tenant_id = $1 and e.source_id = $2 and e.key = f.key
           and ${presenceSql(lacking, "e.properties", 7)} offset 0) e`
    : "select key from found";
  const statement = `
    with found as materialized (
      select key from entry_search
      where words @@ $5::tsquery
        and (tenant_id = $1 and source_id = $2) is true
        and ($6::tsquery is null or words @@ $6::tsquery) is true),
    kept as materialized (${kept})
    select (select count(*) from kept) as count,
           array(select key from kept where ${beyond(place, "key", 3)}
                 order by key ${order(place)} limit $4) as keys`;
  try {
    return await ctx.db.transaction(async (tx) => {
      await tx.rows(
        `select set_config('statement_timeout', $1, true),
                set_config('enable_seqscan', 'off', true),
                set_config('jit', 'off', true)`,
        [String(limits.msMax)],
      );
      const [row] = await tx.rows<{ keys: string[]; count: number }>(
        statement,
        params,
      );
      return row ?? { keys: [], count: 0 };
    });
  } catch (error) {
    // The time is over: the caller reads on in key order instead.
    if ((error as { code?: unknown }).code === QUERY_CANCELED) return undefined;
    throw error;
  }
}

/** Keys that wait for the word index, with the entries they have now; a deleted one has no properties. */
export async function selectPending({
  ctx,
  sourceId,
}: SourceRef): Promise<
  { key: string; properties: Record<string, string> | null }[]
> {
  return ctx.db.rows(
    `select p.key, e.properties
     from (select distinct unnest(keys) collate "C" as key
           from search_jobs where tenant_id = $1 and source_id = $2) p
     left join entries e
       on e.tenant_id = $1 and e.source_id = $2 and e.key = p.key
     order by p.key`,
    [ctx.tenantId, sourceId],
  );
}

export type StoredRow = {
  key: string;
  value_count: number;
  updated_at: Date;
  values: (string | null)[];
};

/** Rows of the list for the keys that still exist, in key order. */
export async function selectRows(
  { ctx, sourceId }: SourceRef,
  keys: string[],
  asked: {
    columns: string[];
    presence: Presence | null;
    valueCharsMax: number;
  },
): Promise<StoredRow[]> {
  if (keys.length === 0) return [];
  const params: unknown[] = [
    ctx.tenantId,
    sourceId,
    keys,
    asked.columns,
    asked.valueCharsMax,
  ];
  if (asked.presence) params.push(asked.presence.names);
  return ctx.db.rows<StoredRow>(
    `select key, updated_at,
            (select count(*) from jsonb_object_keys(properties))::int as value_count,
            array(select left(properties ->> name, $5::int)
                  from unnest($4::text[]) with ordinality as c(name, at)
                  order by at) as values
     from entries
     where tenant_id = $1 and source_id = $2 and key = any($3::text[])
       and ${presenceSql(asked.presence, "properties", 6)}
     order by key`,
    params,
  );
}

export type TrackedNames = {
  /** Entries of the source. */
  total: number;
  /** `id:language`, and `id:*` for any language, that some entry has, with exact counts, the most common first. */
  names: { prop: string; entries: number }[];
  /** Keys that wait for the word index, counting a key twice that changed twice. */
  waiting: number;
};

/** What a source tracks; `undefined` when there is no such source. */
export async function selectNames({
  ctx,
  sourceId,
}: SourceRef): Promise<TrackedNames | undefined> {
  const [row] = await ctx.db.rows<{
    total: number | null;
    waiting: number;
    names: [prop: string, entries: number][];
  }>(
    `select
       (select entries from source_stats
        where tenant_id = $1 and source_id = $2) as total,
       (select coalesce(sum(key_count), 0)::bigint from search_jobs
        where tenant_id = $1 and source_id = $2) as waiting,
       (select coalesce(json_agg(json_build_array(prop, entries)
                          order by entries desc, first_seen, prop), '[]')
        from source_properties
        where tenant_id = $1 and source_id = $2 and entries > 0) as names`,
    [ctx.tenantId, sourceId],
  );
  if (!row || row.total === null) return undefined;
  const names = row.names.map(([prop, entries]) => ({ prop, entries }));
  return { total: row.total, waiting: row.waiting, names };
}

type WindowRow = {
  scanned: number;
  last: string | null;
  hits: string[] | null;
};

function stretch(
  row: WindowRow | undefined,
  place: Place,
  windowMax: number,
): Stretch {
  const keys = row?.hits ?? [];
  return {
    keys: keys.sort(inOrder(place)),
    scannedTo: row?.last ?? null,
    isEnd: (row?.scanned ?? 0) < windowMax,
  };
}

/** Compares keys as the database does: legal keys are ASCII, so by code unit. */
export function inOrder(place: Place): (a: string, b: string) => number {
  const sign = place.direction === "after" ? 1 : -1;
  return (a, b) => (a < b ? -sign : a > b ? sign : 0);
}

function beyond(place: Place, column: string, parameter: number): string {
  const sign = place.direction === "after" ? ">" : "<";
  return `($${parameter}::text is null or ${column} ${sign} $${parameter})`;
}

function order(place: Place): string {
  return place.direction === "after" ? "asc" : "desc";
}

function edge(place: Place): string {
  return place.direction === "after" ? "max" : "min";
}

function presenceSql(
  presence: Presence | null,
  column: string,
  parameter: number,
): string {
  if (!presence) return "true";
  return `${presence.isPresent ? "" : "not "}${column} ?| $${parameter}::text[]`;
}
