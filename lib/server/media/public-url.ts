import "server-only";

import { env } from "@/lib/server/env";
import { ingestUrl } from "@/lib/server/ingest-url";

// Proxies refuse or rewrite them in a path, even encoded.
const UNSAFE_IN_PATH = /[\u0000-\u001f\u007f/\\]/g;

/**
 * Base of the addresses of media files, without a slash at its end: the setting
 * MEDIA_URL, else where the ingest API is reached. With the headers of a
 * person's request it is also right where nothing is set and the Studio was
 * opened by another name than localhost.
 */
export function mediaUrl(headers = new Headers()): string {
  return env().MEDIA_URL?.replace(/\/+$/, "") ?? ingestUrl(headers);
}

/**
 * Where the content of a file is fetched, once it is completed (contract 1.11).
 * The last part is for people and for the names of downloads: whatever stands
 * there, the ids find the file.
 */
export function publicUrlOf(
  file: { tenantId: string; id: string; filename: string },
  base = mediaUrl(),
): string {
  return `${base}/${file.tenantId}/${file.id}/${pathName(file.filename)}`;
}

/**
 * The same address as a client reaches it that sent these headers: without a
 * setting the host by which it reached the API, so that it means the same there.
 */
export function publicUrlFor(publicUrl: string, headers: Headers): string {
  return mediaUrl(headers) + publicUrl.slice(mediaUrl().length);
}

function pathName(filename: string): string {
  const name = filename.toWellFormed().replace(UNSAFE_IN_PATH, "_");
  // Clients take dots for folders; without a name the path would end too early.
  return /^\.{0,2}$/.test(name) ? "file" : encodeURIComponent(name);
}
