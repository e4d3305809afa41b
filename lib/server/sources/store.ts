import "server-only";

import { splitValueName } from "@/lib/domain/identifiers";
import type {
  Source,
  SourceEdit,
  SourceInput,
  SourceProperty,
} from "@/lib/domain/source";
import type { Context } from "@/lib/server/context";

type SourceRow = {
  id: string;
  identifier: string;
  name: string;
  origin_system: string;
  description: string;
  created_at: Date;
  entries: number;
  last_import_at: Date | null;
  endpoint: { id: string; name: string } | null;
  providers: { id: string; name: string }[];
};

/** The tenant's sources by name, or the one with `id`. One statement, however many. */
export async function selectSources(
  ctx: Context,
  id?: string,
): Promise<Source[]> {
  const rows = await ctx.db.rows<SourceRow>(
    `select s.id, s.identifier, s.name, s.origin_system, s.description,
            s.created_at, coalesce(st.entries, 0) as entries, st.last_import_at,
            coalesce(p.providers, '[]') as providers,
            case when e.id is not null
              then json_build_object('id', e.id, 'name', e.name) end as endpoint
     from sources s
     left join endpoints e
       on e.tenant_id = s.tenant_id and e.id = s.endpoint_id
     left join source_stats st
       on st.tenant_id = s.tenant_id and st.source_id = s.id
     left join lateral (
       select json_agg(json_build_object('id', p.id, 'name', p.name)
                       order by lower(p.name), p.id) as providers
       from provider_sources ps
       join providers p on p.tenant_id = ps.tenant_id and p.id = ps.provider_id
       where ps.tenant_id = s.tenant_id and ps.source_id = s.id
     ) p on true
     where s.tenant_id = $1 and ($2::uuid is null or s.id = $2)
     order by lower(s.name), s.identifier`,
    [ctx.tenantId, id ?? null],
  );
  return rows.map((row) => ({
    id: row.id,
    identifier: row.identifier,
    name: row.name,
    originSystem: row.origin_system,
    description: row.description,
    entryCount: row.entries,
    lastImportAt: row.last_import_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
    endpoint: row.endpoint,
    providers: row.providers,
  }));
}

/** The source an identifier names, without regard to case. */
export async function selectByIdentifier(
  ctx: Context,
  identifier: string,
): Promise<{ id: string; identifier: string; name: string } | undefined> {
  const [row] = await ctx.db.rows<{
    id: string;
    identifier: string;
    name: string;
  }>(
    `select id, identifier, name from sources
     where tenant_id = $1 and lower(identifier) = lower($2)
       and endpoint_id is null`,
    [ctx.tenantId, identifier],
  );
  return row;
}

/** Adds a source and the counters its imports lock. `false` when the identifier is taken. */
export async function insertSource(
  ctx: Context,
  id: string,
  input: SourceInput,
): Promise<boolean> {
  // "do nothing" rather than a caught error: that would end the caller's transaction.
  const made = await ctx.db.rows(
    `insert into sources (tenant_id, id, identifier, name, origin_system, description, created_by)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (tenant_id, lower(identifier)) where endpoint_id is null
       do nothing
     returning id`,
    [
      ctx.tenantId,
      id,
      input.identifier,
      input.name,
      input.originSystem,
      input.description,
      ctx.actor.name,
    ],
  );
  if (made.length === 0) return false;
  await ctx.db.rows(
    `insert into source_stats (tenant_id, source_id) values ($1, $2)`,
    [ctx.tenantId, id],
  );
  return true;
}

/** Adds the sources of an endpoint that are not there yet, with their counters. */
export async function insertRemoteSources(
  { db, tenantId, actor }: Context,
  endpointId: string,
  sources: { id: string; identifier: string }[],
): Promise<{ id: string; identifier: string }[]> {
  return db.rows<{ id: string; identifier: string }>(
    `with made as (
       insert into sources (tenant_id, id, identifier, name, endpoint_id, created_by)
       select $1::uuid, s.id, s.identifier, s.identifier, $2::uuid, $4::text
       from jsonb_to_recordset($3::text::jsonb) as s(id uuid, identifier text)
       on conflict (tenant_id, endpoint_id, lower(identifier))
         where endpoint_id is not null do nothing
       returning id, identifier),
     counted as (
       insert into source_stats (tenant_id, source_id)
       select $1::uuid, id from made)
     select id, identifier from made`,
    [tenantId, endpointId, JSON.stringify(sources), actor.name],
  );
}

