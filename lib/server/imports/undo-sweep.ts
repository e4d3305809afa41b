import "server-only";

import type { Db } from "@/lib/server/db/client";
import { env } from "@/lib/server/env";

import { deleteOldUndo } from "./undo-store";

const EVERY_MS = 10 * 60_000;
const ROWS_A_PIECE = 200;
const DAY_MS = 86_400_000;

/**
 * A background job: forgets what runs changed, as long after as the import log
 * is kept (`IMPORT_LOG_DAYS`). The runs stay; they cannot be undone any more.
 */
export function sweepUndoJob(
  now: () => Date = () => new Date(),
): (db: Db) => Promise<"idle" | "busy"> {
  let sweptMs = -Infinity;
  return async (db) => {
    if (performance.now() - sweptMs < EVERY_MS) return "idle";
    const before = new Date(now().getTime() - env().IMPORT_LOG_DAYS * DAY_MS);
    const removed = await deleteOldUndo(db, before, ROWS_A_PIECE);
    if (removed === ROWS_A_PIECE) return "busy";
    sweptMs = performance.now();
    return "idle";
  };
}
