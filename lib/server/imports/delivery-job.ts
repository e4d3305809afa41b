import "server-only";

import { setTimeout as delay } from "node:timers/promises";

import type { Db } from "@/lib/server/db/client";
import { renewProbes } from "@/lib/server/endpoints/service";
import { logFailure } from "@/lib/server/log";

import { deliverBatch } from "./deliver-batch";
import {
  claimDue,
  giveBack,
  renewLeases,
  type ClaimedBatch,
} from "./delivery-store";

/** Batches that one process has under way: each holds its body, 20 MB at most, a few times. */
const UNDER_WAY_MAX = 6;
const LOOK_EVERY_MS = 300;
const LOOK_SOON_MS = 20;
/** A few times within a lease. */
const RENEW_EVERY_MS = 2_000;
/** After an error of our own, such as a secret that cannot be opened. */
const AFTER_ERROR_MS = 30_000;

type UnderWay = Map<string, { batch: ClaimedBatch; stop: AbortController }>;

/**
 * The job that sends handed over batches to their endpoints, side by side.
 * Comes back when `signal` aborts; what is under way then is given back, and of
 * a process that is killed after a few seconds, to be sent again.
 */
export function deliverRemoteJob() {
  return async (db: Db, signal: AbortSignal): Promise<"idle" | "busy"> => {
    const underWay: UnderWay = new Map();
    const running = new Set<Promise<void>>();
    const renewing = setInterval(() => {
      void renewAll(db, underWay);
    }, RENEW_EVERY_MS);
    try {
      while (!signal.aborted) {
        const room = UNDER_WAY_MAX - running.size;
        const claimed = room > 0 ? await claimDue(db, room) : [];
        for (const batch of claimed) {
          const delivering = deliverOne(db, batch, { underWay, signal });
          running.add(delivering);
          void delivering.finally(() => running.delete(delivering));
        }
        const pauseMs = claimed.length > 0 ? LOOK_SOON_MS : LOOK_EVERY_MS;
        await Promise.race([
          ...running,
          delay(pauseMs, undefined, { signal }).catch(() => undefined),
        ]);
      }
      await Promise.all(running);
    } finally {
      clearInterval(renewing);
    }
    return "idle";
  };
}

/** Never fails: nobody waits for it. */
async function deliverOne(
  db: Db,
  batch: ClaimedBatch,
  { underWay, signal }: { underWay: UnderWay; signal: AbortSignal },
): Promise<void> {
  const stop = new AbortController();
  underWay.set(batch.leaseId, { batch, stop });
  try {
    const either = AbortSignal.any([signal, stop.signal]);
    await deliverBatch(db, batch, { signal: either });
  } catch (error) {
    const isStopped = signal.aborted || stop.signal.aborted;
    if (!isStopped) logFailure(error, { job: "deliverRemote" });
    // Without a database the lease gives it back.
    await giveBack(db, batch, isStopped ? 0 : AFTER_ERROR_MS).catch(
      () => undefined,
    );
  } finally {
    underWay.delete(batch.leaseId);
  }
}

/** Ends what another process has by now, or what was cancelled: of an ordered run it would come after later batches. */
async function renewAll(db: Db, underWay: UnderWay): Promise<void> {
  const asked = [...underWay];
  if (asked.length === 0) return;
  try {
    const batches = asked.map(([, { batch }]) => batch);
    const held = await renewLeases(db, batches);
    await renewProbes(db, [...new Set(batches.map(({ host }) => host))]);
    for (const [leaseId, { stop }] of asked) {
      if (!held.has(leaseId)) stop.abort(new Error("The lease is lost."));
    }
  } catch (error) {
    logFailure(error, { job: "deliverRemote" });
  }
}
