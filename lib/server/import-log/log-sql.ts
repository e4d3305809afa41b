import "server-only";

// $1 tenant, $2 source, $3 the imports as JSON, $4 now. What is passed as text
// is cast so that the statements need no prepared types.
const SENT = `sent as (
  select * from jsonb_to_recordset($3::text::jsonb) as r(
    "id" uuid, "providerId" uuid, "tokenHash" text, "requestId" text,
    "correlationId" text, "bodyHash" text, "bytes" int, "flags" text[],
    "entities" int, "created" int, "updated" int, "unchanged" int,
    "deleted" int, "ms" int))`;

// Revocation and a grant taken away count at once and on every node: they are
// looked up in the transaction that applies the import.
const LIVE = `live as (
  select sent.* from sent
  join access_tokens t on t.hash = sent."tokenHash" and t.tenant_id = $1::uuid
    and t.expires_at > $4::timestamptz
  join provider_secrets s on s.tenant_id = $1::uuid
    and s.provider_id = t.provider_id and s.id = t.secret_id
  join provider_sources ps on ps.tenant_id = $1::uuid
    and ps.provider_id = sent."providerId" and ps.source_id = $2::uuid)`;

/**
 * Contract 6: the same provider, source and body within 3 minutes of the first
 * is one row. Looked up one by one behind OFFSET 0 and updated by id: a plain
 * join was planned as a scan of the log, 100 ms at 8,000 rows.
 */
const FOLD_REFUSED = `known as materialized (
  select one."id" as own, earlier.id from sent one cross join lateral (
    select i.id from imports i
    where i.body_hash = one."bodyHash" and i.provider_id = one."providerId"
      and i.tenant_id is not distinct from $1::uuid and i.source_id is not distinct from $2::uuid
      and i.status = 'refused' and i.idempotency_key is null
      and i.at > $4::timestamptz - interval '3 minutes' and i.at <= $4::timestamptz
    limit 1 offset 0) earlier),
folded as (
  update imports i set repeats = i.repeats + 1, last_at = $4::timestamptz
  from known
  where i.tenant_id = $1::uuid and i.source_id = $2::uuid
    and i.id = any(array(select id from known)) and i.id = known.id
  returning i.id, known.own)`;

/**
 * In one round trip: which of the tokens $3 may still import into the source at
 * $4, and (contract 6) rows of the last 3 minutes that imports with the bodies
 * $5 fold into. `is not distinct from` is no condition of an index, so only the
 * one of the body's hash can serve: while the log was new the planner walked all
 * rows of the source instead, 10 ms at 8,000 rows instead of 0.2.
 */
export const CHECK_ACCEPTED = `select
array(
  select t.hash from access_tokens t
  join provider_secrets s on s.tenant_id = $1::uuid
    and s.provider_id = t.provider_id and s.id = t.secret_id
  join provider_sources ps on ps.tenant_id = $1::uuid
    and ps.provider_id = t.provider_id and ps.source_id = $2::uuid
  where t.hash = any($3::text[]) and t.tenant_id = $1::uuid
    and t.expires_at > $4::timestamptz) as hashes,
array(
  select jsonb_build_array(earlier.provider_id, body, earlier.id)
  from unnest($5::text[]) body cross join lateral (
    select id, provider_id from imports
    where body_hash = body
      and tenant_id is not distinct from $1::uuid and source_id is not distinct from $2::uuid
      and status = 'accepted' and idempotency_key is null
      and at > $4::timestamptz - interval '3 minutes' and at <= $4::timestamptz offset 0) earlier
  ) as repeated`;

/**
 * Adds the milliseconds of the open transaction, until the statement. What is written is
 * sent without waiting, so only the database knows how long it took.
 */
const withTransactionMs = (ms: string) =>
  `greatest(0, ${ms} + (extract(epoch from clock_timestamp() - now()) * 1000)::int)`;

/** $3 ids, $4 now. */
export const REPEAT_IMPORTS = `update imports set repeats = repeats + 1, last_at = $4::timestamptz
where tenant_id = $1::uuid and source_id = $2::uuid and id = any($3::uuid[])`;

