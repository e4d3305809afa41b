import "server-only";

import { setTimeout as delay } from "node:timers/promises";

import type { Db } from "@/lib/server/db/client";
import { logFailure } from "@/lib/server/log";

import { deliverBatch } from "./deliver-batch";
import { claimDue } from "./delivery-store";

/** Batches that one process has under way: each holds its body, 20 MB at most, a few times. */
const UNDER_WAY_MAX = 6;
const LOOK_EVERY_MS = 300;
const LOOK_SOON_MS = 20;

/**
 * The job that sends handed over batches to their endpoints, side by side.
 * Comes back when `signal` aborts; what is under way then is sent again later.
 */
export function deliverRemoteJob() {
  return async (db: Db, signal: AbortSignal): Promise<"idle" | "busy"> => {
    const underWay = new Set<Promise<void>>();
    while (!signal.aborted) {
      const room = UNDER_WAY_MAX - underWay.size;
      const claimed = room > 0 ? await claimDue(db, room) : [];
      for (const batch of claimed) {
        const delivering = deliverBatch(db, batch, { signal })
          // The lease gives it back; nobody waits for this one.
          .catch((error: unknown) => {
            if (!signal.aborted) logFailure(error, { job: "deliverRemote" });
          })
          .finally(() => underWay.delete(delivering));
        underWay.add(delivering);
      }
      const pauseMs = claimed.length > 0 ? LOOK_SOON_MS : LOOK_EVERY_MS;
      await Promise.race([
        ...underWay,
        delay(pauseMs, undefined, { signal }).catch(() => undefined),
      ]);
    }
    await Promise.all(underWay);
    return "idle";
  };
}
