import "server-only";

import type { NextAuthOptions } from "next-auth";
import credentials from "next-auth/providers/credentials";

import { toFailure } from "@/lib/domain/errors";

import { appDb } from "./db/app-db";
import { log, logFailure } from "./log";
import {
  SESSION_SECONDS_MAX,
  sessionSecret,
  sessionTokenOf,
  sessionTokenSchema,
  usesSecureCookies,
} from "./session-cookie";
import { endSession } from "./users/session-user";
import { signInUser, type SignedInUser } from "./users/sign-in";

/**
 * How next-auth signs in: e-mail and password to an encrypted cookie. Pages and
 * handlers never ask it who is signed in: `session.ts` reads the same cookie.
 */
export function authOptions(): NextAuthOptions {
  return {
    secret: sessionSecret(),
    useSecureCookies: usesSecureCookies(),
    session: { strategy: "jwt", maxAge: SESSION_SECONDS_MAX },
    pages: { signIn: "/sign-in", error: "/sign-in" },
    providers: [
      credentials({
        credentials: { email: {}, password: {} },
        authorize: (given, request) =>
          authorize(given, addressOf(request.headers)),
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) => {
        const known = user as SignedInUser | undefined;
        return known ? sessionTokenOf(known) : token;
      },
    },
    events: {
      signOut: async ({ token }) => {
        const known = sessionTokenSchema.safeParse(token);
        if (known.success) await endSession(appDb(), known.data);
      },
    },
    logger: {
      error: (code) => log.warn({ code }, "next-auth refused"),
      // It asks for NEXTAUTH_URL, which would tie the Studio to one address.
      warn: () => undefined,
      debug: () => undefined,
    },
  };
}

/** What the browser reads as `error` is the code of the failure, or `CredentialsSignin`. */
async function authorize(
  given: Record<string, unknown> | undefined,
  address: string,
): Promise<SignedInUser | null> {
  const { email, password } = given ?? {};
  if (typeof email !== "string" || typeof password !== "string") return null;
  if (email.length > 254 || password.length > 256) return null;
  let user: SignedInUser | undefined;
  try {
    user = await signInUser(appDb(), { email, password, address });
  } catch (error) {
    logFailure(error);
    const { code, retryAfterSeconds } = toFailure(error);
    throw new Error(
      retryAfterSeconds === undefined ? code : `${code}:${retryAfterSeconds}`,
      { cause: error },
    );
  }
  log.info(
    { userId: user?.id, address },
    user ? "signed in" : "sign-in failed",
  );
  return user ?? null;
}

/**
 * The address Next saw, or what the proxy nearest to us added last. Without a
 * proxy a client may invent it; the limit of the account still holds then.
 */
function addressOf(headers: Record<string, unknown> | undefined): string {
  const forwarded = headers?.["x-forwarded-for"];
  const last =
    typeof forwarded === "string" ? forwarded.split(",").at(-1)?.trim() : "";
  return last?.slice(0, 64) || "unknown";
}
