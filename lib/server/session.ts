import "server-only";

import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";

import { AppError } from "@/lib/domain/errors";

import type { Context } from "./context";
import { appDb } from "./db/app-db";
import {
  readSession,
  sessionCookieName,
  type SignedIn,
} from "./session-cookie";
import { anyUserExists } from "./users/service";

/** The session of this request's cookie, or nothing. For pages and actions. */
export async function findSession(): Promise<Context | undefined> {
  const found = await findSignedIn();
  return found?.ctx;
}

/**
 * The session of this request's cookie, for pages: without one the person is
 * led to sign in and back. The user's row is read each time, so a changed role
 * counts, and a disabled user or an ended session is out, at once.
 */
export async function requireSession(): Promise<Context> {
  return (await requireSignedIn()).ctx;
}

/**
 * The same for server actions, whose caller shows what went wrong.
 *
 * @throws {AppError} `unauthenticated` without a session.
 */
export async function requireActionSession(): Promise<Context> {
  return (await findSession()) ?? refuse();
}

async function findSignedIn(): Promise<SignedIn | undefined> {
  const jar = await cookies();
  return readSession(appDb(), jar.get(sessionCookieName())?.value);
}

/** Like `requireSession`, with what the shell shows of the user. */
export async function requireSignedIn(): Promise<SignedIn> {
  const found = await findSignedIn();
  if (found) return found;
  if (await needsFirstAdmin()) redirect("/setup");
  const path = (await headers()).get("x-studio-path");
  redirect(path ? `/sign-in?next=${encodeURIComponent(path)}` : "/sign-in");
}

/** Whether nobody has an account yet: the first visitor makes one. */
export async function needsFirstAdmin(): Promise<boolean> {
  return !(await anyUserExists(appDb()));
}

/**
 * The session of a plain request, for route handlers.
 *
 * @throws {AppError} `unauthenticated` without a session.
 */
export async function requireSessionOf(request: Request): Promise<Context> {
  const cookie = cookieOf(request, sessionCookieName());
  return (await readSession(appDb(), cookie))?.ctx ?? refuse();
}

function cookieOf(request: Request, name: string): string | undefined {
  for (const pair of (request.headers.get("cookie") ?? "").split(";")) {
    const at = pair.indexOf("=");
    if (at > 0 && pair.slice(0, at).trim() === name) {
      return pair.slice(at + 1).trim();
    }
  }
  return undefined;
}

function refuse(): never {
  throw new AppError(
    "unauthenticated",
    "You are not signed in any more. Sign in again, then repeat this.",
  );
}
