import "server-only";

import type { Db } from "@/lib/server/db/client";

/** What has to be known of a file to serve it. */
export type ServedFile = {
  id: string;
  filename: string;
  mimeType: string | null;
  extension: string;
  hasMediaInfo: boolean;
  contentHash: string | null;
  storageKey: string;
  sizeBytes: number;
  completedAt: Date;
};

/** A deleted file is gone for everybody within 5 s; half of it leaves room for slow answers. */
const KNOWN_MS = 2_500;
const KNOWN_MAX = 5_000;

/**
 * Finds completed files by the ids of their public address. Remembers those it
 * found for KNOWN_MS; what it did not find it looks up again each time.
 */
export function createServedFiles(): (
  db: Db,
  tenantId: string,
  fileId: string,
) => Promise<ServedFile | undefined> {
  const known = new Map<string, { file: ServedFile; until: number }>();

  return async (db, tenantId, fileId) => {
    const name = `${tenantId}/${fileId}`;
    const kept = known.get(name);
    if (kept && kept.until > performance.now()) return kept.file;
    known.delete(name);

    const [file] = await db.rows<ServedFile>(
      `select id, filename, mime_type as "mimeType", extension,
         media_info is not null as "hasMediaInfo",
         content_hash as "contentHash", storage_key as "storageKey",
         size_bytes as "sizeBytes", completed_at as "completedAt"
       from media_files
       where tenant_id = $1::uuid and id = $2::uuid and state = 'completed'
         and storage_key is not null and completed_at is not null`,
      [tenantId, fileId],
    );
    if (!file) return undefined;
    // The first one in is the oldest.
    const [oldest] = known.size >= KNOWN_MAX ? known.keys() : [];
    if (oldest !== undefined) known.delete(oldest);
    known.set(name, { file, until: performance.now() + KNOWN_MS });
    return file;
  };
}
