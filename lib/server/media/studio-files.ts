import "server-only";

import { z } from "zod";

import type { TakenFile } from "@/lib/domain/link-plan";
import type { MediaFile } from "@/lib/domain/media";
import type { Context } from "@/lib/server/context";

import {
  cancelRemoteFiles,
  findRemoteFile,
  findTakenThere,
  retryRemoteFiles,
} from "./remote/service";
import {
  cancelMediaFiles,
  findByIdentifiers,
  getMediaFile,
  retryMediaFiles,
} from "./service";

/**
 * What the Studio's own pages ask for: files of this Studio and those that it
 * sent to endpoints. The ingest API knows the former alone.
 */

/**
 * @throws {AppError} `not_found` like `getMediaFile`; `forbidden` below viewer.
 */
export async function getStudioFile(
  ctx: Context,
  id: string,
): Promise<MediaFile> {
  const isId = z.uuid().safeParse(id).success;
  const remote = isId ? await findRemoteFile(ctx, id) : undefined;
  return remote ?? getMediaFile(ctx, id);
}

/**
 * Has failed and cancelled links fetched or sent again, and gives how many.
 *
 * @throws {AppError} `forbidden` below editor.
 */
export async function retryStudioFiles(
  ctx: Context,
  ids: string[],
): Promise<number> {
  const here = await retryMediaFiles(ctx, ids);
  return here.length + (await retryRemoteFiles(ctx, ids));
}

/**
 * Ends open links, here and at endpoints, and gives how many.
 *
 * @throws {AppError} `forbidden` below editor.
 */
export async function cancelStudioFiles(
  ctx: Context,
  ids: string[],
): Promise<number> {
  const here = await cancelMediaFiles(ctx, ids);
  return here.length + (await cancelRemoteFiles(ctx, ids));
}

/**
 * Which of the identifiers are taken, here or at the endpoint.
 *
 * @throws {AppError} as `findTakenThere`
 */
export async function findTakenFiles(
  ctx: Context,
  identifiers: readonly string[],
  endpointId: string | null,
): Promise<[identifier: string, file: TakenFile][]> {
  const found =
    endpointId === null
      ? await findByIdentifiers(ctx, identifiers)
      : await findTakenThere(ctx, endpointId, identifiers);
  return [...found].map(([identifier, { id, filename, publicUrl }]) => [
    identifier,
    { id, filename, publicUrl },
  ]);
}
