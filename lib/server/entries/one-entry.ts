import "server-only";

import { z } from "zod";

import type { Entry, EntryValue } from "@/lib/domain/entry";
import { AppError } from "@/lib/domain/errors";
import { isEntryKey, splitValueName } from "@/lib/domain/identifiers";
import { requireRole, type Context } from "@/lib/server/context";

import { selectEntry, type StoredEntry } from "./entry-store";

/**
 * One entry with all its values, by property id and language, and when each
 * last changed: for a value that never did, when the entry was created.
 * Role: viewer.
 *
 * @throws {AppError} `not_found` for an unknown key or source, and for one of another tenant.
 */
export async function getEntry(
  ctx: Context,
  sourceId: string,
  key: string,
): Promise<Entry> {
  requireRole(ctx, "viewer");
  const stored =
    z.uuid().safeParse(sourceId).success && isEntryKey(key)
      ? await selectEntry(ctx.db, ctx.tenantId, sourceId, key)
      : undefined;
  if (!stored) throw noSuchEntry();
  return {
    key: stored.key,
    createdAt: stored.created_at.toISOString(),
    updatedAt: stored.updated_at.toISOString(),
    version: stored.version,
    values: entryValues(stored),
  };
}

function entryValues(stored: StoredEntry): EntryValue[] {
  const times = new Map(Object.entries(stored.changed_at));
  const created = stored.created_at.getTime();
  return Object.entries(stored.properties)
    .map(([name, value]) => ({
      ...splitValueName(name),
      value,
      changedAt: new Date(
        times.get(name) ?? times.get("*") ?? created,
      ).toISOString(),
    }))
    .sort(
      (a, b) =>
        inByteOrder(a.id, b.id) ||
        inByteOrder(a.language ?? "", b.language ?? ""),
    );
}

function inByteOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function noSuchEntry(): AppError {
  return new AppError(
    "not_found",
    "There is no entry with this key; it may have been deleted. Go back to the list of entries.",
  );
}
