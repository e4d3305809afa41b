import "server-only";

import type { Db } from "@/lib/server/db/client";
import { env } from "@/lib/server/env";

import { deleteOldImports } from "./store";

const EVERY_MS = 10 * 60_000;
const ROWS_A_PIECE = 1_000;
const DAY_MS = 86_400_000;

/**
 * A background job: removes the log of imports older than `IMPORT_LOG_DAYS`,
 * a thousand rows at a time. The setting is one day at least, as long as an
 * idempotency key is promised to count.
 */
export function sweepImportLogJob(
  now: () => Date = () => new Date(),
): (db: Db) => Promise<"idle" | "busy"> {
  let sweptMs = -Infinity;
  return async (db) => {
    if (performance.now() - sweptMs < EVERY_MS) return "idle";
    const before = new Date(now().getTime() - env().IMPORT_LOG_DAYS * DAY_MS);
    const removed = await deleteOldImports(db, before, ROWS_A_PIECE);
    if (removed === ROWS_A_PIECE) return "busy";
    sweptMs = performance.now();
    return "idle";
  };
}
