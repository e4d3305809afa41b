import "server-only";

import { promisify } from "node:util";
import { deflateRaw, inflateRaw } from "node:zlib";

import { z } from "zod";

import {
  readUndoRecord,
  undoRecordSize,
  writeUndoRecord,
  type UndoRecord,
} from "@/lib/domain/undo-record";
import type { RunStatus } from "@/lib/domain/import-run";
import { settledLineSchema, type SettledLine } from "@/lib/domain/undo-run";
import type { Context } from "@/lib/server/context";

const deflateAsync = promisify(deflateRaw);
const inflateAsync = promisify(inflateRaw);

/** Fast rather than small: it is done while the source is locked. */
const LEVEL = 1;

/**
 * Characters of earlier values kept of one batch. Above it the batch goes
 * through and its run cannot be undone; a thousand entries of 1 MB get there.
 */
const RECORD_CHARS_MAX = 100_000_000;

/** Keeps what a batch changed, in its transaction; of one that undoes, also what it left. */
export async function insertUndo(
  ctx: Context,
  runId: string,
  sequence: number,
  undo: UndoRecord,
  settled: readonly SettledLine[] = [],
): Promise<void> {
  const isKept = earlierChars(undo) <= RECORD_CHARS_MAX;
  const { json, hashes } = isKept
    ? writeUndoRecord(undo)
    : { json: "", hashes: new Uint8Array() };
  await ctx.db.rows(
    `insert into run_undo (tenant_id, run_id, sequence, entries, record, hashes, kept, kept_count)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      ctx.tenantId,
      runId,
      sequence,
      undoRecordSize(undo),
      isKept ? await packText(json) : null,
      Buffer.from(hashes.buffer, hashes.byteOffset, hashes.byteLength),
      settled.length > 0 ? await packText(JSON.stringify(settled)) : null,
      settled.filter(({ reason }) => reason !== "already").length,
    ],
  );
}

function earlierChars({ updated, deleted }: UndoRecord): number {
  let chars = 0;
  for (const { values } of updated) {
    for (const { before } of values) chars += before?.length ?? 0;
  }
  for (const { values } of deleted) {
    for (const value of Object.values(values)) chars += value.length;
  }
  return chars;
}

/** What a batch changed; `undefined` when it is not kept (any more). */
export async function findUndo(
  ctx: Context,
  runId: string,
  sequence: number,
): Promise<UndoRecord | undefined> {
  const [row] = await ctx.db.rows<{ record: Buffer | null; hashes: Buffer }>(
    `select record, hashes from run_undo
     where tenant_id = $1 and run_id = $2 and sequence = $3`,
    [ctx.tenantId, runId, sequence],
  );
  if (!row?.record) return undefined;
  return readUndoRecord({
    json: await unpackText(row.record),
    hashes: row.hashes,
  });
}

/** What undoing batches left, of those after `after` that settled something, in order. */
export async function selectKept(
  ctx: Context,
  page: { runId: string; after: number; count: number },
): Promise<{ sequence: number; lines: SettledLine[] }[]> {
  const rows = await ctx.db.rows<{ sequence: number; kept: Buffer }>(
    `select sequence, kept from run_undo
     where tenant_id = $1 and run_id = $2 and sequence > $3 and kept is not null
     order by sequence limit $4`,
    [ctx.tenantId, page.runId, page.after, page.count],
  );
  return Promise.all(
    rows.map(async ({ sequence, kept }) => ({
      sequence,
      lines: z
        .array(settledLineSchema)
        .parse(JSON.parse(await unpackText(kept))),
    })),
  );
}

/** Writes what a batch settled again. */
export async function updateKept(
  ctx: Context,
  batch: {
    runId: string;
    sequence: number;
    lines: SettledLine[];
    keptCount: number;
  },
): Promise<void> {
  await ctx.db.rows(
    `update run_undo set kept = $4, kept_count = $5
     where tenant_id = $1 and run_id = $2 and sequence = $3`,
    [
      ctx.tenantId,
      batch.runId,
      batch.sequence,
      await packText(JSON.stringify(batch.lines)),
      batch.keptCount,
    ],
  );
}

/** What is known of the undo of a run without reading what it changed. */
export type UndoFacts = {
  /** Batches whose changes are known and kept. */
  batches: number;
  entries: number;
  /** Batches that changed too much to keep it. */
  tooLarge: number;
  /** The run that undoes it, if it was not cancelled. */
  undoneBy: { id: string; status: RunStatus } | null;
};

export async function findUndoFacts(
  ctx: Context,
  runId: string,
): Promise<UndoFacts> {
  const [facts] = await ctx.db.rows<UndoFacts>(
    `select count(*)::int as batches, coalesce(sum(entries), 0)::bigint as entries,
       count(*) filter (where record is null)::int as "tooLarge",
       (select json_build_object('id', r.id, 'status', r.status) from import_runs r
        where r.tenant_id = $1 and r.undo_of = $2 and r.status <> 'cancelled') as "undoneBy"
     from run_undo where tenant_id = $1 and run_id = $2`,
    [ctx.tenantId, runId],
  );
  if (!facts) throw new Error("A count gives one row.");
  return facts;
}

/** Holds the row of a run's source, so that a deletion waits and sees what is added to the source. Comes before the run, as it does there. */
export async function holdSourceOf(ctx: Context, runId: string): Promise<void> {
  await ctx.db.rows(
    `select 1 from sources s
     join import_runs r on r.tenant_id = s.tenant_id and r.source_id = s.id
     where s.tenant_id = $1 and r.id = $2 for key share of s`,
    [ctx.tenantId, runId],
  );
}

/** Writes a run that undoes another one, held by `tabId`; the batches are those of that one. */
export async function insertUndoRun(
  ctx: Context,
  run: {
    id: string;
    undoOf: string;
    entries: number;
    batches: number;
    tabId: string;
    leaseSeconds: number;
  },
): Promise<void> {
  await ctx.db.rows(
    `insert into import_runs (tenant_id, id, source_id, kind, undo_of, status, actor_id, actor_name,
       file_name, file_bytes, file_hash, table_options, mapping, headers, "check", batches_total,
       lease_owner, lease_actor_name, lease_until)
     select tenant_id, $3, source_id, 'undo', id, 'running', $4, $5, file_name, file_bytes,
       file_hash, table_options, mapping, headers, "check" || $6::text::jsonb, $7,
       $8, $5, now() + make_interval(secs => $9)
     from import_runs where tenant_id = $1 and id = $2`,
    [
      ctx.tenantId,
      run.undoOf,
      run.id,
      ctx.actor.id,
      ctx.actor.name,
      JSON.stringify({
        ...{ rowsRead: 0, rowsRejected: 0, rowsBlank: 0, rowsMerged: 0 },
        ...{ entities: run.entries, deletes: 0, batches: run.batches },
        issues: [],
      }),
      run.batches,
      run.tabId,
      run.leaseSeconds,
    ],
  );
}

/** The batch of a run that its undo takes back as its `position`th, from 1: the newest first. */
export async function findBatchFromEnd(
  ctx: Context,
  runId: string,
  position: number,
): Promise<
  { sequence: number; firstRow: number; lastRow: number } | undefined
> {
  const [row] = await ctx.db.rows<{
    sequence: number;
    firstRow: number;
    lastRow: number;
  }>(
    `select sequence, first_row as "firstRow", last_row as "lastRow"
     from run_batches where tenant_id = $1 and run_id = $2
     order by sequence desc offset $3 limit 1`,
    [ctx.tenantId, runId, position - 1],
  );
  return row;
}

/** Removes what was kept before `before`, of every tenant, `rowsMax` batches at most; gives how many. What is being undone stays. */
export async function deleteOldUndo(
  db: Context["db"],
  before: Date,
  rowsMax: number,
): Promise<number> {
  const [gone] = await db.rows<{ n: number }>(
    `with old as (
       select u.tenant_id, u.run_id, u.sequence from run_undo u
       where u.at < $1 and not exists (
         select from import_runs r
         where r.tenant_id = u.tenant_id and r.undo_of = u.run_id
           and r.status in ('running', 'paused'))
       order by u.at limit $2),
     gone as (
       delete from run_undo u using old
       where u.tenant_id = old.tenant_id and u.run_id = old.run_id
         and u.sequence = old.sequence
       returning 1)
     select count(*)::int as n from gone`,
    [before, rowsMax],
  );
  return gone?.n ?? 0;
}

/** Text as it is kept in a column. */
export function packText(text: string): Promise<Buffer> {
  return deflateAsync(text, { level: LEVEL });
}

export async function unpackText(packed: Buffer): Promise<string> {
  return (await inflateAsync(packed)).toString("utf8");
}
