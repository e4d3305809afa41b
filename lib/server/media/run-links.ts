import "server-only";

import { createHash } from "node:crypto";

import type { BatchLink } from "@/lib/domain/media-cells";
import type { RunMedia } from "@/lib/domain/run-media";
import { requireRole, type Context } from "@/lib/server/context";
import { hostOf } from "@/lib/server/outbound/fetch-link";

import { publicUrlOf } from "./public-url";
import { reviveLinks } from "./retry-links";
import { insertLinks } from "./store";
import { addToSubmission, countSubmission } from "./submission-store";

/** Rows of one statement: some hundred bytes each. */
const LINKS_PER_STATEMENT = 2_000;

/**
 * The media file of a link that an import run names: the same for the same link
 * of a tenant in every run, so that a file imported again fetches nothing again
 * and a forecast knows what the import will write. `base` as in `publicUrlOf`.
 */
export function linkedFile(
  { tenantId }: Pick<Context, "tenantId">,
  { link, filename }: BatchLink,
  base?: string,
): { id: string; url: string } {
  const id = fileIdOfLink(tenantId, link);
  return { id, url: publicUrlOf({ tenantId, id, filename }, base) };
}

/**
 * Has the files of a batch's links fetched, as the submission of the run. A
 * link that has its file already is only counted; one that failed or was
 * cancelled is tried again. Call it in the batch's transaction: then a file is
 * asked for if and only if its entries name it.
 *
 * @throws {AppError} `forbidden` below editor.
 */
export async function takeRunLinks(
  ctx: Context,
  runId: string,
  links: readonly BatchLink[],
): Promise<void> {
  requireRole(ctx, "editor");
  if (links.length === 0) return;
  const wanted = links
    .map((link) => ({
      ...{ ...link, id: fileIdOfLink(ctx.tenantId, link.link) },
      ...{ uniqueIdentifier: null, host: hostOf(link.link) },
    }))
    // Two runs that meet wait for each other in one order, so never in a ring.
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  let taken = 0;
  for (let at = 0; at < wanted.length; at += LINKS_PER_STATEMENT) {
    const some = wanted.slice(at, at + LINKS_PER_STATEMENT);
    const inserted = await insertLinks(ctx, some, runId);
    const isNew = new Set(inserted.map(({ id }) => id));
    const known = some.flatMap(({ id }) => (isNew.has(id) ? [] : [id]));
    taken += isNew.size + (await reviveLinks(ctx, known, runId));
  }
  await addToSubmission(ctx, runId, { taken, known: links.length - taken });
}

/** How far the files of a run are; all zero for a run without any. */
export async function summarizeRunMedia(
  ctx: Context,
  runId: string,
): Promise<RunMedia> {
  requireRole(ctx, "viewer");
  const found = await countSubmission(ctx, runId);
  if (!found) return NO_MEDIA;
  const { links, known, created, progress, failed, cancelled } = found;
  return {
    ...{ links: links + known, known },
    files: {
      ...{ created, progress, failed, cancelled },
      completed: found.completed,
    },
  };
}

const NO_MEDIA: RunMedia = {
  ...{ links: 0, known: 0 },
  files: { created: 0, progress: 0, failed: 0, cancelled: 0, completed: 0 },
};

/** A UUID made of the link; of another tenant's it tells nothing. */
function fileIdOfLink(tenantId: string, link: string): string {
  const hash = createHash("sha256").update(`${tenantId} ${link}`).digest();
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x80, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  return hash
    .toString("hex", 0, 16)
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
