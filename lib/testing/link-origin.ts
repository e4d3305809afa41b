import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";

/** What an origin does with a request; what is thrown cuts the connection. */
export type OriginAnswer = (
  request: { path: string; count: number },
  response: ServerResponse,
) => Promise<void> | void;

/** HTTP servers on loopback that links lead to, each on a port of its own: each is a host. */
export type LinkOrigin = {
  ports: number[];
  /** Of host `at`, counted from 0 and round again. */
  url(path: string, at?: number): string;
  /** Requests for each path so far. */
  requests: Map<string, number>;
  /** The most requests that one host answered at the same time. */
  mostAtOnce(): number;
  close(): Promise<void>;
};

export async function startLinkOrigin(
  answer: OriginAnswer,
  hosts = 1,
): Promise<LinkOrigin> {
  const requests = new Map<string, number>();
  let most = 0;
  const servers = Array.from({ length: hosts }, () => {
    let running = 0;
    return createServer(
      (request: IncomingMessage, response: ServerResponse) => {
        const path = request.url ?? "/";
        const count = (requests.get(path) ?? 0) + 1;
        requests.set(path, count);
        running += 1;
        most = Math.max(most, running);
        response.on("close", () => (running -= 1));
        void (async () => {
          try {
            await answer({ path, count }, response);
          } catch {
            response.destroy();
          }
        })();
      },
    );
  });
  const ports = await Promise.all(servers.map(listen));
  return {
    ports,
    url: (path, at = 0) =>
      `http://127.0.0.1:${ports[at % ports.length] ?? 0}${path}`,
    requests,
    mostAtOnce: () => most,
    async close() {
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
      await Promise.resolve();
    },
  };
}

/** Bytes that belong to a path and to no other, and their hash. */
export function contentOf(path: string, bytes: number) {
  const seed = createHash("sha256").update(path).digest();
  const body = Buffer.alloc(bytes, seed);
  const sha256 = createHash("sha256").update(body).digest("hex");
  return { body, sha256 };
}

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}
