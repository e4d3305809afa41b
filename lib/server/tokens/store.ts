import "server-only";

import type { Db } from "@/lib/server/db/client";

import type { VerifiedToken } from "./verified-tokens";

/**
 * Stores a token, unless its secret was revoked meanwhile: then false. Notes
 * the use of secret and provider, at most once a minute.
 */
export async function insertToken(
  db: Db,
  token: {
    hash: string;
    tenantId: string;
    providerId: string;
    secretId: string;
    now: Date;
    expiresAt: Date;
  },
): Promise<boolean> {
  const rows = await db.rows(
    `with secret as (
       select tenant_id, provider_id, id from provider_secrets
       where tenant_id = $2 and provider_id = $3 and id = $4),
     used as (
       update provider_secrets s set last_used_at = $5::timestamptz from secret
       where s.tenant_id = $2 and s.provider_id = $3 and s.id = $4
         and (s.last_used_at is null or s.last_used_at < $5::timestamptz - interval '1 minute')),
     active as (
       update providers p set last_used_at = $5::timestamptz from secret
       where p.tenant_id = $2 and p.id = $3
         and (p.last_used_at is null or p.last_used_at < $5::timestamptz - interval '1 minute'))
     insert into access_tokens (hash, tenant_id, provider_id, secret_id, created_at, expires_at)
     select $1, tenant_id, provider_id, id, $5::timestamptz, $6::timestamptz from secret
     returning hash`,
    [
      token.hash,
      token.tenantId,
      token.providerId,
      token.secretId,
      token.now,
      token.expiresAt,
    ],
  );
  return rows.length > 0;
}

/**
 * The bearer of a live token: its secret and its provider still exist. Notes
 * the provider's use, at most once a minute.
 */
export async function selectToken(
  db: Db,
  hash: string,
  now: Date,
): Promise<VerifiedToken | undefined> {
  const [row] = await db.rows<{
    tenant_id: string;
    provider_id: string;
    name: string;
    expires_at: Date;
    identifiers: string[];
    source_ids: string[];
  }>(
    `with token as (
       select t.tenant_id, t.provider_id, t.expires_at, p.name
       from access_tokens t
       join providers p on p.tenant_id = t.tenant_id and p.id = t.provider_id
       join provider_secrets s on s.tenant_id = t.tenant_id
         and s.provider_id = t.provider_id and s.id = t.secret_id
       where t.hash = $1 and t.expires_at > $2::timestamptz),
     active as (
       update providers p set last_used_at = $2::timestamptz from token
       where p.tenant_id = token.tenant_id and p.id = token.provider_id
         and (p.last_used_at is null or p.last_used_at < $2::timestamptz - interval '1 minute')),
     granted as (
       select lower(s.identifier) as identifier, s.id::text as id
       from token
       join provider_sources ps on ps.tenant_id = token.tenant_id and ps.provider_id = token.provider_id
       join sources s on s.tenant_id = ps.tenant_id and s.id = ps.source_id)
     select tenant_id, provider_id, name, expires_at,
       array(select identifier from granted order by id) as identifiers,
       array(select id from granted order by id) as source_ids
     from token`,
    [hash, now],
  );
  if (!row) return undefined;
  const sources = row.identifiers.map((identifier, at): [string, string] => [
    identifier,
    row.source_ids[at] ?? "",
  ]);
  return {
    tenantId: row.tenant_id,
    providerId: row.provider_id,
    providerName: row.name,
    hash,
    expiresAtMs: row.expires_at.getTime(),
    sources: new Map(sources),
  };
}

/** Deletes tokens that ended before `now`; gives how many. */
export async function deleteExpiredTokens(db: Db, now: Date): Promise<number> {
  const rows = await db.rows(
    `delete from access_tokens where expires_at < $1::timestamptz returning hash`,
    [now],
  );
  return rows.length;
}
