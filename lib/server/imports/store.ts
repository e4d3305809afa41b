import "server-only";

import type {
  ImportRun,
  RunBatch,
  RunFilter,
  RunInput,
  RunKind,
  RunStatus,
  RunSummary,
} from "@/lib/domain/import-run";
import type { RemoteAnswer } from "@/lib/domain/remote-answer";
import { writeOutcomes } from "@/lib/domain/outcome";
import type { SetAside } from "@/lib/domain/set-aside";
import type { Context } from "@/lib/server/context";

import type { AppliedBatch } from "./apply-entities";
import { DELIVERY, DELIVERY_SUM, type DeliveryRow } from "./delivery-store";

/** What a batch needs to know of its run. */
export type RunState = {
  sourceId: string;
  /** Of a remote source. */
  endpointId: string | null;
  kind: RunKind;
  undoOf: string | null;
  status: RunStatus;
  batchesTotal: number;
  /** Its batches must be applied one after another. */
  isOrdered: boolean;
  leaseOwner: string | null;
  leaseActorName: string | null;
  /** `null` when nobody holds the run, also when the lease has run out. */
  leaseUntil: Date | null;
  /** Of a run that deletes what somebody has reviewed: when that was. */
  unchangedSince: string | null;
};

export type LedgerLine = Omit<RunBatch, "at"> & {
  hash: string;
  setAside: SetAside[];
};

const LIVE_LEASE = `case when r.lease_until > now() then r.lease_until end`;

const APPLIED = `
  left join lateral (
    select count(*)::int as batches,
      coalesce(sum(b.entities), 0)::bigint as entities,
      coalesce(sum(b.created), 0)::bigint as created,
      coalesce(sum(b.updated), 0)::bigint as updated,
      coalesce(sum(b.unchanged), 0)::bigint as unchanged,
      coalesce(sum(b.deleted), 0)::bigint as deleted,
      coalesce(sum(b.aside), 0)::bigint as aside,
      coalesce(sum(b.aside_rows), 0)::bigint as "asideRows"
    from run_batches b
    where b.tenant_id = r.tenant_id and b.run_id = r.id
  ) applied on true`;

const COMMON = `
  r.id, r.kind, r.status, r.actor_name as "actorName",
  json_build_object('id', s.id, 'identifier', s.identifier, 'name', s.name) as source,
  row_to_json(applied) as applied, r.batches_total as "batchesTotal",
  r.lease_owner as "leaseOwner", r.lease_actor_name as "leaseActorName",
  ${LIVE_LEASE} as "leaseUntil",
  r.started_at as "startedAt", r.finished_at as "finishedAt"`;

const UNDO = `
  r.undo_of as "undoOf",
  (select json_build_object('id', u.id, 'status', u.status, 'isUndone', exists (
     select from import_runs redo where redo.tenant_id = u.tenant_id
       and redo.undo_of = u.id and redo.status = 'finished'))
   from import_runs u where u.tenant_id = r.tenant_id and u.undo_of = r.id
     and u.status <> 'cancelled') as "undoneBy",
  case when r."check" ? 'missing' then (
    select json_build_object('id', m.id, 'status', m.status) from import_runs m
    where m.tenant_id = r.tenant_id and m.source_id = r.source_id and m.kind = 'import'
      and m."check"->'mirrorOf'->>'runId' = r.id::text
    order by m.started_at desc limit 1) end as "mirroredBy",
  (select coalesce(sum(k.kept_count), 0)::int from run_undo k
   where k.tenant_id = r.tenant_id and k.run_id = r.id) as "keptCount"`;

type CommonRow = Pick<
  ImportRun,
  "id" | "kind" | "status" | "actorName" | "source" | "applied" | "batchesTotal"
> &
  Pick<RunState, "leaseOwner" | "leaseActorName" | "leaseUntil"> & {
    startedAt: Date;
    finishedAt: Date | null;
  };

