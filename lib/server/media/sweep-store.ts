import "server-only";

import type { Db } from "@/lib/server/db/client";

/** Removes rows of any tenant that failed or were cancelled before `before`; gives how many. */
export async function deleteEnded(
  db: Db,
  before: Date,
  rowsMax: number,
): Promise<number> {
  const gone = await db.rows(
    `delete from media_files where (tenant_id, id) in (
       select tenant_id, id from media_files
       where state in ('failed', 'cancelled') and updated_at < $1::timestamptz
       limit $2::int)
     returning id`,
    [before, rowsMax],
  );
  return gone.length;
}

/** The same of links that were sent to endpoints. */
export async function deleteEndedRemote(
  db: Db,
  before: Date,
  rowsMax: number,
): Promise<number> {
  const gone = await db.rows(
    `delete from remote_files where (tenant_id, id) in (
       select tenant_id, id from remote_files
       where state in ('failed', 'cancelled') and updated_at < $1::timestamptz
       limit $2::int)
     returning id`,
    [before, rowsMax],
  );
  return gone.length;
}

/**
 * Those of the keys that a row names, or that a running download or an
 * unfinished upload may yet make a file of.
 */
export async function selectLiveKeys(
  db: Db,
  asked: { tenantId: string; fileId: string; fileKey: string }[],
): Promise<Set<string>> {
  const rows = await db.rows<{ key: string }>(
    `select asked.key from unnest($1::uuid[], $2::uuid[], $3::text[])
       as asked (tenant_id, id, key)
     join media_files m on m.tenant_id = asked.tenant_id and m.id = asked.id
     where m.storage_key = asked.key or (m.state in ('created', 'progress')
       and (m.origin = 'upload' or asked.key like '%/' || m.lease_id::text))`,
    [
      asked.map(({ tenantId }) => tenantId),
      asked.map(({ fileId }) => fileId),
      asked.map(({ fileKey }) => fileKey),
    ],
  );
  return new Set(rows.map(({ key }) => key));
}
