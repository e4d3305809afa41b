import "server-only";

import { randomUUID } from "node:crypto";

import { z } from "zod";

import { AppError, parseInput } from "@/lib/domain/errors";
import {
  goneQuestionSchema,
  partsOf,
  SNAPSHOT_LIMITS,
  snapshotInputSchema,
  type OpenSnapshot,
  type GoneQuestion,
  type RecipeSnapshot,
  type SnapshotInput,
} from "@/lib/domain/recipe-snapshot";
import { TextHasher } from "@/lib/domain/text-hash";
import { requireRole, withDb, type Context } from "@/lib/server/context";
import { getRecipe } from "@/lib/server/recipes/service";

import {
  findDetails,
  findPart,
  findPlace,
  findSnapshot,
  openSnapshot,
  pruneSnapshots,
  selectKeys,
  writePart,
} from "./store";

const KEYS_PER_PAGE = 20_000;
/** Looking for names is a courtesy: it ends here. */
const LOOK_MS_MAX = 3_000;
const idSchema = z.uuid();

/** The most bytes that a part may have. */
export const PART_BYTES_MAX =
  SNAPSHOT_LIMITS.keysPerPart * SNAPSHOT_LIMITS.keyBytes;

/**
 * Begins the snapshot of a run's file for a recipe, or finds the one that was
 * begun: a run has one. It counts as the last accepted file when its parts are
 * all there and the run has finished; older ones are then removed with the next.
 *
 * @throws {AppError} `invalid_input`; `not_found` no such recipe or run;
 *   `conflict` they are of two sources, or the run was cancelled.
 */
export async function beginSnapshot(
  ctx: Context,
  runId: string,
  input: SnapshotInput,
): Promise<OpenSnapshot> {
  requireRole(ctx, "editor");
  const { recipeId, keys, measures } = parseInput(snapshotInputSchema, input);
  return ctx.db.transaction(async (tx) => {
    const inTx = withDb(ctx, tx);
    const place = isId(runId)
      ? await findPlace(inTx, recipeId, runId)
      : undefined;
    if (!place) {
      throw new AppError(
        "not_found",
        "There is no such import run or recipe. It may have been deleted meanwhile.",
      );
    }
    if (!place.isSameSource || place.status === "cancelled") {
      throw new AppError(
        "conflict",
        "The import run is not one that this recipe can remember.",
      );
    }
    await pruneSnapshots(inTx, recipeId);
    const opened = await openSnapshot(inTx, {
      ...{ id: randomUUID(), recipeId, runId, keys, measures },
      isComplete: keys === 0,
    });
    if (!opened) throw new Error("A snapshot was not written.");
    if (opened.keys !== keys) {
      throw new AppError(
        "conflict",
        "The import run is remembered with another number of entries.",
      );
    }
    return { id: opened.id, isComplete: opened.completedAt !== null };
  });
}

/**
 * Takes one part of a snapshot, from 0: `PART_BYTES_MAX` bytes, the last one
 * what is left. A part sent again takes the place of the first, until the
 * snapshot is whole.
 *
 * @throws {AppError} `not_found`; `invalid_input` a part that the snapshot does
 *   not have, or of another size.
 */
export async function putPart(
  ctx: Context,
  snapshotId: string,
  given: { part: number; bytes: Uint8Array },
): Promise<OpenSnapshot> {
  requireRole(ctx, "editor");
  const snapshot = isId(snapshotId)
    ? await findSnapshot(ctx, snapshotId)
    : undefined;
  if (!snapshot) throw noSuchSnapshot();
  if (snapshot.completedAt !== null)
    return { id: snapshotId, isComplete: true };
  const parts = partsOf(snapshot.keys);
  const { part, bytes } = given;
  const wanted = Math.min(
    PART_BYTES_MAX,
    snapshot.keys * SNAPSHOT_LIMITS.keyBytes - part * PART_BYTES_MAX,
  );
  if (part < 0 || part >= parts || bytes.length !== wanted) {
    throw new AppError(
      "invalid_input",
      `Part ${part} of this snapshot has ${Math.max(0, wanted)} bytes; ${bytes.length} were sent.`,
    );
  }
  return ctx.db.transaction(async (tx) => {
    const inTx = withDb(ctx, tx);
    await writePart(inTx, snapshotId, { part, bytes, parts });
    const after = await findSnapshot(inTx, snapshotId);
    return { id: snapshotId, isComplete: after?.completedAt != null };
  });
}

/** One part of a whole snapshot. @throws {AppError} `not_found`. */
export async function getPart(
  ctx: Context,
  snapshotId: string,
  part: number,
): Promise<Uint8Array> {
  requireRole(ctx, "editor");
  const bytes = isId(snapshotId)
    ? await findPart(ctx, snapshotId, part)
    : undefined;
  if (!bytes) throw noSuchSnapshot();
  return bytes;
}

/**
 * What the last accepted file of a recipe was; `null` when none is known. With
 * `snapshotId` that very one, for a run that is pinned to it.
 *
 * @throws {AppError} `not_found` no such recipe.
 */
export async function getSnapshot(
  ctx: Context,
  recipeId: string,
  snapshotId?: string,
): Promise<RecipeSnapshot | null> {
  requireRole(ctx, "editor");
  await getRecipe(ctx, recipeId);
  if (snapshotId !== undefined && !isId(snapshotId)) throw noSuchSnapshot();
  const asideMax = SNAPSHOT_LIMITS.asideMax;
  const found = await findDetails(ctx, recipeId, { snapshotId, asideMax });
  if (!found) return null;
  const { finishedAt, ...rest } = found;
  const isCurrent = found.isCurrent && found.aside.length <= asideMax;
  return { ...rest, isCurrent, at: finishedAt.toISOString() };
}

/**
 * Keys of the recipe's source by their hashes: the first in the order of the
 * keys. May be fewer than there are, for what is gone from the source too has
 * no name, and in a very large source not all is looked through.
 *
 * @throws {AppError} `invalid_input`; `not_found` no such recipe.
 */
export async function findKeysByHash(
  ctx: Context,
  recipeId: string,
  given: GoneQuestion["hashes"],
): Promise<string[]> {
  requireRole(ctx, "editor");
  const { hashes } = parseInput(goneQuestionSchema, { hashes: given });
  const { sourceId } = await getRecipe(ctx, recipeId);
  const wanted = new Map(hashes.map(([low, high]) => [low, high]));
  const hasher = new TextHasher();
  const found: string[] = [];
  const begun = performance.now();
  for (let after = ""; ;) {
    const page = { after, count: KEYS_PER_PAGE };
    const keys = await selectKeys(ctx, sourceId, page);
    for (const key of keys) {
      hasher.hash(key);
      if (wanted.get(hasher.low) !== hasher.high) continue;
      found.push(key);
      if (found.length >= SNAPSHOT_LIMITS.goneListedMax) return found;
    }
    after = keys.at(-1) ?? "";
    const isOver = performance.now() - begun > LOOK_MS_MAX;
    if (keys.length < KEYS_PER_PAGE || isOver) return found;
  }
}

function isId(id: string): boolean {
  return idSchema.safeParse(id).success;
}

function noSuchSnapshot(): AppError {
  return new AppError(
    "not_found",
    "What the last file held is no longer known. Check the file again.",
  );
}
