import "server-only";

import { and, asc, eq, sql } from "drizzle-orm";

import type { Role, User } from "@/lib/domain/user";
import type { Context } from "@/lib/server/context";
import type { Db } from "@/lib/server/db/client";
import { endedSessions, tenants, users } from "@/lib/server/db/schema";

export type UserRow = typeof users.$inferSelect;

const own = (ctx: Context, id: string) =>
  and(eq(users.tenantId, ctx.tenantId), eq(users.id, id));

/** A user as the browser may see one. */
export function asUser(row: UserRow): User {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    role: row.role,
    isDisabled: row.disabledAt !== null,
    createdAt: row.createdAt.toISOString(),
    lastSignedInAt: row.lastSignedInAt?.toISOString() ?? null,
  };
}

/** All users of the tenant by e-mail address. */
export async function selectUsers(ctx: Context): Promise<User[]> {
  const rows = await ctx.db.orm
    .select()
    .from(users)
    .where(eq(users.tenantId, ctx.tenantId))
    .orderBy(asc(users.email));
  return rows.map(asUser);
}

export async function findUserRow(
  ctx: Context,
  id: string,
): Promise<UserRow | undefined> {
  const [row] = await ctx.db.orm.select().from(users).where(own(ctx, id));
  return row;
}

/** Over all tenants: signing in knows the address alone. */
export async function findUserByEmail(
  db: Db,
  email: string,
): Promise<UserRow | undefined> {
  const [row] = await db.orm.select().from(users).where(eq(users.email, email));
  return row;
}

/** Whether the instance has any user, of whatever tenant. */
export async function anyUserExists(db: Db): Promise<boolean> {
  const [found] = await db.rows<{ exists: boolean }>(
    "select exists (select from users) as exists",
  );
  return found?.exists ?? false;
}

/** The oldest tenant, locked until the transaction ends. */
export async function lockFirstTenant(tx: Db): Promise<string | undefined> {
  const [tenant] = await tx.orm
    .select({ id: tenants.id })
    .from(tenants)
    .orderBy(asc(tenants.createdAt), asc(tenants.id))
    .limit(1)
    .for("update");
  return tenant?.id;
}

/** Answers nothing when the address is taken. */
export async function insertUser(
  ctx: Context,
  values: Omit<typeof users.$inferInsert, "tenantId">,
): Promise<UserRow | undefined> {
  const [row] = await ctx.db.orm
    .insert(users)
    .values({ ...values, tenantId: ctx.tenantId })
    .onConflictDoNothing({ target: users.email })
    .returning();
  return row;
}

export async function updateUser(
  ctx: Context,
  id: string,
  values: Partial<
    Pick<UserRow, "role" | "disabledAt" | "passwordHash" | "lastSignedInAt">
  > & { endsSessions?: boolean },
): Promise<UserRow | undefined> {
  const { endsSessions, ...columns } = values;
  const [row] = await ctx.db.orm
    .update(users)
    .set({
      ...columns,
      ...(endsSessions && {
        sessionGeneration: sql`${users.sessionGeneration} + 1`,
      }),
    })
    .where(own(ctx, id))
    .returning();
  return row;
}

/** Ids of the admins who can sign in; the rows stay locked until the transaction ends. */
export async function lockActiveAdmins(ctx: Context): Promise<string[]> {
  const rows = await ctx.db.rows<{ id: string }>(
    `select id from users
     where tenant_id = $1 and role = 'admin' and disabled_at is null
     order by id for update`,
    [ctx.tenantId],
  );
  return rows.map(({ id }) => id);
}

export type SessionUserRow = {
  id: string;
  tenantId: string;
  tenantName: string;
  name: string;
  email: string;
  role: Role;
};

/** The user of a session that has not ended, or nothing. */
export async function findSessionUserRow(
  db: Db,
  session: { tenantId: string; userId: string; generation: number; id: string },
): Promise<SessionUserRow | undefined> {
  const [row] = await db.rows<SessionUserRow>(
    `select u.id, u.tenant_id as "tenantId", t.name as "tenantName", u.name, u.email, u.role
     from users u join tenants t on t.id = u.tenant_id
     where u.tenant_id = $1 and u.id = $2 and u.session_generation = $3
       and u.disabled_at is null
       and not exists (
         select from ended_sessions e
         where e.tenant_id = u.tenant_id and e.id = $4
       )`,
    [session.tenantId, session.userId, session.generation, session.id],
  );
  return row;
}

/** Remembers an ended session until it would have run out, and forgets older ones. */
export async function insertEndedSession(
  db: Db,
  session: { tenantId: string; id: string; expiresAt: Date },
): Promise<void> {
  await db.orm.insert(endedSessions).values(session).onConflictDoNothing();
  await db.rows(
    "delete from ended_sessions where tenant_id = $1 and expires_at < now() - interval '1 hour'",
    [session.tenantId],
  );
}
