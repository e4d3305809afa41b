import { randomUUID } from "node:crypto";

import Papa from "papaparse";
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  expect,
  test,
} from "vitest";

import type { Entity } from "@/lib/domain/entity";
import { BATCH_ANSWERS_MAX, RUN_ANSWERS_MAX } from "@/lib/domain/remote-batch";
import { createRunLedger } from "@/lib/domain/run-receipt";
import { rowReceiptCsv } from "@/lib/importer/row-receipt";
import { deleteSource } from "@/lib/server/sources/service";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import { createTenant, userContext } from "@/lib/testing/factories";
import {
  answerJson,
  createRemoteTenant,
  deliverDue,
  fileRows,
  handOverRun,
  openRemote,
  type HeardRequest,
  type RemoteTenant,
} from "@/lib/testing/remote-run";

import { writeAnswers, type HeardAnswer } from "./answer-store";
import { deliverBatch } from "./deliver-batch";
import { claimDue } from "./delivery-store";
import {
  cancelRun,
  getRun,
  listOutcomes,
  listRemoteBatches,
  listReplies,
} from "./service";

const SECRET = "canary-secret-5f0a1b2c3d4e";
const TOKEN = "canary-token-9d8e7f6a5b4c";

type Imported = (request: HeardRequest & { keys: string[] }) => {
  status: number;
  body?: object;
};

let testDb: TestDb;
let tenant: RemoteTenant;
let remote: Awaited<ReturnType<typeof openRemote>>;
let onImport: Imported;
let tokens: number;

beforeAll(async () => {
  testDb = await createTestDb();
});
afterAll(() => testDb.close());
beforeEach(async () => {
  tokens = 0;
  onImport = () => ({ status: 202, body: { requestId: "r-ok" } });
  remote = await openRemote((request, response) => {
    if (!request.path.startsWith("/import")) {
      tokens += 1;
      const result = { accessToken: `${TOKEN}-${tokens}`, expiresIn: 3_600 };
      return answerJson(response, 200, { result });
    }
    const { entities } = JSON.parse(request.body) as { entities: Entity[] };
    const keys = entities.map(({ key }) => key);
    const { status, body = {} } = onImport({ ...request, keys });
    answerJson(response, status, body);
  }, SECRET);
  tenant = await createRemoteTenant(testDb.db, { secret: SECRET });
  await testDb.db.rows("delete from remote_batches");
});
afterEach(() => remote.close());

const deliver = (rounds?: number) =>
  deliverDue(
    testDb.db,
    remote.clientOf,
    rounds === undefined ? {} : { rounds },
  );
const batchesOf = async (runId: string) =>
  (await listRemoteBatches(tenant.editor, runId)).batches;
const repliesOf = async (runId: string, sequence = 1) =>
  (await listReplies(tenant.editor, runId, sequence)).replies;

test("every answer of every try is kept, with those for a token and a token that ended", async () => {
  let calls = 0;
  onImport = ({ token }) => {
    calls += 1;
    if (calls <= 2) {
      return { status: 503, body: { errors: [{ message: "Down" }] } };
    }
    if (token.endsWith("-1")) return { status: 401, body: {} };
    return { status: 202, body: { requestId: "r-done" } };
  };
  const runId = await handOverRun(tenant, [fileRows(0, 2)]);
  await deliver();
  expect(
    (await repliesOf(runId)).map(({ attempt, asked, outcome, status }) => [
      ...[attempt, asked, outcome, status],
    ]),
  ).toEqual([
    [1, "token", "accepted", 200],
    [1, "import", "server", 503],
    [2, "import", "server", 503],
    [3, "import", "token", 401],
    [3, "token", "accepted", 200],
    [3, "import", "accepted", 202],
  ]);
  const [first, down] = await repliesOf(runId);
  expect(first?.excerpt).toBe("");
  expect(down).toMatchObject({ excerpt: "Down", entities: 2, more: 0 });
  expect(await batchesOf(runId)).toMatchObject([
    {
      ...{ sequence: 1, state: "accepted", attempts: 3, replies: 6 },
      answer: { status: 202, requestId: "r-done" },
    },
  ]);
});

test("a refused token is kept, and the batch waits for a person", async () => {
  await remote.close();
  remote = await openRemote((_, response) => {
    answerJson(response, 401, { errors: [{ message: `no ${SECRET}` }] });
  }, SECRET);
  const runId = await handOverRun(tenant, [fileRows(0, 2), fileRows(2, 2)], {
    needsOrder: true,
  });
  await deliver();
  expect(await repliesOf(runId)).toMatchObject([
    {
      ...{ asked: "token", outcome: "credentials", status: 401 },
      excerpt: "no [hidden]",
    },
  ]);
  expect((await batchesOf(runId)).map(({ state }) => state)).toEqual([
    "held",
    "held",
  ]);
});

