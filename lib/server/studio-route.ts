import "server-only";

import { ERROR_CODES, toFailure } from "@/lib/domain/errors";

import type { Context } from "./context";
import { logFailure } from "./log";
import { requireSameOrigin } from "./same-origin";
import { requireSessionOf } from "./session";

export type StudioRequest<Params> = {
  ctx: Context;
  params: Params;
  request: Request;
  /** Address with the query. */
  url: URL;
};

const READING = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Wraps a handler under `/api`: session first, then the Origin of anything but
 * a read. What the handler gives is sent as JSON, a `Response` as it is;
 * failures are sent as `{ error: Failure }` with their status. Nothing is cached.
 */
export function studioRoute<Params = Record<string, never>>(
  handler: (request: StudioRequest<Params>) => Promise<unknown>,
): (
  request: Request,
  context: { params: Promise<Params> },
) => Promise<Response> {
  return async (request, context) => {
    const response = await answer(handler, request, context.params);
    if (!response.headers.has("cache-control")) {
      response.headers.set("cache-control", "no-store");
    }
    return response;
  };
}

async function answer<Params>(
  handler: (request: StudioRequest<Params>) => Promise<unknown>,
  request: Request,
  params: Promise<Params>,
): Promise<Response> {
  try {
    const ctx = await requireSessionOf(request);
    if (!READING.has(request.method)) requireSameOrigin(request.headers);
    const url = new URL(request.url);
    const given = await handler({ ctx, params: await params, request, url });
    return given instanceof Response ? given : Response.json(given ?? null);
  } catch (error) {
    const failure = toFailure(error);
    logFailure(error, { method: request.method, path: pathOf(request) });
    return Response.json(
      { error: failure },
      {
        status: ERROR_CODES[failure.code].status,
        headers:
          failure.retryAfterSeconds === undefined
            ? {}
            : { "retry-after": String(failure.retryAfterSeconds) },
      },
    );
  }
}

/** Without the query: it may hold what somebody searched for. */
function pathOf(request: Request): string {
  return new URL(request.url).pathname;
}

/**
 * What a generator gives, a line of JSON each, sent as it comes. A failure
 * before the first line is the answer; a later one is a last line
 * `{ error: Failure }`. Stops when the browser does.
 */
export async function jsonLines(
  lines: AsyncGenerator<unknown>,
): Promise<Response> {
  const encoder = new TextEncoder();
  const asLine = (value: unknown) =>
    encoder.encode(`${JSON.stringify(value)}\n`);
  let next = await lines.next();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (next.done) return controller.close();
      controller.enqueue(asLine(next.value));
      try {
        next = await lines.next();
      } catch (error) {
        logFailure(error);
        controller.enqueue(asLine({ error: toFailure(error) }));
        controller.close();
      }
    },
    async cancel() {
      await lines.return(undefined);
    },
  });
  // A proxy that packs it would hold lines back.
  const headers = {
    "content-type": "application/x-ndjson; charset=utf-8",
    "cache-control": "no-store, no-transform",
  };
  return new Response(body, { headers });
}
