import "server-only";

import { randomUUID } from "node:crypto";

import { AppError } from "@/lib/domain/errors";
import { MEDIA_LIMITS } from "@/lib/domain/limits";
import {
  readUploadMetadata,
  writeUploadMetadata,
} from "@/lib/domain/upload-metadata";
import { withDb, type Context } from "@/lib/server/context";
import { env } from "@/lib/server/env";
import { requireMediaRole } from "@/lib/server/media/media-access";

import { finishUpload, uploadNotFound, type UploadDeps } from "./finish-upload";
import { findUpload, receiveChunk } from "./receive-chunk";
import {
  readUploadLength,
  speaksVersion,
  TUS_EXTENSIONS,
  TUS_VERSION,
} from "./upload-request";
import { enterUpload } from "./upload-gate";
import {
  deleteParts,
  deleteUnfinished,
  insertUpload,
  selectUpload,
  type Upload,
  type UploadPlace,
} from "./upload-store";

const HOUR_MS = 3_600_000;
const CREATE_TRIES_MAX = 3;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** One request of the protocol, already known to come from `ctx`. */
export type UploadCall = {
  ctx: Context;
  request: Request;
  /** The body, where the server has a faster way to it than the request's own. */
  body?: AsyncIterable<Uint8Array> | undefined;
  /** Where uploads are made, without a slash at its end: with the id it is `Location`. */
  baseUrl: string;
  /** From the path; undefined where uploads are made. */
  id?: string | undefined;
};

/** Never with a body. */
export type UploadAnswer = { status: number; headers: Record<string, string> };

/** Methods of the two paths of the protocol, as `Allow` lists them. */
export const UPLOADS_METHODS = "POST, OPTIONS";
export const UPLOAD_METHODS = "HEAD, PATCH, DELETE, OPTIONS";

/** What every answer of the protocol carries, refusals too. */
export const UPLOAD_HEADERS: Record<string, string> = {
  "tus-resumable": TUS_VERSION,
  "tus-version": TUS_VERSION,
};

/** The answer to OPTIONS, which anybody may ask. */
export function describeUploads(): UploadAnswer {
  return {
    status: 204,
    headers: {
      "tus-extension": TUS_EXTENSIONS,
      "tus-max-size": String(env().MEDIA_FILE_BYTES_MAX),
    },
  };
}

/**
 * Answers one request of tus 1.0.0. The id of an upload is the id of the media
 * file it becomes; the last chunk is answered once that is complete. No failure
 * has `Upload-Offset`: clients would go on from it (contract 7).
 *
 * @throws {AppError} `precondition_failed` for another version, `forbidden`, and
 *   what the methods' functions throw.
 */
export function answerUpload(
  deps: Omit<UploadDeps, "db">,
  call: UploadCall,
): Promise<UploadAnswer> {
  const { ctx, request, id } = call;
  requireMediaRole(ctx, "editor");
  if (!speaksVersion(request)) {
    throw new AppError(
      "precondition_failed",
      `Send the header Tus-Resumable: ${TUS_VERSION}. No other version is spoken here.`,
    );
  }
  const all: UploadDeps = { ...deps, db: ctx.db };
  if (id === undefined) return createUpload(all, call);
  // No id of ours looks different, and the database would refuse it.
  if (!UUID.test(id)) throw uploadNotFound();
  const place = { tenantId: ctx.tenantId, id: id.toLowerCase() };
  if (request.method === "PATCH") return patchUpload(all, place, call);
  if (request.method === "DELETE") return terminateUpload(all, place);
  return showUpload(all, place);
}

async function createUpload(
  { now }: UploadDeps,
  { ctx, request, baseUrl }: UploadCall,
): Promise<UploadAnswer> {
  const sizeBytes = readUploadLength(request, env().MEDIA_FILE_BYTES_MAX);
  const metadata = readUploadMetadata(request.headers.get("upload-metadata"));
  const id = randomUUID();
  const expiresAt = new Date(
    now().getTime() + MEDIA_LIMITS.uploadHoursMax * HOUR_MS,
  );
  const upload = { id, ...metadata, sizeBytes, expiresAt };
  let isMade = false;
  // Another create may come between; it is unfinished, so it gives way too.
  for (let tried = 0; tried < CREATE_TRIES_MAX && !isMade; tried += 1) {
    isMade = await ctx.db.transaction((tx) =>
      insertUpload(withDb(ctx, tx), upload),
    );
  }
  if (!isMade) {
    throw new AppError(
      "conflict",
      `A media file with the unique identifier ${JSON.stringify(metadata.uniqueIdentifier)} already exists. Delete it first, or send another identifier.`,
    );
  }
  return {
    status: 201,
    headers: {
      location: `${baseUrl}/${id}`,
      "upload-expires": expiresAt.toUTCString(),
    },
  };
}

async function patchUpload(
  deps: UploadDeps,
  place: UploadPlace,
  { ctx, request, body }: UploadCall,
): Promise<UploadAnswer> {
  const leave = enterUpload(ctx.actor.id);
  try {
    return progressOf(204, await receiveChunk(deps, place, { request, body }));
  } finally {
    leave();
  }
}

async function showUpload(
  deps: UploadDeps,
  place: UploadPlace,
): Promise<UploadAnswer> {
  const upload = await findUpload(deps, place);
  // All bytes mean "done" to who asks, so it has to be.
  if (upload.arrivedBytes === upload.sizeBytes) await finishUpload(deps, place);
  const { status, headers } = progressOf(200, upload);
  return {
    status,
    headers: {
      ...headers,
      "upload-length": String(upload.sizeBytes),
      "upload-metadata": writeUploadMetadata(upload),
    },
  };
}

/** Ends an upload and removes what arrived. */
async function terminateUpload(
  { db, store }: UploadDeps,
  place: UploadPlace,
): Promise<UploadAnswer> {
  if (!(await deleteUnfinished(db, place))) {
    if (!(await selectUpload(db, place))) throw uploadNotFound();
    throw new AppError(
      "conflict",
      "The upload is complete and is a media file now. Delete the file instead.",
    );
  }
  await store.remove(await deleteParts(db, place));
  return { status: 204, headers: {} };
}

function progressOf(status: number, upload: Upload): UploadAnswer {
  const { arrivedBytes, sizeBytes, expiresAt } = upload;
  const headers: Record<string, string> = {
    "upload-offset": String(arrivedBytes),
  };
  if (expiresAt && arrivedBytes < sizeBytes) {
    headers["upload-expires"] = expiresAt.toUTCString();
  }
  return { status, headers };
}