test("of an isolated batch each half has its answer, with the entries that it held", async () => {
  onImport = ({ keys }) =>
    keys.includes("K6")
      ? { status: 400, body: { errors: [{ message: "K6 is odd" }] } }
      : { status: 202 };
  const runId = await handOverRun(tenant, [fileRows(0, 8)]);
  await deliver();
  const parts = (await repliesOf(runId))
    .filter(({ asked }) => asked === "import")
    .map(({ status, fromAt, toAt }) => `${status} ${fromAt}-${toAt}`);
  expect(parts).toEqual([
    ...["400 0-7", "202 0-3", "400 4-7"],
    ...["202 4-5", "400 6-7", "400 6-6", "202 7-7"],
  ]);
  expect(await batchesOf(runId)).toMatchObject([
    { state: "accepted", entities: 8, aside: 1, firstRow: 2, lastRow: 9 },
  ]);
});

test("batches that wait, are under way, wait again or are set aside say so", async () => {
  const runId = await handOverRun(tenant, [
    ...[fileRows(0, 1), fileRows(1, 1), fileRows(2, 1), fileRows(3, 1)],
  ]);
  await testDb.db.rows(
    "update remote_batches set due_at = now() + interval '1 hour' where sequence > 2",
  );
  onImport = ({ keys }) => ({ status: keys.includes("K0") ? 429 : 400 });
  await testDb.db.rows("delete from endpoint_hosts");
  const { signal } = new AbortController();
  for (const batch of await claimDue(testDb.db, 6)) {
    await deliverBatch(testDb.db, batch, {
      ...{ signal, clientOf: remote.clientOf, random: () => 1 },
    });
  }
  await testDb.db.rows(
    "update remote_batches set due_at = now() where sequence = 3",
  );
  await claimDue(testDb.db, 1);
  const batches = await batchesOf(runId);
  expect(batches.map(({ state }) => state)).toEqual([
    ...["again", "aside", "sending", "waiting"],
  ]);
  expect(batches[0]?.dueAt).not.toBeNull();
  expect(batches[0]?.answer).toMatchObject({ outcome: "busy", status: 429 });
  expect(batches[3]).toMatchObject({ firstRow: 5, lastRow: 5, entities: 1 });
});

test("batches are listed a page of 100 at a time, those that wait among those that are accepted", async () => {
  const runId = await handOverRun(
    tenant,
    Array.from({ length: 103 }, (_, at) => fileRows(at, 1)),
  );
  await testDb.db.rows(
    "update remote_batches set due_at = now() + interval '1 hour' where sequence % 2 = 0",
  );
  const { signal } = new AbortController();
  for (;;) {
    const claimed = await claimDue(testDb.db, 6);
    if (claimed.length === 0) break;
    for (const batch of claimed) {
      const { clientOf } = remote;
      await deliverBatch(testDb.db, batch, { signal, clientOf });
    }
  }
  const first = await listRemoteBatches(tenant.editor, runId);
  expect(first.batches.map(({ sequence }) => sequence)).toEqual(
    Array.from({ length: 100 }, (_, at) => at + 1),
  );
  expect(first.batches.slice(0, 2).map(({ state }) => state)).toEqual([
    ...["accepted", "waiting"],
  ]);
  expect(first.nextAfter).toBe(100);
  const rest = await listRemoteBatches(tenant.editor, runId, 100);
  expect(rest.batches).toHaveLength(3);
  expect(rest.nextAfter).toBeNull();
});

test("batches of a cancelled run are named with what was answered to them", async () => {
  onImport = () => ({ status: 503 });
  const runId = await handOverRun(tenant, [fileRows(0, 1), fileRows(1, 1)]);
  await deliver(1);
  await cancelRun(tenant.editor, runId);
  expect(await batchesOf(runId)).toMatchObject([
    { sequence: 1, state: "dropped", answer: { status: 503 } },
    { sequence: 2, state: "dropped" },
  ]);
});

test("neither secret nor token is kept, however the other side repeats them", async () => {
  onImport = ({ token, keys }) => {
    if (keys.length > 1) {
      return {
        status: 400,
        body: {
          requestId: token,
          errors: [{ message: `Bearer ${token} of ${SECRET}` }],
        },
      };
    }
    return { status: 500, body: { authorization: [token, SECRET] } };
  };
  const runId = await handOverRun(tenant, [fileRows(0, 4)]);
  await deliver(2);
  expect((await repliesOf(runId)).length).toBeGreaterThan(2);
  const [dump] = await testDb.db.rows<{ text: string }>(
    `select string_agg(a::text, ' ') || (select string_agg(b::text, ' ')
       from remote_batches b) as text from remote_answers a`,
  );
  expect(dump?.text).toContain("hidden");
  expect(dump?.text).not.toContain(SECRET);
  expect(dump?.text).not.toContain(TOKEN);
});

