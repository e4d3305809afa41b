import "server-only";

import {
  resolveMedia,
  type BatchLink,
  type LinkedFile,
} from "@/lib/domain/media-cells";
import type { TableBatch } from "@/lib/domain/table-batch";
import type { Context } from "@/lib/server/context";
import { findKnownLinks } from "@/lib/server/media/remote/service";
import { linkedFile } from "@/lib/server/media/service";
import { getSource } from "@/lib/server/sources/service";

/** Of a remote source the endpoint makes both, once the link is sent. */
const UNKNOWN: LinkedFile = {
  id: "(known after sending)",
  url: "(known after sending)",
};

/**
 * What the import would write for the links of a batch: of a built-in source
 * the files' final addresses and ids, of a remote one those that its endpoint
 * has told before.
 *
 * @throws {AppError} `not_found` no such source.
 */
export async function linkedFilesOf(
  ctx: Context,
  { sourceId, mediaBase }: { sourceId: string; mediaBase?: string | undefined },
  table: TableBatch,
): Promise<(link: BatchLink) => LinkedFile> {
  const local = (link: BatchLink) => linkedFile(ctx, link, mediaBase);
  if (!table.columns.some(([, , media]) => media)) return local;
  const { endpoint } = await getSource(ctx, sourceId);
  if (endpoint === null) return local;
  const { links } = resolveMedia(table, () => UNKNOWN);
  const known = await findKnownLinks(ctx, endpoint.id, links);
  return ({ link }) => known.get(link) ?? UNKNOWN;
}
