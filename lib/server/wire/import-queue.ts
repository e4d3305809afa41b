import "server-only";

import { AppError, findAppError } from "@/lib/domain/errors";
import type { Entity } from "@/lib/domain/entity";
import { withDb } from "@/lib/server/context";
import type { Db, Tx } from "@/lib/server/db/client";
import { ingestPayloads, lockSource } from "@/lib/server/entries/service";
import {
  checkAccepted,
  claimIdempotencyKey,
  findByIdempotencyKey,
  finishIdempotent,
  sendAccepted,
  type AppliedCounts,
  type ImportRow,
} from "@/lib/server/import-log/service";
import { tokenContext, type VerifiedToken } from "@/lib/server/tokens/service";

import type { Admission } from "./admission";

/** Small imports that wait for the same source share a transaction up to these sums. */
const GROUP = {
  importsMax: 64,
  entitiesMax: 1_000,
  bytesMax: 2_000_000,
  /** Of larger imports hardly two would share a transaction. */
  bytesLockedFirstMax: 100_000,
} as const;

/** An import whose body has passed every rule. */
export type CheckedImport = {
  row: ImportRow;
  token: VerifiedToken;
  sourceId: string;
  entities: Entity[];
  idempotencyKey: string | undefined;
  /** `performance.now()` when its body had arrived. */
  startedMs: number;
};

/** The source and the open transaction of a group; `begunMs` as `startedMs`. */
type Place = {
  db: Tx;
  tenantId: string;
  sourceId: string;
  now: Date;
  begunMs: number;
};

type Waiting = {
  item: CheckedImport;
  resolve: (id: string) => void;
  reject: (error: unknown) => void;
};

export type ImportQueue = {
  /**
   * Applies an import, all of it or nothing, and answers its id after the commit.
   *
   * @throws {AppError} `unauthenticated` or `forbidden` when token or grant
   *   ended meanwhile; `conflict` and `unprocessable` for idempotency keys.
   */
  apply(item: CheckedImport): Promise<string>;
};

/**
 * Imports of this process, one transaction a source at a time. What arrives
 * while one is in work is applied in the next one together: a source has one
 * lock, and a commit costs the same for one import as for fifty.
 */
export function createImportQueue(
  db: () => Db,
  now: () => Date,
  admission: Admission,
): ImportQueue {
  const waitingBySource = new Map<string, Waiting[]>();

  function apply(item: CheckedImport): Promise<string> {
    return new Promise((resolve, reject) => {
      const source = `${item.token.tenantId}/${item.sourceId}`;
      const waiting = waitingBySource.get(source);
      if (waiting) {
        waiting.push({ item, resolve, reject });
        return;
      }
      waitingBySource.set(source, [{ item, resolve, reject }]);
      void drain(source);
    });
  }

  async function drain(source: string): Promise<void> {
    const waiting = waitingBySource.get(source) ?? [];
    while (waiting.length > 0) {
      const bytes = waiting[0]?.item.row.bytes ?? 0;
      await admission.run(bytes, () => runNext(waiting));
    }
    waitingBySource.delete(source);
  }

  /**
   * Takes a group once it may run: until then it can still grow. Where others,
   * in this process or another, may be at work on the source, that is when the
   * source is locked; a large import would only lose a round trip by that.
   */
  async function runNext(waiting: Waiting[]): Promise<void> {
    const first = waiting[0]?.item;
    const isLockedFirst =
      first !== undefined &&
      first.row.bytes <= GROUP.bytesLockedFirstMax &&
      first.entities.length > 0 &&
      first.idempotencyKey === undefined;
    let group: Waiting[] | undefined;
    const take = () => {
      group ??= takeGroup(waiting);
      return group.map(({ item }) => item);
    };
    const applying =
      first && isLockedFirst ? applyLocked(first, take) : applyGroup(take());
    await settle(applying, () => group ?? takeGroup(waiting));
  }

  async function settle(
    applying: Promise<string[]>,
    groupOf: () => Waiting[],
  ): Promise<void> {
    try {
      const ids = await applying;
      groupOf().forEach(({ resolve }, at) => resolve(ids[at] ?? ""));
    } catch (error) {
      const group = groupOf();
      // A database that is away refuses every one of them, and takes its time.
      const isForAll =
        group.length === 1 || findAppError(error)?.code === "unavailable";
      if (isForAll) {
        group.forEach(({ reject }) => reject(error));
        return;
      }
      // One of them is refused, and the others shall not be: each on its own.
      for (const one of group)
        await settle(applyGroup([one.item]), () => [one]);
    }
  }

  function applyLocked(
    { token, sourceId }: CheckedImport,
    take: () => CheckedImport[],
  ): Promise<string[]> {
    const ctx = tokenContext(db(), token);
    return ctx.db.transaction(async (tx) => {
      const place = placeOf(tx, token, sourceId);
      await lockSource(withDb(ctx, tx), sourceId).catch(asGone);
      return applyAll(place, take());
    });
  }

  function applyGroup(items: CheckedImport[]): Promise<string[]> {
    const [first] = items;
    if (!first) return Promise.resolve([]);
    const { token, sourceId, idempotencyKey } = first;
    return db().transaction(async (tx) => {
      const place = placeOf(tx, token, sourceId);
      if (idempotencyKey === undefined) return applyAll(place, items);
      return [await applyOnce(place, first, idempotencyKey)];
    });
  }

  function placeOf(tx: Tx, token: VerifiedToken, sourceId: string): Place {
    return {
      ...{ db: tx, tenantId: token.tenantId, sourceId, now: now() },
      begunMs: performance.now(),
    };
  }

  return { apply };
}

