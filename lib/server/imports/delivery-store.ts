import "server-only";

import type { RunDelivery } from "@/lib/domain/import-run";
import type { RemoteAnswer } from "@/lib/domain/remote-answer";
import type { Context } from "@/lib/server/context";
import type { Db } from "@/lib/server/db/client";

/** How long one try may take before another process may make it. Above the time of all its requests. */
const LEASE_SECONDS = 600;
/** Batches of one run that are under way at once. */
const UNDER_WAY_MAX = 3;

export type HandedOver = {
  runId: string;
  sequence: number;
  sourceId: string;
  endpointId: string;
  hash: string;
  bytes: number;
  body: Buffer;
  isOrdered: boolean;
};

/** Keeps a batch until it is accepted; `false` when its sequence is kept already. */
export async function insertHandedOver(
  { db, tenantId }: Context,
  batch: HandedOver,
): Promise<boolean> {
  const inserted = await db.rows(
    `insert into remote_batches (tenant_id, run_id, sequence, source_id,
       endpoint_id, hash, bytes, body, is_ordered)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict do nothing returning 1`,
    [
      ...[tenantId, batch.runId, batch.sequence, batch.sourceId],
      ...[batch.endpointId, batch.hash, batch.bytes, batch.body],
      batch.isOrdered,
    ],
  );
  return inserted.length === 1;
}

export async function findHandedOver(
  { db, tenantId }: Context,
  runId: string,
  sequence: number,
): Promise<{ hash: string } | undefined> {
  const [row] = await db.rows<{ hash: string }>(
    `select hash from remote_batches
     where tenant_id = $1 and run_id = $2 and sequence = $3`,
    [tenantId, runId, sequence],
  );
  return row;
}

export async function selectHandedOver(
  { db, tenantId }: Context,
  runId: string,
): Promise<number[]> {
  const rows = await db.rows<{ sequence: number }>(
    `select sequence from remote_batches where tenant_id = $1 and run_id = $2`,
    [tenantId, runId],
  );
  return rows.map(({ sequence }) => sequence);
}

/** Drops what is not accepted yet: the run was cancelled. What is under way may still be accepted there. */
export async function dropHandedOver(
  { db, tenantId }: Context,
  runId: string,
): Promise<void> {
  await db.rows(
    `delete from remote_batches where tenant_id = $1 and run_id = $2`,
    [tenantId, runId],
  );
}

export type ClaimedBatch = HandedOver & {
  sourceIdentifier: string;
  tenantId: string;
  leaseId: string;
  attempts: number;
  actorId: string;
  actorName: string;
};

/**
 * Takes up to `count` batches that are due, of every tenant: of an ordered run
 * the first alone, of an endpoint that is left alone none. Another process may
 * take them again when the lease is over.
 */
export async function claimDue(db: Db, count: number): Promise<ClaimedBatch[]> {
  return db.rows<ClaimedBatch>(
    `with due as (
       select b.tenant_id, b.run_id, b.sequence from remote_batches b
       join endpoints e on e.tenant_id = b.tenant_id and e.id = b.endpoint_id
       where b.due_at <= now() and not b.is_held
         and (e.retry_at is null or e.retry_at <= now())
         and not (b.is_ordered and exists (
           select from remote_batches o where o.tenant_id = b.tenant_id
             and o.run_id = b.run_id and o.sequence < b.sequence))
         and (select count(*) from remote_batches o
              where o.tenant_id = b.tenant_id and o.run_id = b.run_id
                and o.lease_id is not null and o.due_at > now()) < ${UNDER_WAY_MAX}
       order by b.due_at, b.sequence limit $1
       for update of b skip locked)
     update remote_batches b set lease_id = gen_random_uuid(),
       attempts = b.attempts + 1,
       due_at = now() + make_interval(secs => ${LEASE_SECONDS})
     from due, import_runs r, sources s
     where b.tenant_id = due.tenant_id and b.run_id = due.run_id
       and b.sequence = due.sequence
       and r.tenant_id = b.tenant_id and r.id = b.run_id
       and s.tenant_id = b.tenant_id and s.id = b.source_id
     returning s.identifier as "sourceIdentifier", b.tenant_id as "tenantId", b.run_id as "runId", b.sequence,
       b.source_id as "sourceId", b.endpoint_id as "endpointId", b.hash, b.bytes,
       b.body, b.is_ordered as "isOrdered", b.lease_id as "leaseId", b.attempts,
       r.actor_id as "actorId", r.actor_name as "actorName"`,
    [count],
  );
}

