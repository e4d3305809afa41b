"use server";

import { parseInput } from "@/lib/domain/errors";
import type { ActionResult } from "@/lib/domain/result";
import {
  firstAdminInputSchema,
  type FirstAdminInput,
  type User,
} from "@/lib/domain/user";
import { runOpenAction } from "@/lib/server/action";
import { createFirstAdmin } from "@/lib/server/users/service";

export async function createFirstAdminAction(
  input: FirstAdminInput,
): Promise<ActionResult<User>> {
  return runOpenAction((db) =>
    createFirstAdmin(db, parseInput(firstAdminInputSchema, input)),
  );
}
