import "server-only";

import { randomUUID } from "node:crypto";

import {
  endpointInputSchema,
  endpointOrigin,
  type Endpoint,
  type EndpointInput,
} from "@/lib/domain/endpoint";
import { AppError, parseInput } from "@/lib/domain/errors";
import { requireRole, withDb, type Context } from "@/lib/server/context";
import { recordAudit } from "@/lib/server/db/audit";
import { addRemoteSources, dropSource } from "@/lib/server/sources/service";

import { appOutbound } from "@/lib/server/outbound/app-outbound";
import type { EndpointHosts } from "@/lib/server/outbound/endpoint-hosts";

import { forgetClients } from "./app-clients";
import { getEndpoint, noSuchEndpoint } from "./find-endpoint";
import { sealSecret } from "./seal";
import {
  holdEndpoints,
  insertEndpoint,
  lockEndpoint,
  removeEndpoint,
  updateEndpoint,
  type SealedSecret,
} from "./store";

export { remoteClientOf } from "./app-clients";
export { backoffMs } from "./backoff";
export { endpointJob } from "./endpoint-job";
export {
  findEndpointChoice,
  getEndpoint,
  listEndpointChoices,
  listEndpoints,
} from "./find-endpoint";
export {
  endHostRest,
  giveUpProbe,
  HOST_RESTS,
  mayAskHost,
  noteHostAnswered,
  noteHostFailed,
} from "./host-breaker";
export type { EndpointClient, RemoteClient } from "./remote-client";
export {
  deleteRemoteFile,
  findRemoteFiles,
  getRemoteUpload,
  putLinks,
  type LinkForEndpoint,
  type PartialAnswer,
  type RemoteFileInfo,
  type RemoteUpload,
  type Told,
} from "./remote-media";
export { rotateSealKeys } from "./rotate-keys";
export { testEndpoint } from "./test-endpoint";

/** Shown, so that people can tell two secrets apart; short ones show nothing. */
const END_CHARS = 4;
const SHORT_SECRET_CHARS = 12;

/**
 * Stores an endpoint, its secret sealed, and its remote sources. Role: admin.
 *
 * @throws {AppError} `invalid_input`, also for a host that the operator does not allow.
 */
export async function createEndpoint(
  ctx: Context,
  input: EndpointInput,
  hosts: EndpointHosts = appOutbound().endpointHosts,
): Promise<Endpoint> {
  requireRole(ctx, "admin");
  const values = parseInput(endpointInputSchema, input);
  requireAllowedHost(values, hosts);
  return ctx.db.transaction(async (db) => {
    const tx = withDb(ctx, db);
    const id = randomUUID();
    await holdEndpoints(tx);
    await insertEndpoint(tx, id, values, seal(ctx, id, values) ?? null);
    await addRemoteSources(tx, id, values.sources);
    await recordAudit(tx, "endpoint.created", id, auditOf(values));
    return getEndpoint(tx, id);
  });
}

/**
 * Changes an endpoint. Without a new secret the stored one stays, but for an
 * address with another scheme, host or port it is dropped: nobody can have a
 * secret sent elsewhere without knowing it. Sources are added; to remove one,
 * delete it on its own page. Role: admin.
 *
 * @throws {AppError} `not_found`, `invalid_input`
 */
export async function editEndpoint(
  ctx: Context,
  id: string,
  input: EndpointInput,
  hosts: EndpointHosts = appOutbound().endpointHosts,
): Promise<Endpoint> {
  requireRole(ctx, "admin");
  const values = parseInput(endpointInputSchema, input);
  requireAllowedHost(values, hosts);
  const edited = await ctx.db.transaction(async (db) => {
    const tx = withDb(ctx, db);
    await getEndpoint(tx, id);
    await holdEndpoints(tx);
    const before = await lockEndpoint(tx, id);
    if (!before) throw noSuchEndpoint();
    const isElsewhere =
      endpointOrigin(before.url) !== endpointOrigin(values.url);
    const secret = seal(ctx, id, values) ?? (isElsewhere ? null : undefined);
    await updateEndpoint(tx, id, values, secret);
    await addRemoteSources(tx, id, values.sources);
    await recordAudit(tx, "endpoint.edited", id, {
      ...auditOf(values),
      secret: secret === undefined ? "kept" : secret ? "replaced" : "dropped",
    });
    return getEndpoint(tx, id);
  });
  forgetClients(id);
  return edited;
}

/**
 * Removes an endpoint with its secret, its remote sources and what this Studio
 * knows of them; nothing changes on the other side. `confirmation` is the name
 * as the person typed it. Role: admin.
 *
 * @throws {AppError} `not_found`; `invalid_input` when the confirmation differs.
 */
export async function deleteEndpoint(
  ctx: Context,
  id: string,
  confirmation: string,
): Promise<void> {
  requireRole(ctx, "admin");
  await ctx.db.transaction(async (db) => {
    const tx = withDb(ctx, db);
    const { name, url, sources } = await getEndpoint(tx, id);
    if (confirmation !== name) {
      throw new AppError(
        "invalid_input",
        `To confirm, type the endpoint's name exactly as it stands: ${name}`,
      );
    }
    for (const source of sources) await dropSource(tx, source.id);
    await removeEndpoint(tx, id);
    await recordAudit(tx, "endpoint.deleted", id, {
      ...{ name, url },
      sources: sources.map(({ identifier }) => identifier),
    });
  });
  forgetClients(id);
}

/** Of those that the operator named; requests are checked as well, for the list may change. */
function requireAllowedHost(
  { url }: EndpointInput,
  hosts: EndpointHosts,
): void {
  if (hosts.allows(new URL(url))) return;
  const sentence = `The operator of this Studio does not allow endpoints at ${new URL(url).hostname}. Use an address at an allowed host, or have this one added to ENDPOINT_HOSTS.`;
  throw new AppError("invalid_input", sentence, { fields: { url: sentence } });
}

function seal(
  { tenantId }: Context,
  endpointId: string,
  { url, secret }: EndpointInput,
): SealedSecret | undefined {
  if (secret === undefined) return undefined;
  const origin = endpointOrigin(url);
  const isLong = secret.length >= SHORT_SECRET_CHARS;
  return {
    sealed: sealSecret(secret, { tenantId, endpointId, origin }),
    end: isLong ? [...secret].slice(-END_CHARS).join("") : "",
  };
}

/** For the audit log: everything but the secret. */
function auditOf({ name, url, providerId, sources }: EndpointInput) {
  return { name, url, providerId, sources };
}