test("the receipt names for each row the last answer that was about it, and no formula", async () => {
  onImport = ({ keys }) =>
    keys.includes("K2")
      ? {
          status: 400,
          body: { requestId: "r-no", errors: [{ message: "=2+5, K2 is odd" }] },
        }
      : { status: 202, body: { requestId: `-r-${keys.length}` } };
  const runId = await handOverRun(tenant, [fileRows(0, 4)]);
  await deliver();
  const { batches } = await listOutcomes(tenant.editor, runId);
  const { tableOptions, mapping } = await getRun(tenant.editor, runId);
  const file = ["sku,name", "K0,a", "K1,b", "K2,c", "K3,d"].join("\n");
  const csv = await rowReceiptCsv({
    ...{ file: new Blob([file]), options: tableOptions, mapping },
    run: { id: runId, ledger: createRunLedger(batches) },
  });
  const { data } = Papa.parse<string[]>((await csv.text()).slice(1).trimEnd());
  const [header, ...lines] = data;
  expect(header?.slice(-4)).toEqual([
    ...["status", "request id", "answered", "answer text"],
  ]);
  expect(lines.map((cells) => [cells[2], ...cells.slice(-4, -2)])).toEqual([
    ["created", "202", "'-r-2"],
    ["created", "202", "'-r-2"],
    ["set aside", "400", "r-no"],
    ["created", "202", "'-r-1"],
  ]);
  expect(lines[2]?.at(-1)).toBe("'=2+5, K2 is odd");
  expect(lines[2]?.at(-2)).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
});

test("many answers of one batch are counted with one like them, and none is dropped unseen", async () => {
  const runId = await handOverRun(tenant, [fileRows(0, 1)]);
  const place = {
    ...{ tenantId: tenant.editor.tenantId, runId, sequence: 1 },
    ...{ attempts: 1, sourceId: tenant.sourceId },
  };
  const busy: HeardAnswer = {
    ...{ outcome: "busy", status: 429, requestId: null, excerpt: "", ms: 1 },
    ...{ asked: "import", fromAt: 0, toAt: 0, entities: 1 },
    at: new Date("2026-01-01T00:00:00Z"),
  };
  const later = new Date("2026-01-02T00:00:00Z");
  for (let attempts = 1; attempts <= 4; attempts += 1) {
    const many = Array.from({ length: 50 }, () => busy);
    await writeAnswers(testDb.db, { ...place, attempts }, many);
  }
  const accepted = { ...busy, outcome: "accepted" as const, status: 202 };
  await writeAnswers(testDb.db, { ...place, attempts: 5 }, [
    { ...busy, at: later },
    { ...accepted, at: later },
  ]);
  const replies = await repliesOf(runId);
  expect(replies).toHaveLength(BATCH_ANSWERS_MAX + 1);
  expect(replies.at(-1)).toMatchObject({ outcome: "accepted", more: 0 });
  expect(replies.at(-2)).toMatchObject({
    ...{ outcome: "busy", more: 201 - BATCH_ANSWERS_MAX },
    lastAt: later.toISOString(),
  });
  expect((await batchesOf(runId))[0]?.replies).toBe(202);
});

test("a run with very many answers keeps three of each batch and counts the rest", async () => {
  const runId = await handOverRun(tenant, [fileRows(0, 1), fileRows(1, 1)]);
  const { tenantId } = tenant.editor;
  await testDb.db.rows(
    `insert into remote_answers (tenant_id, run_id, sequence, source_id, attempt,
       asked, from_at, to_at, entities, outcome, excerpt, ms, at, last_at)
     select $1, $2, 2, $3, 1, 'import', 0, 0, 1, 'busy', '', 1, now(), now()
     from generate_series(1, ${RUN_ANSWERS_MAX})`,
    [tenantId, runId, tenant.sourceId],
  );
  onImport = () => ({ status: 503 });
  await testDb.db.rows("delete from remote_batches where sequence = 2");
  await deliver(9);
  const replies = await repliesOf(runId);
  expect(replies.map(({ more }) => more)).toEqual([0, 0, 7]);
});

test("nothing is kept of a run that is gone, and the answers go with the source", async () => {
  onImport = () => ({ status: 503 });
  const runId = await handOverRun(tenant, [fileRows(0, 1)]);
  await deliver(1);
  await deleteSource(tenant.admin, tenant.sourceId, "products");
  const place = {
    ...{ tenantId: tenant.admin.tenantId, runId, sequence: 1 },
    ...{ attempts: 1, sourceId: tenant.sourceId },
  };
  await writeAnswers(testDb.db, place, [
    {
      ...{ outcome: "busy", status: 429, requestId: null, excerpt: "", ms: 1 },
      ...{ asked: "import", fromAt: 0, toAt: 0, entities: 1, at: new Date() },
    },
  ]);
  const rows = await testDb.db.rows(
    "select from remote_answers where tenant_id = $1",
    [tenant.admin.tenantId],
  );
  expect(rows).toEqual([]);
});

test("are of their tenant alone", async () => {
  const runId = await handOverRun(tenant, [fileRows(0, 1)]);
  const other = userContext(
    ...([testDb.db, await createTenant(testDb.db)] as const),
    "admin",
  );
  for (const ask of [
    () => listRemoteBatches(other, runId),
    () => listReplies(other, runId, 1),
    () => listReplies(tenant.editor, randomUUID(), 1),
  ]) {
    await expect(ask()).rejects.toMatchObject({ code: "not_found" });
  }
});
