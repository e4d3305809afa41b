import "server-only";

import type { RunDelivery } from "@/lib/domain/import-run";
import type { RemoteAnswer } from "@/lib/domain/remote-answer";
import type { Context } from "@/lib/server/context";
import type { Db } from "@/lib/server/db/client";
import { HOST_RESTS } from "@/lib/server/endpoints/service";

/** So long after its process was last heard of another one may send a batch. */
const LEASE_SECONDS = 10;
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
  firstRow: number;
  lastRow: number;
  entities: number;
};

/** Whether a run is one into a remote source, which never changes. */
export async function isRemoteRun(
  { db, tenantId }: Context,
  runId: string,
): Promise<boolean> {
  const rows = await db.rows(
    `select 1 from import_runs r
     join sources s on s.tenant_id = r.tenant_id and s.id = r.source_id
     where r.tenant_id = $1 and r.id = $2 and s.endpoint_id is not null`,
    [tenantId, runId],
  );
  return rows.length === 1;
}

/** Keeps a batch until it is accepted; `false` when its sequence is kept already. */
export async function insertHandedOver(
  { db, tenantId }: Context,
  batch: HandedOver,
): Promise<boolean> {
  const inserted = await db.rows(
    `insert into remote_batches (tenant_id, run_id, sequence, source_id,
       endpoint_id, hash, bytes, body, is_ordered, first_row, last_row, entities)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     on conflict do nothing returning 1`,
    [
      ...[tenantId, batch.runId, batch.sequence, batch.sourceId],
      ...[batch.endpointId, batch.hash, batch.bytes, batch.body],
      ...[batch.isOrdered, batch.firstRow, batch.lastRow, batch.entities],
    ],
  );
  return inserted.length === 1;
}

