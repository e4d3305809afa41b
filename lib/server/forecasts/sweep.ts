import "server-only";

import type { Db } from "@/lib/server/db/client";

import { deleteUntouched } from "./store";

const EVERY_MS = 5 * 60_000;
const KEPT_MS = 60 * 60_000;
const ROWS_A_PIECE = 1_000;

/** A background job: removes what forecasts kept and no batch has touched for an hour. */
export function sweepForecastsJob(
  now: () => Date = () => new Date(),
): (db: Db) => Promise<"idle" | "busy"> {
  let sweptMs = -Infinity;
  return async (db) => {
    if (performance.now() - sweptMs < EVERY_MS) return "idle";
    const before = new Date(now().getTime() - KEPT_MS);
    const removed = await deleteUntouched(db, before, ROWS_A_PIECE);
    if (removed === ROWS_A_PIECE) return "busy";
    sweptMs = performance.now();
    return "idle";
  };
}
