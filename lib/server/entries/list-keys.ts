import "server-only";

import { isEntryKey } from "@/lib/domain/identifiers";
import { AppError } from "@/lib/domain/errors";
import {
  KEYS_PER_PAGE,
  SAMPLES_ASKED_MAX,
  type EntrySamples,
  type KeyPage,
} from "@/lib/domain/mirror";
import { requireRole, type Context } from "@/lib/server/context";

import {
  selectChangedKeys,
  selectKeysAfter,
  selectSamples,
  selectTime,
} from "./entry-store";

/**
 * A page of a source's keys in their order, 10,000 at most, with the time
 * before they were read. Not a snapshot over pages: an entry that is made or
 * deleted meanwhile may be on a page or not. Role: viewer. The caller has seen
 * that the source is there.
 *
 * @throws {AppError} `invalid_input` when `after` is no key.
 */
export async function listKeys(
  ctx: Context,
  sourceId: string,
  after: string | null,
): Promise<KeyPage> {
  requireRole(ctx, "viewer");
  if (after !== null && !isEntryKey(after)) {
    throw new AppError(
      "invalid_input",
      "The list of keys can go on only after a key. Begin at its beginning.",
    );
  }
  const at = await selectTime(ctx.db);
  const keys = await selectKeysAfter(ctx.db, ctx.tenantId, sourceId, {
    ...{ after: after ?? "", count: KEYS_PER_PAGE },
  });
  const next = keys.length === KEYS_PER_PAGE ? (keys.at(-1) ?? null) : null;
  return { keys, next, at: at.toISOString() };
}

/**
 * The beginnings of a few values of each of the keys that exist, to know an
 * entry again by. Role: viewer.
 *
 * @throws {AppError} `invalid_input` for more than 50 keys.
 */
export async function readSamples(
  ctx: Context,
  sourceId: string,
  keys: string[],
): Promise<EntrySamples> {
  requireRole(ctx, "viewer");
  if (keys.length > SAMPLES_ASKED_MAX) {
    throw new AppError(
      "invalid_input",
      `Ask for samples of at most ${SAMPLES_ASKED_MAX} entries at once.`,
    );
  }
  const wanted = keys.filter(isEntryKey);
  if (wanted.length === 0) return { samples: [] };
  return {
    samples: await selectSamples(ctx.db, ctx.tenantId, sourceId, wanted),
  };
}

/** Those of the keys whose entries were made or changed after a time. The caller checks who may know. */
export function findChangedKeys(
  ctx: Context,
  sourceId: string,
  keys: string[],
  since: string,
): Promise<string[]> {
  return selectChangedKeys(ctx.db, ctx.tenantId, sourceId, keys, since);
}
