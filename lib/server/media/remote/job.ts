import "server-only";

import { setTimeout as delay } from "node:timers/promises";

import type { Db } from "@/lib/server/db/client";
import { renewProbes } from "@/lib/server/endpoints/service";
import { logFailure } from "@/lib/server/log";

import { takeTurn, type TurnOptions } from "./take-turn";
import { claimTurn, postponeTurn, renewTurns, type Turn } from "./turn-store";

/** Turns that one process has under way: each waits for an endpoint and holds 50 links. */
const UNDER_WAY_MAX = 8;
const LOOK_EVERY_MS = 300;
const LOOK_SOON_MS = 20;
/** A few times within a lease. */
const RENEW_EVERY_MS = 2_000;
/** After an error of our own. */
const AFTER_ERROR_MS = 30_000;

type UnderWay = Map<string, { turn: Turn; stop: AbortController }>;
type JobOptions = Omit<TurnOptions, "signal">;

/**
 * The job that sends links to endpoints and follows their files until each is
 * there. Comes back when `signal` aborts; what is under way then is given back,
 * and of a process that is killed after a few seconds, to be done again.
 */
export function remoteMediaJob(
  options: JobOptions = {},
): (db: Db, signal: AbortSignal) => Promise<"idle" | "busy"> {
  return async (db, signal) => {
    const underWay: UnderWay = new Map();
    const running = new Set<Promise<void>>();
    const renewing = setInterval(() => {
      void renewAll(db, underWay);
    }, RENEW_EVERY_MS);
    try {
      while (!signal.aborted) {
        const hasRoom = running.size < UNDER_WAY_MAX;
        const turn = hasRoom ? await claimTurn(db) : undefined;
        if (turn) {
          const taking = takeOne(db, turn, { underWay, signal, options });
          running.add(taking);
          void taking.finally(() => running.delete(taking));
        }
        const pauseMs = turn ? LOOK_SOON_MS : LOOK_EVERY_MS;
        await delay(pauseMs, undefined, { signal }).catch(() => undefined);
      }
      await Promise.all(running);
    } finally {
      clearInterval(renewing);
    }
    return "idle";
  };
}

/** Never fails: nobody waits for it. */
async function takeOne(
  db: Db,
  turn: Turn,
  work: { underWay: UnderWay; signal: AbortSignal; options: JobOptions },
): Promise<void> {
  const { underWay, signal, options } = work;
  const stop = new AbortController();
  underWay.set(turn.leaseId, { turn, stop });
  try {
    const either = AbortSignal.any([signal, stop.signal]);
    await takeTurn(db, turn, { ...options, signal: either });
  } catch (error) {
    const isStopped = signal.aborted || stop.signal.aborted;
    if (!isStopped) logFailure(error, { job: "remoteMedia" });
    const ms = isStopped ? 0 : AFTER_ERROR_MS;
    // Without a database the lease gives it back.
    await postponeTurn(db, turn, { ms, note: null }).catch(() => undefined);
  } finally {
    underWay.delete(turn.leaseId);
  }
}

/** Ends what another process has by now, or what was cancelled. */
async function renewAll(db: Db, underWay: UnderWay): Promise<void> {
  const asked = [...underWay];
  if (asked.length === 0) return;
  try {
    const held = await renewTurns(
      db,
      asked.map(([leaseId]) => leaseId),
    );
    const hosts = asked.map(([, { turn }]) => turn.host);
    await renewProbes(db, [...new Set(hosts)]);
    for (const [leaseId, { stop }] of asked) {
      if (!held.has(leaseId)) stop.abort(new Error("The lease is lost."));
    }
  } catch (error) {
    logFailure(error, { job: "remoteMedia" });
  }
}
