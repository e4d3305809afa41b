"use server";

import { revalidatePath } from "next/cache";

import { parseInput } from "@/lib/domain/errors";
import type { ActionResult } from "@/lib/domain/result";
import {
  passwordSettingSchema,
  roleChangeSchema,
  userIdSchema,
  userInputSchema,
  type PasswordSetting,
  type RoleChange,
  type User,
  type UserInput,
} from "@/lib/domain/user";
import { runAction } from "@/lib/server/action";
import type { Context } from "@/lib/server/context";
import {
  changeRole,
  createUser,
  disableUser,
  enableUser,
  setPassword,
} from "@/lib/server/users/service";

export async function createUserAction(
  input: UserInput,
): Promise<ActionResult<User>> {
  return change((ctx) => createUser(ctx, parseInput(userInputSchema, input)));
}

export async function changeRoleAction(
  input: RoleChange,
): Promise<ActionResult<User>> {
  return change((ctx) => {
    const { id, role } = parseInput(roleChangeSchema, input);
    return changeRole(ctx, id, role);
  });
}

export async function disableUserAction(
  id: string,
): Promise<ActionResult<User>> {
  return change((ctx) => disableUser(ctx, parseInput(userIdSchema, id)));
}

export async function enableUserAction(
  id: string,
): Promise<ActionResult<User>> {
  return change((ctx) => enableUser(ctx, parseInput(userIdSchema, id)));
}

export async function setPasswordAction(
  input: PasswordSetting,
): Promise<ActionResult<User>> {
  return change((ctx) => {
    const { id, password } = parseInput(passwordSettingSchema, input);
    return setPassword(ctx, id, password);
  });
}

function change(
  work: (ctx: Context) => Promise<User>,
): Promise<ActionResult<User>> {
  return runAction(async (ctx) => {
    const user = await work(ctx);
    revalidatePath("/users");
    return user;
  });
}
