import "server-only";

import { extensionOf, typeByFilename } from "@/lib/domain/media-type";
import type { Context } from "@/lib/server/context";
import type { Db } from "@/lib/server/db/client";

/** An upload as this protocol needs it: its row in `media_files`. */
export type Upload = {
  id: string;
  state: string;
  filename: string;
  uniqueIdentifier: string | null;
  mimeType: string | null;
  sizeBytes: number;
  arrivedBytes: number;
  /** Null once it is complete. */
  expiresAt: Date | null;
};

/** A chunk that arrived whole. */
export type Part = {
  startAt: number;
  bytes: number;
  storageKey: string;
  contentHash: string;
};

/** Which file, of whom. */
export type UploadPlace = { tenantId: string; id: string };

const UPLOAD_COLUMNS = `id, state, filename, unique_identifier as "uniqueIdentifier",
  mime_type as "mimeType", size_bytes as "sizeBytes", arrived_bytes as "arrivedBytes", due_at as "expiresAt"`;
const PART_COLUMNS = `start_at as "startAt", bytes, storage_key as "storageKey", content_hash as "contentHash"`;
export type NewUpload = {
  id: string;
  filename: string;
  uniqueIdentifier: string | null;
  /** As the sender named it. */
  mimeType: string | null;
  sizeBytes: number;
  expiresAt: Date;
};

/**
 * False when the identifier is taken. An unfinished upload does not hold it
 * (contract 6) and is dropped; the sweep removes its chunks. Call it in a
 * transaction.
 */
export async function insertUpload(
  { db, tenantId, actor }: Context,
  upload: NewUpload,
): Promise<boolean> {
  const { uniqueIdentifier, filename } = upload;
  if (uniqueIdentifier !== null) {
    await db.rows(
      `delete from media_files where tenant_id = $1 and unique_identifier = $2
         and origin = 'upload' and state in ('created', 'progress')`,
      [tenantId, uniqueIdentifier],
    );
  }
  // Times as exact as a Date, or a page's last row could not say where the next begins.
  const made = await db.rows(
    `insert into media_files (tenant_id, id, unique_identifier, filename, origin, state, size_bytes,
       mime_type, extension, due_at, actor_id, actor_name, created_at)
     values ($1, $2, $3, $4, 'upload', 'created', $5, $6, $7, $8, $9, $10, date_trunc('milliseconds', now()))
     on conflict do nothing
     returning id`,
    [
      tenantId,
      upload.id,
      uniqueIdentifier,
      filename,
      upload.sizeBytes,
      upload.mimeType ?? typeByFilename(filename) ?? null,
      extensionOf(filename),
      upload.expiresAt,
      actor.id,
      actor.name,
    ],
  );
  return made.length > 0;
}

export async function selectUpload(
  db: Db,
  { tenantId, id }: UploadPlace,
): Promise<Upload | undefined> {
  const [upload] = await db.rows<Upload>(
    `select ${UPLOAD_COLUMNS} from media_files
     where tenant_id = $1 and id = $2 and origin = 'upload' and state in ('created', 'progress', 'completed')`,
    [tenantId, id],
  );
  return upload;
}

/**
 * Counts a chunk as arrived. False when another chunk came first, or the upload
 * is gone: then this one belongs to nothing.
 */
export async function appendPart(
  db: Db,
  { tenantId, id }: UploadPlace,
  part: Part,
): Promise<boolean> {
  const moved = await db.rows(
    `with moved as (
       update media_files set arrived_bytes = $3::bigint + $4::bigint, state = 'progress', updated_at = now()
       where tenant_id = $1 and id = $2 and origin = 'upload' and state in ('created', 'progress')
         and arrived_bytes = $3 and size_bytes >= $3::bigint + $4::bigint
       returning tenant_id, id)
     insert into media_parts (tenant_id, file_id, start_at, bytes, storage_key, content_hash)
     select tenant_id, id, $3, $4, $5, $6 from moved
     returning file_id`,
    [tenantId, id, part.startAt, part.bytes, part.storageKey, part.contentHash],
  );
  return moved.length > 0;
}

export async function selectPart(
  db: Db,
  { tenantId, id }: UploadPlace,
  startAt: number,
): Promise<Part | undefined> {
  const [part] = await db.rows<Part>(
    `select ${PART_COLUMNS} from media_parts where tenant_id = $1 and file_id = $2 and start_at = $3`,
    [tenantId, id, startAt],
  );
  return part;
}

/** All chunks in their order. */
export function selectParts(
  db: Db,
  { tenantId, id }: UploadPlace,
): Promise<Part[]> {
  return db.rows<Part>(
    `select ${PART_COLUMNS} from media_parts where tenant_id = $1 and file_id = $2 order by start_at`,
    [tenantId, id],
  );
}

