import "server-only";

import { AppError } from "@/lib/domain/errors";
import type { Role } from "@/lib/domain/user";

import type { Db } from "./db/client";

/** Who acts. `command` is the admin command, run by whoever may read DATA_DIR. */
export type Actor =
  | { type: "user"; id: string; name: string; role: Role }
  | {
      type: "provider";
      id: string;
      name: string;
      sourceIds: ReadonlySet<string>;
    }
  | { type: "command"; id: string; name: string };

/** First argument of every service function. Every statement filters by `tenantId`. */
export type Context<D extends Db = Db> = {
  tenantId: string;
  actor: Actor;
  db: D;
};

const RANK: Record<Role, number> = { viewer: 0, editor: 1, admin: 2 };

/** Whether the actor may do what needs `role`: for pages, to offer only what works. */
export function hasRole({ actor }: Context, role: Role): boolean {
  if (actor.type === "command") return true;
  return actor.type === "user" && RANK[actor.role] >= RANK[role];
}

/**
 * The first line of every service function that people reach.
 *
 * @throws {AppError} `forbidden` when the actor's role is below `role`.
 *   Providers have no role: what they may do is checked by source.
 */
export function requireRole(ctx: Context, role: Role): void {
  if (hasRole(ctx, role)) return;
  throw new AppError(
    "forbidden",
    `This needs the role ${role}. Ask an administrator to do it or to change your role.`,
  );
}

/** The same context inside a transaction. */
export function withDb<D extends Db>(ctx: Context, db: D): Context<D> {
  return { ...ctx, db };
}
