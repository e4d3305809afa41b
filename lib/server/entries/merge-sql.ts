import "server-only";

/**
 * The statements of one import, in the order they run. All need the lock of
 * `LOCK_SOURCE`: with it the entries read are the entries written over, so
 * counts are exact (storage.md 6: without it 60 of 60 were wrong).
 */

/** $1 tenant, $2 source. No row: the source is gone. */
export const LOCK_SOURCE = `
select entries from source_stats where tenant_id = $1 and source_id = $2 for update`;

/** $1 tenant, $2 source, $3 keys. The lateral look-up behind OFFSET 0 keeps the planner from scanning the table. */
export const READ_ENTRIES = `
select k as key, e.properties from unnest($3::text[]) k cross join lateral (
  select properties from entries
  where tenant_id = $1 and source_id = $2 and key = k offset 0) e`;

/** $1 tenant, $2 source, $3 keys. */
export const DELETE_ENTRIES = `
delete from entries where tenant_id = $1 and source_id = $2 and key = any($3::text[])`;

/** $3 change in the number of entries, $4 id of the search job, $5 keys whose words must be indexed anew. */
const COUNT_AND_QUEUE = `job as (
  insert into search_jobs (tenant_id, source_id, id, keys)
  select $1::uuid, $2::uuid, $4::uuid, $5::text[] where cardinality($5::text[]) > 0)
update source_stats set entries = entries + $3::bigint, last_import_at = now()
where tenant_id = $1 and source_id = $2`;

/**
 * $1 tenant, $2 source, $3 to $5 as in `COUNT_AND_QUEUE`, $6 `[{"k": key, "p": values, "c": change times}]`, no key twice.
 *
 * A new entry comes whole without `c`; one that is rewritten comes whole with
 * `{"*": time}`, which stands for all its values; of any other come the changed
 * values and their times.
 */
export const WRITE_ENTRIES = writeEntries((merged) => merged);

/** The same where some changed values are null: these are cleared. */
export const WRITE_ENTRIES_WITH_CLEARS = writeEntries(
  (merged) => `jsonb_strip_nulls(${merged})`,
);

function writeEntries(finish: (merged: string) => string): string {
  const merge = (column: string) => `
  case when excluded.changed_at ? '*' then excluded.${column}
    else ${finish(`t.${column} || excluded.${column}`)} end`;
  return `
with written as (
  insert into entries as t (tenant_id, source_id, key, properties, changed_at)
  select $1::uuid, $2::uuid, x.k, x.p, coalesce(x.c, '{}')
  from jsonb_to_recordset($6::text::jsonb) as x(k text, p jsonb, c jsonb)
  on conflict (tenant_id, source_id, key) do update
  set properties = ${merge("properties")}, changed_at = ${merge("changed_at")},
      version = t.version + 1, updated_at = excluded.updated_at),
${COUNT_AND_QUEUE}`;
}

/** The same counting where no entry is written. $1 to $5. */
export const TRACK_ENTRIES = `
with ${COUNT_AND_QUEUE}`;

/**
 * Names the source has seen, with the change in their counts; answers how many
 * are new to it. $1 tenant, $2 source, $3 names, $4 deltas, $5 samples.
 */
export const TRACK_NAMES = `
with props as (
  insert into source_properties as sp (tenant_id, source_id, prop, entries, sample)
  select $1::uuid, $2::uuid, prop, delta, sample
  from unnest($3::text[], $4::bigint[], $5::text[]) as seen(prop, delta, sample) order by prop
  on conflict (tenant_id, source_id, prop) do update
  set entries = sp.entries + excluded.entries, last_seen = excluded.last_seen,
      sample = coalesce(excluded.sample, sp.sample)
  returning xmax = 0 as is_new)
select count(*)::int as added from props where is_new`;

/** $1 tenant, $2 source. All names that there ever were. */
export const READ_NAMES = `
select prop, entries::float8 as entries from source_properties
where tenant_id = $1 and source_id = $2`;

/** $1 tenant, $2 source. Names in use; `id:*` only sums up. */
export const COUNT_NAMES = `
select count(*)::int as n from source_properties
where tenant_id = $1 and source_id = $2 and entries > 0 and prop not like '%:*'`;
