import "server-only";

import type { MediaFile } from "@/lib/domain/media";
import type { Context } from "@/lib/server/context";

import { requireMediaRole } from "./media-access";
import { MEDIA_COLUMNS, toMediaFile, type MediaRow } from "./media-row";

const FROM_THE_START = `state = 'created', attempts = 0, due_at = now(),
         arrived_bytes = 0, size_bytes = null, failure_code = null,
         failure_status = null, updated_at = now()`;

/**
 * Lets failed and cancelled links be fetched again from the beginning, and
 * gives those that will be. Left out: files in another state, direct uploads,
 * and links whose identifier another file has got meanwhile.
 *
 * @throws {AppError} `forbidden` below editor.
 */
export async function retryMediaFiles(
  ctx: Context,
  ids: string[],
): Promise<MediaFile[]> {
  requireMediaRole(ctx, "editor");
  const rows: MediaRow[] = [];
  // One by one: of two that failed with one identifier the first gets it back.
  for (const id of ids) rows.push(...(await retryOne(ctx, id)));
  return rows.map(toMediaFile);
}

function retryOne({ db, tenantId }: Context, id: string): Promise<MediaRow[]> {
  return db
    .rows<MediaRow>(
      `update media_files m set ${FROM_THE_START}
       where m.tenant_id = $1::uuid and m.id = $2::uuid and m.origin = 'link'
         and m.state in ('failed', 'cancelled')
         and not exists (
           select from media_files o where o.tenant_id = m.tenant_id
             and o.unique_identifier = m.unique_identifier
             and o.state in ('created', 'progress', 'completed'))
       returning ${MEDIA_COLUMNS}`,
      [tenantId, id],
    )
    .catch((error: unknown) => {
      // Another file got the identifier between the look and the write.
      if ((error as { code?: unknown }).code === "23505") return [];
      throw error;
    });
}

/**
 * The same for links without identifier, in one statement; they then belong to
 * that submission. How many there were.
 */
export async function reviveLinks(
  { db, tenantId }: Context,
  ids: readonly string[],
  submissionId: string,
): Promise<number> {
  if (ids.length === 0) return 0;
  const rows = await db.rows(
    `with failed as (
       select f.id from media_files f
       where f.tenant_id = $1::uuid and f.id = any($2::uuid[])
         and f.origin = 'link' and f.unique_identifier is null
         and f.state in ('failed', 'cancelled')
       order by f.id for update)
     update media_files m set ${FROM_THE_START}, submission_id = $3::uuid
     from failed where m.tenant_id = $1::uuid and m.id = failed.id
     returning 1`,
    [tenantId, ids, submissionId],
  );
  return rows.length;
}

/**
 * Ends links that wait or are being fetched, and gives them. A download stops
 * within seconds, and nothing of it is kept.
 *
 * @throws {AppError} `forbidden` below editor.
 */
export async function cancelMediaFiles(
  ctx: Context,
  ids: string[],
): Promise<MediaFile[]> {
  requireMediaRole(ctx, "editor");
  const rows = await ctx.db.rows<MediaRow>(
    `update media_files m set state = 'cancelled', lease_id = null,
       lease_until = null, due_at = null, updated_at = now()
     where m.tenant_id = $1::uuid and m.id = any($2::uuid[])
       and m.origin = 'link' and m.state in ('created', 'progress')
     returning ${MEDIA_COLUMNS}`,
    [ctx.tenantId, ids],
  );
  return rows.map(toMediaFile);
}
