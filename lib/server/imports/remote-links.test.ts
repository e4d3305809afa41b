import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  expect,
  test,
} from "vitest";

import type { BatchRow } from "@/lib/domain/table-batch";
import type { Context } from "@/lib/server/context";
import { createRemoteClient } from "@/lib/server/endpoints/remote-client";
import { createEndpoint } from "@/lib/server/endpoints/service";
import { getEntry } from "@/lib/server/entries/service";
import { forecastTableBatch } from "@/lib/server/forecasts/service";
import { deleteSource } from "@/lib/server/sources/service";
import { takeTurn } from "@/lib/server/media/remote/take-turn";
import { claimTurn } from "@/lib/server/media/remote/turn-store";
import { summarizeRunMedia } from "@/lib/server/media/service";
import {
  createOutboundRules,
  parseAddressList,
  parsePortList,
} from "@/lib/server/outbound/address-rules";
import { createOutboundAgent } from "@/lib/server/outbound/connector";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import { createTenant, userContext } from "@/lib/testing/factories";
import { startMediaApi } from "@/lib/testing/media-api";

import { deliverBatch } from "./deliver-batch";
import { claimDue } from "./delivery-store";
import { listSetAside } from "./receipts";
import {
  cancelRun,
  getRun,
  releaseRun,
  startRun,
  submitBatch,
} from "./service";

const TAB = "11111111-1111-4111-8111-111111111111";
const { signal } = new AbortController();
const media = { idProperty: "image_id", separator: "|" } as const;
const rules = createOutboundRules({
  allow: parseAddressList("127.0.0.1"),
  deny: parseAddressList(""),
  ports: parsePortList("1-65535"),
});
const deps = { rules, agent: createOutboundAgent({ rules }) };

let testDb: TestDb;
let ctx: Context;
let sourceId: string;
let otherSourceId: string;
let api: Awaited<ReturnType<typeof startMediaApi>>;
let clientOf: () => Promise<ReturnType<typeof createRemoteClient>>;
beforeAll(async () => {
  testDb = await createTestDb();
});
afterAll(() => testDb.close());
beforeEach(async () => {
  await testDb.db.rows("delete from remote_files");
  await testDb.db.rows("delete from remote_batches");
  await testDb.db.rows("delete from endpoint_hosts");
  api = await startMediaApi();
  const tenantId = await createTenant(testDb.db);
  const { sources } = await createEndpoint(
    userContext(testDb.db, tenantId, "admin"),
    {
      ...{ name: "Elsewhere", url: api.url, providerId: "p" },
      ...{ secret: "s3cret-s3cret", sources: ["products", "others"] },
    },
  );
  const idOf = (name: string) =>
    sources.find(({ identifier }) => identifier === name)?.id ?? "";
  sourceId = idOf("products");
  otherSourceId = idOf("others");
  ctx = userContext(testDb.db, tenantId, "editor");
  const client = createRemoteClient(
    { baseUrl: api.url, providerId: "p", secret: () => "s3cret-s3cret" },
    deps,
  );
  clientOf = () => Promise.resolve(client);
});
afterEach(() => api.close());

const at = (name: string) => `https://files.example/${name}.jpg`;
const batchOf = (rows: [key: string, links: string | null][]) => ({
  ...{ firstRow: 2, lastRow: 1 + rows.length },
  columns: [["image", "", media]],
  rows: rows.map(([key, links]): BatchRow => [key, 0, links]),
});

/** Hands over one batch of a key and a cell of links each. */
async function importLinks(
  rows: [key: string, links: string | null][],
  into = sourceId,
) {
  const { id: runId } = await startRun(ctx, {
    sourceId: into,
    file: { name: "products.csv", bytes: 1_000, hash: "abc" },
    tableOptions: {
      ...{ encoding: "utf-8", delimiter: "," },
      ...{ headerRow: 1, quotes: "standard" },
    },
    headers: ["sku", "image"],
    mapping: {
      columns: [
        { as: "key", property: null },
        {
          ...{ as: "property", id: "image", language: "", media },
          emptyCell: "clear",
        },
      ],
      ...{ keySeparator: "-", repeatedKeys: "merge" },
    },
    check: {
      ...{ rowsRead: rows.length, rowsRejected: 0, rowsBlank: 0 },
      ...{ rowsMerged: 0, entities: rows.length, deletes: 0, batches: 1 },
      ...{ issues: [], needsOrder: false },
    },
    tabId: TAB,
  });
  await submitBatch(ctx, {
    ...{ runId, sequence: 1, tabId: TAB },
    bytes: new TextEncoder().encode(JSON.stringify(batchOf(rows))),
  });
  return runId;
}

async function deliver(): Promise<void> {
  await testDb.db.rows(
    `update remote_batches set due_at = now() where lease_id is null`,
  );
  for (const batch of await claimDue(testDb.db, 6)) {
    await deliverBatch(testDb.db, batch, { signal, clientOf });
  }
}

async function turn(): Promise<void> {
  await testDb.db.rows(
    `update remote_files set due_at = now() where lease_id is null`,
  );
  const claimed = await claimTurn(testDb.db);
  if (claimed) await takeTurn(testDb.db, claimed, { signal, clientOf });
}

const imported = () =>
  api.calls.flatMap(({ path, body }) =>
    path.startsWith("/import/") ? (body.entities ?? []) : [],
  );

async function valuesOf(key: string): Promise<Record<string, string>> {
  const { values } = await getEntry(ctx, sourceId, key);
  return Object.fromEntries(values.map(({ id, value }) => [id, value]));
}

