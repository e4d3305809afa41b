import "server-only";

import { and, asc, eq, inArray } from "drizzle-orm";

import type { Provider, ProviderInput } from "@/lib/domain/provider";
import type { Context } from "@/lib/server/context";
import {
  accessTokens,
  providers,
  providerSecrets,
  providerSources,
  sources,
} from "@/lib/server/db/schema";

import type { SecretRecord } from "./secret";

/** Providers by name, or the one with `id`. */
export async function selectProviders(
  { db, tenantId }: Context,
  id?: string,
): Promise<Provider[]> {
  const rows = await db.orm
    .select()
    .from(providers)
    .where(
      and(
        eq(providers.tenantId, tenantId),
        id === undefined ? undefined : eq(providers.id, id),
      ),
    )
    .orderBy(asc(providers.name), asc(providers.id));
  if (rows.length === 0) return [];

  const ids = rows.map((row) => row.id);
  const grants = await db.orm
    .select({
      providerId: providerSources.providerId,
      id: sources.id,
      identifier: sources.identifier,
      name: sources.name,
    })
    .from(providerSources)
    .innerJoin(
      sources,
      and(
        eq(sources.tenantId, providerSources.tenantId),
        eq(sources.id, providerSources.sourceId),
      ),
    )
    .where(
      and(
        eq(providerSources.tenantId, tenantId),
        inArray(providerSources.providerId, ids),
      ),
    )
    .orderBy(asc(sources.name));
  const secrets = await db.orm
    .select()
    .from(providerSecrets)
    .where(
      and(
        eq(providerSecrets.tenantId, tenantId),
        inArray(providerSecrets.providerId, ids),
      ),
    )
    .orderBy(asc(providerSecrets.createdAt), asc(providerSecrets.id));

  const sourcesOf = groupByProvider(grants);
  const secretsOf = groupByProvider(secrets);
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    sources: (sourcesOf.get(row.id) ?? []).map(({ id, identifier, name }) => ({
      id,
      identifier,
      name,
    })),
    secrets: (secretsOf.get(row.id) ?? []).map((secret) => ({
      id: secret.id,
      last4: secret.last4,
      createdAt: secret.createdAt.toISOString(),
      lastUsedAt: secret.lastUsedAt?.toISOString() ?? null,
    })),
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  }));
}

function groupByProvider<T extends { providerId: string }>(
  rows: T[],
): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(row.providerId);
    if (group) group.push(row);
    else groups.set(row.providerId, [row]);
  }
  return groups;
}

/** Locks a provider against other changes until the transaction ends; false when there is none. */
export async function lockProvider(
  { db, tenantId }: Context,
  id: string,
): Promise<boolean> {
  const rows = await db.orm
    .select({ id: providers.id })
    .from(providers)
    .where(and(eq(providers.tenantId, tenantId), eq(providers.id, id)))
    .for("update");
  return rows.length > 0;
}

export async function insertProvider(
  { db, tenantId, actor }: Context,
  id: string,
  name: string,
): Promise<void> {
  await db.orm
    .insert(providers)
    .values({ tenantId, id, name, createdBy: actor.name });
}

export async function updateProviderName(
  { db, tenantId }: Context,
  id: string,
  name: string,
): Promise<void> {
  await db.orm
    .update(providers)
    .set({ name })
    .where(and(eq(providers.tenantId, tenantId), eq(providers.id, id)));
}

/** Sets the sources a provider may import into, holding their rows, so that a deletion waits and sees the grants. Answers how many of them exist in the tenant. */
export async function replaceGrants(
  { db, tenantId }: Context,
  providerId: string,
  sourceIds: ProviderInput["sourceIds"],
): Promise<number> {
  // Sources before grants, as their deletion does: no deadlock.
  const held = await db.rows<{ id: string }>(
    `select id from sources where tenant_id = $1 and id = any($2::uuid[])
       and endpoint_id is null
     order by id for key share`,
    [tenantId, sourceIds],
  );
  await db.orm
    .delete(providerSources)
    .where(
      and(
        eq(providerSources.tenantId, tenantId),
        eq(providerSources.providerId, providerId),
      ),
    );
  await db.rows(
    `insert into provider_sources (tenant_id, provider_id, source_id)
     select $1::uuid, $2::uuid, unnest($3::uuid[])`,
    [tenantId, providerId, held.map(({ id }) => id)],
  );
  return held.length;
}

export async function insertSecret(
  { db, tenantId, actor }: Context,
  providerId: string,
  id: string,
  record: SecretRecord,
): Promise<void> {
  await db.orm.insert(providerSecrets).values({
    tenantId,
    providerId,
    id,
    ...record,
    createdBy: actor.name,
    // The clock, not the transaction's start: the oldest secret must be told.
    createdAt: new Date(),
  });
}

/** Deletes one secret and the tokens made from it; false when there is none. */
export async function removeSecret(
  { db, tenantId }: Context,
  providerId: string,
  id: string,
): Promise<boolean> {
  const removed = await db.orm
    .delete(providerSecrets)
    .where(
      and(
        eq(providerSecrets.tenantId, tenantId),
        eq(providerSecrets.providerId, providerId),
        eq(providerSecrets.id, id),
      ),
    )
    .returning({ id: providerSecrets.id });
  await db.orm
    .delete(accessTokens)
    .where(
      and(
        eq(accessTokens.tenantId, tenantId),
        eq(accessTokens.providerId, providerId),
        eq(accessTokens.secretId, id),
      ),
    );
  return removed.length > 0;
}

/** Deletes a provider with its grants, secrets and tokens. Its import log stays. */
export async function removeProvider(
  { db, tenantId }: Context,
  id: string,
): Promise<void> {
  for (const table of [accessTokens, providerSecrets, providerSources]) {
    await db.orm
      .delete(table)
      .where(and(eq(table.tenantId, tenantId), eq(table.providerId, id)));
  }
  await db.orm
    .delete(providers)
    .where(and(eq(providers.tenantId, tenantId), eq(providers.id, id)));
}

/** What the token endpoint needs to check a secret. Without a tenant: it is called with the id alone. */
export async function selectCredentials(
  db: Context["db"],
  providerId: string,
): Promise<
  { tenantId: string; providerId: string; id: string; hash: string }[]
> {
  const rows = await db.rows<{
    tenant_id: string;
    provider_id: string;
    id: string | null;
    hash: string | null;
  }>(
    // An unknown id gives a row too, so that the time does not tell which exist.
    `select s.tenant_id, s.provider_id, s.id, s.hash
     from (values ($1::uuid)) sent (id)
     left join providers p on p.id = sent.id
     left join provider_secrets s on s.tenant_id = p.tenant_id and s.provider_id = p.id`,
    [providerId],
  );
  return rows.flatMap(({ id, hash, ...row }) =>
    id === null || hash === null
      ? []
      : [{ tenantId: row.tenant_id, providerId: row.provider_id, id, hash }],
  );
}
