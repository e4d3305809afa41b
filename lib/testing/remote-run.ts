import {
  createServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";

import type { BatchRow } from "@/lib/domain/table-batch";
import type { Context } from "@/lib/server/context";
import type { Db } from "@/lib/server/db/client";
import {
  createEndpoint,
  type RemoteClient,
} from "@/lib/server/endpoints/service";
import { createRemoteClient } from "@/lib/server/endpoints/remote-client";
import { deliverBatch } from "@/lib/server/imports/deliver-batch";
import { claimDue } from "@/lib/server/imports/delivery-store";
import { startRun, submitBatch } from "@/lib/server/imports/service";
import {
  createOutboundRules,
  parseAddressList,
  parsePortList,
} from "@/lib/server/outbound/address-rules";
import { createOutboundAgent } from "@/lib/server/outbound/connector";

import { createTenant, userContext } from "./factories";

const TAB = "11111111-1111-4111-8111-111111111111";

export type RemoteTenant = {
  admin: Context;
  editor: Context;
  endpointId: string;
  sourceId: string;
};

/** A tenant with one endpoint and one remote source, `products`. */
export async function createRemoteTenant(
  db: Db,
  { url = "https://ingest.example.com", secret = "s3cret-s3cret" } = {},
): Promise<RemoteTenant> {
  const tenantId = await createTenant(db);
  const admin = userContext(db, tenantId, "admin");
  const { id, sources } = await createEndpoint(admin, {
    ...{ name: "Occtoo", url, providerId: "p", secret },
    sources: ["products"],
  });
  return {
    ...{ admin, editor: userContext(db, tenantId, "editor") },
    ...{ endpointId: id, sourceId: sources[0]?.id ?? "" },
  };
}

/** Rows of a file of `sku,name`: K5, K6 … */
export function fileRows(from: number, count: number): BatchRow[] {
  return Array.from({ length: count }, (_, at): BatchRow => [
    ...([`K${from + at}`, 0, `Name ${from + at}`] as const),
  ]);
}

/** Starts a run and hands its batches over as a browser does; gives its id. */
export async function handOverRun(
  { editor, sourceId }: Pick<RemoteTenant, "editor" | "sourceId">,
  batches: BatchRow[][],
  { needsOrder = false } = {},
): Promise<string> {
  const entities = batches.flat().length;
  const { id } = await startRun(editor, {
    sourceId,
    file: { name: "products.csv", bytes: 1_000, hash: "abc" },
    tableOptions: {
      ...{ encoding: "utf-8", delimiter: "," },
      ...{ headerRow: 1, quotes: "standard" },
    },
    headers: ["sku", "name"],
    mapping: {
      columns: [
        { as: "key", property: null },
        { as: "property", id: "name", language: "", emptyCell: "skip" },
      ],
      ...{ keySeparator: "-", repeatedKeys: "merge" },
    },
    check: {
      ...{ rowsRead: entities, rowsRejected: 0, rowsBlank: 0, rowsMerged: 0 },
      ...{ entities, deletes: 0, batches: batches.length },
      ...{ issues: [], needsOrder },
    },
    tabId: TAB,
  });
  let firstRow = 2;
  for (const [at, rows] of batches.entries()) {
    const place = { firstRow, lastRow: firstRow + rows.length - 1 };
    const batch = { ...place, columns: [["name", ""]], rows };
    const bytes = new TextEncoder().encode(JSON.stringify(batch));
    await submitBatch(editor, {
      ...{ runId: id, sequence: at + 1, tabId: TAB, bytes },
    });
    firstRow += rows.length;
  }
  return id;
}

/** Sends what is due, in rounds, without the waits between; until nothing is due. */
export async function deliverDue(
  db: Db,
  clientOf: () => Promise<RemoteClient>,
  { rounds = 40, signal = new AbortController().signal } = {},
): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    await db.rows(
      "update remote_batches set due_at = now() where lease_id is null",
    );
    await db.rows("delete from endpoint_hosts");
    const claimed = await claimDue(db, 6);
    if (claimed.length === 0) return;
    await Promise.all(
      claimed.map((batch) =>
        deliverBatch(db, batch, { signal, clientOf, random: () => 0 }),
      ),
    );
  }
}

export type HeardRequest = { path: string; token: string; body: string };

/** An ingest API on a port of this machine that answers as it is told, and a client of it. */
export async function openRemote(
  answer: (request: HeardRequest, response: ServerResponse) => void,
  secret: string,
): Promise<{
  url: string;
  clientOf: () => Promise<RemoteClient>;
  close: () => Promise<void>;
}> {
  async function hear(request: IncomingMessage, response: ServerResponse) {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    const [, token = ""] = (request.headers.authorization ?? "").split(" ");
    answer({ path: request.url ?? "", token, body }, response);
  }
  const server = createServer((request, response) => {
    void hear(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const rules = createOutboundRules({
    allow: parseAddressList("127.0.0.1"),
    deny: parseAddressList(""),
    ports: parsePortList("1-65535"),
  });
  const client = createRemoteClient(
    { baseUrl: url, providerId: "p", secret: () => secret },
    { rules, agent: createOutboundAgent({ rules }) },
  );
  return {
    url,
    clientOf: () => Promise.resolve(client),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Answers with JSON. */
export function answerJson(
  response: ServerResponse,
  status: number,
  body: object,
): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