test("entries of a remote source name the files that the endpoint made of their links, and wait for them", async () => {
  api.newState = "Progress";
  const runId = await importLinks([
    ["A", `${at("a")}|${at("b")}`],
    ["B", at("a")],
    ["C", null],
  ]);
  await deliver();
  expect(imported()).toEqual([]);
  await turn();
  expect(api.sent()).toEqual([2]);
  // Taken there, and nothing is known of an address yet.
  await deliver();
  expect(imported()).toEqual([]);
  await turn();
  await deliver();
  const [a, b] = [at("a"), at("b")].map(
    (link) =>
      [...api.files.values()].find((one) => one.link === link)?.id ?? "",
  );
  const url = (id = "") => `https://media.example/${id}`;
  const values = { image: `${url(a)}|${url(b)}`, image_id: `${a}|${b}` };
  expect(imported()[0]).toMatchObject({
    key: "A",
    properties: Object.entries(values).map(([id, value]) => ({ id, value })),
  });
  expect(imported()).toHaveLength(3);
  expect(await valuesOf("A")).toEqual(values);
  expect(await valuesOf("B")).toEqual({ image: url(a), image_id: a });
  expect(await getRun(ctx, runId)).toMatchObject({
    ...{ status: "finished", applied: { created: 3 } },
  });
  expect(await summarizeRunMedia(ctx, runId)).toMatchObject({
    ...{ links: 2, known: 0, files: { progress: 2 } },
  });

  // The same links again: the same files, and nothing is sent.
  const again = await importLinks([["D", at("b")]]);
  await deliver();
  expect(api.sent()).toEqual([2]);
  expect(await valuesOf("D")).toEqual({ image: url(b), image_id: b });
  expect(await summarizeRunMedia(ctx, again)).toMatchObject({
    ...{ links: 1, known: 1 },
  });
});

test("an entry whose link is refused, or cannot be fetched there, is set aside with the reason", async () => {
  api.refuses.set(at("bad"), "not a picture");
  const runId = await importLinks([
    ["A", at("good")],
    ["B", `${at("good")}|${at("bad")}`],
  ]);
  await turn();
  await turn();
  await deliver();
  expect(imported().map(({ key }) => key)).toEqual(["A"]);
  expect(await getRun(ctx, runId)).toMatchObject({
    ...{ status: "finished", applied: { created: 1, aside: 1 } },
  });
  const text = JSON.stringify(await listSetAside(ctx, runId));
  expect(text).toContain(
    `${at("bad")}: Elsewhere does not take this link. It says: “not a picture”`,
  );
  // It is tried again by the next import.
  api.refuses.clear();
  await importLinks([["B", at("bad")]]);
  await turn();
  await turn();
  await deliver();
  expect(imported().map(({ key }) => key)).toEqual(["A", "B"]);
});

test("a run waits for a person when the endpoint does not let the provider send links", async () => {
  api.twist = ({ method }) => (method === "PUT" ? { status: 403 } : undefined);
  const runId = await importLinks([["A", at("a")]]);
  await turn();
  await deliver();
  expect(await getRun(ctx, runId)).toMatchObject({
    ...{ status: "running", delivery: { isHeld: true } },
  });
  api.twist = () => undefined;
  await releaseRun(ctx, runId);
  await turn();
  await turn();
  await deliver();
  expect((await getRun(ctx, runId)).status).toBe("finished");
});

test("a run that waits for a link of another import has it sent again when a person wants it", async () => {
  api.twist = ({ method }) => (method === "PUT" ? { status: 403 } : undefined);
  await importLinks([["A", at("a")]]);
  const second = await importLinks([["B", at("a")]], otherSourceId);
  await turn();
  await deliver();
  expect((await getRun(ctx, second)).delivery?.isHeld).toBe(true);
  api.twist = () => undefined;
  await releaseRun(ctx, second);
  await turn();
  await turn();
  await deliver();
  expect((await getRun(ctx, second)).status).toBe("finished");
});

test("links of a cancelled run are sent no more, unless another import waits for links", async () => {
  const first = await importLinks([["A", at("a")]]);
  const second = await importLinks([["B", at("a")]]);
  await cancelRun(ctx, first);
  expect(await linkStates()).toEqual(["created"]);
  await cancelRun(ctx, second);
  const third = await importLinks([["C", at("c")]]);
  await cancelRun(ctx, third);
  await turn();
  expect(api.sent()).toEqual([1]);
  expect((await linkStates()).sort()).toEqual(["cancelled", "progress"]);
});

test("links of a source that is deleted are sent no more", async () => {
  await importLinks([["A", at("a")]]);
  const admin = userContext(testDb.db, ctx.tenantId, "admin");
  await deleteSource(admin, sourceId, "products");
  await turn();
  expect(api.sent()).toEqual([]);
  expect(await linkStates()).toEqual(["cancelled"]);
});

async function linkStates(): Promise<string[]> {
  const rows = await testDb.db.rows<{ state: string }>(
    "select state from remote_files where tenant_id = $1",
    [ctx.tenantId],
  );
  return rows.map(({ state }) => state);
}

test("a forecast knows the files of links that were sent before, and says so of the others", async () => {
  await importLinks([["A", at("a")]]);
  await turn();
  await turn();
  await deliver();
  const answer = await forecastTableBatch(ctx, {
    ...{ sourceId, sequence: 1 },
    forecastId: "22222222-2222-4222-8222-222222222222",
    bytes: new TextEncoder().encode(
      JSON.stringify(
        batchOf([
          ["A", at("a")],
          ["B", at("b")],
        ]),
      ),
    ),
  });
  const text = JSON.stringify(answer);
  expect(text).toContain("(known after sending)");
  expect(answer).toMatchObject({ counts: { unchanged: 1, created: 1 } });
});
