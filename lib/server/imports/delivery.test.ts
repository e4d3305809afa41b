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
import type { BatchRow } from "@/lib/domain/table-batch";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import { lostAfter, status } from "@/lib/testing/remote-habits";
import {
  createRemoteTenant,
  deliverDue,
  fileRows as rows,
  handOverRun,
  serially,
  startRemoteRun,
  submitRows,
  type RemoteTenant,
} from "@/lib/testing/remote-run";
import {
  clientOfRemote,
  startScriptedRemote,
  well,
  type Habit,
  type ScriptedRemote,
} from "@/lib/testing/scripted-remote";
import { storedEntries, TAB } from "@/lib/testing/studio-run";

import { inBatchTurn } from "./batch-turns";
import { deliverBatch } from "./deliver-batch";
import { claimDue } from "./delivery-store";
import {
  cancelRun,
  finishRun,
  getRun,
  listBatches,
  listSetAside,
  takeRun,
} from "./service";

const { signal } = new AbortController();

let testDb: TestDb;
let api: ScriptedRemote;
let source: RemoteTenant;
beforeAll(async () => {
  testDb = await createTestDb();
  api = await startScriptedRemote();
});
afterAll(async () => {
  await api.stop();
  await testDb.close();
});
beforeEach(async () => {
  api.reset();
  source = await createRemoteTenant(testDb.db, api);
  await testDb.db.rows("delete from remote_batches");
  await testDb.db.rows("delete from endpoint_hosts");
});

const HABITS = {
  ...{ accepted: well, lost: lostAfter },
  ...{ content: status(400), busy: status(429), server: status(500) },
} satisfies Record<string, Habit>;

/** The remote does with a body what `answer` says of its entities. */
function remote(answer: (entities: Entity[]) => keyof typeof HABITS) {
  api.onImport = (call) => {
    const { entities } = JSON.parse(call.body) as { entities: Entity[] };
    return HABITS[answer(entities)](call);
  };
}

const clientOf = () => Promise.resolve(clientOfRemote(api));
const handOver = (batches: BatchRow[][], options?: { needsOrder?: boolean }) =>
  handOverRun(source, batches, options);
const deliver = (options?: Parameters<typeof deliverDue>[2]) =>
  deliverDue(testDb.db, clientOf, options);

