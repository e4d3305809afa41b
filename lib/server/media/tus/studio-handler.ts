import "server-only";

import type { Context } from "@/lib/server/context";
import { appFileStore } from "@/lib/server/file-store/service";

import { answerUpload, UPLOAD_HEADERS } from "./service";

/** Path of the uploads of the Studio's own pages. */
export const STUDIO_UPLOADS_PATH = "/api/media-uploads";

/**
 * Direct uploads by a person's session: the same protocol as for providers.
 * `Location` is a path, so an upload can be resumed under another host name.
 *
 * @throws {AppError} as `answerUpload`.
 */
export async function answerStudioUpload(
  ctx: Context,
  request: Request,
  id?: string,
): Promise<Response> {
  const deps = { store: appFileStore(), now: () => new Date() };
  const call = { ctx, request, baseUrl: STUDIO_UPLOADS_PATH, id };
  const { status, headers } = await answerUpload(deps, call);
  return new Response(null, {
    status,
    headers: { ...UPLOAD_HEADERS, ...headers },
  });
}
