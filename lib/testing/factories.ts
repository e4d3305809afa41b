import { randomUUID } from "node:crypto";

import type { Role } from "@/lib/domain/user";
import type { Context } from "@/lib/server/context";
import type { Db } from "@/lib/server/db/client";
import {
  providers,
  providerSources,
  sources,
  sourceStats,
  tenants,
  users,
} from "@/lib/server/db/schema";

/** A tenant of the test's own; gives its id. */
export async function createTenant(db: Db): Promise<string> {
  const id = randomUUID();
  await db.orm.insert(tenants).values({ id, name: `Tenant ${id.slice(0, 8)}` });
  return id;
}

/** The admin command as actor: may do everything. */
export function commandContext(db: Db, tenantId: string): Context {
  return {
    tenantId,
    actor: { type: "command", id: "command", name: "admin command" },
    db,
  };
}

/** A person of that role as actor; no row in `users` is made. */
export function userContext(
  db: Db,
  tenantId: string,
  role: Role,
  id: string = randomUUID(),
): Context {
  return { tenantId, actor: { type: "user", id, name: role, role }, db };
}

/** A provider as actor, with the sources it may import into. */
export function providerContext(
  db: Db,
  tenantId: string,
  provider: { id: string; name?: string; sourceIds: Iterable<string> },
): Context {
  return {
    tenantId,
    actor: {
      type: "provider",
      id: provider.id,
      name: provider.name ?? "provider",
      sourceIds: new Set(provider.sourceIds),
    },
    db,
  };
}

/** A user's row. Nobody can sign in with it: the password is no hash. */
export async function createUser(
  db: Db,
  tenantId: string,
  values: Partial<typeof users.$inferInsert> = {},
): Promise<typeof users.$inferSelect> {
  const id = values.id ?? randomUUID();
  const [user] = await db.orm
    .insert(users)
    .values({
      tenantId,
      id,
      email: `${id}@example.com`,
      role: "admin",
      passwordHash: "none",
      ...values,
    })
    .returning();
  if (!user) throw new Error("No user was made.");
  return user;
}

/** A source with the statistics row that imports lock. */
export async function createSourceRow(
  db: Db,
  tenantId: string,
  values: Partial<typeof sources.$inferInsert> = {},
): Promise<typeof sources.$inferSelect> {
  const id = values.id ?? randomUUID();
  const [source] = await db.orm
    .insert(sources)
    .values({
      tenantId,
      id,
      identifier: `source-${id.slice(0, 8)}`,
      name: "Source",
      ...values,
    })
    .returning();
  await db.orm.insert(sourceStats).values({ tenantId, sourceId: id });
  if (!source) throw new Error("No source was made.");
  return source;
}

/** A provider without secrets that may import into `sourceIds`. */
export async function createProviderRow(
  db: Db,
  tenantId: string,
  sourceIds: string[] = [],
): Promise<typeof providers.$inferSelect> {
  const [provider] = await db.orm
    .insert(providers)
    .values({ tenantId, id: randomUUID(), name: "Provider" })
    .returning();
  if (!provider) throw new Error("No provider was made.");
  if (sourceIds.length > 0) {
    await db.orm.insert(providerSources).values(
      sourceIds.map((sourceId) => ({
        tenantId,
        providerId: provider.id,
        sourceId,
      })),
    );
  }
  return provider;
}
