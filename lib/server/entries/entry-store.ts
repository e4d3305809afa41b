import "server-only";

import type { Db } from "@/lib/server/db/client";

export type StoredEntry = {
  key: string;
  properties: Record<string, string>;
  /** Epoch milliseconds by value name; `*` stands for all of them. */
  changed_at: Record<string, number>;
  version: number;
  created_at: Date;
  updated_at: Date;
};

export async function selectEntry(
  db: Db,
  tenantId: string,
  sourceId: string,
  key: string,
): Promise<StoredEntry | undefined> {
  const [row] = await db.rows<StoredEntry>(
    `select key, properties, changed_at, version, created_at, updated_at
     from entries where tenant_id = $1 and source_id = $2 and key = $3`,
    [tenantId, sourceId, key],
  );
  return row;
}

/** The keys that exist, in order, with the stored bytes of their values (compressed). */
export async function selectSizes(
  db: Db,
  tenantId: string,
  sourceId: string,
  keys: string[],
): Promise<{ key: string; bytes: number }[]> {
  return db.rows(
    `select key, pg_column_size(properties) as bytes from entries
     where tenant_id = $1 and source_id = $2 and key = any($3::text[])
     order by key`,
    [tenantId, sourceId, keys],
  );
}

/** The values of the keys that exist, in key order. */
export async function selectProperties(
  db: Db,
  tenantId: string,
  sourceId: string,
  keys: string[],
): Promise<{ key: string; properties: Record<string, string> }[]> {
  return db.rows(
    `select key, properties from entries
     where tenant_id = $1 and source_id = $2 and key = any($3::text[])
     order by key`,
    [tenantId, sourceId, keys],
  );
}

/** Those of the keys that exist, in no order. */
export async function selectKnownKeys(
  db: Db,
  tenantId: string,
  sourceId: string,
  keys: string[],
): Promise<string[]> {
  const rows = await db.rows<{ key: string }>(
    `select key from entries
     where tenant_id = $1 and source_id = $2 and key = any($3::text[])`,
    [tenantId, sourceId, keys],
  );
  return rows.map(({ key }) => key);
}

/** The database's clock. */
export async function selectTime(db: Db): Promise<Date> {
  const [row] = await db.rows<{ at: Date }>("select clock_timestamp() as at");
  if (!row) throw new Error("The database told no time.");
  return row.at;
}

/** Keys in byte order, `count` at most, after `after`. */
export async function selectKeysAfter(
  db: Db,
  tenantId: string,
  sourceId: string,
  page: { after: string; count: number },
): Promise<string[]> {
  const rows = await db.rows<{ key: string }>(
    `select key from entries
     where tenant_id = $1 and source_id = $2 and key > $3 order by key limit $4`,
    [tenantId, sourceId, page.after, page.count],
  );
  return rows.map(({ key }) => key);
}

/** The beginnings of the first few values of those of the keys that exist, as one text. */
export async function selectSamples(
  db: Db,
  tenantId: string,
  sourceId: string,
  keys: string[],
): Promise<{ key: string; text: string }[]> {
  return db.rows(
    `select e.key, coalesce((
       select string_agg(left(v.value, 80), ' · ')
       from (select value from jsonb_each_text(e.properties)
         where value <> '' limit 3) v), '') as text
     from entries e
     where e.tenant_id = $1 and e.source_id = $2 and e.key = any($3::text[])`,
    [tenantId, sourceId, keys],
  );
}

/** Those of the keys whose entries were made or changed after a time, in no order. */
export async function selectChangedKeys(
  db: Db,
  tenantId: string,
  sourceId: string,
  keys: string[],
  since: string,
): Promise<string[]> {
  const rows = await db.rows<{ key: string }>(
    `select key from entries
     where tenant_id = $1 and source_id = $2 and key = any($3::text[])
       and updated_at > $4::timestamptz`,
    [tenantId, sourceId, keys, since],
  );
  return rows.map(({ key }) => key);
}