/** Gives the keys whose bytes nothing names any more, save `keptKey`. */
export async function deleteParts(
  db: Db,
  { tenantId, id }: UploadPlace,
  keptKey?: string,
): Promise<string[]> {
  const gone = await db.rows<{ storageKey: string }>(
    `delete from media_parts where tenant_id = $1 and file_id = $2 returning storage_key as "storageKey"`,
    [tenantId, id],
  );
  return gone
    .map(({ storageKey }) => storageKey)
    .filter((key) => key !== keptKey);
}

/** False when it is complete or gone. */
export async function deleteUnfinished(
  db: Db,
  { tenantId, id }: UploadPlace,
): Promise<boolean> {
  const gone = await db.rows(
    `delete from media_files
     where tenant_id = $1 and id = $2 and origin = 'upload' and state in ('created', 'progress')
     returning id`,
    [tenantId, id],
  );
  return gone.length > 0;
}

/** Makes the caller the only one that puts this upload together; false when another is at it. */
export async function claimFinish(
  db: Db,
  { tenantId, id }: UploadPlace,
  lease: { id: string; seconds: number },
): Promise<boolean> {
  const claimed = await db.rows(
    `update media_files set lease_id = $3, lease_until = now() + make_interval(secs => $4), updated_at = now()
     where tenant_id = $1 and id = $2 and origin = 'upload' and state in ('created', 'progress')
       and arrived_bytes = size_bytes and (lease_until is null or lease_until < now())
     returning id`,
    [tenantId, id, lease.id, lease.seconds],
  );
  return claimed.length > 0;
}

/** With 0 seconds it is given back. False when the lease is lost. */
export async function keepLease(
  db: Db,
  { tenantId, id }: UploadPlace,
  lease: { id: string; seconds: number },
): Promise<boolean> {
  const kept = await db.rows(
    `update media_files set lease_until = now() + make_interval(secs => $4)
     where tenant_id = $1 and id = $2 and lease_id = $3 and state in ('created', 'progress')
     returning id`,
    [tenantId, id, lease.id, lease.seconds],
  );
  return kept.length > 0;
}

/** Uploads of all tenants whose chunks are all there and that nobody has tried to put together for a minute. */
export function selectStuck(db: Db, countMax: number): Promise<UploadPlace[]> {
  return db.rows<UploadPlace>(
    `select tenant_id as "tenantId", id from media_files
     where origin = 'upload' and state in ('created', 'progress') and arrived_bytes = size_bytes
       and (lease_until is null or lease_until < now()) and updated_at < now() - interval '1 minute'
     order by due_at limit $1`,
    [countMax],
  );
}

/** Of all tenants, those with bytes missing at the end of their time, or that could not be put together for a day after it. */
export function deleteExpired(
  db: Db,
  now: Date,
  countMax: number,
): Promise<UploadPlace[]> {
  return db.rows<UploadPlace>(
    `delete from media_files where (tenant_id, id) in (
       select tenant_id, id from media_files
       where origin = 'upload' and state in ('created', 'progress') and due_at < $1::timestamptz
         and (arrived_bytes < size_bytes or due_at < $1::timestamptz - interval '1 day')
       order by due_at limit $2 for update skip locked)
     returning tenant_id as "tenantId", id`,
    [now, countMax],
  );
}

/** Chunks whose file is complete or gone: what a kill left. */
export async function deleteLeftParts(
  db: Db,
  countMax: number,
): Promise<string[]> {
  const gone = await db.rows<{ storageKey: string }>(
    `delete from media_parts where (tenant_id, file_id, start_at) in (
       select p.tenant_id, p.file_id, p.start_at from media_parts p
       left join media_files f on f.tenant_id = p.tenant_id and f.id = p.file_id
       where f.id is null or f.state not in ('created', 'progress') limit $1)
     returning storage_key as "storageKey",
       (select f.storage_key = media_parts.storage_key from media_files f
        where f.tenant_id = media_parts.tenant_id and f.id = media_parts.file_id) as "isKept"`,
    [countMax],
  );
  return gone.flatMap((part) =>
    (part as { isKept?: boolean | null }).isKept ? [] : part.storageKey,
  );
}

/** Which of these keys are chunks that count. */
export async function selectKnownKeys(
  db: Db,
  keys: { tenantId: string; fileId: string; key: string }[],
): Promise<Set<string>> {
  const rows = await db.rows<{ storageKey: string }>(
    `select p.storage_key as "storageKey"
     from unnest($1::uuid[], $2::uuid[], $3::text[]) as k (tenant_id, file_id, storage_key)
     join media_parts p on p.tenant_id = k.tenant_id and p.file_id = k.file_id and p.storage_key = k.storage_key`,
    [
      keys.map(({ tenantId }) => tenantId),
      keys.map(({ fileId }) => fileId),
      keys.map(({ key }) => key),
    ],
  );
  return new Set(rows.map(({ storageKey }) => storageKey));
}
