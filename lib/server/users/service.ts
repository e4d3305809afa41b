import "server-only";

import { randomUUID } from "node:crypto";

import { AppError } from "@/lib/domain/errors";
import type { Role, User, UserInput } from "@/lib/domain/user";
import { requireRole, withDb, type Context } from "@/lib/server/context";
import { recordAudit } from "@/lib/server/db/audit";
import type { Db } from "@/lib/server/db/client";

import { hashPassword, requireStrong, verifyPassword } from "./password";
import {
  anyUserExists,
  asUser,
  findUserRow,
  insertUser,
  lockActiveAdmins,
  lockFirstTenant,
  selectUsers,
  updateUser,
  type UserRow,
} from "./store";

export { anyUserExists } from "./store";

/**
 * Creates the first user of the instance, an admin of its oldest tenant. Of
 * several calls at the same time one succeeds.
 *
 * @throws {AppError} `conflict` when a user exists already; `invalid_input` for
 *   a password that others try first.
 */
export async function createFirstAdmin(
  db: Db,
  input: Omit<UserInput, "role">,
): Promise<User> {
  // Asked before the costly hash; asked again, safely, under the lock.
  if (await anyUserExists(db)) throw firstAdminExists();
  requireStrong(input.password, input.email);
  const passwordHash = await hashPassword(input.password);

  return db.transaction(async (tx) => {
    const tenantId = await lockFirstTenant(tx);
    if (!tenantId) {
      throw new AppError(
        "unavailable",
        "The database has no tenant yet. Start the Studio once more, so that it finishes setting up its database.",
      );
    }
    if (await anyUserExists(tx)) throw firstAdminExists();
    const id = randomUUID();
    const ctx: Context = {
      tenantId,
      actor: {
        type: "user",
        id,
        name: input.name || input.email,
        role: "admin",
      },
      db: tx,
    };
    const { email, name } = input;
    const row = await insertUser(ctx, {
      id,
      email,
      name,
      role: "admin",
      passwordHash,
    });
    if (!row) throw firstAdminExists();
    await recordAudit(ctx, "user.created", id, {
      role: "admin",
      isFirst: true,
    });
    return asUser(row);
  });
}

/**
 * Creates a user with a password that the admin hands over.
 *
 * @throws {AppError} `conflict` when the e-mail address is in use;
 *   `invalid_input` for a password that others try first.
 */
export async function createUser(
  ctx: Context,
  input: UserInput,
): Promise<User> {
  requireRole(ctx, "admin");
  const { email, name, role } = input;
  requireStrong(input.password, email);
  const passwordHash = await hashPassword(input.password);
  return ctx.db.transaction(async (tx) => {
    const inside = withDb(ctx, tx);
    const id = randomUUID();
    const row = await insertUser(inside, {
      id,
      email,
      name,
      role,
      passwordHash,
    });
    if (!row) {
      throw new AppError(
        "conflict",
        `The address ${email} already has an account. Use another address, or change that account.`,
        { fields: { email: "This address already has an account." } },
      );
    }
    await recordAudit(inside, "user.created", id, { role });
    return asUser(row);
  });
}

/** All users of the tenant, by e-mail address. For admins. */
export async function listUsers(ctx: Context): Promise<User[]> {
  requireRole(ctx, "admin");
  return selectUsers(ctx);
}

/**
 * Changes what a user may do, from their next request on.
 *
 * @throws {AppError} `conflict` when nobody else could administer then.
 */
export function changeRole(
  ctx: Context,
  id: string,
  role: Role,
): Promise<User> {
  return changeUser(ctx, id, async (inside, row) => {
    if (row.role === role) return row;
    if (role !== "admin") await requireAnotherAdmin(inside, id);
    await recordAudit(inside, "user.role_changed", id, {
      from: row.role,
      to: role,
    });
    return updateUser(inside, id, { role });
  });
}

/**
 * Keeps a user out, at once and in all browsers. What they did stays.
 *
 * @throws {AppError} `conflict` when nobody else could administer then.
 */
export function disableUser(ctx: Context, id: string): Promise<User> {
  return changeUser(ctx, id, async (inside, row) => {
    if (row.disabledAt) return row;
    await requireAnotherAdmin(inside, id);
    await recordAudit(inside, "user.disabled", id);
    return updateUser(inside, id, {
      disabledAt: new Date(),
      endsSessions: true,
    });
  });
}

/** Lets a disabled user sign in again. */
export function enableUser(ctx: Context, id: string): Promise<User> {
  return changeUser(ctx, id, async (inside, row) => {
    if (!row.disabledAt) return row;
    await recordAudit(inside, "user.enabled", id);
    return updateUser(inside, id, { disabledAt: null });
  });
}

/**
 * Gives a user a new password and ends all their sessions.
 *
 * @throws {AppError} `invalid_input` for a password that others try first.
 */
export async function setPassword(
  ctx: Context,
  id: string,
  password: string,
): Promise<User> {
  requireRole(ctx, "admin");
  const passwordHash = await hashPassword(password);
  return changeUser(ctx, id, async (inside, row) => {
    requireStrong(password, row.email);
    await recordAudit(inside, "user.password_set", id);
    return updateUser(inside, id, { passwordHash, endsSessions: true });
  });
}

/**
 * Changes the password of whoever acts, and ends all their sessions: they sign
 * in again with the new one.
 *
 * @throws {AppError} `invalid_input` when the current password is wrong, or the
 *   new one is one that others try first.
 */
export async function changeOwnPassword(
  ctx: Context,
  input: { current: string; next: string },
): Promise<User> {
  const { actor } = ctx;
  if (actor.type !== "user")
    throw new AppError("forbidden", "Only people have a password.");
  const known = await findUserRow(ctx, actor.id);
  if (!(await verifyPassword(input.current, known?.passwordHash))) {
    throw new AppError(
      "invalid_input",
      "The current password is not right, so nothing was changed.",
      { fields: { current: "This is not your current password." } },
    );
  }
  requireStrong(input.next, known?.email, "next");
  const passwordHash = await hashPassword(input.next);
  return ctx.db.transaction(async (tx) => {
    const inside = withDb(ctx, tx);
    await recordAudit(inside, "user.password_changed", actor.id);
    const row = await updateUser(inside, actor.id, {
      passwordHash,
      endsSessions: true,
    });
    if (!row) throw userNotFound();
    return asUser(row);
  });
}

async function changeUser(
  ctx: Context,
  id: string,
  change: (inside: Context, row: UserRow) => Promise<UserRow | undefined>,
): Promise<User> {
  requireRole(ctx, "admin");
  return ctx.db.transaction(async (tx) => {
    const inside = withDb(ctx, tx);
    const row = await findUserRow(inside, id);
    const changed = row && (await change(inside, row));
    if (!changed) throw userNotFound();
    return asUser(changed);
  });
}

async function requireAnotherAdmin(ctx: Context, id: string): Promise<void> {
  const admins = await lockActiveAdmins(ctx);
  if (!admins.includes(id) || admins.length > 1) return;
  throw new AppError(
    "conflict",
    "This is the last admin, so nobody could manage users afterwards. Make somebody else an admin first.",
  );
}

function firstAdminExists(): AppError {
  return new AppError(
    "conflict",
    "The first account has been created already. Sign in with it, or ask an admin for an account.",
  );
}

function userNotFound(): AppError {
  return new AppError(
    "not_found",
    "There is no such user. Reload the page to see the users there are.",
  );
}
