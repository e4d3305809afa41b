import { z } from "zod";

import { AppError, ERROR_CODES } from "@/lib/domain/errors";
import type { ColumnMapping } from "@/lib/domain/mapping";
import {
  openSnapshotSchema,
  partsOf,
  recipeSnapshotSchema,
  SNAPSHOT_LIMITS,
} from "@/lib/domain/recipe-snapshot";
import type { FileMemory, LastFile } from "@/lib/importer/file-changes";
import { IMPORT_FAILURES } from "@/lib/wording/import-failures";

import { asAppError, getJson, postJson } from "./http";

const part = encodeURIComponent;

/**
 * What the recipe of a mapping remembers of its last accepted file. Undefined
 * without a recipe or a file, and when the server does not answer and nothing
 * depends on it.
 *
 * @throws {AppError} when the mapping leaves entities out by a snapshot that
 *   cannot be had.
 */
export async function readLastFile(
  mapping: ColumnMapping,
  signal: AbortSignal,
): Promise<LastFile | undefined> {
  const { recipe } = mapping;
  if (!recipe) return undefined;
  const pinned = recipe.onlyChangedSince;
  const path = `/api/recipes/${part(recipe.id)}/snapshot`;
  try {
    const snapshot = await getJson(
      pinned ? `${path}?id=${part(pinned)}` : path,
      z.nullable(recipeSnapshotSchema),
      signal,
    );
    if (snapshot) {
      const packed = await readParts(snapshot.id, snapshot.keys, signal);
      return { snapshot, packed };
    }
  } catch (error) {
    // Without a pin the comparison is news, no need.
    if (pinned || signal.aborted) throw error;
  }
  if (!pinned) return undefined;
  throw new AppError("conflict", IMPORT_FAILURES.lastFileForgotten);
}

/**
 * Keeps what a file was for the next file of its recipe. Too many keys are not
 * kept, and a recipe that is gone remembers nothing: neither stops an import.
 *
 * @throws {AppError} when the server is away.
 */
export async function keepMemory(
  runId: string,
  recipeId: string,
  { hashes, measures }: FileMemory,
): Promise<void> {
  if (hashes.isTooLarge) return;
  try {
    const opened = await postJson(
      `/api/import-runs/${part(runId)}/snapshot`,
      { recipeId, keys: hashes.size, measures },
      openSnapshotSchema,
    );
    if (!opened.isComplete) await sendParts(opened.id, hashes.pack());
  } catch (error) {
    const isAway =
      !(error instanceof AppError) ||
      ERROR_CODES[error.code].retryable ||
      error.code === "unauthenticated";
    if (isAway) throw error;
  }
}

async function readParts(
  snapshotId: string,
  keys: number,
  signal: AbortSignal,
): Promise<Uint32Array> {
  const bytes = new Uint8Array(keys * SNAPSHOT_LIMITS.keyBytes);
  let at = 0;
  for (let index = 0; index < partsOf(keys); index += 1) {
    const response = await fetch(partPath(snapshotId, index), { signal });
    if (!response.ok) throw await refusal(response);
    const read = new Uint8Array(await response.arrayBuffer());
    if (at + read.length > bytes.length) throw cutOff();
    bytes.set(read, at);
    at += read.length;
  }
  if (at !== bytes.length) throw cutOff();
  // Every machine that runs a browser keeps the low byte first.
  return new Uint32Array(bytes.buffer);
}

async function sendParts(
  snapshotId: string,
  packed: Uint32Array<ArrayBuffer>,
): Promise<void> {
  const bytes = new Uint8Array(packed.buffer);
  const size = SNAPSHOT_LIMITS.keysPerPart * SNAPSHOT_LIMITS.keyBytes;
  for (let index = 0; index * size < bytes.length; index += 1) {
    const response = await fetch(partPath(snapshotId, index), {
      method: "PUT",
      body: bytes.slice(index * size, (index + 1) * size),
      headers: { "content-type": "application/octet-stream" },
      redirect: "error",
    });
    if (!response.ok) throw await refusal(response);
    await response.arrayBuffer();
  }
}

function partPath(snapshotId: string, index: number): string {
  return `/api/recipe-snapshots/${part(snapshotId)}/parts/${index}`;
}

async function refusal(response: Response): Promise<AppError> {
  return asAppError(response, await response.json().catch(() => undefined));
}

function cutOff(): AppError {
  return new AppError("unavailable", IMPORT_FAILURES.answerCutOff);
}
