import "server-only";

import type {
  LinkFailureCode,
  MediaFile,
  MediaInfo,
  MediaState,
} from "@/lib/domain/media";

import { publicUrlOf } from "./public-url";

/** A row of `media_files` as `MEDIA_COLUMNS` select it. */
export type MediaRow = {
  tenant_id: string;
  id: string;
  unique_identifier: string | null;
  filename: string;
  origin: "link" | "upload";
  state: MediaState;
  source_url: string | null;
  size_bytes: number | null;
  arrived_bytes: number;
  mime_type: string | null;
  extension: string;
  media_info: MediaInfo | null;
  storage_key: string | null;
  failure_code: LinkFailureCode | null;
  failure_status: number | null;
  attempts: number;
  submission_id: string | null;
  actor_name: string;
  created_at: Date;
  updated_at: Date;
  completed_at: Date | null;
};

/** Of the alias `m`. */
export const MEDIA_COLUMNS = `m.tenant_id, m.id, m.unique_identifier, m.filename,
  m.origin, m.state, m.source_url, m.size_bytes, m.arrived_bytes, m.mime_type,
  m.extension, m.media_info, m.storage_key, m.failure_code, m.failure_status,
  m.attempts, m.submission_id, m.actor_name, m.created_at, m.updated_at,
  m.completed_at`;

/**
 * Rows that hold their unique identifier and can be found by it: finished
 * files, and links that wait or run. Not an unfinished upload: nobody may ever
 * send the rest (contract 6).
 */
export const IS_FOUND = `(m.state = 'completed'
  or (m.origin = 'link' and m.state in ('created', 'progress')))`;

/** The file as services pass it on. */
export function toMediaFile(row: MediaRow): MediaFile {
  const { id, filename, tenant_id: tenantId, failure_code: code } = row;
  return {
    id,
    uniqueIdentifier: row.unique_identifier,
    filename,
    origin: row.origin,
    state: row.state,
    sourceUrl: row.source_url,
    sizeBytes: row.size_bytes,
    arrivedBytes: row.arrived_bytes,
    mimeType: row.mime_type,
    extension: row.extension,
    mediaInfo: row.media_info,
    failure:
      row.state === "failed" && code
        ? { code, status: row.failure_status }
        : null,
    attempts: row.attempts,
    publicUrl: publicUrlOf({ tenantId, id, filename }),
    remote: null,
    submissionId: row.submission_id,
    actorName: row.actor_name,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    completedAt: row.completed_at?.toISOString() ?? null,
  };
}
