"use server";

import { AppError } from "@/lib/domain/errors";
import type {
  Provider,
  ProviderInput,
  ProviderWithSecret,
} from "@/lib/domain/provider";
import type { ActionResult } from "@/lib/domain/result";
import { runAction } from "@/lib/server/action";
import {
  addSecret,
  createProvider,
  deleteProvider,
  editProvider,
  getProvider,
  revokeSecret,
} from "@/lib/server/providers/service";

export async function createProviderAction(
  input: ProviderInput,
): Promise<ActionResult<ProviderWithSecret>> {
  return runAction((ctx) => createProvider(ctx, input));
}

export async function editProviderAction(
  id: string,
  input: ProviderInput,
): Promise<ActionResult<Provider>> {
  return runAction((ctx) => editProvider(ctx, id, input));
}

export async function addSecretAction(
  id: string,
): Promise<ActionResult<ProviderWithSecret>> {
  return runAction((ctx) => addSecret(ctx, id));
}

export async function revokeSecretAction(
  id: string,
  secretId: string,
): Promise<ActionResult<Provider>> {
  return runAction((ctx) => revokeSecret(ctx, id, secretId));
}

export async function deleteProviderAction(
  id: string,
  confirmation: string,
): Promise<ActionResult<null>> {
  return runAction(async (ctx) => {
    const { name } = await getProvider(ctx, id);
    if (confirmation !== name) {
      throw new AppError(
        "invalid_input",
        `To confirm, type the provider's name exactly as it stands: ${name}`,
      );
    }
    await deleteProvider(ctx, id);
    return null;
  });
}
