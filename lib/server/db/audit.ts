import "server-only";

import { randomUUID } from "node:crypto";

import type { Context } from "@/lib/server/context";

import { auditLog } from "./schema";

/** Writes who did what, in the caller's transaction. `details` must hold no secret. */
export async function recordAudit(
  ctx: Context,
  action: string,
  objectId: string,
  details: Record<string, unknown> = {},
): Promise<void> {
  await ctx.db.orm.insert(auditLog).values({
    tenantId: ctx.tenantId,
    id: randomUUID(),
    actorId: ctx.actor.id,
    actorName: ctx.actor.name,
    action,
    objectId,
    details,
  });
}
