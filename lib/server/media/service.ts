import "server-only";

import { AppError } from "@/lib/domain/errors";
import type { MediaFile, MediaState } from "@/lib/domain/media";
import { quoted } from "@/lib/domain/wire-problems";
import { withDb, type Context } from "@/lib/server/context";
import { recordAudit } from "@/lib/server/db/audit";
import {
  appFileStore,
  thumbnailKeyOf,
  type FileStore,
} from "@/lib/server/file-store/service";
import { logFailure } from "@/lib/server/log";

import { requireMediaRole } from "./media-access";
import { toMediaFile } from "./media-row";
import { countByState, selectFilePage, type MediaFilter } from "./search-store";
import { deleteFile, selectByIdentifiers, selectFiles } from "./store";

export { mediaUrl, publicUrlOf } from "./public-url";
export { cancelMediaFiles, retryMediaFiles } from "./retry-links";
export type { MediaFilter } from "./search-store";
export { linkedFile, summarizeRunMedia, takeRunLinks } from "./run-links";
export {
  submitLinks,
  type RefusedLink,
  type SubmittedLink,
} from "./submit-links";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * A file of the tenant, whatever its state.
 *
 * @throws {AppError} `not_found`, the same for an id that is none, is unknown or
 *   is another tenant's; `forbidden` below viewer.
 */
export async function getMediaFile(
  ctx: Context,
  id: string,
): Promise<MediaFile> {
  const [file] = await findMediaFiles(ctx, [id]);
  if (!file) throw mediaFileNotFound(id);
  return file;
}

/** Those of the files that exist, in the order of `ids`; what is no id is left out. */
export async function findMediaFiles(
  ctx: Context,
  ids: readonly string[],
): Promise<MediaFile[]> {
  requireMediaRole(ctx, "viewer");
  const asked = ids.filter((id) => UUID.test(id));
  if (asked.length === 0) return [];
  const rows = new Map(
    (await selectFiles(ctx, asked)).map((row) => [row.id, row]),
  );
  return asked.flatMap((id) => {
    const row = rows.get(id.toLowerCase());
    return row ? [toMediaFile(row)] : [];
  });
}

/**
 * The files that hold these unique identifiers, exactly as written: finished
 * ones, and links that are waiting or being fetched. A failed link holds none,
 * nor does an upload that was never finished.
 */
export async function findByIdentifiers(
  ctx: Context,
  uniqueIdentifiers: readonly string[],
): Promise<Map<string, MediaFile>> {
  requireMediaRole(ctx, "viewer");
  const found = new Map<string, MediaFile>();
  // Neither can be stored, so nobody has them.
  const asked = uniqueIdentifiers.filter(
    (text) => !text.includes("\0") && text.isWellFormed(),
  );
  if (asked.length === 0) return found;
  for (const row of await selectByIdentifiers(ctx, asked)) {
    if (row.unique_identifier !== null)
      found.set(row.unique_identifier, toMediaFile(row));
  }
  return found;
}

/**
 * Removes a file: its row at once, which frees its identifier and ends a
 * download of it, then its bytes.
 *
 * @throws {AppError} `not_found` like `getMediaFile`; `forbidden` below editor.
 */
export async function deleteMediaFile(
  ctx: Context,
  id: string,
  store: Pick<FileStore, "remove"> = appFileStore(),
): Promise<void> {
  requireMediaRole(ctx, "editor");
  if (!UUID.test(id)) throw mediaFileNotFound(id);
  const row = await ctx.db.transaction(async (tx) => {
    const inside = withDb(ctx, tx);
    const gone = await deleteFile(inside, id);
    if (gone) {
      const { filename, unique_identifier: uniqueIdentifier } = gone;
      const details = { filename, uniqueIdentifier };
      await recordAudit(inside, "media_file.deleted", gone.id, details);
    }
    return gone;
  });
  if (!row) throw mediaFileNotFound(id);
  if (row.storage_key === null) return;
  const key = row.storage_key;
  await store
    .remove([key, thumbnailKeyOf(key)])
    // The file is gone for everybody; the sweep removes what is left.
    .catch((error: unknown) => logFailure(error, { place: "delete media" }));
}

/**
 * Files, newest first. `after` is the last file of the page before.
 *
 * @throws {AppError} `forbidden` below viewer.
 */
export async function searchMediaFiles(
  ctx: Context,
  {
    after,
    rowsMax,
    ...filter
  }: MediaFilter & {
    after?: { createdAt: string; id: string } | undefined;
    rowsMax: number;
  },
): Promise<MediaFile[]> {
  requireMediaRole(ctx, "viewer");
  const rows = await selectFilePage(ctx, filter, after, rowsMax);
  return rows.map(toMediaFile);
}

/** How far the links of one submission are. */
export type SubmissionSummary = Record<MediaState, number> & {
  total: number;
  /** Of all its files together, so far. */
  arrivedBytes: number;
};

/** @throws {AppError} `forbidden` below viewer. */
export async function summarizeSubmission(
  ctx: Context,
  submissionId: string,
): Promise<SubmissionSummary> {
  requireMediaRole(ctx, "viewer");
  const summary: SubmissionSummary = {
    created: 0,
    progress: 0,
    failed: 0,
    cancelled: 0,
    completed: 0,
    total: 0,
    arrivedBytes: 0,
  };
  for (const { state, files, bytes } of await countByState(ctx, submissionId)) {
    summary[state] = files;
    summary.total += files;
    summary.arrivedBytes += bytes;
  }
  return summary;
}

/** The one answer for a file that is not this tenant's to see. */
export function mediaFileNotFound(id: string): AppError {
  return new AppError(
    "not_found",
    `Media file ${quoted(id)} not found. Check the id; the file may have been deleted.`,
  );
}
