import "server-only";

import type {
  RemoteBatch,
  RemoteBatchPage,
  RemoteReplyPage,
} from "@/lib/domain/remote-batch";
import { AppError } from "@/lib/domain/errors";
import { requireRole, type Context } from "@/lib/server/context";

import { selectReplies } from "./answer-store";
import { isRunId, NO_RUN_SENTENCE } from "./run-lease";
import { findRun } from "./store";

const BATCHES_PER_PAGE = 100;

/**
 * Every batch of a run into a remote source that was handed over, in order and
 * a page of 100 at a time, with where it is and what was answered last; `after`
 * is a sequence. Of a built-in source there are none.
 *
 * @throws {AppError} `not_found`
 */
export async function listRemoteBatches(
  ctx: Context,
  runId: string,
  after = 0,
): Promise<RemoteBatchPage> {
  requireRole(ctx, "viewer");
  await requireRemoteRun(ctx, runId);
  const rows = await selectBatches(ctx, runId, after);
  const batches = rows.map((row) => ({
    ...row,
    at: row.at?.toISOString() ?? null,
    dueAt: row.dueAt?.toISOString() ?? null,
  }));
  const last = batches.length === BATCHES_PER_PAGE ? batches.at(-1) : undefined;
  return { batches, nextAfter: last?.sequence ?? null };
}

/**
 * What the endpoint answered to one batch, in the order it came: 60 lines and
 * one for each kind at most; those beyond are counted in `more`.
 *
 * @throws {AppError} `not_found`
 */
export async function listReplies(
  ctx: Context,
  runId: string,
  sequence: number,
): Promise<RemoteReplyPage> {
  requireRole(ctx, "viewer");
  await requireRemoteRun(ctx, runId);
  return { replies: await selectReplies(ctx, runId, sequence) };
}

async function requireRemoteRun(ctx: Context, runId: string): Promise<void> {
  if (isRunId(runId) && (await findRun(ctx, runId))) return;
  throw new AppError("not_found", NO_RUN_SENTENCE);
}

type Row = Omit<RemoteBatch, "at" | "dueAt"> & {
  at: Date | null;
  dueAt: Date | null;
};

/** Of a batch that was dropped with its run only its answers are left. */
function selectBatches(
  { db, tenantId }: Context,
  runId: string,
  after: number,
): Promise<Row[]> {
  return db.rows<Row>(
    `with waiting as (
       select sequence, first_row, last_row, entities, 0 as aside, attempts,
         last_answer as answer, null::timestamptz as at,
         case when is_held then 'held'
           when lease_id is not null and due_at > now() then 'sending'
           when attempts = 0 then 'waiting' else 'again' end as state,
         case when lease_id is null and not is_held and attempts > 0
           then due_at end as due_at
       from remote_batches
       where tenant_id = $1 and run_id = $2 and sequence > $3
       order by sequence limit ${BATCHES_PER_PAGE}),
     applied as (
       select sequence, first_row, last_row, entities, aside, attempts, answer, at,
         case when aside > 0 and aside = entities then 'aside' else 'accepted' end as state,
         null::timestamptz as due_at
       from run_batches
       where tenant_id = $1 and run_id = $2 and sequence > $3
       order by sequence limit ${BATCHES_PER_PAGE}),
     dropped as (
       select sequence, 0 as first_row, 0 as last_row, 0 as entities, 0 as aside,
         max(attempt) as attempts, null::jsonb as answer, null::timestamptz as at,
         'dropped' as state, null::timestamptz as due_at
       from remote_answers a
       where tenant_id = $1 and run_id = $2 and sequence > $3
         and exists (select from import_runs r where r.tenant_id = $1
           and r.id = $2 and r.status = 'cancelled')
         and not exists (select from remote_batches b where b.tenant_id = $1
           and b.run_id = $2 and b.sequence = a.sequence)
         and not exists (select from run_batches b where b.tenant_id = $1
           and b.run_id = $2 and b.sequence = a.sequence)
       group by sequence order by sequence limit ${BATCHES_PER_PAGE}),
     page as (
       select * from waiting union all select * from applied
       union all select * from dropped
       order by sequence limit ${BATCHES_PER_PAGE})
     select p.sequence, p.state, p.first_row as "firstRow", p.last_row as "lastRow",
       p.entities, p.aside, p.attempts, coalesce(told.replies, 0) as replies,
       coalesce(told.answer, p.answer) as answer, coalesce(told.at, p.at) as at,
       p.due_at as "dueAt"
     from page p left join lateral (
       select (sum(1 + more) over ())::int as replies,
         jsonb_build_object('outcome', outcome, 'status', status,
           'requestId', request_id, 'excerpt', excerpt, 'ms', ms) as answer,
         last_at as at
       from remote_answers a where a.tenant_id = $1 and a.run_id = $2
         and a.sequence = p.sequence
       order by last_at desc, id desc limit 1) told on true
     order by p.sequence`,
    [tenantId, runId, after],
  );
}
