import "server-only";

import type { Db } from "@/lib/server/db/client";
import { sweepRateLimits } from "@/lib/server/rate-limit";

import { sweepExpiredTokens } from "./service";

const EVERY_MS = 5 * 60_000;

/** A background job: removes tokens and counters that have ended, every five minutes. */
export function sweepTokensJob(): (db: Db) => Promise<"idle"> {
  let sweptMs = -Infinity;
  return async (db) => {
    if (performance.now() - sweptMs < EVERY_MS) return "idle";
    sweptMs = performance.now();
    await sweepExpiredTokens(db);
    await sweepRateLimits(db);
    return "idle";
  };
}
