import "server-only";

import { createHash } from "node:crypto";

import { MEDIA_LIMITS } from "@/lib/domain/limits";
import type { MediaFile } from "@/lib/domain/media";
import { failureText } from "@/lib/domain/media-failure";
import { AppError } from "@/lib/domain/errors";
import { successEnvelope } from "@/lib/domain/wire-answer";
import {
  readIdentifiersBody,
  readLinksBody,
  type LinkItem,
} from "@/lib/domain/wire-media";
import {
  linkKeys,
  mediaFileResult,
  partialSuccess,
  uploadResult,
  type MediaFileResult,
} from "@/lib/domain/wire-media-answer";
import { quoted } from "@/lib/domain/wire-problems";
import type { Context } from "@/lib/server/context";
import type { Db } from "@/lib/server/db/client";
import { env } from "@/lib/server/env";
import { parseJson } from "@/lib/server/json-body";
import { readJsonBytes } from "@/lib/server/request-body";
import { tokenContext, verifyAccessToken } from "@/lib/server/tokens/service";
import { enterWork } from "@/lib/server/work-gate";
import {
  wireRoute,
  type WireCall,
  type WireHandler,
} from "@/lib/server/wire-route";

import { publicUrlFor } from "./public-url";
import {
  deleteMediaFile,
  findByIdentifiers,
  findMediaFiles,
  getMediaFile,
  mediaFileNotFound,
  submitLinks,
} from "./service";
import { createSettledWatch } from "./settled-watch";

export type MediaWireApi = {
  putLinks: WireHandler;
  getUpload: WireHandler;
  getFile: WireHandler;
  deleteFile: WireHandler;
  postFileBatch: WireHandler;
  /** Answers what waits for downloads, now and from now on: the process ends. */
  endWaits: () => void;
};

/** Links calls in work at once: of all providers and of one. */
export const LINKS_IN_WORK = {
  name: "links",
  processMax: 512,
  actorMax: 64,
  message:
    "This provider has as many link calls in work as it may have. Wait for their answers, and send this one again in a few seconds.",
};

type Deps = {
  db: () => Db;
  now: () => Date;
  /** How long `putLinks` waits for files that arrive in time, in milliseconds. */
  linksWaitMs?: (() => number) | undefined;
};

/** The media calls of the ingest API (contract 1.3, 1.4, 1.8 to 1.10). A token of any provider of the tenant will do. */
export function createMediaWireApi(deps: Deps): MediaWireApi {
  const { db, now } = deps;
  const linksWaitMs =
    deps.linksWaitMs ?? (() => env().MEDIA_LINKS_WAIT_SECONDS * 1_000);
  const watch = createSettledWatch(db);

  async function authorize({ request }: WireCall): Promise<Context> {
    const header = request.headers.get("authorization");
    return tokenContext(db(), await verifyAccessToken(db(), header, now()));
  }

  const putLinks = wireRoute(async (call) => {
    const ctx = await authorize(call);
    const { value, bodyHash } = await readBody(call);
    const items = readLinksBody(value);
    // Each waits for its downloads, and holds a connection for so long.
    const leave = enterWork(LINKS_IN_WORK, ctx.actor.id);
    const { files, refused } = await submitAndWait(ctx, items, {
      bodyHash,
      signal: call.request.signal,
    }).finally(leave);

    const keys = linkKeys(items.map(({ link }) => link));
    const refusals = new Map(
      refused.map(({ index, message }) => [index, message]),
    );
    const acceptedKeys = keys.filter((_, index) => !refusals.has(index));
    const result = partialSuccess(
      files.map((file, at) => [acceptedKeys[at] ?? "", uploadResult(file)]),
      [...refusals].map(([index, message]) => [keys[index] ?? "", message]),
    );
    return { status: 202, body: successEnvelope(result, call.requestId) };
  });

  async function submitAndWait(
    ctx: Context,
    items: LinkItem[],
    { bodyHash, signal }: { bodyHash: string; signal: AbortSignal },
  ) {
    const { accepted, refused } = await submitLinks(ctx, items, { bodyHash });
    return { files: await settled(ctx, accepted, signal), refused };
  }

  /** The files as they are once they have ended, or the time to wait has. */
  async function settled(
    ctx: Context,
    files: MediaFile[],
    signal: AbortSignal,
  ): Promise<MediaFile[]> {
    const waitMs = linksWaitMs();
    if (waitMs <= 0) return files;
    const ids = files.map(({ id }) => id);
    await watch.wait(ctx.tenantId, ids, waitMs, signal);
    const latest = await findMediaFiles(ctx, ids).catch(() => []);
    const byId = new Map(latest.map((file) => [file.id, file]));
    return files.map((file) => byId.get(file.id) ?? file);
  }

  const getUpload = wireRoute(async (call) => {
    const ctx = await authorize(call);
    const file = await getMediaFile(ctx, idInPath(call));
    const result = uploadResult(file);
    return { status: 200, body: successEnvelope(result, call.requestId) };
  });

  const getFile = wireRoute(async (call) => {
    const ctx = await authorize(call);
    const file = await getMediaFile(ctx, idInPath(call));
    requireFile(file);
    const result = fileResult(file, call);
    return { status: 200, body: successEnvelope(result, call.requestId) };
  });

  const deleteFile = wireRoute(async (call) => {
    const ctx = await authorize(call);
    await deleteMediaFile(ctx, idInPath(call));
    return { status: 204 };
  });

  const postFileBatch = wireRoute(async (call) => {
    const ctx = await authorize(call);
    const { value } = await readBody(call);
    const identifiers = readIdentifiersBody(value);
    const found = await findByIdentifiers(ctx, identifiers);
    const result = partialSuccess(
      [...found].map(([identifier, file]) => [
        identifier,
        fileResult(file, call),
      ]),
      identifiers
        .filter((identifier) => !found.has(identifier))
        .map((identifier) => [
          identifier,
          `Media file with the unique identifier ${quoted(identifier)} not found. Upload it first; one whose link could not be fetched is not kept.`,
        ]),
    );
    // Contract 7: with 202 for misses one released client repeats for two minutes.
    return { status: 200, body: successEnvelope(result, call.requestId) };
  });

  const endWaits = () => watch.end();
  return {
    ...{ putLinks, getUpload, getFile, deleteFile, postFileBatch },
    endWaits,
  };
}

/**
 * There is no file yet, and may never be one. A link that waits counts as a
 * file: clients ask for it right after they sent it (contract 1.3).
 */
function requireFile({ id, origin, state, failure }: MediaFile): void {
  if (state === "completed") return;
  if (origin === "link" && (state === "created" || state === "progress"))
    return;
  if (!failure) throw mediaFileNotFound(id);
  throw new AppError(
    "not_found",
    `Media file ${quoted(id)} not found. ${failureText(failure)}`,
  );
}

function fileResult(file: MediaFile, { request }: WireCall): MediaFileResult {
  const publicUrl = publicUrlFor(file.publicUrl, request.headers);
  return mediaFileResult({ ...file, publicUrl });
}

async function readBody({
  request,
}: WireCall): Promise<{ value: unknown; bodyHash: string }> {
  const { bodyBytesMax: bytesMax } = MEDIA_LIMITS;
  const bytes = await readJsonBytes(request, { bytesMax });
  const bodyHash = createHash("sha256").update(bytes).digest("hex");
  return { value: parseJson(bytes).value, bodyHash };
}

/** What stands after the last slash; what cannot be decoded is no id. */
function idInPath({ url }: WireCall): string {
  const last = url.pathname.slice(url.pathname.lastIndexOf("/") + 1);
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}
