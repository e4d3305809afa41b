import "server-only";

import type { RecipeUse } from "@/lib/domain/mapping";
import type { Recipe, RecipeSummary, StoredRecipe } from "@/lib/domain/recipe";
import type { Context } from "@/lib/server/context";

const COLUMNS = `
  id, source_id as "sourceId", name, recipe->'headers' as headers,
  (recipe->'tableOptions'->>'headerRow')::int as "headerRow",
  author_name as "authorName", created_at as "createdAt",
  updated_at as "updatedAt", last_used_at as "lastUsedAt"`;

type Row = Omit<RecipeSummary, "createdAt" | "updatedAt" | "lastUsedAt"> & {
  createdAt: Date;
  updatedAt: Date;
  lastUsedAt: Date | null;
};

/** Of one source, the one used last first. */
export async function selectRecipes(
  ctx: Context,
  sourceId: string,
): Promise<RecipeSummary[]> {
  const rows = await ctx.db.rows<Row>(
    `select ${COLUMNS} from recipes where tenant_id = $1 and source_id = $2
     order by coalesce(last_used_at, created_at) desc, id`,
    [ctx.tenantId, sourceId],
  );
  return rows.map(toSummary);
}

export async function findRecipe(
  ctx: Context,
  id: string,
): Promise<StoredRecipe | undefined> {
  const [row] = await ctx.db.rows<Row & { recipe: Recipe }>(
    `select ${COLUMNS}, recipe from recipes where tenant_id = $1 and id = $2`,
    [ctx.tenantId, id],
  );
  return row && { ...toSummary(row), recipe: row.recipe };
}

/** How many recipes a source has; undefined without such a source. Holds its row, so that a deletion waits. */
export async function countRecipes(
  ctx: Context,
  sourceId: string,
): Promise<number | undefined> {
  const held = await ctx.db.rows(
    `select 1 from sources where tenant_id = $1 and id = $2 for no key update`,
    [ctx.tenantId, sourceId],
  );
  if (held.length === 0) return undefined;
  const [row] = await ctx.db.rows<{ n: number }>(
    `select count(*)::int as n from recipes where tenant_id = $1 and source_id = $2`,
    [ctx.tenantId, sourceId],
  );
  return row?.n ?? 0;
}

/** False when the source has a recipe of that name. */
export async function insertRecipe(
  ctx: Context,
  row: { id: string; sourceId: string; name: string; recipe: Recipe },
): Promise<boolean> {
  const inserted = await ctx.db.rows(
    `insert into recipes (tenant_id, id, source_id, name, recipe, author_name)
     values ($1, $2, $3, $4, $5::text::jsonb, $6) on conflict do nothing returning 1`,
    [
      ctx.tenantId,
      row.id,
      row.sourceId,
      row.name,
      JSON.stringify(row.recipe),
      ctx.actor.name,
    ],
  );
  return inserted.length === 1;
}

/** Whether another recipe of the same source has the name. */
export async function isNameTaken(
  ctx: Context,
  id: string,
  name: string,
): Promise<boolean> {
  const rows = await ctx.db.rows(
    `select 1 from recipes other
     join recipes own on own.tenant_id = other.tenant_id and own.source_id = other.source_id
     where other.tenant_id = $1 and own.id = $2 and other.id <> $2
       and lower(other.name) = lower($3)`,
    [ctx.tenantId, id, name],
  );
  return rows.length > 0;
}

/** Changes name or recipe; false when there is no such recipe. */
export async function updateRecipe(
  ctx: Context,
  id: string,
  change: { name?: string; recipe?: Recipe },
): Promise<boolean> {
  const updated = await ctx.db.rows(
    `update recipes set name = coalesce($3, name),
       recipe = coalesce($4::text::jsonb, recipe), updated_at = now()
     where tenant_id = $1 and id = $2 returning 1`,
    [
      ctx.tenantId,
      id,
      change.name ?? null,
      change.recipe ? JSON.stringify(change.recipe) : null,
    ],
  );
  return updated.length === 1;
}

export async function removeRecipe(ctx: Context, id: string): Promise<boolean> {
  const params = [ctx.tenantId, id];
  await ctx.db.rows(
    `with gone as (
       delete from recipe_snapshots where tenant_id = $1 and recipe_id = $2 returning id)
     delete from recipe_snapshot_parts
     where tenant_id = $1 and snapshot_id in (select id from gone)`,
    params,
  );
  await ctx.db.rows(
    `delete from recipe_runs where tenant_id = $1 and recipe_id = $2`,
    params,
  );
  const removed = await ctx.db.rows(
    `delete from recipes where tenant_id = $1 and id = $2 returning 1`,
    params,
  );
  return removed.length === 1;
}

/** Notes that an import follows the recipe; false when it is no recipe of the source. */
export async function insertRecipeRun(
  ctx: Context,
  run: { id: string; sourceId: string; use: RecipeUse },
): Promise<boolean> {
  const noted = await ctx.db.rows(
    `with used as (
       update recipes set last_used_at = now()
       where tenant_id = $1 and id = $2 and source_id = $3 returning id)
     insert into recipe_runs (tenant_id, recipe_id, run_id, only_changed_since)
     select $1, id, $4, $5 from used on conflict do nothing returning 1`,
    [
      ...[ctx.tenantId, run.use.id, run.sourceId, run.id],
      run.use.onlyChangedSince ?? null,
    ],
  );
  return noted.length === 1;
}

/** Whether a run that is not finished leaves out what a snapshot of the recipe has. */
export async function isNeededByRun(
  ctx: Context,
  recipeId: string,
): Promise<boolean> {
  const rows = await ctx.db.rows(
    `select 1 from recipe_runs u
     join import_runs r on r.tenant_id = u.tenant_id and r.id = u.run_id
     where u.tenant_id = $1 and u.recipe_id = $2 and u.only_changed_since is not null
       and r.status in ('running', 'paused') limit 1`,
    [ctx.tenantId, recipeId],
  );
  return rows.length > 0;
}

/** Whether the recipe has the snapshot, held so that it is not pruned before the transaction ends. */
export async function holdSnapshot(
  ctx: Context,
  recipeId: string,
  snapshotId: string,
): Promise<boolean> {
  const held = await ctx.db.rows(
    `select 1 from recipe_snapshots
     where tenant_id = $1 and id = $2 and recipe_id = $3 and completed_at is not null
     for share`,
    [ctx.tenantId, snapshotId, recipeId],
  );
  return held.length === 1;
}

function toSummary(row: Row): RecipeSummary {
  return {
    id: row.id,
    sourceId: row.sourceId,
    name: row.name,
    headers: row.headers,
    headerRow: row.headerRow,
    authorName: row.authorName,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  };
}
