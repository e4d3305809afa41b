import "server-only";

import {
  getRequestListener,
  RequestError,
  type HttpBindings,
} from "@hono/node-server";
import { Hono, type Context } from "hono";
import { randomBytes } from "node:crypto";
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { Http2ServerResponse } from "node:http2";
import { Server as NetServer, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";

import { AppError } from "@/lib/domain/errors";
import { healthResponse, readyResponse } from "@/lib/server/health";
import { createFileServer, isFileAddress } from "@/lib/server/media/serve-file";
import type { WireApi } from "@/lib/server/wire/handlers";
import { openApiResponse } from "@/lib/server/wire/openapi-response";
import {
  refusal,
  wireMethodNotAllowed,
  wireNotFound,
  type WireHandler,
} from "@/lib/server/wire-route";

const HEADERS_MS_MAX = 30_000;
// As long as clients wait (contract 3.4); the body reader answers a little before.
const REQUEST_MS_MAX = 110_000;
// Longer than the idle time of common proxies, or they reuse a closed connection.
const KEEP_ALIVE_MS = 75_000;
const IDLE_CHECK_MS = 50;
/** From not ready to not accepting, and from there to closing what is idle. */
const LEAVING_MS = 500;

export type IngestListener = {
  server: Server;
  /** Stops accepting, lets requests finish, then resolves. */
  stop(): Promise<void>;
};

/** The ingest API as a server of its own, not listening yet. */
export function createIngestListener(api: WireApi): IngestListener {
  let isStopping = false;
  const app = new Hono<{ Bindings: HttpBindings }>();
  const mount = (path: string, handlers: Record<string, WireHandler>) => {
    for (const [method, handler] of Object.entries(handlers)) {
      app.on(method, path, (c) =>
        handler(c.req.raw, {
          address: c.env.incoming.socket.remoteAddress,
        }),
      );
    }
    const refuse = wireMethodNotAllowed(Object.keys(handlers).join(", "));
    app.all(path, (c) => refuse(c.req.raw));
  };
  mount("/import/:dataSource", { POST: api.postImport });
  mount("/dataProviders/tokens", { POST: api.postToken });
  mount("/media/uploads/links", { PUT: api.putLinks });
  const uploadFiles = (c: Context<{ Bindings: HttpBindings }>) => {
    const { incoming, outgoing } = c.env;
    if (incoming.method === "PATCH") allowLongBody(incoming, outgoing);
    return api.uploadFiles(c.req.raw, {
      address: incoming.socket.remoteAddress,
      // A web stream of it costs as much again; the connection outlives a reader that stops.
      body: {
        [Symbol.asyncIterator]: () =>
          incoming.iterator({ destroyOnReturn: false }),
      },
    });
  };
  app.all("/media/uploads/files", uploadFiles);
  app.all("/media/uploads/files/:fileId", uploadFiles);
  mount("/media/uploads/:uploadId", { GET: api.getUpload });
  mount("/media/files/batch", { POST: api.postFileBatch });
  mount("/media/files/:fileId", { GET: api.getFile, DELETE: api.deleteFile });
  app.get("/health", () => healthResponse());
  app.get("/openapi.json", (c) => openApiResponse(c.req.raw));
  app.get("/ready", () => readyResponse({ isStopping }));
  app.notFound((c) => wireNotFound(c.req.raw));
  app.onError((error) => refusal(error));

  const listen = getRequestListener(app.fetch, {
    hostname: "localhost",
    errorHandler: answerNoRequest,
  });
  const serveFile = createFileServer();
  const server = createServer(
    {
      headersTimeout: HEADERS_MS_MAX,
      requestTimeout: REQUEST_MS_MAX,
      keepAliveTimeout: KEEP_ALIVE_MS,
      noDelay: true,
      // Probes of load balancers send none; no answer depends on it.
      requireHostHeader: false,
    },
    (incoming, outgoing) => {
      const isFile = isFileAddress(incoming.url);
      void (isFile ? serveFile : listen)(incoming, outgoing);
    },
  );
  server.on("clientError", answerClientError);
  server.prependListener("request", (_, response) => {
    if (isStopping) response.shouldKeepAlive = false;
  });

  return {
    server,
    async stop() {
      isStopping = true;
      api.endWaits();
      // Clients in the middle of a series learn by their next answer to open a
      // new connection elsewhere, instead of writing into a closed one.
      await delay(LEAVING_MS);
      // Not `server.close`: it cuts connections off whose request is on its way.
      const closed = new Promise<void>((resolve) => {
        NetServer.prototype.close.call(server, () => resolve());
      });
      await Promise.race([closed, delay(LEAVING_MS)]);
      // A connection kept alive is idle only after its last answer.
      const closing = setInterval(
        () => server.closeIdleConnections(),
        IDLE_CHECK_MS,
      );
      await closed.finally(() => clearInterval(closing));
    },
  };
}

/** A Host header or a target that no address can be made of. */
function answerNoRequest(error: unknown): Response {
  const failure =
    error instanceof RequestError
      ? new AppError(
          "invalid_input",
          "The Host header or the path is not valid. Check the address the client was given.",
        )
      : error;
  return refusal(failure);
}

/** Connections whose request may take longer than others, and whether it has. */
const longBodies = new WeakMap<Duplex, { isOverdue: boolean }>();

/**
 * A chunk of an upload has no deadline: its reader ends the request when the
 * bytes come too slowly. What is still to come after the answer has one again.
 */
function allowLongBody(
  incoming: IncomingMessage,
  outgoing: ServerResponse | Http2ServerResponse,
): void {
  const { socket } = incoming;
  const state = { isOverdue: false };
  longBodies.set(socket, state);
  outgoing.once("close", () => {
    longBodies.delete(socket);
    // Its deadline will not be called again.
    if (state.isOverdue && !incoming.complete) socket.destroy();
  });
}

/** What no request could be made of still gets the envelope. */
function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  const long =
    error.code === "ERR_HTTP_REQUEST_TIMEOUT"
      ? longBodies.get(socket)
      : undefined;
  if (long) {
    long.isOverdue = true;
    return;
  }
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, message] = CLIENT_ERRORS.get(error.code ?? "") ?? [
    "400 Bad Request",
    "This is not a valid HTTP request. Check the request line and the headers.",
  ];
  const body = JSON.stringify({
    result: null,
    errors: [{ message }],
    requestId: randomBytes(16).toString("hex"),
    statusCode: Number(status.slice(0, 3)),
  });
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

const CLIENT_ERRORS = new Map<string, [status: string, message: string]>([
  [
    "HPE_HEADER_OVERFLOW",
    [
      "431 Request Header Fields Too Large",
      "The headers have more than 16 KB. Send fewer or shorter ones.",
    ],
  ],
  [
    "ERR_HTTP_REQUEST_TIMEOUT",
    [
      "408 Request Timeout",
      "The request did not arrive in time, so nothing was stored. Send it again.",
    ],
  ],
]);