/** Takes back what `insertHandedOver` kept. */
export async function removeHandedOver(
  { db, tenantId }: Context,
  runId: string,
  sequence: number,
): Promise<void> {
  await db.rows(
    `delete from remote_batches
     where tenant_id = $1 and run_id = $2 and sequence = $3`,
    [tenantId, runId, sequence],
  );
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

export type ClaimedBatch = Omit<
  HandedOver,
  "firstRow" | "lastRow" | "entities"
> & {
  /** Host and port of its endpoint. */
  host: string;
  sourceIdentifier: string;
  tenantId: string;
  leaseId: string;
  attempts: number;
  /** Of a run that deletes what somebody has reviewed: when that was. */
  unchangedSince: string | null;
  actorId: string;
  actorName: string;
};

/**
 * Takes up to `count` batches that are due, of every tenant: of an ordered run
 * the first alone, for a host that rests none, and none before what other runs
 * handed over earlier for the same source: newer values stay the newer ones.
 * Another process may take them again when the lease is over.
 */
export async function claimDue(db: Db, count: number): Promise<ClaimedBatch[]> {
  return db.rows<ClaimedBatch>(
    // Ranked in one pass: a look at its whole run for each batch took time that
    // grew with the square of what waits.
    `with ranked as materialized (
       select tenant_id, run_id, sequence,
         sequence = min(sequence) over run as is_first,
         count(*) filter (where lease_id is not null and due_at > now())
           over run as under_way,
         row_number() over (partition by tenant_id, run_id
           order by due_at > now() or is_held, sequence) as place
       from remote_batches window run as (partition by tenant_id, run_id)),
     runs as materialized (
       select tenant_id, source_id, run_id, min(created_at) as arrived_at
       from remote_batches group by 1, 2, 3),
     due as (
       select b.tenant_id, b.run_id, b.sequence from ranked
       join remote_batches b using (tenant_id, run_id, sequence)
       join endpoints e on e.tenant_id = b.tenant_id and e.id = b.endpoint_id
       where b.due_at <= now() and not b.is_held
         and not ${HOST_RESTS}
         and (ranked.is_first or not b.is_ordered)
         and ranked.under_way + ranked.place <= ${UNDER_WAY_MAX}
         and not exists (
           select from runs o where o.tenant_id = b.tenant_id
             and o.source_id = b.source_id and o.run_id <> b.run_id
             and (o.arrived_at, o.run_id) < (b.created_at, b.run_id))
       order by b.due_at, b.sequence limit $1
       for update of b skip locked)
     update remote_batches b set lease_id = gen_random_uuid(),
       attempts = b.attempts + 1,
       due_at = now() + make_interval(secs => ${LEASE_SECONDS})
     from due, import_runs r, sources s, endpoints e
     where b.tenant_id = due.tenant_id and b.run_id = due.run_id
       and b.sequence = due.sequence
       and r.tenant_id = b.tenant_id and r.id = b.run_id
       and s.tenant_id = b.tenant_id and s.id = b.source_id
       and e.tenant_id = b.tenant_id and e.id = b.endpoint_id
     returning e.host, s.identifier as "sourceIdentifier", b.tenant_id as "tenantId", b.run_id as "runId", b.sequence,
       b.source_id as "sourceId", b.endpoint_id as "endpointId", b.hash, b.bytes,
       b.body, b.is_ordered as "isOrdered", b.lease_id as "leaseId", b.attempts,
       r."check"->'mirrorOf'->>'unchangedSince' as "unchangedSince",
       r.actor_id as "actorId", r.actor_name as "actorName"`,
    [count],
  );
}

type Place = Pick<ClaimedBatch, "tenantId" | "runId" | "sequence" | "leaseId">;

/** Keeps batches for this process for as long again; the leases that are still its own. */
export async function renewLeases(
  db: Db,
  places: readonly Place[],
): Promise<Set<string>> {
  const rows = await db.rows<{ leaseId: string }>(
    `update remote_batches b
     set due_at = now() + make_interval(secs => ${LEASE_SECONDS})
     from jsonb_to_recordset($1::text::jsonb)
       as o("tenantId" uuid, "runId" uuid, sequence int, "leaseId" uuid)
     where b.tenant_id = o."tenantId" and b.run_id = o."runId"
       and b.sequence = o.sequence and b.lease_id = o."leaseId"
     returning b.lease_id as "leaseId"`,
    [
      JSON.stringify(
        places.map(({ tenantId, runId, sequence, leaseId }) => ({
          ...{ tenantId, runId, sequence, leaseId },
        })),
      ),
    ],
  );
  return new Set(rows.map(({ leaseId }) => leaseId));
}

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

/** Gives a batch back, to be sent again after so long. */
export async function postpone(
  db: Db,
  { tenantId, runId, sequence, leaseId }: Place,
  later: { ms: number; answer: RemoteAnswer },
): Promise<void> {
  await db.rows(
    `update remote_batches set lease_id = null, last_answer = $6::text::jsonb,
       due_at = now() + make_interval(secs => $5::float8 / 1000)
     where tenant_id = $1 and run_id = $2 and sequence = $3 and lease_id = $4`,
    [
      ...[tenantId, runId, sequence, leaseId, later.ms],
      JSON.stringify(later.answer),
    ],
  );
}

/** Lets a batch go without an answer, its host rests or we stop, to be taken after so long. */
export async function giveBack(
  db: Db,
  { tenantId, runId, sequence, leaseId }: Place,
  ms = 0,
): Promise<void> {
  await db.rows(
    `update remote_batches set lease_id = null, attempts = attempts - 1,
       due_at = now() + make_interval(secs => $5::float8 / 1000)
     where tenant_id = $1 and run_id = $2 and sequence = $3 and lease_id = $4`,
    [tenantId, runId, sequence, leaseId, ms],
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

/** Lets a run's batches be sent at once; the hosts that they go to. */
export async function release(
  { db, tenantId }: Context,
  runId: string,
): Promise<string[]> {
  const rows = await db.rows<{ host: string }>(
    `with free as (
       update remote_batches set is_held = false,
         due_at = case when lease_id is null then now() else due_at end
       where tenant_id = $1 and run_id = $2 returning endpoint_id)
     select distinct e.host from endpoints e join free on e.id = free.endpoint_id
     where e.tenant_id = $1`,
    [tenantId, runId],
  );
  return rows.map(({ host }) => host);
}

/** SQL of `RunDelivery` for the run `r` and its source `s`; null for a built-in source. */
export const DELIVERY = `
  (select json_build_object('endpointName', e.name,
     'host', regexp_replace(e.host, case when e.url like 'https:%' then ':443$' else ':80$' end, ''),
     'batches', d.batches,
     'isHeld', d."isHeld", 'lastAnswer', d."lastAnswer",
     'after', (select json_build_object('id', o.id, 'fileName', o.file_name)
       from remote_batches w join import_runs o
         on o.tenant_id = w.tenant_id and o.id = w.run_id
       where w.tenant_id = r.tenant_id and w.source_id = r.source_id
         and w.run_id <> r.id and w.created_at < d."arrivedAt"
       order by w.created_at limit 1),
     'retryAt', to_char(greatest(d."retryAt",
       case when h.rests_until > now() then h.rests_until end) at time zone 'utc',
       'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
   from endpoints e left join endpoint_hosts h on h.host = e.host
   cross join lateral (
     select count(*)::int as batches, coalesce(bool_or(b.is_held), false) as "isHeld",
       min(b.created_at) as "arrivedAt",
       (array_agg(b.last_answer order by b.is_held desc, b.sequence)
         filter (where b.last_answer is not null))[1] as "lastAnswer",
       min(b.due_at) filter (where b.lease_id is null and b.due_at > now()
         and b.attempts > 0) as "retryAt"
     from remote_batches b where b.tenant_id = r.tenant_id and b.run_id = r.id) d
   where e.tenant_id = s.tenant_id and e.id = s.endpoint_id) as delivery`;

/** The same for the list of runs, also of built-in sources. */
export const DELIVERY_SUM = `
  (select json_build_object('batches', count(*)::int,
     'isHeld', coalesce(bool_or(b.is_held), false))
   from remote_batches b where b.tenant_id = r.tenant_id and b.run_id = r.id) as delivery`;

export type DeliveryRow = RunDelivery | null;