/** `false` when there is no such source. */
export async function updateSource(
  ctx: Context,
  id: string,
  edit: SourceEdit,
): Promise<boolean> {
  const changed = await ctx.db.rows(
    `update sources
     set name = $3, origin_system = $4, description = $5, updated_at = now()
     where tenant_id = $1 and id = $2
     returning id`,
    [ctx.tenantId, id, edit.name, edit.originSystem, edit.description],
  );
  return changed.length > 0;
}

/**
 * Removes all entries and their search words; the properties stay known, with
 * 0 entries and no sample. Unfinished runs end as cancelled: going on with one
 * would leave out the batches it has already sent. Answers the number removed.
 *
 * Locks in the order of a batch: run, then counters. Then `search_jobs` before
 * `entry_search`: an indexer holds its job's row until its words are stored, so
 * waiting for the jobs means that no words can follow.
 */
export async function clearSource(ctx: Context, id: string): Promise<number> {
  const params = [ctx.tenantId, id];
  await ctx.db.rows(
    `update import_runs
     set status = 'cancelled', lease_owner = null, lease_until = null,
         finished_at = now(), updated_at = now()
     where tenant_id = $1 and source_id = $2 and status in ('running', 'paused')`,
    params,
  );
  await ctx.db.rows(
    `delete from remote_batches where tenant_id = $1 and source_id = $2`,
    params,
  );
  await lockStats(ctx, id);
  const entryCount = await deleteEntries(ctx, id);
  await ctx.db.rows(
    `update source_properties set entries = 0, sample = null
     where tenant_id = $1 and source_id = $2`,
    params,
  );
  await ctx.db.rows(
    `update source_stats set entries = 0 where tenant_id = $1 and source_id = $2`,
    params,
  );
  return entryCount;
}

/**
 * Removes a source and everything that names it; the audit log stays. Answers
 * the number of entries removed, `undefined` when the source is gone already.
 *
 * The source's row goes first: whoever holds it to add a run or a grant is
 * waited for, and the statements below then see what was added.
 */
export async function removeSource(
  ctx: Context,
  id: string,
): Promise<number | undefined> {
  const params = [ctx.tenantId, id];
  const gone = await ctx.db.rows(
    `delete from sources where tenant_id = $1 and id = $2 returning id`,
    params,
  );
  if (gone.length === 0) return undefined;
  await ctx.db.rows(
    `with gone as (
       delete from import_runs where tenant_id = $1 and source_id = $2 returning id),
     undo as (
       delete from run_undo
       where tenant_id = $1 and run_id in (select id from gone)),
     waiting as (
       delete from remote_batches
       where tenant_id = $1 and run_id in (select id from gone)),
     links as (
       update remote_files f set state = 'cancelled', lease_id = null,
         is_held = false, note = null, updated_at = now()
       where f.tenant_id = $1 and f.state = 'created'
         and f.submission_id in (select id from gone)
         and not exists (
           select from remote_batches o where o.tenant_id = f.tenant_id
             and o.endpoint_id = f.endpoint_id
             and o.run_id not in (select id from gone)))
     delete from run_batches
     where tenant_id = $1 and run_id in (select id from gone)`,
    params,
  );
  await lockStats(ctx, id);
  const entryCount = await deleteEntries(ctx, id);
  for (const table of [
    "source_properties",
    "forecast_entries",
    "imports",
    "provider_sources",
    "recipes",
    "remote_answers",
    "source_stats",
  ]) {
    await ctx.db.rows(
      `delete from ${table} where tenant_id = $1 and source_id = $2`,
      params,
    );
  }
  return entryCount;
}

