import "server-only";

import type { Db } from "./client";
import journal from "./migrations/meta/_journal.json";

// 3F000 and 42P01: the schema or the table of the migrations is not there yet.
const NOTHING_APPLIED = new Set(["3F000", "42P01"]);

/** Whether the database holds every migration this program knows; a newer database does too. */
export async function hasOurSchema(db: Db): Promise<boolean> {
  const ours = Math.max(...journal.entries.map(({ when }) => when));
  try {
    const [row] = await db.rows<{ newest: number | null }>(
      "select max(created_at) as newest from drizzle.__drizzle_migrations",
    );
    return (row?.newest ?? 0) >= ours;
  } catch (error) {
    // A database that nobody has migrated is an answer too.
    const { code = "" } = error as { code?: string };
    if (NOTHING_APPLIED.has(code)) return false;
    throw error;
  }
}
