import "server-only";

import { randomUUID } from "node:crypto";

import { decode, encode } from "next-auth/jwt";
import { z } from "zod";

import type { Context } from "./context";
import type { Db } from "./db/client";
import { env } from "./env";
import { serverKey } from "./keys";
import { findSessionUser, type SessionUser } from "./users/session-user";

/** A session ends a week after signing in, whatever happens. */
export const SESSION_SECONDS_MAX = 7 * 24 * 60 * 60;

/** What the encrypted cookie holds: nothing that a change of the user makes wrong. */
export const sessionTokenSchema = z.object({
  sub: z.uuid(),
  tenantId: z.uuid(),
  generation: z.number().int(),
  /** Id of this session, so that signing out can end it alone. */
  sessionId: z.uuid(),
  exp: z.number().optional(),
});

/** A session, and what the shell shows of its user. */
export type SignedIn = { ctx: Context; user: SessionUser };

export type SessionToken = z.output<typeof sessionTokenSchema>;

/** Behind https the cookie is never sent without it. */
export function usesSecureCookies(): boolean {
  return env().PUBLIC_URL?.startsWith("https://") ?? false;
}

/** Name of the session cookie. */
export function sessionCookieName(): string {
  return `${usesSecureCookies() ? "__Secure-" : ""}next-auth.session-token`;
}

/** Encrypts the cookies; next-auth gets the same. */
export function sessionSecret(): string {
  return serverKey("session").toString("base64");
}

/**
 * Reads a session cookie. A broken, foreign, expired or ended one is no
 * session; only a database that is away throws.
 */
export async function readSession(
  db: Db,
  cookie: string | undefined,
): Promise<SignedIn | undefined> {
  if (!cookie) return undefined;
  const token = await readToken(cookie);
  const user = token && (await findSessionUser(db, token));
  if (!user) return undefined;
  const { id, tenantId, role } = user;
  const actor = {
    type: "user",
    id,
    name: user.name || user.email,
    role,
  } as const;
  return { ctx: { tenantId, actor, db }, user };
}

/** A session cookie for a user, as signing in makes one. For tests and tools. */
export async function issueSessionCookie(user: {
  id: string;
  tenantId: string;
  sessionGeneration: number;
}): Promise<{ name: string; value: string }> {
  const value = await encode({
    token: sessionTokenOf(user),
    secret: sessionSecret(),
    maxAge: SESSION_SECONDS_MAX,
  });
  return { name: sessionCookieName(), value };
}

/** What goes into a new session's cookie. */
export function sessionTokenOf(user: {
  id: string;
  tenantId: string;
  sessionGeneration: number;
}): Omit<SessionToken, "exp"> {
  return {
    sub: user.id,
    tenantId: user.tenantId,
    generation: user.sessionGeneration,
    sessionId: randomUUID(),
  };
}

async function readToken(cookie: string): Promise<SessionToken | undefined> {
  try {
    const token = await decode({ token: cookie, secret: sessionSecret() });
    return sessionTokenSchema.safeParse(token).data;
  } catch {
    // Not made with our key, damaged or too old: the same as no cookie.
    return undefined;
  }
}
