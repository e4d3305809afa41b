import "server-only";

import { AppError } from "@/lib/domain/errors";
import type { MediaPage, MediaQuery } from "@/lib/domain/media-page";
import type { Context } from "@/lib/server/context";

import { searchMediaFiles } from "./service";

/**
 * One page of the list of files, newest first, and where the next begins.
 *
 * @throws {AppError} `invalid_input` for a cursor that is none of ours.
 */
export async function readMediaPage(
  ctx: Context,
  { text, type, state, submissionId, after, rows }: MediaQuery,
): Promise<MediaPage> {
  const found = await searchMediaFiles(ctx, {
    ...{ text: text.trim() || undefined, type: type ?? undefined },
    ...{ state: state ?? undefined, submissionId: submissionId ?? undefined },
    after: after === null ? undefined : readCursor(after),
    rowsMax: rows + 1,
  });
  const files = found.slice(0, rows);
  const last = files.at(-1);
  return {
    files,
    next: found.length > rows && last ? `${last.createdAt}_${last.id}` : null,
  };
}

function readCursor(text: string): { createdAt: string; id: string } {
  const match =
    /^(\d{4}-\d\d-\d\dT[\d:.]+Z)_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(
      text,
    );
  const [, createdAt, id] = match ?? [];
  if (createdAt && id && !Number.isNaN(Date.parse(createdAt))) {
    return { createdAt, id };
  }
  throw new AppError(
    "invalid_input",
    "The place in the list is not known. Begin the list again.",
  );
}
