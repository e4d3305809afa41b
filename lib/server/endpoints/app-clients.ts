import "server-only";

import { endpointOrigin } from "@/lib/domain/endpoint";
import { AppError } from "@/lib/domain/errors";
import type { Context } from "@/lib/server/context";

import { createRemoteClient, type EndpointClient } from "./remote-client";
import { openSecret } from "./seal";
import { selectSealed } from "./store";

type Kept = { signature: string; client: EndpointClient };

// Next loads modules several times in a process; tokens are fetched once in it.
const shared = globalThis as { remoteClients?: Map<string, Kept> };
const clients = (shared.remoteClients ??= new Map<string, Kept>());

/**
 * The client of an endpoint, with its token; a new one after a change of the
 * address or the credentials, also when another process made it.
 *
 * @throws {AppError} `not_found`; `conflict` when no secret is stored.
 */
export async function remoteClientOf(
  ctx: Pick<Context, "db" | "tenantId">,
  endpointId: string,
): Promise<EndpointClient> {
  const row = await selectSealed(ctx, endpointId);
  if (!row) {
    throw new AppError("not_found", "There is no such endpoint any more.");
  }
  const { url, provider_id: providerId, secret_sealed: sealed } = row;
  if (sealed === null) {
    throw new AppError(
      "conflict",
      "The endpoint has no secret. An administrator can enter it on the endpoint's page.",
    );
  }
  const signature = [ctx.tenantId, url, providerId, sealed].join(" ");
  const kept = clients.get(endpointId);
  if (kept?.signature === signature) return kept.client;

  const place = {
    ...{ tenantId: ctx.tenantId, endpointId },
    origin: endpointOrigin(url),
  };
  const client = createRemoteClient({
    ...{ baseUrl: url, providerId },
    secret: () => openSecret(sealed, place),
  });
  clients.set(endpointId, { signature, client });
  return client;
}

/** Lets go of a client and its token. */
export function forgetClients(endpointId: string): void {
  clients.delete(endpointId);
}
