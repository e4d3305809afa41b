import { randomUUID } from "node:crypto";

import {
  afterAll,
  beforeAll,
  beforeEach,
  describe,
  expect,
  test,
} from "vitest";

import type { Entity } from "@/lib/domain/entity";
import type { RemoteAnswer, RemoteOutcome } from "@/lib/domain/remote-answer";
import type { BatchRow } from "@/lib/domain/table-batch";
import type { Context } from "@/lib/server/context";
import type { RemoteClient } from "@/lib/server/endpoints/service";
import { createEndpoint } from "@/lib/server/endpoints/service";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import { createTenant, userContext } from "@/lib/testing/factories";

import { deliverBatch } from "./deliver-batch";
import { claimDue } from "./delivery-store";
import {
  cancelRun,
  finishRun,
  getRun,
  listBatches,
  releaseRun,
  startRun,
  submitBatch,
  takeRun,
} from "./service";

const TAB = "11111111-1111-4111-8111-111111111111";
const { signal } = new AbortController();

let testDb: TestDb;
let ctx: Context;
let sourceId: string;
beforeAll(async () => {
  testDb = await createTestDb();
});
afterAll(() => testDb.close());
beforeEach(async () => {
  const tenantId = await createTenant(testDb.db);
  const { sources } = await createEndpoint(
    userContext(testDb.db, tenantId, "admin"),
    {
      ...{ name: "Occtoo", url: "https://ingest.example.com" },
      ...{ providerId: "p", secret: "s3cret-s3cret", sources: ["products"] },
    },
  );
  sourceId = sources[0]?.id ?? "";
  ctx = userContext(testDb.db, tenantId, "editor");
  await testDb.db.rows("delete from remote_batches");
});

/** An ingest API that merges into a map; `answer` says what it tells about a body, and when it throws, nothing is told. */
function remote(answer: (entities: Entity[]) => RemoteOutcome | "lost") {
  const entries = new Map<string, Map<string, string>>();
  const seen: string[] = [];
  const client: RemoteClient = {
    host: "ingest.example.com",
    signIn: () => Promise.resolve(told("accepted")),
    importBody: (source, body, { onAnswer }) => {
      const { entities } = JSON.parse(String(body)) as { entities: Entity[] };
      seen.push(`${source} ${entities.length}`);
      const outcome = answer(entities);
      if (outcome === "accepted" || outcome === "lost")
        merge(entries, entities);
      const said = told(outcome === "lost" ? "too_slow" : outcome);
      onAnswer?.(said, "import");
      return Promise.resolve(said);
    },
  };
  return { entries, seen, clientOf: () => Promise.resolve(client) };
}

function told(outcome: RemoteOutcome): RemoteAnswer {
  const status = outcome === "accepted" ? 202 : 400;
  return { outcome, status, requestId: "r-1", excerpt: "said", ms: 3 };
}

function merge(
  entries: Map<string, Map<string, string>>,
  entities: readonly Entity[],
) {
  for (const { key, delete: isDelete, properties } of entities) {
    if (isDelete) {
      entries.delete(key);
      continue;
    }
    const entry = entries.get(key) ?? new Map<string, string>();
    entries.set(key, entry);
    for (const { id, language, value } of properties) {
      if (value === null) entry.delete(`${id}:${language ?? ""}`);
      else entry.set(`${id}:${language ?? ""}`, value);
    }
  }
}

async function handOver(
  batches: BatchRow[][],
  { needsOrder = false } = {},
): Promise<string> {
  const entities = batches.flat().length;
  const { id } = await startRun(ctx, {
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
  for (const [at, rows] of batches.entries()) await submit(id, at + 1, rows);
  return id;
}

function submit(runId: string, sequence: number, rows: BatchRow[]) {
  const place = { firstRow: 2, lastRow: 1 + rows.length };
  const batch = { ...place, columns: [["name", ""]], rows };
  const bytes = new TextEncoder().encode(JSON.stringify(batch));
  return submitBatch(ctx, { runId, sequence, tabId: TAB, bytes });
}

/** Lets the time of all waits be over, then sends what is due, until nothing is or `rounds` are over. */
async function deliver(
  clientOf: () => Promise<RemoteClient>,
  { rounds = 60, random = Math.random } = {},
): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    await testDb.db.rows(
      "update remote_batches set due_at = now() where lease_id is null",
    );
    await testDb.db.rows("delete from endpoint_hosts");
    const claimed = await claimDue(testDb.db, 6);
    if (claimed.length === 0) return;
    await Promise.all(
      claimed.map((batch) =>
        deliverBatch(testDb.db, batch, { signal, clientOf, random }),
      ),
    );
  }
}

const rows = (from: number, count: number): BatchRow[] =>
  Array.from({ length: count }, (_, at) => [
    ...([`K${from + at}`, 0, `Name ${from + at}`] as BatchRow),
  ]);

