import "server-only";

import type { MediaPage, MediaQuery } from "@/lib/domain/media-page";
import type { Context } from "@/lib/server/context";

import { placeOf, readPlace } from "./list-place";
import { searchRemoteFiles } from "./remote/service";
import { searchMediaFiles } from "./service";

/**
 * One page of the list of files, newest first, and where the next begins.
 *
 * @throws {AppError} `invalid_input` for a cursor that is none of ours.
 */
export async function readMediaPage(
  ctx: Context,
  { text, type, state, endpoint, submissionId, after, rows }: MediaQuery,
): Promise<MediaPage> {
  const filter = {
    ...{ text: text.trim() || undefined, type: type ?? undefined },
    ...{ state: state ?? undefined, submissionId: submissionId ?? undefined },
    after: after === null ? undefined : readPlace(after),
    rowsMax: rows + 1,
  };
  const found =
    endpoint === null
      ? await searchMediaFiles(ctx, filter)
      : await searchRemoteFiles(ctx, endpoint, filter);
  const files = found.slice(0, rows);
  const last = files.at(-1);
  return {
    files,
    next: found.length > rows && last ? placeOf(last) : null,
  };
}
