"use server";

import type {
  Endpoint,
  EndpointInput,
  EndpointTest,
} from "@/lib/domain/endpoint";
import type { ActionResult } from "@/lib/domain/result";
import { runAction } from "@/lib/server/action";
import {
  createEndpoint,
  deleteEndpoint,
  editEndpoint,
  testEndpoint,
} from "@/lib/server/endpoints/service";

export async function createEndpointAction(
  input: EndpointInput,
): Promise<ActionResult<Endpoint>> {
  return runAction((ctx) => createEndpoint(ctx, input));
}

export async function editEndpointAction(
  id: string,
  input: EndpointInput,
): Promise<ActionResult<Endpoint>> {
  return runAction((ctx) => editEndpoint(ctx, id, input));
}

export async function testEndpointAction(
  id: string,
): Promise<ActionResult<EndpointTest>> {
  return runAction((ctx) => testEndpoint(ctx, id));
}

export async function deleteEndpointAction(
  id: string,
  confirmation: string,
): Promise<ActionResult<null>> {
  return runAction(async (ctx) => {
    await deleteEndpoint(ctx, id, confirmation);
    return null;
  });
}
