import "server-only";

import { AppError } from "@/lib/domain/errors";
import { MEDIA_LIMITS } from "@/lib/domain/limits";
import type { TakenFile } from "@/lib/domain/link-plan";
import type { MediaFile } from "@/lib/domain/media";
import type { LinkToSend, RefusedLink } from "@/lib/domain/media-page";
import { mayPass, remoteSentence } from "@/lib/domain/remote-answer";
import { quoted } from "@/lib/domain/wire-problems";
import { requireRole, type Context } from "@/lib/server/context";
import {
  endHostRest,
  findRemoteFiles,
  remoteClientOf,
  type EndpointClient,
} from "@/lib/server/endpoints/service";

import type { MediaFilter } from "@/lib/server/media/search-store";

import { toRemoteFile } from "./remote-row";
import {
  cancelRemoteLinks,
  countRemote,
  insertRemoteLinks,
  retryRemoteLink,
  selectRemoteFile,
  selectRemoteOfSubmission,
  selectRemotePage,
} from "./remote-store";

export {
  dropRunLinks,
  findKnownLinks,
  findRunLinks,
  releaseRunLinks,
  takeRemoteRunLinks,
} from "./run-links";

/** People wait for it. */
const LOOKUP_MS_MAX = 20_000;

/**
 * Keeps links of a submission for an endpoint until they are there. One without
 * a unique identifier gets one that is made of its place in the submission: so
 * a link that is sent twice, because an answer was lost, is one file. Refused:
 * links whose identifier is on its way there already.
 *
 * @throws {AppError} `forbidden` below editor.
 */
export async function takeRemoteLinks(
  ctx: Context,
  place: { endpointId: string; submissionId: string },
  links: readonly (LinkToSend & { id: string })[],
): Promise<RefusedLink[]> {
  requireRole(ctx, "editor");
  const stored = await insertRemoteLinks(
    ctx,
    place,
    links.map(({ id, link, filename, uniqueIdentifier, replaces }) => ({
      ...{ id, link, filename, replaces },
      uniqueIdentifier: uniqueIdentifier ?? `studio-${id}`,
      isIdentifierMade: uniqueIdentifier === null,
    })),
  );
  return links.flatMap(({ id, position, uniqueIdentifier }) =>
    stored.has(id)
      ? []
      : [
          {
            position,
            message: `A link with the unique identifier ${quoted(uniqueIdentifier ?? "")} is on its way to this endpoint already. Wait until its file is there, or give another identifier.`,
          },
        ],
  );
}

/**
 * Those of the identifiers that files at the endpoint have, as it says just now.
 *
 * @throws {AppError} `not_found`, `conflict` without a secret, `unavailable` or
 *   `precondition_failed` with what the endpoint answered; `forbidden` below editor.
 */
export async function findTakenThere(
  ctx: Context,
  endpointId: string,
  identifiers: readonly string[],
  clientOf: (
    ctx: Context,
    endpointId: string,
  ) => Promise<Pick<EndpointClient, "ask" | "host">> = remoteClientOf,
): Promise<Map<string, TakenFile>> {
  requireRole(ctx, "editor");
  const client = await clientOf(ctx, endpointId);
  const signal = AbortSignal.timeout(LOOKUP_MS_MAX);
  const taken = new Map<string, TakenFile>();
  const asked = identifiers.filter(
    (text) => !text.includes("\0") && text.isWellFormed(),
  );
  const { identifiersPerRequestMax: most } = MEDIA_LIMITS;
  for (let at = 0; at < asked.length; at += most) {
    const some = asked.slice(at, at + most);
    const { answer, value } = await findRemoteFiles(client, some, signal).catch(
      (error: unknown) => {
        if (!signal.aborted) throw error;
        throw new AppError(
          "unavailable",
          `${client.host} did not answer in time. Try again.`,
        );
      },
    );
    if (answer.outcome !== "accepted") {
      throw new AppError(
        mayPass(answer.outcome) ? "unavailable" : "precondition_failed",
        remoteSentence(answer, client.host),
      );
    }
    for (const identifier of some) {
      const file = value?.get(identifier);
      if (!file) continue;
      const { id, filename, publicUrl } = file;
      taken.set(identifier, {
        ...{ id, filename: filename ?? id },
        publicUrl: publicUrl ?? "",
      });
    }
  }
  return taken;
}

/** What has changed of a submission to an endpoint, as `submissionChanges` tells it. Role: viewer. */
export async function remoteChanges(
  ctx: Context,
  submissionId: string,
  since: string | null,
  overlapSeconds: number,
): Promise<{ files: MediaFile[]; total: number; until: string }> {
  requireRole(ctx, "viewer");
  const at = await countRemote(ctx, submissionId);
  const rows = await selectRemoteOfSubmission(
    ctx,
    submissionId,
    since,
    overlapSeconds,
  );
  return { ...at, files: rows.map(toRemoteFile) };
}

/**
 * Files that were sent to an endpoint, newest first, as `searchMediaFiles`
 * gives our own; none for another tenant's endpoint. Role: viewer.
 */
export async function searchRemoteFiles(
  ctx: Context,
  endpointId: string,
  {
    after,
    rowsMax,
    ...filter
  }: MediaFilter & {
    after?: { createdAt: string; id: string } | undefined;
    rowsMax: number;
  },
): Promise<MediaFile[]> {
  requireRole(ctx, "viewer");
  const rows = await selectRemotePage(ctx, endpointId, filter, after, rowsMax);
  return rows.map(toRemoteFile);
}

/** A file that was sent to an endpoint; undefined for an id of none. Role: viewer. */
export async function findRemoteFile(
  ctx: Context,
  id: string,
): Promise<MediaFile | undefined> {
  requireRole(ctx, "viewer");
  const row = await selectRemoteFile(ctx, id);
  return row && toRemoteFile(row);
}

/**
 * Has failed and cancelled links sent again, and held ones sent or looked for;
 * gives how many. A host that rests is asked at once.
 *
 * @throws {AppError} `forbidden` below editor.
 */
export async function retryRemoteFiles(
  ctx: Context,
  ids: readonly string[],
): Promise<number> {
  requireRole(ctx, "editor");
  const hosts: string[] = [];
  // One by one: of two that failed with one identifier the first gets it back.
  for (const id of ids)
    hosts.push(...[(await retryRemoteLink(ctx, id)) ?? []].flat());
  for (const host of new Set(hosts)) await endHostRest(ctx.db, host);
  return hosts.length;
}

/** @throws {AppError} `forbidden` below editor. */
export async function cancelRemoteFiles(
  ctx: Context,
  ids: string[],
): Promise<number> {
  requireRole(ctx, "editor");
  return cancelRemoteLinks(ctx, ids);
}
