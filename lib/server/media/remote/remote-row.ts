import "server-only";

import type { MediaFile, MediaState } from "@/lib/domain/media";
import { extensionOf } from "@/lib/domain/media-type";
import type { RemoteNote } from "@/lib/domain/remote-media";

/** A row of `remote_files` with its endpoint, as `REMOTE_ROWS` selects it. */
export type RemoteRow = {
  id: string;
  endpoint_id: string;
  endpoint_name: string;
  endpoint_url: string;
  submission_id: string;
  link: string;
  filename: string;
  unique_identifier: string;
  is_identifier_made: boolean;
  state: MediaState;
  file_id: string | null;
  public_url: string | null;
  mime_type: string | null;
  size_bytes: number | null;
  arrived_bytes: number;
  note: RemoteNote | null;
  attempts: number;
  is_held: boolean;
  actor_name: string;
  created_at: Date;
  updated_at: Date;
  completed_at: Date | null;
};

/** Of the alias `f`; a condition follows. */
export const REMOTE_ROWS = `select f.id, f.endpoint_id, e.name as endpoint_name,
  e.url as endpoint_url, f.submission_id, f.link, f.filename,
  f.unique_identifier, f.is_identifier_made, f.state, f.file_id, f.public_url,
  f.mime_type, f.size_bytes, f.arrived_bytes, f.note, f.attempts, f.is_held,
  f.actor_name, f.created_at, f.updated_at, f.completed_at
  from remote_files f
  join endpoints e on e.tenant_id = f.tenant_id and e.id = f.endpoint_id`;

/** The file as the pages know files; it is not here, so it has no public URL of ours. */
export function toRemoteFile(row: RemoteRow): MediaFile {
  return {
    id: row.id,
    uniqueIdentifier: row.unique_identifier,
    filename: row.filename,
    origin: "link",
    state: row.state,
    sourceUrl: row.link,
    sizeBytes: row.size_bytes,
    arrivedBytes: row.arrived_bytes,
    mimeType: row.mime_type,
    extension: extensionOf(row.filename),
    ...{ mediaInfo: null, failure: null },
    attempts: row.attempts,
    publicUrl: "",
    remote: {
      endpointId: row.endpoint_id,
      endpointName: row.endpoint_name,
      host: new URL(row.endpoint_url).host,
      fileId: row.file_id,
      publicUrl: row.public_url,
      isIdentifierMade: row.is_identifier_made,
      isHeld: row.is_held,
      note: row.note,
    },
    submissionId: row.submission_id,
    actorName: row.actor_name,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    completedAt: row.completed_at?.toISOString() ?? null,
  };
}