/**
 * Writes a new run that `input.tabId` holds; `false` when there is no such
 * source. Holds the source's row, so that a deletion waits and sees the run.
 */
export async function insertRun(
  ctx: Context,
  run: { id: string; input: RunInput; leaseSeconds: number },
): Promise<boolean> {
  const { id, input, leaseSeconds } = run;
  const inserted = await ctx.db.rows(
    `with held as (select 1 from sources where tenant_id = $1 and id = $3 for key share)
     insert into import_runs (tenant_id, id, source_id, status, actor_id, actor_name,
       file_name, file_bytes, file_hash, table_options, mapping, headers, "check", batches_total,
       lease_owner, lease_actor_name, lease_until)
     select $1, $2, $3, 'running', $4, $5, $6, $7, $8, $9::text::jsonb, $10::text::jsonb,
       $11::text::jsonb, $12::text::jsonb, $13, $14, $5, now() + make_interval(secs => $15)
     from held returning 1`,
    [
      ctx.tenantId,
      id,
      input.sourceId,
      ctx.actor.id,
      ctx.actor.name,
      input.file.name,
      input.file.bytes,
      input.file.hash,
      JSON.stringify(input.tableOptions),
      JSON.stringify(input.mapping),
      JSON.stringify(input.headers),
      JSON.stringify(input.check),
      input.check.batches,
      input.tabId,
      leaseSeconds,
    ],
  );
  return inserted.length === 1;
}

