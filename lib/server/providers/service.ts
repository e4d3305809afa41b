import "server-only";

import { randomUUID } from "node:crypto";

import { z } from "zod";

import { AppError, parseInput } from "@/lib/domain/errors";
import {
  LIVE_SECRETS_MAX,
  providerInputSchema,
  type Provider,
  type ProviderInput,
  type ProviderWithSecret,
} from "@/lib/domain/provider";
import { requireRole, withDb, type Context } from "@/lib/server/context";
import { recordAudit } from "@/lib/server/db/audit";
import { forgetVerifiedTokens } from "@/lib/server/tokens/verified-tokens";

import { isSecret, makeSecret, matchSecret } from "./secret";
import {
  insertProvider,
  insertSecret,
  lockProvider,
  removeProvider,
  removeSecret,
  replaceGrants,
  selectCredentials,
  selectProviders,
  updateProviderName,
} from "./store";

const idSchema = z.uuid();
// Exactly as it was given out: no other case, no blanks.
const SENT_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** All providers by name, never with a secret. Role: viewer. */
export async function listProviders(ctx: Context): Promise<Provider[]> {
  requireRole(ctx, "viewer");
  return selectProviders(ctx);
}

/**
 * One provider, never with a secret. Role: viewer.
 *
 * @throws {AppError} `not_found` for an unknown id and for one of another tenant.
 */
export async function getProvider(ctx: Context, id: string): Promise<Provider> {
  requireRole(ctx, "viewer");
  const [provider] = idSchema.safeParse(id).success
    ? await selectProviders(ctx, id)
    : [];
  if (!provider) throw noSuchProvider();
  return provider;
}

/**
 * Creates a provider with its first secret. The secret is in this answer and
 * nowhere else. Role: admin.
 *
 * @throws {AppError} `invalid_input` when a source is not known.
 */
export async function createProvider(
  ctx: Context,
  input: ProviderInput,
): Promise<ProviderWithSecret> {
  requireRole(ctx, "admin");
  const { name, sourceIds } = parseInput(providerInputSchema, input);
  return ctx.db.transaction(async (db) => {
    const tx = withDb(ctx, db);
    const id = randomUUID();
    await insertProvider(tx, id, name);
    await grant(tx, id, sourceIds);
    await recordAudit(tx, "provider.created", id, { name, sourceIds });
    return storeSecret(tx, id);
  });
}

/**
 * Changes name and allowed sources. A source taken away is refused from the
 * next import on, also to tokens already given out. Role: admin.
 *
 * @throws {AppError} `not_found`; `invalid_input` when a source is not known.
 */
export async function editProvider(
  ctx: Context,
  id: string,
  input: ProviderInput,
): Promise<Provider> {
  requireRole(ctx, "admin");
  const { name, sourceIds } = parseInput(providerInputSchema, input);
  return changeProvider(ctx, id, async (tx) => {
    await updateProviderName(tx, id, name);
    await grant(tx, id, sourceIds);
    await recordAudit(tx, "provider.edited", id, { name, sourceIds });
    return getProvider(tx, id);
  });
}

/**
 * Deletes a provider and ends all its tokens. Its imports stay in the log.
 * Role: admin.
 *
 * @throws {AppError} `not_found`
 */
export async function deleteProvider(ctx: Context, id: string): Promise<void> {
  requireRole(ctx, "admin");
  await changeProvider(ctx, id, async (tx, { name }) => {
    await removeProvider(tx, id);
    await recordAudit(tx, "provider.deleted", id, { name });
  });
}

/**
 * Adds a second secret beside the first, which stays valid. Role: admin.
 *
 * @throws {AppError} `not_found`; `conflict` when two are live already.
 */
export async function addSecret(
  ctx: Context,
  id: string,
): Promise<ProviderWithSecret> {
  requireRole(ctx, "admin");
  return changeProvider(ctx, id, async (tx, { secrets }) => {
    if (secrets.length >= LIVE_SECRETS_MAX) {
      throw new AppError(
        "conflict",
        `This provider has ${LIVE_SECRETS_MAX} live secrets already. Revoke one of them first.`,
      );
    }
    await recordAudit(tx, "provider.secret_added", id);
    return storeSecret(tx, id);
  });
}

/**
 * Adds a secret; when two are live, the older one and its tokens end. So the
 * newest before it keeps working until the next rotation. Role: admin.
 *
 * @throws {AppError} `not_found`
 */
export async function rotateProvider(
  ctx: Context,
  id: string,
): Promise<ProviderWithSecret> {
  requireRole(ctx, "admin");
  return changeProvider(ctx, id, async (tx, { secrets }) => {
    const dropped = secrets.slice(0, secrets.length - (LIVE_SECRETS_MAX - 1));
    if (secrets.length >= LIVE_SECRETS_MAX) {
      for (const secret of dropped) await removeSecret(tx, id, secret.id);
    }
    await recordAudit(tx, "provider.secret_rotated", id);
    return storeSecret(tx, id);
  });
}

/**
 * Ends one secret and, at once, the tokens made from it; those of the other
 * secret go on. Role: admin.
 *
 * @throws {AppError} `not_found`
 */
export async function revokeSecret(
  ctx: Context,
  id: string,
  secretId: string,
): Promise<Provider> {
  requireRole(ctx, "admin");
  return changeProvider(ctx, id, async (tx, { secrets }) => {
    if (!secrets.some((secret) => secret.id === secretId)) {
      throw new AppError(
        "not_found",
        "There is no such secret; it may have been revoked already. Reload the page.",
      );
    }
    await removeSecret(tx, id, secretId);
    await recordAudit(tx, "provider.secret_revoked", id, { secretId });
    return getProvider(tx, id);
  });
}

/**
 * The provider and secret that credentials name, or undefined: for an unknown
 * id, a wrong secret, a malformed one. Needs no context: it is what makes one.
 */
export async function checkCredentials(
  db: Context["db"],
  credentials: { id: string; secret: string },
): Promise<
  { tenantId: string; providerId: string; secretId: string } | undefined
> {
  const { id, secret } = credentials;
  const isId = SENT_ID.test(id);
  if (!isSecret(secret)) return undefined;
  const stored = isId ? await selectCredentials(db, id) : [];
  const match = matchSecret(secret, stored);
  return match && { ...match, secretId: match.id };
}

async function changeProvider<T>(
  ctx: Context,
  id: string,
  change: (tx: Context, before: Provider) => Promise<T>,
): Promise<T> {
  if (!idSchema.safeParse(id).success) throw noSuchProvider();
  const changed = await ctx.db.transaction(async (db) => {
    const tx = withDb(ctx, db);
    if (!(await lockProvider(tx, id))) throw noSuchProvider();
    return change(tx, await getProvider(tx, id));
  });
  forgetVerifiedTokens(id);
  return changed;
}

async function grant(
  tx: Context,
  id: string,
  sourceIds: string[],
): Promise<void> {
  const wanted = new Set(sourceIds);
  if ((await replaceGrants(tx, id, [...wanted])) < wanted.size) {
    throw new AppError("invalid_input", "Some values are not valid.", {
      fields: {
        sourceIds:
          "One of the sources is gone, or is not kept here. Reload the page and choose again.",
      },
    });
  }
}

async function storeSecret(
  tx: Context,
  id: string,
): Promise<ProviderWithSecret> {
  const { secret, record } = makeSecret();
  await insertSecret(tx, id, randomUUID(), record);
  return { provider: await getProvider(tx, id), secret };
}

function noSuchProvider(): AppError {
  return new AppError(
    "not_found",
    "There is no such provider; it may have been deleted. Go back to the list of providers.",
  );
}
