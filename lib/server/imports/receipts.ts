import "server-only";

import type {
  BatchOutcomes,
  BatchOutcomesPage,
} from "@/lib/domain/run-receipt";
import type { SetAside, SetAsidePage } from "@/lib/domain/set-aside";
import { AppError } from "@/lib/domain/errors";
import { requireRole, type Context } from "@/lib/server/context";

import { isRunId, NO_RUN_SENTENCE } from "./run-lease";
import { findRun } from "./store";

/** Whole batches are listed until this many entries are on a page; one batch adds 1,000 at most. */
const ENTRIES_PER_PAGE = 200;
const LINES_PER_PAGE = 50;

/**
 * The entries that a run set aside, in the order of the file, a page at a time;
 * `after` is a sequence. A page ends with a batch, so it has 1 to 1,199 entries.
 *
 * @throws {AppError} `not_found`
 */
export async function listSetAside(
  ctx: Context,
  runId: string,
  after = 0,
): Promise<SetAsidePage> {
  requireRole(ctx, "viewer");
  await requireRun(ctx, runId);
  const rows = await ctx.db.rows<{
    sequence: number;
    setAside: SetAside[];
    isLast: boolean;
  }>(
    `select sequence, set_aside as "setAside", sequence = last as "isLast"
     from (select sequence, set_aside, max(sequence) over () as last,
         sum(aside) over (order by sequence) - aside as before
       from run_batches
       where tenant_id = $1 and run_id = $2 and sequence > $3 and aside > 0) b
     where before < $4 order by sequence`,
    [ctx.tenantId, runId, after, ENTRIES_PER_PAGE],
  );
  const last = rows.at(-1);
  return {
    entries: rows.flatMap(({ sequence, setAside }) =>
      setAside.map((entry) => ({ ...entry, sequence })),
    ),
    nextAfter: last && !last.isLast ? last.sequence : null,
  };
}

/**
 * What became of each entity of a run, batch by batch, 50 of them a page;
 * `after` is a sequence.
 *
 * @throws {AppError} `not_found`
 */
export async function listOutcomes(
  ctx: Context,
  runId: string,
  after = 0,
): Promise<BatchOutcomesPage> {
  requireRole(ctx, "viewer");
  await requireRun(ctx, runId);
  const rows = await ctx.db.rows<Omit<BatchOutcomes, "at"> & { at: Date }>(
    `select b.sequence, b.at, b.outcomes, coalesce(b.set_aside, '[]') as "setAside",
       case when b.answer is not null then coalesce(told.answers, jsonb_build_array(
         jsonb_build_object('fromAt', 0, 'toAt', b.entities, 'status', b.answer->'status',
           'requestId', b.answer->'requestId', 'excerpt', b.answer->'excerpt',
           'at', b.at))) end as answers
     from run_batches b left join lateral (
       select jsonb_agg(jsonb_build_object('fromAt', a.from_at, 'toAt', a.to_at,
         'status', a.status, 'requestId', a.request_id, 'excerpt', a.excerpt,
         'at', a.last_at) order by a.last_at, a.id) as answers
       from remote_answers a where a.tenant_id = $1 and a.run_id = $2
         and a.sequence = b.sequence and a.asked = 'import') told on true
     where b.tenant_id = $1 and b.run_id = $2 and b.sequence > $3
     order by b.sequence limit $4`,
    [ctx.tenantId, runId, after, LINES_PER_PAGE],
  );
  const last = rows.length === LINES_PER_PAGE ? rows.at(-1) : undefined;
  return {
    batches: rows.map((row) => ({
      ...row,
      at: row.at.toISOString(),
      answers:
        row.answers?.map((answer) => ({
          ...answer,
          at: new Date(answer.at).toISOString(),
        })) ?? null,
    })),
    nextAfter: last?.sequence ?? null,
  };
}

async function requireRun(ctx: Context, runId: string): Promise<void> {
  if (isRunId(runId) && (await findRun(ctx, runId))) return;
  throw new AppError("not_found", NO_RUN_SENTENCE);
}