type Place = Pick<ClaimedBatch, "tenantId" | "runId" | "sequence" | "leaseId">;

/** Removes an accepted batch; `false` when another process has it by now, or the run was cancelled. */
export async function removeDelivered(
  db: Db,
  { tenantId, runId, sequence, leaseId }: Place,
): Promise<boolean> {
  const gone = await db.rows(
    `delete from remote_batches
     where tenant_id = $1 and run_id = $2 and sequence = $3 and lease_id = $4
     returning 1`,
    [tenantId, runId, sequence, leaseId],
  );
  return gone.length === 1;
}

/** Gives a batch back, to be sent again after so long; the endpoint is left alone as long when it failed often. */
export async function postpone(
  db: Db,
  { tenantId, runId, sequence, leaseId }: Place,
  later: { ms: number; answer: RemoteAnswer; restMs: number },
): Promise<void> {
  await db.rows(
    `with mine as (
       update remote_batches set lease_id = null, last_answer = $6::text::jsonb,
         due_at = now() + make_interval(secs => $5::float8 / 1000)
       where tenant_id = $1 and run_id = $2 and sequence = $3 and lease_id = $4
       returning endpoint_id)
     update endpoints e set failures = e.failures + 1,
       retry_at = case when $7::float8 > 0
         then now() + make_interval(secs => $7::float8 / 1000) end
     from mine where e.tenant_id = $1 and e.id = mine.endpoint_id`,
    [
      ...[tenantId, runId, sequence, leaseId, later.ms],
      ...[JSON.stringify(later.answer), later.restMs],
    ],
  );
}

/** Sends nothing of the run any more until a person wants it. */
export async function hold(
  db: Db,
  { tenantId, runId, sequence, leaseId }: Place,
  answer: RemoteAnswer,
): Promise<void> {
  await db.rows(
    `update remote_batches set is_held = true,
       lease_id = case when sequence = $3 then null else lease_id end,
       last_answer = $5::text::jsonb
     where tenant_id = $1 and run_id = $2 and (sequence <> $3 or lease_id = $4)`,
    [tenantId, runId, sequence, leaseId, JSON.stringify(answer)],
  );
}

/** Lets a run's batches be sent at once; how many. */
export async function release(
  { db, tenantId }: Context,
  runId: string,
): Promise<number> {
  const rows = await db.rows(
    `with free as (
       update remote_batches set is_held = false, attempts = 0,
         due_at = case when lease_id is null then now() else due_at end
       where tenant_id = $1 and run_id = $2 returning endpoint_id)
     update endpoints e set retry_at = null from free
     where e.tenant_id = $1 and e.id = free.endpoint_id returning 1`,
    [tenantId, runId],
  );
  return rows.length;
}

/** Failures in a row of the endpoint so far. */
export async function countFailures(
  db: Db,
  { tenantId, endpointId }: Pick<ClaimedBatch, "tenantId" | "endpointId">,
): Promise<number> {
  const [row] = await db.rows<{ failures: number }>(
    `select failures from endpoints where tenant_id = $1 and id = $2`,
    [tenantId, endpointId],
  );
  return row?.failures ?? 0;
}

/** The endpoint answers again. */
export async function clearFailures(
  db: Db,
  { tenantId, endpointId }: Pick<ClaimedBatch, "tenantId" | "endpointId">,
): Promise<void> {
  await db.rows(
    `update endpoints set failures = 0, retry_at = null
     where tenant_id = $1 and id = $2 and (failures > 0 or retry_at is not null)`,
    [tenantId, endpointId],
  );
}

/** SQL of `RunDelivery` for the run `r` and its source `s`; null for a built-in source. */
export const DELIVERY = `
  (select json_build_object('endpointName', e.name, 'batches', d.batches,
     'isHeld', d."isHeld", 'lastAnswer', d."lastAnswer",
     'retryAt', to_char(greatest(d."retryAt", e.retry_at) at time zone 'utc',
       'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
   from endpoints e cross join lateral (
     select count(*)::int as batches, coalesce(bool_or(b.is_held), false) as "isHeld",
       (array_agg(b.last_answer order by b.is_held desc, b.sequence)
         filter (where b.last_answer is not null))[1] as "lastAnswer",
       min(b.due_at) filter (where b.lease_id is null and b.due_at > now()
         and b.attempts > 0) as "retryAt"
     from remote_batches b where b.tenant_id = r.tenant_id and b.run_id = r.id) d
   where e.tenant_id = s.tenant_id and e.id = s.endpoint_id) as delivery`;

export type DeliveryRow = RunDelivery | null;
