import NextAuth from "next-auth";
import type { NextRequest } from "next/server";

import { ERROR_CODES, toFailure } from "@/lib/domain/errors";
import { authOptions } from "@/lib/server/auth-options";
import { logFailure } from "@/lib/server/log";
import { requireSameOrigin } from "@/lib/server/same-origin";

type Context = { params: Promise<{ nextauth: string[] }> };

// The rest of next-auth is pages and sessions we have our own of.
const ACTIONS = {
  GET: new Set(["csrf", "providers"]),
  POST: new Set(["callback/credentials", "signout"]),
};

export const GET = (request: NextRequest, context: Context) =>
  answer("GET", request, context);

export const POST = (request: NextRequest, context: Context) =>
  answer("POST", request, context);

async function answer(
  method: "GET" | "POST",
  request: NextRequest,
  context: Context,
): Promise<Response> {
  try {
    const { nextauth } = await context.params;
    if (!ACTIONS[method].has(nextauth.join("/"))) {
      return new Response(null, { status: 404 });
    }
    if (method === "POST") requireSameOrigin(request.headers);
    const response = (await NextAuth(
      // Its types are older than Next's.
      request as never,
      context as never,
      authOptions(),
    )) as Response;
    response.headers.set("cache-control", "no-store");
    return response;
  } catch (error) {
    logFailure(error);
    const failure = toFailure(error);
    return Response.json(
      { error: failure },
      {
        status: ERROR_CODES[failure.code].status,
        headers: { "cache-control": "no-store" },
      },
    );
  }
}
