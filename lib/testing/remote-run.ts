import type { ServerResponse } from "node:http";

import { createMerge, type StoredValues } from "@/lib/domain/merge";
import {
  readTableBatch,
  tableBatchEntities,
  type BatchRow,
} from "@/lib/domain/table-batch";
import type { Context } from "@/lib/server/context";
import type { Db } from "@/lib/server/db/client";
import {
  createEndpoint,
  type RemoteClient,
} from "@/lib/server/endpoints/service";
import { deliverBatch } from "@/lib/server/imports/deliver-batch";
import { claimDue } from "@/lib/server/imports/delivery-store";
import { startRun, submitBatch } from "@/lib/server/imports/service";

import { createTenant, userContext } from "./factories";
import {
  clientOfRemote,
  REMOTE_PROVIDER,
  startScriptedRemote,
  type Habit,
  type HeardRequest as HeardCall,
} from "./scripted-remote";
import { studioRunInput, TAB } from "./studio-run";

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
    ...{ name: "Occtoo", url, providerId: REMOTE_PROVIDER, secret },
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

type RunOwner = Pick<RemoteTenant, "editor" | "sourceId">;

/** Starts a run of so many batches; gives its id. */
export async function startRemoteRun(
  { editor, sourceId }: RunOwner,
  check: { batches: number; entities: number; needsOrder?: boolean },
): Promise<string> {
  const { batches, entities, needsOrder = false } = check;
  const input = studioRunInput(sourceId, batches);
  const { id } = await startRun(editor, {
    ...input,
    check: { ...input.check, rowsRead: entities, entities, needsOrder },
  });
  return id;
}

/** Hands over one batch of a run, as a browser does. */
export function submitRows(
  { editor }: Pick<RemoteTenant, "editor">,
  batch: {
    runId: string;
    sequence: number;
    rows: BatchRow[];
    firstRow?: number;
  },
) {
  const { runId, sequence, rows, firstRow } = batch;
  const bytes = new TextEncoder().encode(
    JSON.stringify(tableOf(rows, firstRow)),
  );
  return submitBatch(editor, { runId, sequence, tabId: TAB, bytes });
}

function tableOf(rows: BatchRow[], firstRow = 2) {
  const place = { firstRow, lastRow: firstRow + rows.length - 1 };
  return { ...place, columns: [["name", ""]], rows };
}

/** Starts a run and hands its batches over as a browser does; gives its id. */
export async function handOverRun(
  owner: RunOwner,
  batches: BatchRow[][],
  { needsOrder = false } = {},
): Promise<string> {
  const entities = batches.flat().length;
  const check = { batches: batches.length, entities, needsOrder };
  const runId = await startRemoteRun(owner, check);
  let firstRow = 2;
  for (const [at, rows] of batches.entries()) {
    await submitRows(owner, { runId, sequence: at + 1, rows, firstRow });
    firstRow += rows.length;
  }
  return runId;
}

/** What batches leave behind that are merged one after another; entries of `without` are set aside. */
export function serially(
  batches: BatchRow[][],
  without: ReadonlySet<string> = new Set(),
): Map<string, StoredValues> {
  const merge = createMerge(new Map());
  const keys = new Set<string>();
  for (const rows of batches) {
    const table = readTableBatch(tableOf(rows), (_, reason) => {
      throw new RangeError(reason);
    });
    const entities = tableBatchEntities(table);
    const taken = entities.filter(({ key }) => !without.has(key));
    merge.apply(taken);
    for (const { key } of taken) keys.add(key);
  }
  return new Map(
    [...keys].flatMap((key) => {
      const values = merge.valuesOf(key);
      return values ? [[key, values] as const] : [];
    }),
  );
}

/** Sends what is due, in rounds, without the waits between; until nothing is due. */
export async function deliverDue(
  db: Db,
  clientOf: () => Promise<RemoteClient>,
  {
    rounds = 60,
    random = (): number => 0,
    signal = new AbortController().signal,
  } = {},
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
        deliverBatch(db, batch, { signal, clientOf, random }),
      ),
    );
  }
}

export type HeardRequest = Pick<HeardCall, "path" | "token" | "body">;

/** The scripted remote, answering tokens too as it is told, and a client of it. */
export async function openRemote(
  answer: (request: HeardRequest, response: ServerResponse) => void,
  secret: string,
): Promise<{
  url: string;
  clientOf: () => Promise<RemoteClient>;
  close: () => Promise<void>;
}> {
  const remote = await startScriptedRemote();
  const habit: Habit = (call) => answer(call, call.response);
  Object.assign(remote, { onToken: habit, onImport: habit, onOther: habit });
  const client = clientOfRemote(remote, { secret });
  return {
    url: remote.url,
    clientOf: () => Promise.resolve(client),
    close: () => remote.stop(),
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