describe("batches for a remote source", () => {
  test("are kept when they are handed over, and the run ends when the last one is accepted", async () => {
    remote(() => "accepted");
    const runId = await handOver([rows(0, 3), rows(3, 2)]);
    expect(await finishRun(source.editor, runId)).toMatchObject({
      ...{ status: "running", applied: { batches: 0 } },
      delivery: { endpointName: "Occtoo", batches: 2, isHeld: false },
    });
    await deliver();
    expect(await getRun(source.editor, runId)).toMatchObject({
      ...{ status: "finished", applied: { batches: 2, created: 5 } },
      delivery: { batches: 0 },
    });
    expect(api.entries().size).toBe(5);
    expect(api.imports().map((call) => call.correlationId)).toEqual([
      ...[runId, runId],
    ]);
    expect((await listBatches(source.editor, runId)).batches).toHaveLength(2);
  });

  test("are taken once, however often they are handed over", async () => {
    remote(() => "accepted");
    const runId = await handOver([rows(0, 3), rows(3, 2)]);
    expect(
      (await submitRows(source, { runId, sequence: 1, rows: rows(0, 3) }))
        .isRepeat,
    ).toBe(true);
    await expect(
      submitRows(source, { runId, sequence: 1, rows: rows(0, 2) }),
    ).rejects.toMatchObject({
      code: "unprocessable",
    });
    const { appliedSequences } = await takeRun(source.editor, runId, {
      ...{ tabId: TAB, isForced: false },
    });
    expect(appliedSequences.sort()).toEqual([1, 2]);
    await deliver();
    expect(api.imports()).toHaveLength(2);
  });

  test("keep their run with the tab that hands them over", async () => {
    const runId = await startRemoteRun(source, { batches: 2, entities: 2 });
    const passed = new Date(Date.now() - 1_000);
    await testDb.db.rows(
      "update import_runs set lease_until = $2 where id = $1",
      [runId, passed],
    );
    expect((await getRun(source.editor, runId)).lease).toBeNull();
    await submitRows(source, { runId, sequence: 1, rows: rows(0, 1) });
    expect((await getRun(source.editor, runId)).lease?.tabId).toBe(TAB);
  });

  test("that are handed over twice are sent once, also when the first is delivered before the second is kept", async () => {
    remote(() => "accepted");
    const check = { batches: 2, entities: 2, needsOrder: true };
    const runId = await startRemoteRun(source, check);
    const batch = { runId, sequence: 1, rows: rows(0, 1) };
    let toldLooked = (): void => undefined;
    const looked = new Promise<void>((resolve) => (toldLooked = resolve));
    let begin = (): void => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    /** Of the second: its first look is told, and the first is delivered when it packs. */
    const second = {
      ...source.editor,
      db: {
        ...testDb.db,
        rows: async <T extends Record<string, unknown>>(
          ...[text, params]: [string, unknown[]?]
        ) => {
          if (text.includes("s.endpoint_id is not null")) await deliver();
          const found = await testDb.db.rows<T>(text, params);
          if (text.includes("from remote_batches")) toldLooked();
          return found;
        },
      },
    };
    const before = inBatchTurn(runId, () => begun);
    const taken = [
      submitRows(source, batch),
      submitRows({ editor: second }, batch),
    ];
    await looked;
    begin();
    await before;
    // Whichever comes first is kept, the other one is its repeat.
    const answers = (await Promise.all(taken)).map(({ isRepeat }) => isRepeat);
    expect(answers.sort()).toEqual([false, true]);
    await deliver();
    expect(api.imports()).toHaveLength(1);
  });

  test("end as a serial run would, with one request in five failing, answers lost and the process ending", async () => {
    let calls = 0;
    remote(() => {
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
    await deliver();

    const expected = serially(batches);
    expect(api.entries()).toEqual(expected);
    expect((await getRun(source.editor, runId)).status).toBe("finished");
    expect(await storedEntries(source.editor, source.sourceId)).toEqual(
      expected,
    );
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

  test("of a later run into the same source wait for those of an earlier one, also when that one is held", async () => {
    api.onImport = (call) =>
      call.body.includes("Name 0") && api.imports().length < 3
        ? status(503)(call)
        : well(call);
    const earlier = await handOverRun(source, [rows(0, 1)]);
    const later = await handOverRun(source, [[["K0", 0, "Newer"]], rows(7, 1)]);
    expect((await getRun(source.editor, later)).delivery?.after).toEqual({
      id: earlier,
      fileName: "products.csv",
    });
    expect((await getRun(source.editor, earlier)).delivery?.after).toBeNull();
    expect((await claimDue(testDb.db, 6)).map(({ runId }) => runId)).toEqual([
      earlier,
    ]);
    await testDb.db.rows("update remote_batches set lease_id = null");
    await deliver();
    expect(api.entries().get("K0")).toEqual(
      serially([[["K0", 0, "Newer"]]]).get("K0"),
    );
    expect((await getRun(source.editor, later)).status).toBe("finished");

    api.onImport = status(403);
    const held = await handOverRun(source, [rows(0, 1)]);
    await handOverRun(source, [[["K0", 0, "Newest"]]]);
    await deliver();
    expect(await claimDue(testDb.db, 6)).toEqual([]);
    api.onImport = well;
    await cancelRun(source.editor, held);
    await deliver();
    expect(api.entries().get("K0")).toEqual(
      serially([[["K0", 0, "Newest"]]]).get("K0"),
    );
  });

  test("lose one poisoned entry in a thousand, and send the rest", async () => {
    remote((entities) =>
      entities.some(({ key }) => key === "K613") ? "content" : "accepted",
    );
    const runId = await handOver([rows(0, 1_000)]);
    await deliver();
    expect(api.entries().size).toBe(999);
    expect(api.imports().length).toBeLessThan(25);
    const run = await getRun(source.editor, runId);
    expect(run).toMatchObject({
      ...{ status: "finished", applied: { created: 999, aside: 1 } },
    });
  });

  test("say so of an entry that the endpoint took and this Studio cannot keep", async () => {
    await testDb.db.rows(
      `insert into source_properties (tenant_id, source_id, prop, entries)
       select $1, $2, 'p' || n || ':', 1 from generate_series(1, 20000) n`,
      [source.editor.tenantId, source.sourceId],
    );
    const runId = await handOverRun(source, [rows(0, 1)]);
    await deliver();
    expect([...api.entries().keys()]).toEqual(["K0"]);
    const { entries } = await listSetAside(source.editor, runId);
    expect(entries.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/ has accepted this entry, but this Studio cannot/),
    ]);
  });

  test("are sent again as late as the endpoint asks, and never at once", async () => {
    const waits = async (outcome: keyof typeof HABITS, random: number) => {
      remote(() => outcome);
      await handOver([rows(0, 1)]);
      await deliver({ rounds: 1, random: () => random });
      const [row] = await testDb.db.rows<{ ms: number }>(
        `select extract(epoch from due_at - now())::float8 * 1000 as ms
         from remote_batches where tenant_id = $1`,
        [source.editor.tenantId],
      );
      await testDb.db.rows("delete from remote_batches");
      return row?.ms ?? 0;
    };
    expect(await waits("busy", 1)).toBeGreaterThan(1_000);
    expect(await waits("server", 0.5)).toBeLessThan(1_100);
  });

  test("of a cancelled run are sent no more", async () => {
    remote(() => "accepted");
    const runId = await handOver([rows(0, 1)]);
    await cancelRun(source.editor, runId);
    await deliver();
    expect(api.imports()).toEqual([]);
  });

  test("whose lease another process has taken are noted by that one alone", async () => {
    remote(() => "accepted");
    const runId = await handOver([rows(0, 1), rows(1, 1)]);
    const [first] = await claimDue(testDb.db, 1);
    if (!first) throw new Error("Nothing was due.");
    const stale = { ...first, leaseId: randomUUID() };
    await deliverBatch(testDb.db, stale, { signal, clientOf });
    expect((await getRun(source.editor, runId)).applied.batches).toBe(0);
    await deliverBatch(testDb.db, first, { signal, clientOf });
    expect((await getRun(source.editor, runId)).applied.batches).toBe(1);
  });
});

test("a host that fails five times in a row rests for every tenant, and one request finds out when it is there again", async () => {
  let isThere = false;
  remote(() => (isThere ? "accepted" : "server"));
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
  const other = await createRemoteTenant(testDb.db, {
    url: `${api.url}/path`,
  });
  const second = await handOverRun(other, [rows(0, 1), rows(1, 1)]);

  expect(await settle()).toBe(5);
  expect(await settle()).toBe(0);
  expect(api.imports()).toHaveLength(5);
  expect((await getRun(other.editor, second)).delivery?.retryAt).not.toBeNull();

  isThere = true;
  await testDb.db.rows("update endpoint_hosts set rests_until = now()");
  expect(await settle()).toBe(5);
  expect(api.imports()).toHaveLength(6);
  // Those that were not sent were not tried.
  const [waiting] = await testDb.db.rows<{ attempts: number }>(
    "select max(attempts) as attempts from remote_batches",
  );
  expect(waiting?.attempts).toBe(1);
  expect(await settle()).toBe(4);
  expect((await getRun(other.editor, second)).status).toBe("finished");
  expect((await getRun(source.editor, first)).status).toBe("finished");
});
