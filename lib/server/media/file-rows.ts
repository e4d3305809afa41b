import "server-only";

import type { LinkFailureCode, MediaInfo } from "@/lib/domain/media";
import type { Db } from "@/lib/server/db/client";

/**
 * Makes a file visible whose bytes are stored. False when the row is gone or
 * ended meanwhile, or the lease is another's: the caller then removes its bytes.
 * Called again after its answer was lost it says true. When it throws, the row
 * may name the bytes: they must stay.
 */
export async function completeFile(
  db: Db,
  file: {
    tenantId: string;
    id: string;
    /** Of a download; a direct upload has none. */
    leaseId?: string | undefined;
    storageKey: string;
    bytes: number;
    sha256: string;
    mimeType: string;
    extension: string;
    mediaInfo: MediaInfo | null;
  },
): Promise<boolean> {
  const done = await db.rows(
    `update media_files set state = 'completed', storage_key = $4::text,
       size_bytes = $5::bigint, arrived_bytes = $5::bigint,
       content_hash = $6::text, mime_type = $7::text, extension = $8::text,
       media_info = $9::text::jsonb, failure_code = null, failure_status = null,
       lease_id = null, lease_until = null, due_at = null,
       updated_at = now(), completed_at = now()
     where tenant_id = $1::uuid and id = $2::uuid
       and state in ('created', 'progress')
       and lease_id is not distinct from $3::uuid
     returning id`,
    [
      file.tenantId,
      file.id,
      file.leaseId ?? null,
      file.storageKey,
      file.bytes,
      file.sha256,
      file.mimeType,
      file.extension,
      file.mediaInfo && JSON.stringify(file.mediaInfo),
    ],
  );
  if (done.length > 0) return true;
  const [named] = await db.rows(
    `select 1 from media_files
     where tenant_id = $1::uuid and id = $2::uuid and storage_key = $3::text`,
    [file.tenantId, file.id, file.storageKey],
  );
  return named !== undefined;
}

/** Ends a file as failed, which frees its identifier. False like `completeFile`. */
export async function failFile(
  db: Db,
  file: {
    tenantId: string;
    id: string;
    leaseId?: string | undefined;
    code: LinkFailureCode;
    status?: number | undefined;
  },
): Promise<boolean> {
  const done = await db.rows(
    `update media_files set state = 'failed', failure_code = $4::text,
       failure_status = $5::int, lease_id = null, lease_until = null,
       due_at = null, updated_at = now()
     where tenant_id = $1::uuid and id = $2::uuid
       and state in ('created', 'progress')
       and lease_id is not distinct from $3::uuid
     returning id`,
    [
      file.tenantId,
      file.id,
      file.leaseId ?? null,
      file.code,
      file.status ?? null,
    ],
  );
  return done.length > 0;
}
