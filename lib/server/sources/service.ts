import "server-only";

import { randomUUID } from "node:crypto";

import { z } from "zod";

import { AppError, parseInput } from "@/lib/domain/errors";
import {
  sourceEditSchema,
  sourceInputSchema,
  type Source,
  type SourceEdit,
  type SourceInput,
  type SourceProperty,
} from "@/lib/domain/source";
import { requireRole, withDb, type Context } from "@/lib/server/context";
import { recordAudit } from "@/lib/server/db/audit";

import {
  clearSource,
  insertRemoteSources,
  insertSource,
  removeSource,
  selectByIdentifier,
  selectProperties,
  selectSources,
  updateSource,
} from "./store";

const idSchema = z.uuid();

/** All sources by name, with exact entry counts and the providers that may push. Role: viewer. */
export async function listSources(ctx: Context): Promise<Source[]> {
  requireRole(ctx, "viewer");
  return selectSources(ctx);
}

/** The same without remote sources: those that a provider can be allowed. Role: viewer. */
export async function listOwnSources(ctx: Context): Promise<Source[]> {
  const sources = await listSources(ctx);
  return sources.filter(({ endpoint }) => endpoint === null);
}

/**
 * One source. Role: viewer.
 *
 * @throws {AppError} `not_found` for an unknown id and for one of another tenant.
 */
export async function getSource(ctx: Context, id: string): Promise<Source> {
  requireRole(ctx, "viewer");
  const [source] = idSchema.safeParse(id).success
    ? await selectSources(ctx, id)
    : [];
  if (!source) throw noSuchSource();
  return source;
}

/**
 * The source an identifier names, without regard to case (contract 6). Any
 * actor may ask: what a provider may do with it is checked by source.
 */
export async function findSourceByIdentifier(
  ctx: Context,
  identifier: string,
): Promise<{ id: string; identifier: string } | undefined> {
  const found = await selectByIdentifier(ctx, identifier);
  return found && { id: found.id, identifier: found.identifier };
}

/**
 * What a source has seen, by property id. Counts are exact. A property that no
 * entry has any more stays, with 0 entries. Role: viewer.
 *
 * @throws {AppError} `not_found`
 */
export async function listProperties(
  ctx: Context,
  sourceId: string,
): Promise<SourceProperty[]> {
  await getSource(ctx, sourceId);
  return selectProperties(ctx, sourceId);
}

/**
 * Creates a source, its counters and its audit row, or none of them. Role: editor.
 *
 * @throws {AppError} `conflict` when the tenant uses the identifier in any case.
 */
export async function createSource(
  ctx: Context,
  input: SourceInput,
): Promise<Source> {
  requireRole(ctx, "editor");
  const checked = parseInput(sourceInputSchema, input);
  return ctx.db.transaction(async (db) => {
    const tx = withDb(ctx, db);
    const id = randomUUID();
    if (!(await insertSource(tx, id, checked))) {
      throw await identifierTaken(tx, checked.identifier);
    }
    await recordAudit(tx, "source.created", id, {
      identifier: checked.identifier,
      name: checked.name,
    });
    return getSource(tx, id);
  });
}

/**
 * Makes sure that an endpoint has a remote source for each identifier. Call it
 * in the transaction of the endpoint's change. Role: admin.
 */
export async function addRemoteSources(
  ctx: Context,
  endpointId: string,
  identifiers: readonly string[],
): Promise<void> {
  requireRole(ctx, "admin");
  if (identifiers.length === 0) return;
  const sources = identifiers.map((identifier) => ({
    ...{ id: randomUUID(), identifier },
  }));
  const made = await insertRemoteSources(ctx, endpointId, sources);
  for (const { id, identifier } of made) {
    await recordAudit(ctx, "source.created", id, { identifier, endpointId });
  }
}

/** Removes a source with all that names it, without asking. Role: admin. */
export async function dropSource(ctx: Context, id: string): Promise<void> {
  requireRole(ctx, "admin");
  await removeSource(ctx, id);
}

/**
 * Changes name, origin system and description; the identifier stays for good.
 * Role: editor.
 *
 * @throws {AppError} `not_found`
 */
export async function editSource(
  ctx: Context,
  id: string,
  edit: SourceEdit,
): Promise<Source> {
  requireRole(ctx, "editor");
  const checked = parseInput(sourceEditSchema, edit);
  return ctx.db.transaction(async (db) => {
    const tx = withDb(ctx, db);
    await getSource(tx, id);
    if (!(await updateSource(tx, id, checked))) throw noSuchSource();
    await recordAudit(tx, "source.edited", id, checked);
    return getSource(tx, id);
  });
}

/**
 * Removes all entries of a source; its properties stay known with 0 entries,
 * its import log stays, unfinished import runs are cancelled. Answers how many
 * entries went. Imports wait meanwhile. `confirmation` is the identifier as the
 * person typed it. Role: editor.
 *
 * @throws {AppError} `not_found`; `invalid_input` when the confirmation differs.
 */
export async function emptySource(
  ctx: Context,
  id: string,
  confirmation: string,
): Promise<{ removed: number }> {
  requireRole(ctx, "editor");
  return ctx.db.transaction(async (db) => {
    const tx = withDb(ctx, db);
    const source = await getSource(tx, id);
    requireConfirmation(source, confirmation);
    if (source.endpoint !== null) {
      throw new AppError(
        "conflict",
        `The entries of a remote source are kept by ${source.endpoint.name}, which has no way to remove them all. Import a list of keys with a delete column instead.`,
      );
    }
    const removed = await clearSource(tx, id);
    await recordAudit(tx, "source.emptied", id, {
      identifier: source.identifier,
      removed,
    });
    return { removed };
  });
}

/**
 * Removes a source with its entries, properties, import log, runs and the
 * providers' right to push to it; the audit log stays. `confirmation` is the
 * identifier as the person typed it. Role: admin, for the runs and the log
 * cannot be imported again.
 *
 * @throws {AppError} `not_found`; `invalid_input` when the confirmation differs.
 */
export async function deleteSource(
  ctx: Context,
  id: string,
  confirmation: string,
): Promise<{ removed: number }> {
  requireRole(ctx, "admin");
  return ctx.db.transaction(async (db) => {
    const tx = withDb(ctx, db);
    const source = await getSource(tx, id);
    requireConfirmation(source, confirmation);
    const removed = await removeSource(tx, id);
    if (removed === undefined) throw noSuchSource();
    await recordAudit(tx, "source.deleted", id, {
      identifier: source.identifier,
      name: source.name,
      removed,
    });
    return { removed };
  });
}

function noSuchSource(): AppError {
  return new AppError(
    "not_found",
    "There is no such source; it may have been deleted. Go back to the list of sources.",
  );
}

async function identifierTaken(
  ctx: Context,
  identifier: string,
): Promise<AppError> {
  const holder = await selectByIdentifier(ctx, identifier);
  const by = holder ? ` by the source “${holder.name}”` : "";
  const message = `The identifier ${identifier} is already used${by}. Choose another one; upper and lower case count as the same.`;
  return new AppError("conflict", message, { fields: { identifier: message } });
}

function requireConfirmation(source: Source, confirmation: string): void {
  if (confirmation === source.identifier) return;
  throw new AppError(
    "invalid_input",
    `To confirm, type the source's identifier exactly as it stands: ${source.identifier}`,
  );
}
