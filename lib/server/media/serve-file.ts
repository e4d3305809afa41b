import "server-only";

import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";

import { AppError, ERROR_CODES, toFailure } from "@/lib/domain/errors";
import { appDb } from "@/lib/server/db/app-db";
import { appFileStore } from "@/lib/server/file-store/service";
import { logFailure } from "@/lib/server/log";

import { readByteRange } from "./byte-range";
import { contentHeaders } from "./content-headers";
import { createServedFiles, type ServedFile } from "./served-files";
import { findThumbnail, THUMBNAIL_TYPE, THUMBNAIL_TYPES } from "./thumbnail";

const UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
/** The name may be any text, also none: the ids find the file (contract 1.11). */
const PATH = new RegExp(`^/(${UUID})/(${UUID})/[^?]*(?:\\?(.*))?$`, "is");
/** The content behind an address never changes: to replace a file is to delete it and to upload anew. */
const CACHE = "public, max-age=31536000, immutable";
/** A client that takes nothing for so long holds a file open for nobody. */
const SILENCE_MS_MAX = 120_000;

type Answer = { status: number; headers: Record<string, string | number> };
type Content = { key: string; bytes: number; headers: Record<string, string> };

/** Answers one request on a public address of a media file; never rejects. */
export type FileServer = (
  incoming: IncomingMessage,
  outgoing: ServerResponse,
) => Promise<void>;

/** Whether a request's target is the public address of a media file. */
export function isFileAddress(target: string | undefined): boolean {
  return PATH.test(target ?? "");
}

/**
 * Serves completed media files to anybody who knows their address: whole, by
 * range, or not again when the client has them. With `impolicy=small` pictures
 * come as thumbnails; where none can be made the answer is 404, and files of
 * another type, and unknown policies, answer with the file itself.
 */
export function createFileServer(): FileServer {
  const findFile = createServedFiles();

  return async (incoming, outgoing) => {
    try {
      const [, tenantId = "", fileId = "", query = ""] =
        PATH.exec(incoming.url ?? "") ?? [];
      if (incoming.method !== "GET" && incoming.method !== "HEAD") {
        outgoing.setHeader("allow", "GET, HEAD");
        return refuse(outgoing, 405, "Files are fetched with GET or HEAD.");
      }
      const file = await findFile(
        appDb(),
        tenantId.toLowerCase(),
        fileId.toLowerCase(),
      );
      if (!file) throw notFound("There is no media file at this address.");
      const isSmall = new URLSearchParams(query).get("impolicy") === "small";
      const content = await findContent(file, isSmall);
      await answer(incoming, outgoing, file, content);
    } catch (error) {
      fail(incoming, outgoing, error);
    }
  };
}

async function findContent(
  file: ServedFile,
  isSmall: boolean,
): Promise<Content> {
  const { storageKey: key, sizeBytes: bytes, contentHash } = file;
  const etag = contentHash ?? file.id;
  if (!isSmall || !THUMBNAIL_TYPES.has(file.mimeType ?? "")) {
    const headers = { ...contentHeaders(file), etag: `"${etag}"` };
    return { key, bytes, headers };
  }
  const thumbnail = await findThumbnail(appFileStore(), key, bytes);
  if (!thumbnail) {
    throw notFound(
      "No thumbnail can be made of this picture: it is broken or too large. Fetch it without impolicy.",
    );
  }
  const small = {
    ...{ mimeType: THUMBNAIL_TYPE, extension: "webp", hasMediaInfo: true },
    filename: `${file.filename.replace(/\.[^.]*$/, "")}.webp`,
  };
  return {
    ...thumbnail,
    headers: { ...contentHeaders(small), etag: `"${etag}-small"` },
  };
}

async function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  file: ServedFile,
  { key, bytes, headers }: Content,
): Promise<void> {
  const modified = file.completedAt.toUTCString();
  const all = {
    ...headers,
    "last-modified": modified,
    "cache-control": CACHE,
    "accept-ranges": "bytes",
  };
  const etag = headers["etag"] ?? "";
  if (isKnown(incoming, etag, modified)) {
    outgoing.writeHead(304, all).end();
    return;
  }
  const range =
    incoming.method === "GET" && mayBePart(incoming, etag, modified)
      ? readByteRange(incoming.headers.range, bytes)
      : "whole";
  const { status, headers: sent } = describe(range, bytes);
  if (range === "unsatisfiable") {
    for (const [name, value] of Object.entries(sent))
      outgoing.setHeader(name, value);
    return refuse(outgoing, status, `The file has ${bytes} bytes.`);
  }
  if (incoming.method === "HEAD") {
    outgoing.writeHead(status, { ...all, ...sent }).end();
    return;
  }
  const stream = await appFileStore().read(
    key,
    range === "whole" ? undefined : range,
  );
  outgoing.setTimeout(SILENCE_MS_MAX, () => outgoing.destroy());
  outgoing.writeHead(status, { ...all, ...sent });
  await pipeline(stream, outgoing);
}

function describe(
  range: ReturnType<typeof readByteRange>,
  bytes: number,
): Answer {
  if (range === "whole")
    return { status: 200, headers: { "content-length": bytes } };
  if (range === "unsatisfiable")
    return { status: 416, headers: { "content-range": `bytes */${bytes}` } };
  const { start, endInclusive } = range;
  return {
    status: 206,
    headers: {
      "content-length": endInclusive - start + 1,
      "content-range": `bytes ${start}-${endInclusive}/${bytes}`,
    },
  };
}

/** Whether the client has the content already (RFC 9110, 13.2.2). */
function isKnown(
  { headers }: IncomingMessage,
  etag: string,
  modified: string,
): boolean {
  const tags = headers["if-none-match"];
  if (tags !== undefined) {
    return (
      tags.trim() === "*" ||
      tags.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag)
    );
  }
  const since = Date.parse(headers["if-modified-since"] ?? "");
  return !Number.isNaN(since) && Date.parse(modified) <= since;
}

/** A client that has a part of something else must get the whole. */
function mayBePart(
  { headers }: IncomingMessage,
  etag: string,
  modified: string,
): boolean {
  const condition = headers["if-range"];
  return (
    condition === undefined || condition === etag || condition === modified
  );
}

function fail(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  error: unknown,
): void {
  if (outgoing.headersSent || outgoing.destroyed) {
    outgoing.destroy();
    // Clients may go away at any time.
    if (!isAbort(error)) logFailure(error, { place: "media file" });
    return;
  }
  logFailure(error, {
    method: incoming.method,
    path: incoming.url?.slice(0, 300),
  });
  const { code, message, retryAfterSeconds } = toFailure(error);
  if (retryAfterSeconds !== undefined)
    outgoing.setHeader("retry-after", retryAfterSeconds);
  refuse(outgoing, ERROR_CODES[code].status, message);
}

function refuse(
  outgoing: ServerResponse,
  status: number,
  message: string,
): void {
  const body = JSON.stringify({ message });
  outgoing
    .writeHead(status, {
      "content-type": "application/json; charset=utf-8",
      "content-length": Buffer.byteLength(body),
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "content-security-policy": "sandbox; default-src 'none'",
    })
    .end(body);
}

function notFound(message: string): AppError {
  return new AppError("not_found", message);
}

function isAbort(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return code === "ERR_STREAM_PREMATURE_CLOSE" || code === "ECONNRESET";
}
