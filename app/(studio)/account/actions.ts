"use server";

import { parseInput } from "@/lib/domain/errors";
import type { ActionResult } from "@/lib/domain/result";
import {
  passwordChangeSchema,
  type PasswordChange,
  type User,
} from "@/lib/domain/user";
import { runAction } from "@/lib/server/action";
import { changeOwnPassword } from "@/lib/server/users/service";

export async function changeOwnPasswordAction(
  input: PasswordChange,
): Promise<ActionResult<User>> {
  return runAction((ctx) =>
    changeOwnPassword(ctx, parseInput(passwordChangeSchema, input)),
  );
}
