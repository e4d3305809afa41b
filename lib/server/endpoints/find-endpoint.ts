import "server-only";

import { z } from "zod";

import type { Endpoint } from "@/lib/domain/endpoint";
import { AppError } from "@/lib/domain/errors";
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

export function noSuchEndpoint(): AppError {
  return new AppError(
    "not_found",
    "There is no such endpoint; it may have been deleted. Go back to the list of endpoints.",
  );
}
