import "server-only";

import type { Db } from "@/lib/server/db/client";

export type ClaimedKeys = {
  tenantId: string;
  sourceId: string;
  keys: string[];
};

/** Whether words wait to be indexed, and whether an import wrote some a moment ago. */
export async function selectBacklog(
  db: Db,
): Promise<{ isEmpty: boolean; isGrowing: boolean }> {
  const [row] = await db.rows<{
    is_empty: boolean;
    is_growing: boolean | null;
  }>(
    `select max(at) is null as is_empty,
            max(at) > clock_timestamp() - interval '1 second' as is_growing
     from search_jobs`,
  );
  return {
    isEmpty: row?.is_empty ?? true,
    isGrowing: row?.is_growing ?? false,
  };
}

const JOBS_A_BATCH = 500;

/**
 * Takes keys of the source that waits longest off the queue, up to `keysMax`,
 * in the caller's transaction. The source's row is locked: two workers on one
 * source could write a newer state first and an older one over it. Imports do
 * not touch that row and go on.
 */
export async function claimKeys(
  tx: Db,
  keysMax: number,
): Promise<ClaimedKeys | undefined> {
  const [source] = await tx.rows<{ tenant_id: string; id: string }>(
    `select s.tenant_id, s.id
     from (select tenant_id, source_id, min(at) as at from search_jobs
           group by 1, 2) waiting
     join sources s on s.tenant_id = waiting.tenant_id and s.id = waiting.source_id
     order by waiting.at limit 1
     for no key update of s skip locked`,
  );
  if (!source) return undefined;
  const owner = [source.tenant_id, source.id];

  // The order within a source does not matter: words are made of what the
  // entries are now.
  const jobs = await tx.rows<{ id: string; keys: string[]; length: number }>(
    `with waiting as (
       select id, key_count, sum(key_count) over (order by at, id) as sum
       from (select id, key_count, at from search_jobs
             where tenant_id = $1 and source_id = $2
             order by at, id limit ${JOBS_A_BATCH}) oldest)
     select j.id, j.keys[1:$3::int] as keys, j.key_count as length
     from search_jobs j join waiting w using (id)
     where j.tenant_id = $1 and j.source_id = $2
       and (w.sum <= $3::int or w.sum = w.key_count)
     for update of j skip locked`,
    [...owner, keysMax],
  );
  const keys = new Set<string>();
  const finished: string[] = [];
  for (const job of jobs) {
    for (const key of job.keys) keys.add(key);
    if (job.length <= keysMax) {
      finished.push(job.id);
      continue;
    }
    // A payload may hold more keys than a batch: the rest stays in the queue.
    await tx.rows(
      `update search_jobs set keys = keys[$4::int:]
       where tenant_id = $1 and source_id = $2 and id = $3`,
      [...owner, job.id, keysMax + 1],
    );
  }
  await tx.rows(
    `delete from search_jobs
     where tenant_id = $1 and source_id = $2 and id = any($3::uuid[])`,
    [...owner, finished],
  );
  return {
    tenantId: source.tenant_id,
    sourceId: source.id,
    keys: [...keys],
  };
}

/** No word holds a line feed. */
export const WORD_SEPARATOR = "\n";

/** Writes the words of entries; `words` are joined by `WORD_SEPARATOR`. */
export async function upsertWords(
  tx: Db,
  { tenantId, sourceId, keys }: ClaimedKeys,
  words: string[],
): Promise<void> {
  await tx.rows(
    `insert into entry_search as s (tenant_id, source_id, key, words)
     select $1::uuid, $2::uuid, key, array_to_tsvector(string_to_array(words, $5))
     from unnest($3::text[], $4::text[]) as i(key, words)
     on conflict (tenant_id, source_id, key) do update
     set words = excluded.words where s.words <> excluded.words`,
    [tenantId, sourceId, keys, words, WORD_SEPARATOR],
  );
}

export async function deleteWords(
  tx: Db,
  { tenantId, sourceId, keys }: ClaimedKeys,
): Promise<void> {
  if (keys.length === 0) return;
  await tx.rows(
    `delete from entry_search
     where tenant_id = $1 and source_id = $2 and key = any($3::text[])`,
    [tenantId, sourceId, keys],
  );
}
