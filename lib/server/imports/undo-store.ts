import "server-only";

import { promisify } from "node:util";
import { deflateRaw, inflateRaw } from "node:zlib";

import {
  readUndoRecord,
  undoRecordSize,
  writeUndoRecord,
  type UndoRecord,
} from "@/lib/domain/undo-record";
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

/** Keeps what a batch changed, in its transaction. */
export async function insertUndo(
  ctx: Context,
  runId: string,
  sequence: number,
  undo: UndoRecord,
): Promise<void> {
  const isKept = earlierChars(undo) <= RECORD_CHARS_MAX;
  const { json, hashes } = isKept
    ? writeUndoRecord(undo)
    : { json: "", hashes: new Uint8Array() };
  await ctx.db.rows(
    `insert into run_undo (tenant_id, run_id, sequence, entries, record, hashes)
     values ($1, $2, $3, $4, $5, $6)`,
    [
      ctx.tenantId,
      runId,
      sequence,
      undoRecordSize(undo),
      isKept ? await packText(json) : null,
      Buffer.from(hashes.buffer, hashes.byteOffset, hashes.byteLength),
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
