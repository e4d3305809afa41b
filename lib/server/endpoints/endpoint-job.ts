import "server-only";

import { setTimeout as delay } from "node:timers/promises";

import type { Db } from "@/lib/server/db/client";
import { logFailure } from "@/lib/server/log";

import { renewProbes } from "./host-breaker";

const LOOK_EVERY_MS = 300;
const LOOK_SOON_MS = 20;
/** A few times within a lease. */
const RENEW_EVERY_MS = 2_000;
/** As the pieces are claimed: after that others may have them. */
const LEASE_MS = 10_000;
/** After an error of our own. */
const AFTER_ERROR_MS = 30_000;
/** While nothing can be claimed: doubled each time. */
const CLAIM_AGAIN_MS_MIN = 500;
const CLAIM_AGAIN_MS_MAX = 60_000;

/** Pieces of work that each wait for an endpoint, under a lease that has to be renewed. */
export type EndpointWork<Piece extends { leaseId: string; host: string }> = {
  /** As the log names it. */
  job: string;
  /** Pieces that one process has under way. */
  piecesMax: number;
  /** Takes at most so many pieces that are due. */
  claim: (db: Db, count: number) => Promise<Piece[]>;
  /** Does a piece. When it fails, or `signal` aborts, the piece is given back. */
  take: (db: Db, piece: Piece, signal: AbortSignal) => Promise<void>;
  /** Keeps pieces for as long again; the leases that are still its own. */
  renew: (db: Db, pieces: Piece[]) => Promise<ReadonlySet<string>>;
  /** Lets a piece go, to be taken again after so long. */
  giveBack: (db: Db, piece: Piece, ms: number) => Promise<void>;
  renewEveryMs?: number;
  leaseMs?: number;
};

type UnderWay<Piece> = Map<
  string,
  { piece: Piece; stop: AbortController; keptMs: number }
>;

/**
 * Makes a job of pieces that wait for endpoints, done side by side. It comes
 * back when `signal` aborts; what is under way then is given back, and of a
 * process that is killed when its leases are over, to be done again. A piece
 * whose lease is lost, or could not be renewed in time, is stopped. While the
 * database cannot be asked for more, what is under way goes on and is kept.
 */
export function endpointJob<Piece extends { leaseId: string; host: string }>(
  work: EndpointWork<Piece>,
): (db: Db, signal: AbortSignal) => Promise<"idle"> {
  return async (db, signal) => {
    const underWay: UnderWay<Piece> = new Map();
    const running = new Set<Promise<void>>();
    const renewing = setInterval(() => {
      void renewAll(db, work, underWay);
    }, work.renewEveryMs ?? RENEW_EVERY_MS);
    let failures = 0;
    while (!signal.aborted) {
      const room = work.piecesMax - running.size;
      const claimed = room > 0 ? await claim(db, work, room, signal) : [];
      failures = claimed ? 0 : failures + 1;
      for (const piece of claimed ?? []) {
        const taking = takeOne(db, work, piece, { underWay, signal });
        running.add(taking);
        void taking.finally(() => running.delete(taking));
      }
      await Promise.race([
        ...running,
        delay(pauseMs(claimed, failures), undefined, { signal }).catch(
          () => undefined,
        ),
      ]);
    }
    await Promise.all(running);
    clearInterval(renewing);
    return "idle";
  };
}

function pauseMs(claimed: unknown[] | undefined, failures: number): number {
  if (claimed) return claimed.length > 0 ? LOOK_SOON_MS : LOOK_EVERY_MS;
  const doubled = CLAIM_AGAIN_MS_MIN * 2 ** Math.min(failures - 1, 10);
  return Math.min(doubled, CLAIM_AGAIN_MS_MAX);
}

/** Never fails: nobody else keeps what is under way. */
async function claim<Piece extends { leaseId: string; host: string }>(
  db: Db,
  work: EndpointWork<Piece>,
  room: number,
  signal: AbortSignal,
): Promise<Piece[] | undefined> {
  try {
    return await work.claim(db, room);
  } catch (error) {
    if (!signal.aborted) logFailure(error, { job: work.job });
    return undefined;
  }
}

/** Never fails: nobody waits for it. */
async function takeOne<Piece extends { leaseId: string; host: string }>(
  db: Db,
  work: EndpointWork<Piece>,
  piece: Piece,
  { underWay, signal }: { underWay: UnderWay<Piece>; signal: AbortSignal },
): Promise<void> {
  const stop = new AbortController();
  underWay.set(piece.leaseId, { piece, stop, keptMs: performance.now() });
  try {
    await work.take(db, piece, AbortSignal.any([signal, stop.signal]));
  } catch (error) {
    const isStopped = signal.aborted || stop.signal.aborted;
    if (!isStopped) logFailure(error, { job: work.job });
    const ms = isStopped ? 0 : AFTER_ERROR_MS;
    // Without a database the lease gives it back.
    await work.giveBack(db, piece, ms).catch(() => undefined);
  } finally {
    underWay.delete(piece.leaseId);
  }
}

/** Ends what another process has by now, or what was cancelled: of an ordered run it would come after later batches. */
async function renewAll<Piece extends { leaseId: string; host: string }>(
  db: Db,
  work: EndpointWork<Piece>,
  underWay: UnderWay<Piece>,
): Promise<void> {
  const asked = [...underWay.values()];
  if (asked.length === 0) return;
  const begunMs = performance.now();
  try {
    const pieces = asked.map(({ piece }) => piece);
    const held = await work.renew(db, pieces);
    for (const one of asked) {
      if (held.has(one.piece.leaseId)) one.keptMs = begunMs;
      else one.stop.abort(new Error("The lease is lost."));
    }
    await renewProbes(db, [...new Set(pieces.map(({ host }) => host))]);
  } catch (error) {
    logFailure(error, { job: work.job });
    const { leaseMs = LEASE_MS } = work;
    const over = asked.filter(
      ({ keptMs }) => performance.now() - keptMs > leaseMs,
    );
    for (const { stop } of over) stop.abort(new Error("The lease is over."));
  }
}