async function lockStats(ctx: Context, id: string): Promise<void> {
  await ctx.db.rows(
    `select entries from source_stats
     where tenant_id = $1 and source_id = $2 for update`,
    [ctx.tenantId, id],
  );
}

/** What recipes remember of accepted files: it is no longer what is stored. */
async function forgetSnapshots(ctx: Context, id: string): Promise<void> {
  await ctx.db.rows(
    `with gone as (
       delete from recipe_snapshots s using recipes r
       where s.tenant_id = $1 and r.tenant_id = $1 and r.source_id = $2
         and s.recipe_id = r.id returning s.id)
     delete from recipe_snapshot_parts
     where tenant_id = $1 and snapshot_id in (select id from gone)`,
    [ctx.tenantId, id],
  );
  await ctx.db.rows(
    `delete from recipe_runs u using recipes r
     where u.tenant_id = $1 and r.tenant_id = $1 and r.source_id = $2
       and u.recipe_id = r.id`,
    [ctx.tenantId, id],
  );
}

async function deleteEntries(ctx: Context, id: string): Promise<number> {
  const params = [ctx.tenantId, id];
  await forgetSnapshots(ctx, id);
  await ctx.db.rows(
    `delete from search_jobs where tenant_id = $1 and source_id = $2`,
    params,
  );
  const [counted] = await ctx.db.rows<{ n: number }>(
    `with gone as (
       delete from entries where tenant_id = $1 and source_id = $2 returning 1)
     select count(*) as n from gone`,
    params,
  );
  await ctx.db.rows(
    `delete from entry_search where tenant_id = $1 and source_id = $2`,
    params,
  );
  return counted?.n ?? 0;
}

type PropertyRow = {
  prop: string;
  entries: number;
  first_seen: Date;
  last_seen: Date;
  sample: string | null;
};

// No legal language: marks the row that counts a property in any language.
const ANY_LANGUAGE = "*";

/** The properties a source has seen, by id so that look-alikes stand together; languages in byte order, none first. */
export async function selectProperties(
  ctx: Context,
  sourceId: string,
): Promise<SourceProperty[]> {
  const rows = await ctx.db.rows<PropertyRow>(
    `select prop, entries, first_seen, last_seen, sample
     from source_properties
     where tenant_id = $1 and source_id = $2
     order by prop`,
    [ctx.tenantId, sourceId],
  );
  const byId = new Map<string, PropertyRow[]>();
  for (const row of rows) {
    const { id } = splitValueName(row.prop);
    const own = byId.get(id);
    if (own) own.push(row);
    else byId.set(id, [row]);
  }
  return [...byId]
    .map(([id, own]) => readProperty(id, own))
    .sort((a, b) => byFoldedId(a.id, b.id));
}

function byFoldedId(a: string, b: string): number {
  const [x, y] = [a.toLowerCase(), b.toLowerCase()];
  return x < y || (x === y && a < b) ? -1 : 1;
}

function readProperty(id: string, rows: PropertyRow[]): SourceProperty {
  const languageOf = (row: PropertyRow) => splitValueName(row.prop).language;
  const total = rows.find((row) => languageOf(row) === ANY_LANGUAGE);
  const values = rows.filter((row) => row !== total);
  const most = values.reduce((max, row) => Math.max(max, row.entries), 0);
  const times = (of: (row: PropertyRow) => Date) =>
    rows.map((row) => of(row).getTime());
  return {
    id,
    entryCount: total?.entries ?? most,
    firstSeenAt: new Date(
      Math.min(...times((r) => r.first_seen)),
    ).toISOString(),
    lastSeenAt: new Date(Math.max(...times((r) => r.last_seen))).toISOString(),
    sample:
      total?.sample ??
      values.find((row) => row.sample !== null)?.sample ??
      null,
    languages: values.map((row) => ({
      language: languageOf(row),
      entryCount: row.entries,
      lastSeenAt: row.last_seen.toISOString(),
      sample: row.sample,
    })),
  };
}
