import { randomUUID } from "node:crypto";
import { createServer } from "node:http";

import type { Entity } from "@/lib/domain/entity";
import { valueName } from "@/lib/domain/identifiers";
import { createPool } from "@/lib/server/db/client";

import { MERGE_BARE } from "./bare-statement";

// The reference of the single-entity figure: node:http, JSON.parse, one statement.
const pool = createPool(process.env.DATABASE_URL ?? "");
const tenantId = process.env.BARE_TENANT ?? randomUUID();
const sourceId = randomUUID();

createServer((incoming, outgoing) => {
  const parts: Buffer[] = [];
  incoming.on("data", (part: Buffer) => parts.push(part));
  incoming.on("end", () => {
    if (incoming.url === "/health") {
      outgoing.end("ok");
      return;
    }
    const { entities } = JSON.parse(Buffer.concat(parts).toString()) as {
      entities: Entity[];
    };
    const rows = entities.map(({ key, properties }) => ({
      k: key,
      p: Object.fromEntries(
        properties.map((p) => [valueName(p.id, p.language), p.value]),
      ),
    }));
    pool.query(MERGE_BARE, [tenantId, sourceId, JSON.stringify(rows)]).then(
      () => outgoing.writeHead(202).end('{"id":null}'),
      (error: Error) => outgoing.writeHead(500).end(error.message),
    );
  });
}).listen(Number(process.env.BARE_PORT), "127.0.0.1");
