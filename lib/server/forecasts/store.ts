import "server-only";

import type { RepeatedEntry } from "@/lib/domain/forecast";
import type { Context } from "@/lib/server/context";
import type { Db } from "@/lib/server/db/client";

type Place = { sourceId: string; forecastId: string };

/** The database's time, or nothing when there is no such source. */
export async function selectMoment(
  ctx: Context,
  sourceId: string,
): Promise<Date | undefined> {
  const [row] = await ctx.db.rows<{ at: Date }>(
    `select now() as at from source_stats where tenant_id = $1 and source_id = $2`,
    [ctx.tenantId, sourceId],
  );
  return row?.at;
}

/** What earlier batches of a forecast made of those of the keys that they name. */
export async function selectRepeated(
  ctx: Context,
  place: Place,
  keys: string[],
): Promise<Map<string, RepeatedEntry>> {
  return (await selectKept(ctx, place, keys)) as Map<string, RepeatedEntry>;
}

/** What was kept under those of the keys that have something; see `writeKept`. */
export async function selectKept(
  ctx: Context,
  { sourceId, forecastId }: Place,
  keys: string[],
): Promise<Map<string, unknown>> {
  const rows = await ctx.db.rows<{ key: string; state: string }>(
    `select key, state from forecast_entries
     where tenant_id = $1 and source_id = $2 and forecast_id = $3 and key = any($4::text[])`,
    [ctx.tenantId, sourceId, forecastId, keys],
  );
  return new Map(
    rows.map(({ key, state }) => [key, JSON.parse(state) as unknown]),
  );
}

/** Keeps entries for later batches of the forecast; one statement. */
export function writeRepeated(
  ctx: Context,
  place: Place,
  repeated: ReadonlyMap<string, RepeatedEntry>,
): Promise<void> {
  return writeKept(ctx, place, repeated);
}

/** The same for anything else that later batches must know, under keys that no entry has. */
export async function writeKept(
  ctx: Context,
  { sourceId, forecastId }: Place,
  repeated: ReadonlyMap<string, unknown>,
): Promise<void> {
  const sorted = [...repeated].sort(([a], [b]) => (a < b ? -1 : 1));
  await ctx.db.rows(
    `insert into forecast_entries as f (tenant_id, source_id, forecast_id, key, state)
     select $1::uuid, $2::uuid, $3::uuid, key, state
     from unnest($4::text[], $5::text[]) as kept(key, state)
     on conflict (tenant_id, source_id, forecast_id, key) do update
     set state = excluded.state, touched_at = excluded.touched_at`,
    [
      ctx.tenantId,
      sourceId,
      forecastId,
      sorted.map(([key]) => key),
      sorted.map(([, entry]) => JSON.stringify(entry)),
    ],
  );
}

export async function deleteForecast(
  ctx: Context,
  { sourceId, forecastId }: Place,
): Promise<void> {
  await ctx.db.rows(
    `delete from forecast_entries
     where tenant_id = $1 and source_id = $2 and forecast_id = $3`,
    [ctx.tenantId, sourceId, forecastId],
  );
}

/** Removes what no batch has touched since, of all tenants; `rowsMax` at a time. Gives how many. */
export async function deleteUntouched(
  db: Db,
  before: Date,
  rowsMax: number,
): Promise<number> {
  const [row] = await db.rows<{ n: number }>(
    `with gone as (
       delete from forecast_entries f using (
         select tenant_id, source_id, forecast_id, key from forecast_entries
         where touched_at < $1 order by touched_at limit $2 for update skip locked) old
       where f.tenant_id = old.tenant_id and f.source_id = old.source_id
         and f.forecast_id = old.forecast_id and f.key = old.key
       returning 1)
     select count(*)::int as n from gone`,
    [before, rowsMax],
  );
  return row?.n ?? 0;
}
