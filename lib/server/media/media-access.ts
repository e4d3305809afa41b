import "server-only";

import type { Role } from "@/lib/domain/user";
import { requireRole, type Context } from "@/lib/server/context";

/**
 * The first line of every media function. Media belong to the whole tenant: any
 * provider of it may do all (contract 6); people need the role.
 *
 * @throws {AppError} `forbidden` when a person's role is below `role`.
 */
export function requireMediaRole(ctx: Context, role: Role): void {
  if (ctx.actor.type !== "provider") requireRole(ctx, role);
}
