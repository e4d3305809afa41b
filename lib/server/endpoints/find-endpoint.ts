import "server-only";

import { z } from "zod";

import type { Endpoint } from "@/lib/domain/endpoint";
import { AppError } from "@/lib/domain/errors";
import type { EndpointChoice } from "@/lib/domain/remote-media";
import { requireRole, type Context } from "@/lib/server/context";

import { selectEndpoints } from "./store";

const idSchema = z.uuid();

/** All endpoints by name, never with a secret. Role: admin. */
export async function listEndpoints(ctx: Context): Promise<Endpoint[]> {
  requireRole(ctx, "admin");
  return selectEndpoints(ctx);
}

/**
 * One endpoint, never with its secret. Role: admin.
 *
 * @throws {AppError} `not_found` for an unknown id and for one of another tenant.
 */
export async function getEndpoint(ctx: Context, id: string): Promise<Endpoint> {
  requireRole(ctx, "admin");
  const [endpoint] = idSchema.safeParse(id).success
    ? await selectEndpoints(ctx, id)
    : [];
  if (!endpoint) throw noSuchEndpoint();
  return endpoint;
}

/** Where links may be sent, by name: what everybody of the tenant may know. Role: viewer. */
export async function listEndpointChoices(
  ctx: Context,
): Promise<EndpointChoice[]> {
  requireRole(ctx, "viewer");
  return (await selectEndpoints(ctx)).map(toChoice);
}

/**
 * One of them. Role: viewer.
 *
 * @throws {AppError} `not_found` for an unknown id and for one of another tenant.
 */
export async function findEndpointChoice(
  ctx: Context,
  id: string,
): Promise<EndpointChoice> {
  requireRole(ctx, "viewer");
  const [endpoint] = idSchema.safeParse(id).success
    ? await selectEndpoints(ctx, id)
    : [];
  if (!endpoint) throw noSuchEndpoint();
  return toChoice(endpoint);
}

function toChoice({ id, name, url }: Endpoint): EndpointChoice {
  return { id, name, host: new URL(url).host };
}

export function noSuchEndpoint(): AppError {
  return new AppError(
    "not_found",
    "There is no such endpoint; it may have been deleted. Go back to the list of endpoints.",
  );
}
