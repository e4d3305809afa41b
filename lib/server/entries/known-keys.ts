import "server-only";

import { z } from "zod";

import { KNOWN_KEYS_ASKED_MAX } from "@/lib/domain/entry";
import { AppError } from "@/lib/domain/errors";
import { isEntryKey } from "@/lib/domain/identifiers";
import { requireRole, type Context } from "@/lib/server/context";

import { selectKnownKeys } from "./entry-store";

/**
 * Those of the texts that are keys of entries; an unknown source has none.
 * Texts that can be no key are passed over. Role: viewer.
 *
 * @throws {AppError} `invalid_input` for more than 200 texts.
 */
export async function findKnownKeys(
  ctx: Context,
  sourceId: string,
  texts: string[],
): Promise<{ keys: string[] }> {
  requireRole(ctx, "viewer");
  if (texts.length > KNOWN_KEYS_ASKED_MAX) {
    throw new AppError(
      "invalid_input",
      `Ask for at most ${KNOWN_KEYS_ASKED_MAX} keys at once.`,
    );
  }
  const wanted = texts.filter(isEntryKey);
  if (wanted.length === 0 || !z.uuid().safeParse(sourceId).success)
    return { keys: [] };
  return {
    keys: await selectKnownKeys(ctx.db, ctx.tenantId, sourceId, wanted),
  };
}