describe("batches for a remote source", () => {
  test("are kept when they are handed over, and the run ends when the last one is accepted", async () => {
    const { entries, seen, clientOf } = remote(() => "accepted");
    const runId = await handOver([rows(0, 3), rows(3, 2)]);
    expect(await finishRun(ctx, runId)).toMatchObject({
      ...{ status: "running", applied: { batches: 0 } },
      delivery: { endpointName: "Occtoo", batches: 2, isHeld: false },
    });
    await deliver(clientOf);
    expect(await getRun(ctx, runId)).toMatchObject({
      ...{ status: "finished", applied: { batches: 2, created: 5 } },
      delivery: { batches: 0 },
    });
    expect(entries.size).toBe(5);
    expect(seen.sort()).toEqual(["products 2", "products 3"]);
    expect((await listBatches(ctx, runId)).batches).toHaveLength(2);
  });

  test("are taken once, however often they are handed over", async () => {
    const { seen, clientOf } = remote(() => "accepted");
    const runId = await handOver([rows(0, 3), rows(3, 2)]);
    expect((await submit(runId, 1, rows(0, 3))).isRepeat).toBe(true);
    await expect(submit(runId, 1, rows(0, 2))).rejects.toMatchObject({
      code: "unprocessable",
    });
    const { appliedSequences } = await takeRun(ctx, runId, {
      ...{ tabId: TAB, isForced: false },
    });
    expect(appliedSequences.sort()).toEqual([1, 2]);
    await deliver(clientOf);
    expect(seen).toHaveLength(2);
  });

  test("end as a serial run would, with one request in five failing, answers lost and the process ending", async () => {
    let calls = 0;
    const { entries, clientOf } = remote(() => {
      calls += 1;
      if (calls % 5 === 0) return "server";
      return calls % 7 === 0 ? "lost" : "accepted";
    });
    const later: BatchRow[] = rows(0, 40).map(([key]) => [key, 0, "later"]);
    const gone: BatchRow[] = rows(5, 5).map(([key]) => [key, 1]);
    const batches = [rows(0, 40), later, gone, rows(100, 30), rows(7, 1)];
    const runId = await handOver(batches, { needsOrder: true });
    // A process that took a batch and never came back.
    const [lost] = await claimDue(testDb.db, 1);
    expect(lost?.sequence).toBe(1);
    await testDb.db.rows("update remote_batches set lease_id = null");
    await deliver(clientOf);

    const expected = new Map<string, Map<string, string>>();
    for (const batch of batches) {
      merge(
        expected,
        batch.map(([key, isDelete, value]) => ({
          ...{ key, delete: isDelete === 1 },
          properties:
            typeof value === "string"
              ? [{ id: "name", language: null, value }]
              : [],
        })),
      );
    }
    expect(entries).toEqual(expected);
    expect((await getRun(ctx, runId)).status).toBe("finished");
    const [known] = await testDb.db.rows<{ n: number }>(
      "select count(*) as n from entries where source_id = $1",
      [sourceId],
    );
    expect(known?.n).toBe(expected.size);
  });

  test("of an ordered run are sent one after another, others side by side", async () => {
    await handOver([rows(0, 1), rows(0, 1)], { needsOrder: true });
    expect(await claimDue(testDb.db, 6)).toHaveLength(1);
    await testDb.db.rows("delete from remote_batches");
    await handOver([rows(0, 1), rows(1, 1), rows(2, 1), rows(3, 1)]);
    const claimed = await claimDue(testDb.db, 6);
    expect(claimed.length).toBeGreaterThan(1);
    expect(new Set(claimed.map(({ leaseId }) => leaseId)).size).toBe(
      claimed.length,
    );
  });

  test("lose one poisoned entry in a thousand, and send the rest", async () => {
    const { entries, seen, clientOf } = remote((entities) =>
      entities.some(({ key }) => key === "K613") ? "content" : "accepted",
    );
    const runId = await handOver([rows(0, 1_000)]);
    await deliver(clientOf);
    expect(entries.size).toBe(999);
    expect(seen.length).toBeLessThan(25);
    const run = await getRun(ctx, runId);
    expect(run).toMatchObject({
      ...{ status: "finished", applied: { created: 999, aside: 1 } },
    });
  });

  test.each<RemoteOutcome>([
    ...(["credentials", "not_granted", "insecure", "odd"] as const),
    ...(["not_allowed", "token"] as const),
  ])("wait for a person after %s, and go on when told", async (outcome) => {
    let isMended = false;
    const { seen, clientOf } = remote(() => (isMended ? "accepted" : outcome));
    const runId = await handOver([rows(0, 2), rows(2, 2)], {
      needsOrder: true,
    });
    await deliver(clientOf);
    expect(seen).toHaveLength(1);
    expect(await getRun(ctx, runId)).toMatchObject({
      status: "running",
      delivery: { batches: 2, isHeld: true, lastAnswer: { outcome } },
    });
    isMended = true;
    await releaseRun(ctx, runId);
    await deliver(clientOf);
    expect((await getRun(ctx, runId)).status).toBe("finished");
  });

  test("are sent again as late as the endpoint asks, and never at once", async () => {
    const waits = async (outcome: RemoteOutcome, random: number) => {
      const { clientOf } = remote(() => outcome);
      await handOver([rows(0, 1)]);
      await deliver(clientOf, { rounds: 1, random: () => random });
      const [row] = await testDb.db.rows<{ ms: number }>(
        `select extract(epoch from due_at - now())::float8 * 1000 as ms
         from remote_batches where tenant_id = $1`,
        [ctx.tenantId],
      );
      await testDb.db.rows("delete from remote_batches");
      return row?.ms ?? 0;
    };
    expect(await waits("busy", 1)).toBeGreaterThan(1_000);
    expect(await waits("server", 0.5)).toBeLessThan(1_100);
  });

  test("of a cancelled run are sent no more", async () => {
    const { seen, clientOf } = remote(() => "accepted");
    const runId = await handOver([rows(0, 1)]);
    await cancelRun(ctx, runId);
    await deliver(clientOf);
    expect(seen).toEqual([]);
  });

  test("whose lease another process has taken are noted by that one alone", async () => {
    const { clientOf } = remote(() => "accepted");
    const runId = await handOver([rows(0, 1), rows(1, 1)]);
    const [first] = await claimDue(testDb.db, 1);
    if (!first) throw new Error("Nothing was due.");
    const stale = { ...first, leaseId: randomUUID() };
    await deliverBatch(testDb.db, stale, { signal, clientOf });
    expect((await getRun(ctx, runId)).applied.batches).toBe(0);
    await deliverBatch(testDb.db, first, { signal, clientOf });
    expect((await getRun(ctx, runId)).applied.batches).toBe(1);
  });
});

