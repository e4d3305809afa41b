import "server-only";

import type { FileMeasures } from "@/lib/domain/column-measures";
import type { Context } from "@/lib/server/context";

export type SnapshotRow = {
  id: string;
  recipeId: string;
  runId: string;
  keys: number;
  completedAt: Date | null;
};

/** The recipe's source, and the run's, its status and whether it takes another run back. */
export async function findPlace(
  ctx: Context,
  recipeId: string,
  runId: string,
): Promise<{ isSameSource: boolean; status: string } | undefined> {
  const [row] = await ctx.db.rows<{ isSameSource: boolean; status: string }>(
    `select r.source_id = c.source_id and r.kind = 'import' as "isSameSource", r.status
     from recipes c, import_runs r
     where c.tenant_id = $1 and c.id = $2 and r.tenant_id = $1 and r.id = $3`,
    [ctx.tenantId, recipeId, runId],
  );
  return row;
}

/** The run's snapshot for the recipe: the one that is there, else a new one. */
export async function openSnapshot(
  ctx: Context,
  row: {
    id: string;
    recipeId: string;
    runId: string;
    keys: number;
    measures: FileMeasures;
    isComplete: boolean;
  },
): Promise<SnapshotRow | undefined> {
  const [opened] = await ctx.db.rows<SnapshotRow>(
    `insert into recipe_snapshots (tenant_id, id, recipe_id, run_id, keys, measures, completed_at)
     values ($1, $2, $3, $4, $5, $6::text::jsonb, case when $7 then now() end)
     on conflict (tenant_id, recipe_id, run_id) do update set recipe_id = excluded.recipe_id
     returning id, recipe_id as "recipeId", run_id as "runId", keys, completed_at as "completedAt"`,
    [
      ...[ctx.tenantId, row.id, row.recipeId, row.runId, row.keys],
      ...[JSON.stringify(row.measures), row.isComplete],
    ],
  );
  return opened;
}

export async function findSnapshot(
  ctx: Context,
  id: string,
): Promise<SnapshotRow | undefined> {
  const [row] = await ctx.db.rows<SnapshotRow>(
    `select id, recipe_id as "recipeId", run_id as "runId", keys, completed_at as "completedAt"
     from recipe_snapshots where tenant_id = $1 and id = $2`,
    [ctx.tenantId, id],
  );
  return row;
}

/** Keeps a part of a snapshot that is not whole yet, and completes it with the last one. */
export async function writePart(
  ctx: Context,
  snapshotId: string,
  given: { part: number; bytes: Uint8Array; parts: number },
): Promise<void> {
  await ctx.db.rows(
    `insert into recipe_snapshot_parts (tenant_id, snapshot_id, part, bytes)
     select $1, id, $3, $4 from recipe_snapshots
     where tenant_id = $1 and id = $2 and completed_at is null
     on conflict (tenant_id, snapshot_id, part) do update set bytes = excluded.bytes`,
    [ctx.tenantId, snapshotId, given.part, Buffer.from(given.bytes)],
  );
  await ctx.db.rows(
    `update recipe_snapshots set completed_at = now()
     where tenant_id = $1 and id = $2 and completed_at is null
       and (select count(*) from recipe_snapshot_parts p
            where p.tenant_id = $1 and p.snapshot_id = $2) = $3`,
    [ctx.tenantId, snapshotId, given.parts],
  );
}

export async function findPart(
  ctx: Context,
  snapshotId: string,
  part: number,
): Promise<Buffer | undefined> {
  const [row] = await ctx.db.rows<{ bytes: Buffer }>(
    `select p.bytes from recipe_snapshot_parts p
     join recipe_snapshots s on s.tenant_id = p.tenant_id and s.id = p.snapshot_id
     where p.tenant_id = $1 and p.snapshot_id = $2 and p.part = $3
       and s.completed_at is not null`,
    [ctx.tenantId, snapshotId, part],
  );
  return row?.bytes;
}

export type SnapshotDetails = {
  id: string;
  runId: string;
  fileName: string;
  finishedAt: Date;
  keys: number;
  measures: FileMeasures;
  isCurrent: boolean;
  aside: string[];
};

