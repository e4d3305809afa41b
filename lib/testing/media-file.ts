import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";

import type { Db } from "@/lib/server/db/client";
import { mediaFiles } from "@/lib/server/db/schema";
import { appFileStore, makeFileKey } from "@/lib/server/file-store/service";
import { inspectFile } from "@/lib/server/media/inspect-file";

/** A completed media file with that content, as an upload would leave it; gives its row. */
export async function createMediaFile(
  db: Db,
  tenantId: string,
  content: Buffer | AsyncIterable<Uint8Array>,
  values: Partial<typeof mediaFiles.$inferInsert> = {},
): Promise<typeof mediaFiles.$inferSelect> {
  const id = values.id ?? randomUUID();
  const filename = values.filename ?? "file.bin";
  const store = appFileStore();
  const storageKey = makeFileKey(tenantId, id);
  const body = Buffer.isBuffer(content) ? Readable.from([content]) : content;
  const { bytes, sha256 } = await store.write(storageKey, body);
  const inspected = await inspectFile(store, storageKey, { bytes, filename });
  const [row] = await db.orm
    .insert(mediaFiles)
    .values({
      ...{ tenantId, id, filename, storageKey, ...inspected },
      ...{ origin: "upload", state: "completed", contentHash: sha256 },
      ...{ sizeBytes: bytes, arrivedBytes: bytes, completedAt: new Date() },
      ...{ actorId: "test", actorName: "test", ...values },
    })
    .returning();
  if (!row) throw new Error("No media file was made.");
  return row;
}
