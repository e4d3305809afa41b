import "server-only";

import { randomUUID } from "node:crypto";

import {
  AppError,
  ERROR_CODES,
  toFailure,
  type Failure,
} from "@/lib/domain/errors";
import { failureEnvelope, type Envelope } from "@/lib/domain/wire-answer";
import { RefusedBodyError } from "@/lib/domain/wire-problems";

import { log, logFailure } from "./log";

/** One request to the ingest API, as a handler sees it. */
export type WireCall = {
  request: Request;
  url: URL;
  /** 32 lower-case hex digits: in the answer and in the log. */
  requestId: string;
  /** The client's network address, for throttling; may be forged where a proxy stands before us. */
  address: string;
  /** The body, where the server has a faster way to it than the request's own. */
  body?: AsyncIterable<Uint8Array> | undefined;
};

/** What a server knows of a request beside it. */
export type WirePeer = Partial<Pick<WireCall, "address" | "body">>;

/** Without a body for statuses that have none, such as 204. */
export type WireAnswer = {
  status: number;
  body?: Envelope | undefined;
  headers?: Record<string, string> | undefined;
};

/** Serves one path on any server that speaks fetch. */
export type WireHandler = (
  request: Request,
  peer?: WirePeer,
) => Promise<Response>;

/**
 * Wraps a handler of the ingest API: request id, JSON always, the envelope for
 * whatever is thrown, the log. Bodies, tokens and rules are the handler's.
 */
export function wireRoute(
  work: (call: WireCall) => Promise<WireAnswer>,
): WireHandler {
  return async (request, peer = {}) => {
    const requestId = makeRequestId();
    let path = "";
    try {
      const url = new URL(request.url);
      path = url.pathname;
      const address = peer.address ?? "unknown";
      const given = await work({
        ...{ request, url, requestId, address },
        body: peer.body,
      });
      return toResponse(given.status, given.body, given.headers);
    } catch (error) {
      const place = {
        requestId,
        method: request.method,
        path: path.slice(0, 300),
      };
      if (error instanceof RefusedBodyError) {
        // Clients show their users none of this, so it has to be here (contract 7).
        const problems = error.problems
          .slice(0, 10)
          .map(({ message }) => message);
        log.info({ ...place, problems }, "refused");
      } else {
        logFailure(error, place);
      }
      return refusal(error, requestId);
    }
  };
}

/**
 * The address of the client of a Next route, as Next or a proxy before it
 * wrote it down. A client can forge it: nothing but throttling of failures
 * may depend on it.
 */
export function peerOf(request: Request): { address?: string | undefined } {
  const forwarded = request.headers.get("x-forwarded-for");
  return { address: forwarded?.split(",").at(-1)?.trim().slice(0, 100) };
}

/** A path that the API does not have. */
export const wireNotFound = wireRoute(({ url }) => {
  throw new AppError(
    "not_found",
    `There is nothing at ${url.pathname.slice(0, 100)}. The ingest API has POST /dataProviders/tokens, POST /import/{source} and the calls below /media; /openapi.json lists them.`,
  );
});

/** A path of the API, asked with another method. */
export function wireMethodNotAllowed(allowed: string): WireHandler {
  return (request) => {
    const requestId = makeRequestId();
    const body = failureEnvelope(
      {
        code: "invalid_input",
        message: `The method ${request.method} is not allowed here. Use ${allowed}.`,
      },
      requestId,
    );
    return Promise.resolve(
      toResponse(405, { ...body, statusCode: 405 }, { allow: allowed }),
    );
  };
}

/** The answer for something thrown; also used where a request never reached a handler. */
export function refusal(error: unknown, requestId = makeRequestId()): Response {
  const failure = toFailure(error);
  const problems = error instanceof RefusedBodyError ? error.problems : [];
  return toResponse(
    ERROR_CODES[failure.code].status,
    failureEnvelope(failure, requestId, problems),
    failureHeaders(failure),
  );
}

function failureHeaders(failure: Failure): Record<string, string> {
  const headers: Record<string, string> = {};
  if (failure.code === "unauthenticated")
    headers["www-authenticate"] = "Bearer";
  if (failure.retryAfterSeconds !== undefined) {
    headers["retry-after"] = String(failure.retryAfterSeconds);
  }
  return headers;
}

function toResponse(
  status: number,
  body: Envelope | undefined,
  headers: Record<string, string> = {},
): Response {
  return new Response(body === undefined ? null : JSON.stringify(body), {
    status,
    headers: {
      ...(body && { "content-type": "application/json; charset=utf-8" }),
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      ...headers,
    },
  });
}

function makeRequestId(): string {
  // Random enough, and the only maker that keeps a supply.
  return randomUUID().replaceAll("-", "");
}
