"use server";

import { headers } from "next/headers";

import { parseInput } from "@/lib/domain/errors";
import type { ActionResult } from "@/lib/domain/result";
import {
  firstAdminInputSchema,
  type FirstAdminInput,
  type User,
} from "@/lib/domain/user";
import { runOpenAction } from "@/lib/server/action";
import { requireSetupCode } from "@/lib/server/setup-code";
import { createFirstAdmin } from "@/lib/server/users/service";

export async function createFirstAdminAction(
  input: FirstAdminInput,
): Promise<ActionResult<User>> {
  const sent = await headers();
  return runOpenAction(async (db) => {
    const { setupCode, ...account } = parseInput(firstAdminInputSchema, input);
    requireSetupCode(sent, setupCode);
    return createFirstAdmin(db, account);
  });
}
