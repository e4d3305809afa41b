import "server-only";

import type { Context } from "@/lib/server/context";
import type { Db, Tx } from "@/lib/server/db/client";

import {
  CHECK_ACCEPTED,
  DELETE_OLD,
  FIND_BY_IDEMPOTENCY_KEY,
  FINISH_IDEMPOTENT,
  INSERT_ACCEPTED,
  INSERT_IDEMPOTENT,
  INSERT_REFUSED,
  LIST_IMPORTS,
  REPEAT_IMPORTS,
  TRIM_REFUSED,
} from "./log-sql";

/** Refused imports kept of one provider and source: enough to see what is wrong, too few to fill a disk. */
export const REFUSED_KEPT_MAX = 200;

/** What is known of an import before it is applied. */
export type ImportRow = {
  id: string;
  providerId: string;
  tokenHash: string;
  requestId: string;
  correlationId: string | null;
  bodyHash: string;
  bytes: number;
  flags: string[];
};

export type AppliedCounts = {
  entities: number;
  created: number;
  updated: number;
  unchanged: number;
  deleted: number;
  /** Milliseconds from the body's arrival to the begin of its transaction, which adds its own; below 0 for one that joined later. */
  ms: number;
};

/** A place of the log; `tenantId` is the token's. */
type Place<D extends Db = Db> = {
  db: D;
  tenantId: string;
  sourceId: string;
  now: Date;
};

/**
 * The id to answer for each import: its own, or for a repeat of the last 3
 * minutes that of the row it folds into. Leaves out imports whose token or
 * grant has ended: the caller must then roll back. To be asked in the
 * transaction that applies them, once it has the lock of the source.
 */
export async function checkAccepted(
  { db, tenantId, sourceId, now }: Place,
  imports: ImportRow[],
): Promise<Map<string, string>> {
  const [checked] = await db.rows<{
    hashes: string[];
    repeated: [providerId: string, bodyHash: string, id: string][];
  }>(CHECK_ACCEPTED, [
    tenantId,
    sourceId,
    [...new Set(imports.map(({ tokenHash }) => tokenHash))],
    now,
    imports.map(({ bodyHash }) => bodyHash),
  ]);
  const hashes = new Set(checked?.hashes);
  const repeated = new Map(
    checked?.repeated.map(([providerId, bodyHash, id]) => [
      `${providerId} ${bodyHash}`,
      id,
    ]),
  );
  const ids = new Map<string, string>();
  for (const { id, tokenHash, providerId, bodyHash } of imports) {
    if (!hashes.has(tokenHash)) continue;
    ids.set(id, repeated.get(`${providerId} ${bodyHash}`) ?? id);
  }
  return ids;
}

/** Logs imports in the transaction that applied them; `ids` is what `checkAccepted` gave. */
export function sendAccepted(
  { db, tenantId, sourceId, now }: Place<Tx>,
  imports: (ImportRow & AppliedCounts)[],
  ids: Map<string, string>,
): void {
  const owner = [tenantId, sourceId];
  const fresh = imports.filter(({ id }) => ids.get(id) === id);
  const known = [...ids].filter(([own, id]) => own !== id);
  if (known.length > 0) {
    db.send(REPEAT_IMPORTS, [...owner, known.map(([, id]) => id), now]);
  }
  if (fresh.length > 0) {
    db.send(
      INSERT_ACCEPTED,
      [...owner, JSON.stringify(fresh), now],
      "insert_accepted",
    );
  }
}

/**
 * Claims an idempotency key before its import is applied; false when the key
 * was used. Waits at most 100 ms for another request with it.
 */
export async function claimIdempotencyKey(
  { db, tenantId, sourceId, now }: Place,
  row: ImportRow,
  idempotencyKey: string,
): Promise<"claimed" | "used" | "denied"> {
  await db.rows("select set_config('lock_timeout', '100ms', true)");
  const [claim] = await db.rows<{ allowed: number; claimed: number }>(
    INSERT_IDEMPOTENT,
    [tenantId, sourceId, JSON.stringify([row]), now, idempotencyKey],
  );
  await db.rows("set local lock_timeout to default");
  if (!claim || claim.allowed === 0) return "denied";
  return claim.claimed > 0 ? "claimed" : "used";
}

export async function finishIdempotent(
  { db, tenantId, sourceId }: Place,
  id: string,
  counts: AppliedCounts,
): Promise<void> {
  await db.rows(FINISH_IDEMPOTENT, [
    tenantId,
    sourceId,
    id,
    JSON.stringify([counts]),
  ]);
}

export async function findByIdempotencyKey(
  { db, tenantId, sourceId }: Place,
  providerId: string,
  idempotencyKey: string,
): Promise<{ id: string; bodyHash: string } | undefined> {
  const [row] = await db.rows<{ id: string; body_hash: string }>(
    FIND_BY_IDEMPOTENCY_KEY,
    [tenantId, sourceId, providerId, idempotencyKey],
  );
  return row && { id: row.id, bodyHash: row.body_hash };
}

/** Logs an import that was refused, folded like the accepted ones; of each provider only the newest stay. */
export async function insertRefused(
  { db, tenantId, sourceId, now }: Place,
  row: ImportRow,
  problems: string[],
): Promise<void> {
  const added = await db.rows<{ is_new: boolean }>(INSERT_REFUSED, [
    tenantId,
    sourceId,
    JSON.stringify([row]),
    now,
    JSON.stringify(problems),
  ]);
  if (added.some(({ is_new }) => is_new)) {
    await db.rows(TRIM_REFUSED, [
      tenantId,
      sourceId,
      row.providerId,
      REFUSED_KEPT_MAX,
    ]);
  }
}

export type LogRow = {
  id: string;
  status: "accepted" | "refused";
  provider_id: string;
  provider_name: string | null;
  request_id: string;
  correlation_id: string | null;
  bytes: number;
  entities: number;
  created: number;
  updated: number;
  unchanged: number;
  deleted: number;
  ms: number;
  flags: ("entities_advised" | "bytes_advised")[];
  problems: string[] | null;
  repeats: number;
  at: Date;
  last_at: Date;
};

export async function selectImports(
  { db, tenantId }: Context,
  sourceId: string,
  before: { at: Date; id: string } | undefined,
  rowsMax: number,
): Promise<LogRow[]> {
  return db.rows<LogRow>(LIST_IMPORTS, [
    tenantId,
    sourceId,
    before?.at ?? null,
    before?.id ?? null,
    rowsMax,
  ]);
}

/** Removes the log of imports before `before`, of every tenant, `rowsMax` at most; gives how many. */
export async function deleteOldImports(
  db: Db,
  before: Date,
  rowsMax: number,
): Promise<number> {
  const [gone] = await db.rows<{ n: number }>(DELETE_OLD, [before, rowsMax]);
  return gone?.n ?? 0;
}
