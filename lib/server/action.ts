import "server-only";

import { headers } from "next/headers";
import { unstable_rethrow } from "next/navigation";

import { toFailure } from "@/lib/domain/errors";
import type { ActionResult } from "@/lib/domain/result";

import type { Context } from "./context";
import { appDb } from "./db/app-db";
import type { Db } from "./db/client";
import { logFailure } from "./log";
import { requireSameOrigin } from "./same-origin";
import { requireActionSession } from "./session";

/** Runs one server action: checks where it comes from and who asks, does the work, turns anything thrown into a result. */
export function runAction<T>(
  work: (ctx: Context) => Promise<T>,
): Promise<ActionResult<T>> {
  return runOpenAction(async () => work(await requireActionSession()));
}

/** The same for the few actions that need no session. */
export async function runOpenAction<T>(
  work: (db: Db) => Promise<T>,
): Promise<ActionResult<T>> {
  try {
    requireSameOrigin(await headers());
    return { ok: true, data: await work(appDb()) };
  } catch (error) {
    unstable_rethrow(error); // redirect() and notFound() travel as exceptions
    logFailure(error);
    return { ok: false, error: toFailure(error) };
  }
}