async function applyAll(
  place: Place,
  items: CheckedImport[],
): Promise<string[]> {
  const rows = items.map(({ row }) => row);
  // Started together, behind the lock that the first one asks for.
  const [counts, ids] = await Promise.all([
    ingest(place, items),
    checkAccepted(place, rows),
  ]);
  const answered = rows.map((row) => {
    const id = ids.get(row.id);
    if (id === undefined) throw endedMeanwhile();
    return id;
  });
  const applied = rows.map((row, at) => ({
    ...row,
    ...withCounts(counts, at),
  }));
  sendAccepted(place, applied, ids);
  return answered;
}

async function applyOnce(
  place: Place,
  item: CheckedImport,
  key: string,
): Promise<string> {
  const { row } = item;
  const claim = await claimIdempotencyKey(place, row, key).catch(asRunning);
  if (claim === "denied") throw endedMeanwhile();
  if (claim === "used") {
    const used = await findByIdempotencyKey(place, row.providerId, key);
    if (used?.bodyHash === row.bodyHash) return used.id;
    throw new AppError(
      "unprocessable",
      "This Idempotency-Key was sent with another body before. Use a new key for a new import.",
    );
  }
  const counts = await ingest(place, [item]);
  await finishIdempotent(place, row.id, withCounts(counts, 0));
  return row.id;
}

async function ingest(
  place: Place,
  items: CheckedImport[],
): Promise<AppliedCounts[]> {
  const waitedMs = items.map(({ startedMs }) =>
    Math.round(place.begunMs - startedMs),
  );
  const [first] = items;
  // Clients send empty imports; they need no lock.
  const isEmpty = items.every(({ entities }) => entities.length === 0);
  if (!first || isEmpty) {
    return waitedMs.map((ms) => ({ ...NOTHING, ms }));
  }
  const ctx = tokenContext(place.db, first.token);
  const applied = await ingestPayloads(
    ctx,
    place.sourceId,
    items.map(({ entities }) => entities),
  ).catch(asGone);
  return applied.map((counts, at) => ({
    ...counts,
    ms: waitedMs[at] ?? 0,
  }));
}

const NOTHING = {
  entities: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  deleted: 0,
};

function withCounts(counts: AppliedCounts[], at: number): AppliedCounts {
  return counts[at] ?? { ...NOTHING, ms: 0 };
}

/** Takes from the front what fits into one transaction; at least one. */
function takeGroup(waiting: Waiting[]): Waiting[] {
  let entities = 0;
  let bytes = 0;
  let taken = 0;
  const bodies = new Set<string>();
  const isAlone = ({ item }: Waiting) => item.idempotencyKey !== undefined;
  for (const one of waiting) {
    const { row } = one.item;
    const body = `${row.providerId} ${row.bodyHash}`;
    entities += one.item.entities.length;
    bytes += row.bytes;
    const fits =
      taken < GROUP.importsMax &&
      entities <= GROUP.entitiesMax &&
      bytes <= GROUP.bytesMax &&
      // A repeat folds into a log row that must be written before it.
      !bodies.has(body) &&
      !isAlone(one);
    if (taken > 0 && !fits) break;
    taken += 1;
    bodies.add(body);
    if (isAlone(one)) break;
  }
  return waiting.splice(0, taken);
}

function endedMeanwhile(): AppError {
  return new AppError(
    "forbidden",
    "The access token or the permission for this source ended while the import was under way, so nothing was stored. Ask for a new token.",
  );
}

/** To a provider, a source that was deleted is one it was never granted (contract 6). */
function asGone(error: unknown): never {
  if (error instanceof AppError && error.code === "not_found") {
    throw endedMeanwhile();
  }
  throw error;
}

/** 55P03: the lock was not to be had in time, so the same key is being worked on. */
function asRunning(error: unknown): never {
  if ((error as { code?: unknown }).code !== "55P03") throw error;
  throw new AppError(
    "conflict",
    "An import with this Idempotency-Key is still under way. Send it again in a few seconds.",
    { retryAfterSeconds: 2, cause: error },
  );
}
