import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { INGEST_URL } from "./fixtures";

/** `away`: down. `poisoned`: K-13 is refused. `closed`: the source is not granted. */
type State = "well" | "away" | "poisoned" | "closed";

export type Gateway = {
  url: string;
  go: (state: State) => void;
  close: () => Promise<void>;
};

/** What this server is told passes through to the ingest API, unless it is to refuse. */
export async function openGateway(): Promise<Gateway> {
  let state: State = "well";
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks);
      const isImport = request.url?.startsWith("/import") === true;
      if (state === "away") {
        response.writeHead(503, { "content-type": "text/html" });
        return response.end("<h1>Down for maintenance</h1>");
      }
      if (isImport && state === "closed") {
        return answer(response, 403, {
          requestId: "gateway-1",
          errors: [{ message: "The provider may not write to it" }],
        });
      }
      if (isImport && state === "poisoned" && body.includes('"K-13"')) {
        const errors = [{ message: "K-13 is odd" }];
        return answer(response, 400, { errors });
      }
      void fetch(`${INGEST_URL}${request.url ?? ""}`, {
        method: request.method ?? "GET",
        headers: {
          "content-type": "application/json",
          authorization: request.headers.authorization ?? "",
        },
        body,
      }).then(async (told) => {
        response.writeHead(told.status, {
          "content-type": "application/json",
        });
        response.end(await told.text());
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    go: (next) => {
      state = next;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
