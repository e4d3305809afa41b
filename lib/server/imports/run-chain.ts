import "server-only";

import { AppError } from "@/lib/domain/errors";
import type { RunLink } from "@/lib/domain/run-chain";
import { requireRole, type Context } from "@/lib/server/context";

import { isRunId, NO_RUN_SENTENCE } from "./run-lease";
import { findRun } from "./store";

/** Longer chains are cut; each link is a file that a person dropped. */
const LINKS_MAX = 50;

/**
 * Notes that a run's file holds the rejected rows of another one. A run that is
 * not there, or of another source, is not noted: the import goes on without.
 */
export async function writeContinues(
  ctx: Context,
  run: { id: string; sourceId: string; continues: string },
): Promise<void> {
  await ctx.db.rows(
    `update import_runs r set continues = before.id from import_runs before
     where r.tenant_id = $1 and r.id = $2 and before.tenant_id = $1
       and before.id = $3 and before.source_id = $4`,
    [ctx.tenantId, run.id, run.continues, run.sourceId],
  );
}

/**
 * All runs that a run is joined with by rejected rows dropped again, the first
 * first: those it continues, and those that continue any of them. At most 50.
 *
 * @throws {AppError} `not_found`
 */
export async function listChain(
  ctx: Context,
  runId: string,
): Promise<RunLink[]> {
  requireRole(ctx, "viewer");
  const rows = isRunId(runId)
    ? await ctx.db.rows<{ id: string }>(
        `with recursive up as (
           select id, continues from import_runs where tenant_id = $1 and id = $2
           union select r.id, r.continues from import_runs r
           join up on r.tenant_id = $1 and r.id = up.continues),
         down as (
           select id, started_at from import_runs where tenant_id = $1
             and id in (select id from up where continues is null)
           union select r.id, r.started_at from import_runs r
           join down on r.tenant_id = $1 and r.continues = down.id)
         select id from down order by started_at, id limit $3`,
        [ctx.tenantId, runId, LINKS_MAX],
      )
    : [];
  const links: RunLink[] = [];
  for (const { id } of rows) {
    const run = await findRun(ctx, id);
    if (run) links.push({ ...run, fileName: run.file.name });
  }
  if (links.length === 0) throw new AppError("not_found", NO_RUN_SENTENCE);
  return links;
}
