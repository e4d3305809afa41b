import "server-only";

import type { Endpoint } from "@/lib/domain/endpoint";
import type { Context } from "@/lib/server/context";
import type { Db } from "@/lib/server/db/client";

type EndpointRow = {
  id: string;
  name: string;
  url: string;
  provider_id: string;
  secret_end: string | null;
  created_at: Date;
  updated_at: Date;
  sources: { id: string; identifier: string }[];
};

/** The tenant's endpoints by name, or the one with `id`; never with a secret. */
export async function selectEndpoints(
  ctx: Context,
  id?: string,
): Promise<Endpoint[]> {
  const rows = await ctx.db.rows<EndpointRow>(
    `select e.id, e.name, e.url, e.provider_id, e.secret_end, e.created_at,
       e.updated_at, coalesce(s.sources, '[]') as sources
     from endpoints e
     left join lateral (
       select json_agg(json_build_object('id', s.id, 'identifier', s.identifier)
         order by lower(s.identifier)) as sources
       from sources s
       where s.tenant_id = e.tenant_id and s.endpoint_id = e.id
     ) s on true
     where e.tenant_id = $1::uuid and ($2::uuid is null or e.id = $2::uuid)
     order by lower(e.name), e.id`,
    [ctx.tenantId, id ?? null],
  );
  return rows.map((row) => ({
    ...{ id: row.id, name: row.name, url: row.url },
    ...{ providerId: row.provider_id, secretEnd: row.secret_end },
    sources: row.sources,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }));
}

export type EndpointValues = Pick<Endpoint, "name" | "url" | "providerId">;
export type SealedSecret = { sealed: string; end: string };

export async function insertEndpoint(
  { db, tenantId, actor }: Context,
  id: string,
  values: EndpointValues,
  secret: SealedSecret | null,
): Promise<void> {
  await db.rows(
    `insert into endpoints (tenant_id, id, name, url, provider_id,
       secret_sealed, secret_end, created_by)
     values ($1::uuid, $2::uuid, $3, $4, $5, $6, $7, $8)`,
    [
      ...[tenantId, id, values.name, values.url, values.providerId],
      ...[secret?.sealed ?? null, secret?.end ?? null, actor.name],
    ],
  );
}

/** `secret` undefined keeps the stored one, `null` drops it. */
export async function updateEndpoint(
  { db, tenantId }: Context,
  id: string,
  values: EndpointValues,
  secret: SealedSecret | null | undefined,
): Promise<void> {
  await db.rows(
    `update endpoints set name = $3, url = $4, provider_id = $5,
       secret_sealed = case when $6 then $7 else secret_sealed end,
       secret_end = case when $6 then $8 else secret_end end,
       updated_at = now()
     where tenant_id = $1::uuid and id = $2::uuid`,
    [
      ...[tenantId, id, values.name, values.url, values.providerId],
      ...[secret !== undefined, secret?.sealed ?? null, secret?.end ?? null],
    ],
  );
}

/** Before a secret is sealed: a rotation of keys waits for who does, or the other way round. */
export async function holdEndpoints({ db }: Context): Promise<void> {
  await db.rows(`lock table endpoints in row exclusive mode`);
}

/** Waits for everybody who seals, and lets nobody else until the transaction ends. */
export async function lockEndpoints(db: Db): Promise<void> {
  await db.rows(`lock table endpoints in share row exclusive mode`);
}

/** Held until the transaction ends, so that two edits do not mix. */
export async function lockEndpoint(
  { db, tenantId }: Context,
  id: string,
): Promise<{ url: string; secret_sealed: string | null } | undefined> {
  const [row] = await db.rows<{ url: string; secret_sealed: string | null }>(
    `select url, secret_sealed from endpoints
     where tenant_id = $1::uuid and id = $2::uuid for update`,
    [tenantId, id],
  );
  return row;
}

export async function removeEndpoint(
  { db, tenantId }: Context,
  id: string,
): Promise<void> {
  await db.rows(
    `delete from endpoints where tenant_id = $1::uuid and id = $2::uuid`,
    [tenantId, id],
  );
}

/** What a request needs; the secret is still sealed. */
export async function selectSealed(
  { db, tenantId }: Pick<Context, "db" | "tenantId">,
  id: string,
): Promise<
  { url: string; provider_id: string; secret_sealed: string | null } | undefined
> {
  const [row] = await db.rows<{
    url: string;
    provider_id: string;
    secret_sealed: string | null;
  }>(
    `select url, provider_id, secret_sealed from endpoints
     where tenant_id = $1::uuid and id = $2::uuid`,
    [tenantId, id],
  );
  return row;
}

export type SealedRow = {
  tenant_id: string;
  id: string;
  url: string;
  secret_sealed: string;
};

/** Sealed secrets of all tenants that another key than this one seals; locked, for the rotation of keys. */
export function lockSealedByOthers(
  db: Db,
  keyId: string,
  count: number,
): Promise<SealedRow[]> {
  return db.rows<SealedRow>(
    `select tenant_id, id, url, secret_sealed from endpoints
     where secret_sealed is not null
       and split_part(secret_sealed, '.', 2) <> $1::text
     order by tenant_id, id limit $2::int for update`,
    [keyId, count],
  );
}

export async function writeSealed(
  db: Db,
  row: Pick<SealedRow, "tenant_id" | "id" | "secret_sealed">,
): Promise<void> {
  await db.rows(
    `update endpoints set secret_sealed = $3
     where tenant_id = $1::uuid and id = $2::uuid`,
    [row.tenant_id, row.id, row.secret_sealed],
  );
}