/**
 * A whole snapshot of a finished run: that of `snapshotId`, else the recipe's
 * latest. It is current while no other run of the recipe stored anything since
 * its own began, and no run of the source was taken back since, whichever: an
 * earlier one has written what this one found unchanged.
 */
export async function findDetails(
  ctx: Context,
  recipeId: string,
  more: { snapshotId: string | undefined; asideMax: number },
): Promise<SnapshotDetails | undefined> {
  const [row] = await ctx.db.rows<SnapshotDetails>(
    `select s.id, s.run_id as "runId", r.file_name as "fileName", s.keys, s.measures,
       r.finished_at as "finishedAt",
       not exists (
         select 1 from recipe_runs u
         join import_runs o on o.tenant_id = u.tenant_id and o.id = u.run_id
         where u.tenant_id = $1 and u.recipe_id = $2 and u.run_id <> s.run_id
           and o.updated_at >= r.started_at
           and (exists (select 1 from run_batches b
                        where b.tenant_id = $1 and b.run_id = o.id)
             -- Of a remote source: it will be stored there.
             or exists (select 1 from remote_batches w
                        where w.tenant_id = $1 and w.run_id = o.id)
             -- What was under way when it was cancelled may be stored there too.
             or (o.status = 'cancelled' and exists (
               select 1 from sources e where e.tenant_id = $1
                 and e.id = o.source_id and e.endpoint_id is not null))))
       and not exists (
         select 1 from import_runs o
         where o.tenant_id = $1 and o.source_id = r.source_id and o.kind = 'undo'
           and (o.undo_of = s.run_id or o.updated_at >= r.started_at))
       as "isCurrent",
       coalesce((
         select json_agg(key) from (
           select a.value->>'key' as key
           from run_batches b, jsonb_array_elements(b.set_aside) a
           where b.tenant_id = $1 and b.run_id = s.run_id and b.aside > 0
           limit $4) keys), '[]') as aside
     from recipe_snapshots s
     join import_runs r on r.tenant_id = s.tenant_id and r.id = s.run_id
     where s.tenant_id = $1 and s.recipe_id = $2 and ($3::uuid is null or s.id = $3)
       and s.completed_at is not null and r.status = 'finished'
     order by r.started_at desc, s.id limit 1`,
    [ctx.tenantId, recipeId, more.snapshotId ?? null, more.asideMax + 1],
  );
  return row;
}

/**
 * Removes the recipe's snapshots but the latest of a finished run, those that
 * open runs leave entities out by, and those of open runs.
 */
export async function pruneSnapshots(
  ctx: Context,
  recipeId: string,
): Promise<void> {
  await ctx.db.rows(
    `with latest as (
       select s.id from recipe_snapshots s
       join import_runs r on r.tenant_id = s.tenant_id and r.id = s.run_id
       where s.tenant_id = $1 and s.recipe_id = $2 and s.completed_at is not null
         and r.status = 'finished'
       order by r.started_at desc, s.id limit 1),
     open as (
       select o.id, u.only_changed_since from import_runs o
       left join recipe_runs u on u.tenant_id = o.tenant_id and u.run_id = o.id
       where o.tenant_id = $1 and o.status in ('running', 'paused')
         and (u.recipe_id = $2 or o.id in (
           select run_id from recipe_snapshots where tenant_id = $1 and recipe_id = $2))),
     gone as (
       delete from recipe_snapshots where tenant_id = $1 and recipe_id = $2
         and id not in (select id from latest)
         and id not in (select only_changed_since from open where only_changed_since is not null)
         and run_id not in (select id from open)
       returning id)
     delete from recipe_snapshot_parts
     where tenant_id = $1 and snapshot_id in (select id from gone)`,
    [ctx.tenantId, recipeId],
  );
}

/** A page of a source's keys in order. */
export async function selectKeys(
  ctx: Context,
  sourceId: string,
  page: { after: string; count: number },
): Promise<string[]> {
  const rows = await ctx.db.rows<{ key: string }>(
    `select key from entries where tenant_id = $1 and source_id = $2 and key > $3
     order by key limit $4`,
    [ctx.tenantId, sourceId, page.after, page.count],
  );
  return rows.map(({ key }) => key);
}
