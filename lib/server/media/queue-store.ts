import "server-only";

import type { Db } from "@/lib/server/db/client";

/** Downloads from one host at once, over all processes (security.md R8). */
export const DOWNLOADS_PER_HOST_MAX = 2;
/** A worker that was killed is replaced after so long. */
export const LEASE_SECONDS = 60;

/** A link that this worker, and no other, is to fetch. */
export type ClaimedLink = {
  tenantId: string;
  id: string;
  /** Fences: every write of the worker names it, and does nothing once it is another's. */
  leaseId: string;
  /** Of the worker that had it before and did not end it. */
  lostLeaseId: string | null;
  link: string;
  filename: string;
  host: string;
  /** This one included. */
  attempts: number;
};

// Statements see what was committed when they began, so two that claim at once
// would count the same free places. `media` in hexadecimal.
const CLAIM_LOCK = 0x6d656469;

const WAITS = "origin = 'link' and state in ('created', 'progress')";

/**
 * The hosts that have work, found by walking the index, then of each as many
 * links as its free places: the cost grows with hosts and not with links. $1
 * links, $2 places of a host, $3 seconds of the lease. `due_at` of a leased
 * link is the lease's end, so an expired lease is a link that is due.
 */
const CLAIM = `with recursive hosts as (
  (select min(host) as host from media_files where ${WAITS})
  union all
  select (select min(m.host) from media_files m where m.host > h.host and m.${WAITS})
  from hosts h where h.host is not null),
due as (
  select d.tenant_id, d.id, d.due_at from hosts h
  cross join lateral (
    select count(*)::int as n from media_files b
    where b.host = h.host and b.lease_id is not null and b.lease_until > now()
      and b.origin = 'link') busy
  cross join lateral (
    select w.tenant_id, w.id, w.due_at from media_files w
    where w.host = h.host and w.${WAITS} and w.due_at <= now()
    order by w.due_at limit greatest(0, $2::int - busy.n)) d
  where h.host is not null
  order by d.due_at limit $1::int),
locked as (
  select m.tenant_id, m.id, m.lease_id from media_files m
  join due on due.tenant_id = m.tenant_id and due.id = m.id
  where m.${WAITS} and m.due_at <= now()
  for update of m skip locked)
update media_files m set state = 'progress', lease_id = gen_random_uuid(),
  lease_until = now() + make_interval(secs => $3::int),
  due_at = now() + make_interval(secs => $3::int),
  attempts = m.attempts + 1, arrived_bytes = 0, size_bytes = null,
  updated_at = now()
from locked where m.tenant_id = locked.tenant_id and m.id = locked.id
returning m.tenant_id as "tenantId", m.id, m.lease_id as "leaseId",
  locked.lease_id as "lostLeaseId", m.source_url as link, m.filename, m.host,
  m.attempts`;

/** Whether any link is due: cheap enough to be asked several times a second. */
export async function hasDueLinks(db: Db): Promise<boolean> {
  const [row] = await db.rows<{ due: boolean }>(
    `select exists (select from media_files
       where ${WAITS} and due_at <= now()) as due`,
  );
  return row?.due ?? false;
}

/**
 * Takes up to `linksMax` links that are due, never more of one host than may be
 * fetched from it at once. None when another process claims at this moment.
 */
export function claimLinks(db: Db, linksMax: number): Promise<ClaimedLink[]> {
  return db.transaction(async (tx) => {
    const [lock] = await tx.rows<{ isMine: boolean }>(
      `select pg_try_advisory_xact_lock($1::int) as "isMine"`,
      [CLAIM_LOCK],
    );
    if (!lock?.isMine) return [];
    return tx.rows<ClaimedLink>(CLAIM, [
      linksMax,
      DOWNLOADS_PER_HOST_MAX,
      LEASE_SECONDS,
    ]);
  });
}

/**
 * Renews the lease and notes how much has arrived. False when the link was
 * cancelled or deleted, or is another worker's: then stop.
 */
export async function renewLease(
  db: Db,
  { tenantId, id, leaseId }: ClaimedLink,
  progress: { arrivedBytes: number; totalBytes: number | undefined },
): Promise<boolean> {
  const renewed = await db.rows(
    `update media_files set arrived_bytes = $4::bigint, size_bytes = $5::bigint,
       lease_until = now() + make_interval(secs => $6::int),
       due_at = now() + make_interval(secs => $6::int), updated_at = now()
     where tenant_id = $1::uuid and id = $2::uuid and lease_id = $3::uuid
       and state = 'progress'
     returning id`,
    [
      tenantId,
      id,
      leaseId,
      progress.arrivedBytes,
      progress.totalBytes ?? null,
      LEASE_SECONDS,
    ],
  );
  return renewed.length > 0;
}

/**
 * Puts a link back, to be fetched after `waitMs`. With `isUncounted` this
 * attempt was none: it ended for reasons that are not the link's.
 */
export async function putBack(
  db: Db,
  { tenantId, id, leaseId }: ClaimedLink,
  { waitMs, isUncounted }: { waitMs: number; isUncounted: boolean },
): Promise<void> {
  await db.rows(
    `update media_files set state = 'created', lease_id = null,
       lease_until = null, arrived_bytes = 0, size_bytes = null,
       due_at = now() + make_interval(secs => $4::float8 / 1000),
       attempts = attempts - $5::int, updated_at = now()
     where tenant_id = $1::uuid and id = $2::uuid and lease_id = $3::uuid
       and state = 'progress'`,
    [tenantId, id, leaseId, waitMs, isUncounted ? 1 : 0],
  );
}
