import { randomBytes, randomUUID } from "node:crypto";
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";

import { findAppError, toFailure } from "@/lib/domain/errors";
import { createMerge, type StoredValues } from "@/lib/domain/merge";
import { readImportBody } from "@/lib/domain/wire";
import {
  failureEnvelope,
  importEnvelope,
  successEnvelope,
  tokenResult,
} from "@/lib/domain/wire-answer";
import { RefusedBodyError } from "@/lib/domain/wire-problems";
import {
  createRemoteClient,
  type RemoteClient,
} from "@/lib/server/endpoints/remote-client";
import {
  createOutboundRules,
  parseAddressList,
  parsePortList,
} from "@/lib/server/outbound/address-rules";
import { createOutboundAgent } from "@/lib/server/outbound/connector";

export const REMOTE_PROVIDER = "p-1";
export const REMOTE_SECRET = "s3cret-that-must-not-come-back";

/** What the remote was sent, and the status it answered with: 0 for none. */
export type HeardRequest = {
  kind: "token" | "import" | "other";
  path: string;
  source: string;
  correlationId: string | null;
  token: string;
  body: string;
  status: number;
};

/** One request that a habit has to deal with. */
export type RemoteCall = HeardRequest & {
  /** Requests of this kind so far, with this one. */
  count: number;
  response: ServerResponse;
  /** Merges the body into what the remote holds, as an ingest API does; gives the status, and answers nothing. */
  apply: () => { status: number; body: object };
  /** Ends the request. */
  answer: (
    status: number,
    body?: object | string,
    headers?: Record<string, string>,
  ) => void;
};

/** How the remote treats one request; what is thrown cuts the connection. */
export type Habit = (call: RemoteCall) => void | Promise<void>;

/** As the contract wants it: tokens are checked, sources known, bodies read, entities merged. */
export const well: Habit = (call) => {
  const { status, body } = call.apply();
  call.answer(status, body);
};

export type ScriptedRemote = Awaited<ReturnType<typeof startScriptedRemote>>;

/**
 * An ingest API on a real socket that shows whatever habit it is told, and
 * holds what it accepted, merged by our own rules. Knows one provider
 * (`REMOTE_PROVIDER`, `REMOTE_SECRET`) and the sources of `sources`.
 */