/** One run with the sums over its ledger. */
export async function findRun(
  ctx: Context,
  runId: string,
): Promise<ImportRun | undefined> {
  type Row = CommonRow &
    Pick<
      ImportRun,
      | "tableOptions"
      | "headers"
      | "mapping"
      | "check"
      | "undoOf"
      | "undoneBy"
      | "keptCount"
      | "mirroredBy"
    > & {
      fileName: string;
      fileBytes: number;
      fileHash: string;
      updatedAt: Date;
      delivery: DeliveryRow;
    };
  const [row] = await ctx.db.rows<Row>(
    `select ${COMMON}, r.file_name as "fileName", r.file_bytes as "fileBytes",
       r.file_hash as "fileHash", r.table_options as "tableOptions", r.headers, r.mapping,
       r."check", r.updated_at as "updatedAt", ${UNDO},
       ${DELIVERY}
     from import_runs r
     join sources s on s.tenant_id = r.tenant_id and s.id = r.source_id
     ${APPLIED}
     where r.tenant_id = $1 and r.id = $2`,
    [ctx.tenantId, runId],
  );
  if (!row) return undefined;
  return {
    ...toCommon(row),
    file: { name: row.fileName, bytes: row.fileBytes, hash: row.fileHash },
    tableOptions: row.tableOptions,
    headers: row.headers,
    mapping: row.mapping,
    check: row.check,
    undoOf: row.undoOf,
    undoneBy: row.undoneBy,
    keptCount: row.keptCount,
    mirroredBy: row.mirroredBy,
    delivery: row.delivery,
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** Runs newest first, `count` at most, older than `before` when given. */
export async function selectRuns(
  ctx: Context,
  filter: Omit<RunFilter, "cursor"> & {
    before: { startedAt: string; id: string } | undefined;
    count: number;
  },
): Promise<{ runs: RunSummary[]; lastStartedAt: string }> {
  type Row = CommonRow &
    Pick<
      RunSummary,
      "fileName" | "rowsRead" | "rowsRejected" | "entities" | "delivery"
    > & {
      position: string;
    };
  const rows = await ctx.db.rows<Row>(
    `select ${COMMON}, r.file_name as "fileName",
       (r."check"->>'rowsRead')::bigint as "rowsRead",
       (r."check"->>'rowsRejected')::bigint as "rowsRejected",
       (r."check"->>'entities')::bigint as entities,
       r.started_at::text as position, ${DELIVERY_SUM}
     from import_runs r
     join sources s on s.tenant_id = r.tenant_id and s.id = r.source_id
     ${APPLIED}
     where r.tenant_id = $1 and ($2::uuid is null or r.source_id = $2)
       and ($3::text is null or r.status = $3)
       and ($4::timestamptz is null or (r.started_at, r.id) < ($4, $5::uuid))
     order by r.started_at desc, r.id desc
     limit $6`,
    [
      ctx.tenantId,
      filter.sourceId ?? null,
      filter.status ?? null,
      filter.before?.startedAt ?? null,
      filter.before?.id ?? null,
      filter.count,
    ],
  );
  return {
    runs: rows.map((row) => ({
      ...toCommon(row),
      fileName: row.fileName,
      rowsRead: row.rowsRead,
      rowsRejected: row.rowsRejected,
      entities: row.entities,
      delivery: row.delivery,
    })),
    lastStartedAt: rows.at(-1)?.position ?? "",
  };
}

function toCommon(row: CommonRow) {
  const { leaseOwner, leaseActorName, leaseUntil } = row;
  return {
    id: row.id,
    kind: row.kind,
    source: row.source,
    status: row.status,
    actorName: row.actorName,
    applied: row.applied,
    batchesTotal: row.batchesTotal,
    lease:
      leaseOwner && leaseUntil
        ? {
            tabId: leaseOwner,
            actorName: leaseActorName ?? "",
            until: leaseUntil.toISOString(),
          }
        : null,
    startedAt: row.startedAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}

/**
 * A run's state, locked until the transaction ends. Batches that are handed
 * over (`key share`) and one that is noted (`no key update`) do not wait for
 * each other, and whoever changes the run itself waits for both.
 */
export async function lockRun(
  ctx: Context,
  runId: string,
  lock: "update" | "no key update" | "key share" = "update",
): Promise<RunState | undefined> {
  const [row] = await ctx.db.rows<RunState>(
    `select r.source_id as "sourceId",
       (select s.endpoint_id from sources s
        where s.tenant_id = r.tenant_id and s.id = r.source_id) as "endpointId",
       coalesce((r."check"->>'needsOrder')::boolean, true) as "isOrdered", r.kind, r.undo_of as "undoOf", r.status, r.batches_total as "batchesTotal",
       r.lease_owner as "leaseOwner", r.lease_actor_name as "leaseActorName",
       ${LIVE_LEASE} as "leaseUntil",
       r."check"->'mirrorOf'->>'unchangedSince' as "unchangedSince"
     from import_runs r where r.tenant_id = $1 and r.id = $2 for ${lock}`,
    [ctx.tenantId, runId],
  );
  return row;
}

/** Gives a run to a tab, or renews what it holds. */
export async function writeLease(
  ctx: Context,
  lease: { runId: string; tabId: string; seconds: number; status: RunStatus },
): Promise<void> {
  await ctx.db.rows(
    `update import_runs set lease_owner = $3, lease_actor_name = $4,
       lease_until = now() + make_interval(secs => $5), status = $6, updated_at = now()
     where tenant_id = $1 and id = $2`,
    [
      ctx.tenantId,
      lease.runId,
      lease.tabId,
      ctx.actor.name,
      lease.seconds,
      lease.status,
    ],
  );
}

/** Sets the status and lets the lease go; `finished` and `cancelled` get their time. */
export async function writeStatus(
  ctx: Context,
  runId: string,
  status: RunStatus,
): Promise<void> {
  await ctx.db.rows(
    `update import_runs set status = $3, lease_owner = null, lease_actor_name = null,
       lease_until = null, updated_at = now(),
       finished_at = case when $3 in ('finished', 'cancelled') then now() end
     where tenant_id = $1 and id = $2`,
    [ctx.tenantId, runId, status],
  );
}

export async function findLedgerLine(
  ctx: Context,
  runId: string,
  sequence: number,
): Promise<LedgerLine | undefined> {
  const [row] = await ctx.db.rows<LedgerLine>(
    `select sequence, hash, bytes, entities, created, updated, unchanged, deleted, aside,
       coalesce(set_aside, '[]') as "setAside",
       first_row as "firstRow", last_row as "lastRow", ms
     from run_batches where tenant_id = $1 and run_id = $2 and sequence = $3`,
    [ctx.tenantId, runId, sequence],
  );
  return row;
}

/** Writes a line, or nothing when the sequence is in the ledger. Tells which. */
export async function insertLedgerLine(
  ctx: Context,
  runId: string,
  line: Pick<
    LedgerLine,
    "sequence" | "hash" | "bytes" | "firstRow" | "lastRow"
  >,
): Promise<boolean> {
  const inserted = await ctx.db.rows(
    `insert into run_batches (tenant_id, run_id, sequence, hash, bytes, first_row, last_row,
       entities, created, updated, unchanged, deleted, ms)
     values ($1, $2, $3, $4, $5, $6, $7, 0, 0, 0, 0, 0, 0)
     on conflict do nothing returning 1`,
    [
      ctx.tenantId,
      runId,
      line.sequence,
      line.hash,
      line.bytes,
      line.firstRow,
      line.lastRow,
    ],
  );
  return inserted.length === 1;
}

/** What the batch of an inserted line did. */
export async function writeLedgerResult(
  ctx: Context,
  runId: string,
  line: Omit<AppliedBatch, "undo"> & Pick<LedgerLine, "sequence" | "ms">,
): Promise<void> {
  await ctx.db.rows(
    `update run_batches set entities = $4, created = $5, updated = $6, unchanged = $7,
       deleted = $8, ms = $9, outcomes = $10, aside = $11, aside_rows = $12,
       set_aside = $13::text::jsonb
     where tenant_id = $1 and run_id = $2 and sequence = $3`,
    [
      ctx.tenantId,
      runId,
      line.sequence,
      line.entities,
      line.created,
      line.updated,
      line.unchanged,
      line.deleted,
      line.ms,
      writeOutcomes(line.outcomes),
      line.aside,
      line.asideRows,
      line.aside > 0 ? JSON.stringify(line.setAside) : null,
    ],
  );
}

/** Of a remote source: what its endpoint answered. */
export async function writeLedgerAnswer(
  ctx: Context,
  runId: string,
  line: { sequence: number; answer: RemoteAnswer; attempts: number },
): Promise<void> {
  await ctx.db.rows(
    `update run_batches set answer = $4::text::jsonb, attempts = $5
     where tenant_id = $1 and run_id = $2 and sequence = $3`,
    [
      ctx.tenantId,
      runId,
      line.sequence,
      JSON.stringify(line.answer),
      line.attempts,
    ],
  );
}

/** How many of a run's batches are applied. */
export async function countLedger(
  ctx: Context,
  runId: string,
): Promise<number> {
  const [row] = await ctx.db.rows<{ n: number }>(
    `select count(*)::int as n from run_batches where tenant_id = $1 and run_id = $2`,
    [ctx.tenantId, runId],
  );
  return row?.n ?? 0;
}

export async function selectSequences(
  ctx: Context,
  runId: string,
): Promise<number[]> {
  const rows = await ctx.db.rows<{ sequence: number }>(
    `select sequence from run_batches where tenant_id = $1 and run_id = $2 order by sequence`,
    [ctx.tenantId, runId],
  );
  return rows.map((row) => row.sequence);
}

/** Lines after a sequence, in order. */
export async function selectLedger(
  ctx: Context,
  page: { runId: string; after: number; count: number },
): Promise<RunBatch[]> {
  const rows = await ctx.db.rows<Omit<RunBatch, "at"> & { at: Date }>(
    `select sequence, entities, created, updated, unchanged, deleted, aside, bytes,
       first_row as "firstRow", last_row as "lastRow", ms, at
     from run_batches where tenant_id = $1 and run_id = $2 and sequence > $3
     order by sequence limit $4`,
    [ctx.tenantId, page.runId, page.after, page.count],
  );
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}
