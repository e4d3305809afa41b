import "server-only";

import {
  MEDIA_PAGE_LIMITS,
  type SubmissionPage,
} from "@/lib/domain/media-page";
import type { Context } from "@/lib/server/context";

import { placeOf, readPlace } from "./list-place";
import { requireMediaRole } from "./media-access";
import { endpointOf, selectSubmissionPage } from "./submission-store";

/**
 * Submissions of links that people began in the Studio, newest first, 20 at a
 * time. `after` is the `next` of the page before.
 *
 * @throws {AppError} `forbidden` below viewer; `invalid_input` for a place that is none of ours.
 */
export async function listSubmissions(
  ctx: Context,
  after: string | null,
): Promise<SubmissionPage> {
  requireMediaRole(ctx, "viewer");
  const rowsMax = MEDIA_PAGE_LIMITS.submissionsMax;
  const place = after === null ? undefined : readPlace(after);
  const rows = await selectSubmissionPage(ctx, place, rowsMax + 1);
  const submissions = rows.slice(0, rowsMax).map((row) => ({
    id: row.id,
    actorName: row.actor_name,
    createdAt: row.created_at.toISOString(),
    ...{ links: row.links, answered: row.answered, refused: row.refused },
    endpoint: endpointOf(row),
    files: {
      ...{ created: row.created, progress: row.progress, failed: row.failed },
      ...{ cancelled: row.cancelled, completed: row.completed },
    },
  }));
  const last = submissions.at(-1);
  return {
    submissions,
    next: rows.length > rowsMax && last ? placeOf(last) : null,
  };
}