export async function startScriptedRemote(
  options: {
    sources?: readonly string[];
    tls?: { key: string; cert: string };
    port?: number;
  } = {},
) {
  const { sources = ["products"], tls, port: wantedPort = 0 } = options;
  const stored = new Map<string, Map<string, StoredValues>>();
  const heard: HeardRequest[] = [];
  const tokens = new Set<string>();
  const counts = { token: 0, import: 0, other: 0 };
  let [underWay, mostUnderWay, tokensGiven] = [0, 0, 0];
  let server: Server | undefined;
  let port = wantedPort;
  const remote = {
    onToken: well,
    onImport: well,
    /** Everything but tokens and imports. */
    onOther: well,
    /** Of a token, as it is told; how long it is taken is up to the habits. */
    tokenSeconds: 3_600,
    heard,
    get url() {
      return `${tls ? "https" : "http"}://127.0.0.1:${port}`;
    },
    /** The most imports that were under way at the same time. */
    mostUnderWay: () => mostUnderWay,
    imports: () => heard.filter(({ kind }) => kind === "import"),
    tokenRequests: () => counts.token,
    /** What it holds of a source, by key. */
    entries: (source = "products"): Map<string, StoredValues> =>
      stored.get(source) ?? new Map<string, StoredValues>(),
    /** As it was at first, and nothing heard. */
    reset() {
      Object.assign(remote, { onToken: well, onImport: well, onOther: well });
      Object.assign(counts, { token: 0, import: 0, other: 0 });
      [mostUnderWay, tokensGiven, remote.tokenSeconds] = [0, 0, 3_600];
      heard.length = 0;
      tokens.clear();
      stored.clear();
    },
    /** All tokens end now. */
    endTokens: () => tokens.clear(),
    /** Cuts every connection and listens no more; tokens are forgotten, entries stay. */
    async stop() {
      const stopping = server;
      server = undefined;
      tokens.clear();
      if (!stopping) return;
      await new Promise<void>((resolve) => {
        stopping.close(() => resolve());
        stopping.closeAllConnections();
      });
    },
    /** Listens, on the port it had. */
    async start() {
      const listener = (request: IncomingMessage, response: ServerResponse) => {
        void hear(request, response).catch(() => response.destroy());
      };
      const starting = tls
        ? createTlsServer(tls, listener)
        : createServer(listener);
      await new Promise<void>((resolve, reject) => {
        starting.once("error", reject);
        starting.listen(port, "127.0.0.1", resolve);
      });
      ({ port } = starting.address() as AddressInfo);
      server = starting;
    },
  };

  async function hear(request: IncomingMessage, response: ServerResponse) {
    const url = new URL(request.url ?? "/", "http://remote.test");
    const [, source] = /\/import\/([^/]+)$/.exec(url.pathname) ?? [];
    const isToken = url.pathname.endsWith("/dataProviders/tokens");
    const kind = isToken ? "token" : source === undefined ? "other" : "import";
    if (kind === "import") {
      underWay += 1;
      mostUnderWay = Math.max(mostUnderWay, underWay);
      response.once("close", () => (underWay -= 1));
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const own: HeardRequest = {
      ...{ kind, path: request.url ?? "", status: 0 },
      source: decodeURIComponent(source ?? ""),
      correlationId: url.searchParams.get("correlationId"),
      token: request.headers.authorization?.replace(/^Bearer /, "") ?? "",
      body: Buffer.concat(chunks).toString(),
    };
    heard.push(own);
    const count = (counts[kind] += 1);
    const call: RemoteCall = Object.assign(own, {
      ...{ count, response },
      apply: () => (isToken ? giveToken(own.body) : applyImport(own)),
      answer(status: number, body: object | string = "", headers = {}) {
        own.status = status;
        const isText = typeof body === "string";
        const type = isText ? "text/html" : "application/json; charset=utf-8";
        response.writeHead(status, { "content-type": type, ...headers });
        response.end(isText ? body : JSON.stringify(body));
      },
    });
    const { onToken, onImport, onOther } = remote;
    await { token: onToken, import: onImport, other: onOther }[kind](call);
  }

  function giveToken(body: string) {
    const { id, secret } = JSON.parse(body) as Record<string, unknown>;
    if (id !== REMOTE_PROVIDER || secret !== REMOTE_SECRET) {
      return refusal(401, "Check the provider id and the secret.");
    }
    const token = `token-${(tokensGiven += 1)}`;
    tokens.add(token);
    const result = tokenResult(token, remote.tokenSeconds);
    return { status: 200, body: successEnvelope(result, newRequestId()) };
  }

  function applyImport({ token, source, body }: HeardRequest) {
    if (!tokens.has(token)) return refusal(401, "The access token has ended.");
    if (!sources.includes(source)) return refusal(403, "No such source.");
    try {
      mergeInto(source, body);
    } catch (error) {
      if (!findAppError(error)) return refusal(400, "This is no JSON.");
      const problems =
        error instanceof RefusedBodyError ? error.problems : undefined;
      const envelope = failureEnvelope(
        ...([toFailure(error), newRequestId(), problems] as const),
      );
      return { status: 400, body: envelope };
    }
    const id = randomUUID();
    return { status: 202, body: importEnvelope(id, newRequestId()) };
  }

  function mergeInto(source: string, body: string) {
    const entities = readImportBody(JSON.parse(body));
    const entries = stored.get(source) ?? new Map<string, StoredValues>();
    stored.set(source, entries);
    const merge = createMerge(entries);
    merge.apply(entities);
    for (const { key } of entities) {
      const values = merge.valuesOf(key);
      if (values) entries.set(key, values);
      else entries.delete(key);
    }
  }

  await remote.start();
  return remote;
}

/** An envelope as an ingest API refuses with. */
export function refusal(status: number, message: string) {
  const envelope = {
    ...{ result: null, requestId: newRequestId(), statusCode: status },
    errors: [{ message }],
  };
  return { status, body: envelope };
}

function newRequestId(): string {
  return randomBytes(16).toString("hex");
}

/** The outbound rules of a Studio whose operator allows this machine, and connections under them. */
export function loopbackDeps(allow = "127.0.0.1") {
  const rules = createOutboundRules({
    allow: parseAddressList(allow),
    deny: parseAddressList(""),
    ports: parsePortList("1-65535"),
  });
  return { rules, agent: createOutboundAgent({ rules }) };
}

const deps = loopbackDeps();

/** A client of the product that knows the remote's provider; give another `secret` for one that does not. */
export function clientOfRemote(
  { url }: { url: string },
  options: {
    path?: string;
    secret?: string;
    nowMs?: () => number;
    msMax?: number;
  } = {},
): RemoteClient {
  const { path = "", secret = REMOTE_SECRET, nowMs, msMax } = options;
  const credentials = {
    baseUrl: `${url}${path}`,
    ...{ providerId: REMOTE_PROVIDER, secret: () => secret },
  };
  return createRemoteClient(credentials, { ...deps, msMax }, nowMs);
}