export const INSERT_ACCEPTED = `with ${SENT}
insert into imports (tenant_id, source_id, id, provider_id, status, request_id,
  correlation_id, body_hash, bytes, entities, created, updated, unchanged,
  deleted, ms, flags, at, last_at)
select $1::uuid, $2::uuid, "id", "providerId", 'accepted', "requestId",
  "correlationId", "bodyHash", "bytes", "entities", "created", "updated",
  "unchanged", "deleted", ${withTransactionMs('"ms"')}, "flags",
  $4::timestamptz, $4::timestamptz
from sent`;

/** $5 the idempotency key. */
export const INSERT_IDEMPOTENT = `with ${SENT}, ${LIVE},
added as (
  insert into imports (tenant_id, source_id, id, provider_id, status, request_id,
    correlation_id, body_hash, bytes, flags, at, last_at, idempotency_key)
  select $1::uuid, $2::uuid, "id", "providerId", 'accepted', "requestId",
    "correlationId", "bodyHash", "bytes", "flags", $4::timestamptz,
    $4::timestamptz, $5::text
  from live
  on conflict (tenant_id, source_id, provider_id, idempotency_key)
    where idempotency_key is not null do nothing
  returning id)
select (select count(*)::int from live) as allowed,
  (select count(*)::int from added) as claimed`;

/** $3 the import's id, $4 its counts. */
export const FINISH_IDEMPOTENT = `update imports i
set entities = c."entities", created = c."created", updated = c."updated",
  unchanged = c."unchanged", deleted = c."deleted",
  ms = ${withTransactionMs('c."ms"')}
from jsonb_to_recordset($4::text::jsonb) as c("entities" int, "created" int,
  "updated" int, "unchanged" int, "deleted" int, "ms" int)
where i.tenant_id = $1::uuid and i.source_id = $2::uuid and i.id = $3::uuid`;

/** $3 the provider, $4 the key. */
export const FIND_BY_IDEMPOTENCY_KEY = `select id, body_hash from imports
where tenant_id = $1::uuid and source_id = $2::uuid and provider_id = $3::uuid
  and idempotency_key = $4::text`;

/** $5 the problems as JSON. */
export const INSERT_REFUSED = `with ${SENT}, ${FOLD_REFUSED},
added as (
  insert into imports (tenant_id, source_id, id, provider_id, status, request_id,
    correlation_id, body_hash, bytes, flags, problems, at, last_at)
  select $1::uuid, $2::uuid, "id", "providerId", 'refused', "requestId",
    "correlationId", "bodyHash", "bytes", "flags", $5::text::jsonb,
    $4::timestamptz, $4::timestamptz
  from sent where not exists (select from folded)
  returning id)
select false as is_new from folded union all select true from added`;

/** $3 the provider, $4 how many stay. */
export const TRIM_REFUSED = `delete from imports
where tenant_id = $1::uuid and source_id = $2::uuid and id in (
  select id from imports
  where tenant_id = $1::uuid and source_id = $2::uuid
    and provider_id = $3::uuid and status = 'refused'
  order by at desc offset $4::int)`;

/** $3 and $4 the last row of the page before, $5 how many. */
export const LIST_IMPORTS = `select i.id, i.status, i.provider_id,
  p.name as provider_name, i.request_id, i.correlation_id, i.bytes, i.entities,
  i.created, i.updated, i.unchanged, i.deleted, i.ms, i.flags, i.problems,
  i.repeats, i.at, i.last_at
from imports i
left join providers p on p.tenant_id = i.tenant_id and p.id = i.provider_id
where i.tenant_id = $1::uuid and i.source_id = $2::uuid
  and ($3::timestamptz is null or i.at <= $3::timestamptz
    and (i.at, i.id) < ($3::timestamptz, $4::uuid))
order by i.at desc, i.id desc limit $5::int`;

/**
 * $1 rows before this time, $2 how many. Source by source: the index on the
 * time begins with the source.
 */
export const DELETE_OLD = `with old as (
  select i.tenant_id, i.source_id, i.id from source_stats s
  cross join lateral (
    select tenant_id, source_id, id from imports
    where tenant_id = s.tenant_id and source_id = s.source_id
      and at < $1::timestamptz
    order by at limit $2::int) i
  limit $2::int),
gone as (
  delete from imports i using old
  where i.tenant_id = old.tenant_id and i.source_id = old.source_id
    and i.id = old.id
  returning 1)
select count(*)::int as n from gone`;
