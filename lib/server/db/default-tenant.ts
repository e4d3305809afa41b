import "server-only";

import { AppError } from "@/lib/domain/errors";

import type { Db } from "./client";

/**
 * The tenant of the first account and of the admin command: the oldest one.
 *
 * @throws {AppError} `unavailable` before the database was migrated.
 */
export async function getDefaultTenantId(db: Db): Promise<string> {
  const [tenant] = await db.rows<{ id: string }>(
    "select id from tenants order by created_at, id limit 1",
  );
  if (!tenant) {
    throw new AppError(
      "unavailable",
      "The database has no tenant yet. Start the Studio once with npm run up.",
    );
  }
  return tenant.id;
}
