import "server-only";

import type { Db } from "@/lib/server/db/client";

/** Failures in a row after which a host rests, whoever asks. */
const FAILURES_BEFORE_REST = 5;
/** A rest takes a random time of up to this, or as long as the host wants. */
const REST_MS_MAX = 15_000;
/** So long after its process was last heard of another one may find out. */
const PROBE_SECONDS = 10;

/** SQL of whether the host of the endpoint `e` is to be asked nothing now: for statements that take work. */
export const HOST_RESTS = `exists (
  select from endpoint_hosts h where h.host = e.host
    and h.failures >= ${FAILURES_BEFORE_REST}
    and greatest(h.rests_until, h.probe_until) > now())`;

/**
 * Whether a request may be sent to a host (`host:port`) now. After a rest the
 * first who asks may, and nobody else until `noteHostAnswered` or
 * `noteHostFailed` tells how that request ended.
 */
export async function mayAskHost(db: Db, host: string): Promise<boolean> {
  const [known] = await db.rows<{ failures: number }>(
    `select failures from endpoint_hosts where host = $1`,
    [host],
  );
  if (!known || known.failures < FAILURES_BEFORE_REST) return true;
  const probing = await db.rows(
    `update endpoint_hosts
     set probe_until = now() + make_interval(secs => ${PROBE_SECONDS})
     where host = $1 and coalesce(greatest(rests_until, probe_until) <= now(), true)
     returning 1`,
    [host],
  );
  return probing.length === 1;
}

/** The host is there: everybody may ask it. Also when it refused the request for what it was. */
export async function noteHostAnswered(db: Db, host: string): Promise<void> {
  await db.rows(`delete from endpoint_hosts where host = $1`, [host]);
}

/** The host did not answer, is busy, or has a problem of its own; the fifth in a row lets it rest. */
export async function noteHostFailed(
  db: Db,
  host: string,
  options: { retryAfterMs?: number | undefined; random?: () => number } = {},
): Promise<void> {
  const { retryAfterMs = 0, random = Math.random } = options;
  await db.rows(
    `insert into endpoint_hosts as h (host, failures) values ($1, 1)
     on conflict (host) do update set probe_until = null, updated_at = now(),
       failures = case when h.updated_at > now() - interval '1 day'
         then least(h.failures + 1, 1000) else 1 end,
       rests_until = case when h.updated_at > now() - interval '1 day'
           and h.failures + 1 >= ${FAILURES_BEFORE_REST}
         then now() + make_interval(secs => $2::float8 / 1000) end`,
    [host, Math.max(retryAfterMs, REST_MS_MAX * random())],
  );
}

/** Somebody wants to know now: the next request may be sent, whatever was before. */
export async function endHostRest(db: Db, host: string): Promise<void> {
  await db.rows(
    `update endpoint_hosts set rests_until = null, probe_until = null
     where host = $1`,
    [host],
  );
}

/** Those who find out about these hosts are still at it. */
export async function renewProbes(
  db: Db,
  hosts: readonly string[],
): Promise<void> {
  await db.rows(
    `update endpoint_hosts
     set probe_until = now() + make_interval(secs => ${PROBE_SECONDS})
     where host = any($1) and probe_until > now()`,
    [hosts],
  );
}

/** A request that might have found out was given up: another one may. */
export async function giveUpProbe(db: Db, host: string): Promise<void> {
  await db.rows(
    `update endpoint_hosts set probe_until = null where host = $1`,
    [host],
  );
}
