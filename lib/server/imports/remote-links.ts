import "server-only";

import { resolveMedia } from "@/lib/domain/media-cells";
import type { RemoteAnswer } from "@/lib/domain/remote-answer";
import type { TableBatch } from "@/lib/domain/table-batch";
import type { Context } from "@/lib/server/context";
import {
  findRunLinks,
  takeRemoteRunLinks,
} from "@/lib/server/media/remote/service";

const LINK_CHARS_SHOWN = 200;

type Place = { runId: string; endpointId: string };

/**
 * A batch whose columns of links hold what the endpoint made of them: `ready`
 * when it is known of every link. Entities with a link that the endpoint does
 * not take, or cannot fetch, are noted in `refused`, by place, with the reason.
 */
export type ResolvedLinks =
  | { is: "ready"; table: TableBatch }
  | { is: "waiting" }
  | { is: "held"; answer: RemoteAnswer | null };

/** Has the links of a batch for a remote source sent, without those of refused entities. Call it in the transaction that keeps the batch. */
export async function takeBatchLinks(
  ctx: Context,
  place: Place,
  table: TableBatch,
  refused: ReadonlyMap<number, string>,
): Promise<void> {
  const { links } = resolveMedia(accepted(table, refused), () => NO_FILE);
  await takeRemoteRunLinks(ctx, place, links);
}

export async function resolveBatchLinks(
  ctx: Context,
  place: Place,
  table: TableBatch,
  refused: Map<number, string>,
): Promise<ResolvedLinks> {
  if (!table.columns.some(([, , media]) => media))
    return { is: "ready", table };
  const { links } = resolveMedia(accepted(table, refused), () => NO_FILE);
  const known = await findRunLinks(ctx, place, links);
  for (const one of known.values()) {
    if (one.is === "held") return one;
  }
  if ([...known.values()].some(({ is }) => is === "waiting")) {
    return { is: "waiting" };
  }
  const hasFailed = [...known.values()].some(({ is }) => is === "failed");
  for (const [at, row] of hasFailed ? table.rows.entries() : []) {
    if (refused.has(at)) continue;
    const own = resolveMedia({ ...table, rows: [row] }, () => NO_FILE).links;
    for (const { link } of own) {
      const one = known.get(link);
      if (one?.is !== "failed" || refused.has(at)) continue;
      refused.set(at, `${link.slice(0, LINK_CHARS_SHOWN)}: ${one.reason}`);
    }
  }
  const resolved = resolveMedia(table, ({ link }) => {
    const one = known.get(link);
    // Of entities that are set aside nothing is sent.
    return one?.is === "there" ? one.file : NO_FILE;
  });
  return { is: "ready", table: resolved.batch };
}

const NO_FILE = { id: "", url: "" };

function accepted(
  { rowNumbers: _, ...table }: TableBatch,
  refused: ReadonlyMap<number, string>,
): TableBatch {
  return { ...table, rows: table.rows.filter((_row, at) => !refused.has(at)) };
}
