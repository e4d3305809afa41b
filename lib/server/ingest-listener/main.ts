import "server-only";

import { createServer } from "node:http";

import { env } from "@/lib/server/env";
import { healthResponse } from "@/lib/server/health";

const server = createServer((request, response) => {
  void (async () => {
    const answer =
      request.url === "/health"
        ? await healthResponse()
        : new Response("", { status: 404 });
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(await answer.text());
  })();
});
server.listen(env().INGEST_PORT);
process.once("SIGTERM", () => server.close(() => process.exit()));