test("a host that fails five times in a row rests for every tenant, and one request finds out when it is there again", async () => {
  let isThere = false;
  const { seen, clientOf } = remote(() => (isThere ? "accepted" : "server"));
  const settle = async () => {
    await testDb.db.rows("update remote_batches set due_at = now()");
    const claimed = await claimDue(testDb.db, 6);
    await Promise.all(
      claimed.map((batch) =>
        deliverBatch(testDb.db, batch, { signal, clientOf, random: () => 1 }),
      ),
    );
    return claimed.length;
  };
  const first = await handOver([rows(0, 1), rows(1, 1), rows(2, 1)]);
  // Another tenant, another endpoint, the same host.
  const own = { ctx, sourceId };
  const tenantId = await createTenant(testDb.db);
  const endpoint = await createEndpoint(
    userContext(testDb.db, tenantId, "admin"),
    {
      ...{ name: "Ours", url: "https://ingest.example.com/path" },
      ...{ providerId: "q", secret: "t0ken-t0ken-", sources: ["products"] },
    },
  );
  sourceId = endpoint.sources[0]?.id ?? "";
  ctx = userContext(testDb.db, tenantId, "editor");
  const second = await handOver([rows(0, 1), rows(1, 1)]);

  expect(await settle()).toBe(5);
  expect(await settle()).toBe(0);
  expect(seen).toHaveLength(5);
  expect((await getRun(ctx, second)).delivery?.retryAt).not.toBeNull();

  isThere = true;
  await testDb.db.rows("update endpoint_hosts set rests_until = now()");
  expect(await settle()).toBe(5);
  expect(seen).toHaveLength(6);
  // Those that were not sent were not tried.
  const [waiting] = await testDb.db.rows<{ attempts: number }>(
    "select max(attempts) as attempts from remote_batches",
  );
  expect(waiting?.attempts).toBe(1);
  expect(await settle()).toBe(4);
  expect((await getRun(ctx, second)).status).toBe("finished");
  expect((await getRun(own.ctx, first)).status).toBe("finished");
});

test("columns of media links are refused for a remote source", async () => {
  const run = {
    ...{ sourceId, headers: ["sku", "image"], tabId: TAB },
    file: { name: "products.csv", bytes: 1_000, hash: "abc" },
    tableOptions: {
      ...{ encoding: "utf-8", delimiter: "," },
      ...{ headerRow: 1, quotes: "standard" as const },
    },
    mapping: {
      columns: [
        { as: "key" as const, property: null },
        {
          ...{ as: "property" as const, id: "image", language: "" },
          emptyCell: "skip" as const,
          media: { idProperty: null, separator: "" as const },
        },
      ],
      ...{ keySeparator: "-", repeatedKeys: "merge" as const },
    },
    check: {
      ...{ rowsRead: 1, rowsRejected: 0, rowsBlank: 0, rowsMerged: 0 },
      ...{ entities: 1, deletes: 0, batches: 1, issues: [], needsOrder: false },
    },
  };
  await expect(startRun(ctx, run)).rejects.toMatchObject({
    code: "invalid_input",
  });
});
