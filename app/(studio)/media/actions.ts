"use server";

import { z } from "zod";

import { parseInput } from "@/lib/domain/errors";
import {
  linkBatchSchema,
  mediaIdsSchema,
  type LinkBatch,
  type RefusedLink,
} from "@/lib/domain/media-page";
import type { ActionResult } from "@/lib/domain/result";
import { runAction } from "@/lib/server/action";
import { deleteMediaFile } from "@/lib/server/media/service";
import {
  cancelStudioFiles,
  retryStudioFiles,
} from "@/lib/server/media/studio-files";
import { submitBatch } from "@/lib/server/media/submission";

const fileIdSchema = z.uuid();

export async function sendLinksAction(
  batch: LinkBatch,
): Promise<ActionResult<{ refused: RefusedLink[] }>> {
  return runAction((ctx) =>
    submitBatch(ctx, parseInput(linkBatchSchema, batch)),
  );
}

export async function deleteFileAction(
  fileId: string,
): Promise<ActionResult<null>> {
  return runAction(async (ctx) => {
    await deleteMediaFile(ctx, parseInput(fileIdSchema, fileId));
    return null;
  });
}

export async function retryFilesAction(
  fileIds: string[],
): Promise<ActionResult<{ files: number }>> {
  return runAction(async (ctx) => {
    const ids = parseInput(mediaIdsSchema, fileIds);
    return { files: await retryStudioFiles(ctx, ids) };
  });
}

export async function cancelFilesAction(
  fileIds: string[],
): Promise<ActionResult<{ files: number }>> {
  return runAction(async (ctx) => {
    const ids = parseInput(mediaIdsSchema, fileIds);
    return { files: await cancelStudioFiles(ctx, ids) };
  });
}
