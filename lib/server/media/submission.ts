import "server-only";

import { createHash } from "node:crypto";

import { AppError } from "@/lib/domain/errors";
import type {
  LinkBatch,
  LinkToSend,
  RefusedLink,
  SubmissionChanges,
} from "@/lib/domain/media-page";
import { submissionOwner } from "@/lib/domain/media-page";
import type { Context } from "@/lib/server/context";
import { findEndpointChoice } from "@/lib/server/endpoints/service";

import { requireMediaRole } from "./media-access";
import { MEDIA_COLUMNS, toMediaFile, type MediaRow } from "./media-row";
import { remoteChanges, takeRemoteLinks } from "./remote/service";
import { deleteMediaFile, findMediaFiles, submitLinks } from "./service";
import {
  advanceSubmission,
  endpointOf,
  insertSubmission,
  selectSubmission,
  type SubmissionRow,
} from "./submission-store";

/** Rows written shortly before an answer may have been committed after it. */
const OVERLAP_SECONDS = 5;

/** A browser that was not heard of for longer has been closed, or has no line. */
const HEARD_SECONDS = 60;

/**
 * Takes up to 50 links of one submission, each with its place in it. The same
 * batch sent again changes nothing: a file's id is made of submission and place.
 * Files that links replace are deleted first.
 *
 * Links for an endpoint are kept until they are there: see `takeRemoteLinks`.
 *
 * @throws {AppError} `forbidden` below editor, and when another person entered
 *   the links: somebody else may have signed in meanwhile in the same browser;
 *   `not_found` for an endpoint that is gone, `conflict` when the submission
 *   goes elsewhere.
 */
export async function submitBatch(
  ctx: Context,
  { submissionId, owner, total, endpointId: asked, links }: LinkBatch,
): Promise<{ refused: RefusedLink[] }> {
  requireMediaRole(ctx, "editor");
  if (owner !== submissionOwner(ctx.tenantId, ctx.actor.id)) {
    throw new AppError(
      "forbidden",
      "Another person entered these links in this browser. They are sent when that person signs in again.",
    );
  }
  const endpointId = asked ?? null;
  if (endpointId !== null) await findEndpointChoice(ctx, endpointId);
  if (!(await insertSubmission(ctx, submissionId, total, endpointId))) {
    throw new AppError(
      "conflict",
      "Links of this submission have gone elsewhere already. Begin a new submission for these.",
    );
  }
  const refused =
    endpointId === null
      ? await takeLinks(ctx, submissionId, links)
      : await takeRemoteLinks(
          ctx,
          { endpointId, submissionId },
          links.map((link) => ({
            ...link,
            id: fileIdOf(submissionId, link.position),
          })),
        );
  const end = Math.max(...links.map(({ position }) => position)) + 1;
  await advanceSubmission(ctx, submissionId, end, refused.length);
  return { refused };
}

async function takeLinks(
  ctx: Context,
  submissionId: string,
  links: LinkToSend[],
): Promise<RefusedLink[]> {
  const wanted = links.map((link) => ({
    ...link,
    id: fileIdOf(submissionId, link.position),
  }));
  const fresh = await withoutKnown(ctx, wanted);
  for (const { replaces } of fresh) {
    if (replaces !== null) await deleteIfThere(ctx, replaces);
  }
  if (fresh.length === 0) return [];
  const { refused } = await submitLinks(ctx, fresh, { submissionId });
  const left = refused.flatMap(({ index, message }) => {
    const link = fresh[index];
    return link ? [{ ...link, message }] : [];
  });
  // The same batch may have come twice at once: then the other one took them.
  return (await withoutKnown(ctx, left)).map(toRefused);
}

/**
 * What has changed in a submission since `since`, the `until` of an earlier
 * answer; all its files without it. A file may be told twice, never left out.
 *
 * @throws {AppError} `forbidden` below viewer.
 */
export async function submissionChanges(
  ctx: Context,
  submissionId: string,
  since: string | null,
): Promise<SubmissionChanges> {
  requireMediaRole(ctx, "viewer");
  const row = await selectSubmission(ctx, submissionId, HEARD_SECONDS);
  const submission = row ? toAnnounced(row) : null;
  if (submission?.endpoint) {
    const { files, total, until } = await remoteChanges(
      ...([ctx, submissionId, since, OVERLAP_SECONDS] as const),
    );
    return { submission, files, total, until };
  }
  const [at] = await ctx.db.rows<{ now: Date; total: number }>(
    `select now() as now, count(*) as total from media_files
     where tenant_id = $1::uuid and submission_id = $2::uuid`,
    [ctx.tenantId, submissionId],
  );
  const rows = await ctx.db.rows<MediaRow>(
    `select ${MEDIA_COLUMNS} from media_files m
     where m.tenant_id = $1::uuid and m.submission_id = $2::uuid
       and ($3::timestamptz is null
         or m.updated_at >= $3::timestamptz - make_interval(secs => $4::float8))
     order by m.id`,
    [ctx.tenantId, submissionId, since, OVERLAP_SECONDS],
  );
  return {
    submission,
    files: rows.map(toMediaFile),
    total: at?.total ?? 0,
    until: (at?.now ?? new Date()).toISOString(),
  };
}

/**
 * The id of the file at a place of a submission. Ids of one submission sort like
 * their places; what follows the place cannot be told from another file's id.
 */
export function fileIdOf(submissionId: string, position: number): string {
  const group = createHash("sha256").update(submissionId).digest("hex");
  const own = createHash("sha256")
    .update(`${submissionId} ${position}`)
    .digest("hex");
  const place = position.toString(16).padStart(4, "0");
  return [
    group.slice(0, 8),
    place,
    `8${own.slice(0, 3)}`,
    `a${own.slice(3, 6)}`,
    own.slice(6, 18),
  ].join("-");
}

async function withoutKnown<Item extends { id: string }>(
  ctx: Context,
  items: Item[],
): Promise<Item[]> {
  if (items.length === 0) return [];
  const files = await findMediaFiles(
    ctx,
    items.map(({ id }) => id),
  );
  const known = new Set(files.map(({ id }) => id));
  return items.filter(({ id }) => !known.has(id));
}

async function deleteIfThere(ctx: Context, fileId: string): Promise<void> {
  try {
    await deleteMediaFile(ctx, fileId);
  } catch (error) {
    // Deleted meanwhile, or by the same batch before: all the same.
    if (!(error instanceof AppError) || error.code !== "not_found") throw error;
  }
}

function toRefused({
  position,
  message,
}: LinkToSend & { message: string }): RefusedLink {
  return { position, message };
}

function toAnnounced(row: SubmissionRow & { is_heard: boolean }) {
  const { links, answered, refused } = row;
  return {
    ...{ links, answered, refused, actorName: row.actor_name },
    createdAt: row.created_at.toISOString(),
    isSending: answered < links && row.is_heard,
    endpoint: endpointOf(row),
  };
}
