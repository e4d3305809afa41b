import {
  afterAll,
  beforeAll,
  beforeEach,
  describe,
  expect,
  test,
} from "vitest";

import type { RemoteOutcome } from "@/lib/domain/remote-answer";
import type { BatchRow } from "@/lib/domain/table-batch";
import {
  createRemoteClient,
  type RemoteClient,
} from "@/lib/server/endpoints/remote-client";
import { TEST_CERTIFICATES, TEST_KEY } from "@/lib/testing/certificates";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import {
  accepting,
  cutBefore,
  cutInside,
  drip,
  endless,
  forgetting,
  inTurn,
  lostAfter,
  noHttp,
  page,
  problem,
  redirect,
  sometimes,
  status,
  withKey,
} from "@/lib/testing/remote-habits";
import {
  createRemoteTenant,
  deliverDue,
  fileRows,
  handOverRun,
  serially,
  type RemoteTenant,
} from "@/lib/testing/remote-run";
import {
  clientOfRemote,
  loopbackDeps,
  REMOTE_PROVIDER,
  REMOTE_SECRET,
  startScriptedRemote,
  well,
  type Habit,
  type ScriptedRemote,
} from "@/lib/testing/scripted-remote";
import { storedEntries } from "@/lib/testing/studio-run";

import { getRun, listBatches, listSetAside, releaseRun } from "./service";

let testDb: TestDb;
let remote: ScriptedRemote;
let source: RemoteTenant;
beforeAll(async () => {
  testDb = await createTestDb();
  remote = await startScriptedRemote();
});
afterAll(async () => {
  await remote.stop();
  await testDb.close();
});
beforeEach(async () => {
  remote.reset();
  source = await createRemoteTenant(testDb.db, remote);
  await testDb.db.rows("delete from remote_batches");
});

/** Three batches that need their order: a new entry, changed, deleted and made again. */
const BATCHES: BatchRow[][] = [
  fileRows(0, 4),
  [...fileRows(4, 2), ["K0", 0, "Later"], ["K1", 1]],
  [...fileRows(1, 1), ["K2", 0, null]],
];

/** Sends everything as fast as it goes: waits are over at once. */
const deliver = (client: RemoteClient = clientOfRemote(remote)) =>
  deliverDue(testDb.db, () => Promise.resolve(client));

async function deliverBatches(client?: RemoteClient) {
  const runId = await handOverRun(source, BATCHES, { needsOrder: true });
  await deliver(client);
  return runId;
}

/** There, here and in the ledger stands what a serial run would leave. */
async function expectSerial(
  runId: string,
  batches = BATCHES,
  without: ReadonlySet<string> = new Set(),
) {
  const expected = serially(batches, without);
  expect(remote.entries()).toEqual(expected);
  expect(await storedEntries(source.editor, source.sourceId)).toEqual(expected);
  const ledger = (await listBatches(source.editor, runId)).batches;
  expect(ledger.map(({ sequence, entities }) => [sequence, entities])).toEqual(
    batches.map((rows, at) => [at + 1, rows.length]),
  );
  const {
    status: state,
    applied,
    delivery,
  } = await getRun(source.editor, runId);
  expect({ state, waiting: delivery?.batches }).toEqual({
    ...{ state: "finished", waiting: 0 },
  });
  expect(applied.aside).toBe(
    batches.flat().filter(([key]) => without.has(key)).length,
  );
  const { created, updated, unchanged, deleted, aside } = applied;
  expect(created + updated + unchanged + deleted + aside).toBe(
    batches.flat().length,
  );
}

const storm = (habit: Habit) =>
  inTurn(...(Array.from({ length: 12 }, () => habit) as [Habit]), well);

describe("what passes is sent again until the run ends as a serial one", () => {
  type Row = [name: string, habit: () => Habit, more: number];
  test.each<Row>([
    ["a gateway's page", () => inTurn(page(502), page(504), well), 2],
    ["a page without a body", () => inTurn(accepting500, well), 1],
    ["a cut before the answer", () => inTurn(cutBefore, well), 1],
    ["a cut inside the answer", () => inTurn(cutInside, well), 1],
    [
      "answers lost after being applied",
      () => inTurn(lostAfter, lostAfter, well),
      2,
    ],
    ["an answer lost in the middle", () => inTurn(well, lostAfter, well), 1],
    ["a storm of 429", () => storm(status(429)), 12],
    ["a storm of 429 with Retry-After", () => storm(status(429, "1")), 12],
    [
      "a storm of 503 with a date to wait for",
      () => storm(status(503, new Date(Date.now() + 9e5).toUTCString())),
      12,
    ],
    [
      "every 5xx",
      () =>
        inTurn(
          ...([500, 501, 502, 503, 504, 507, 599].map((code) =>
            status(code),
          ) as [Habit]),
          well,
        ),
      7,
    ],
    ["a request that timed out there", () => inTurn(status(408), well), 1],
    ["an answer that is no HTTP", () => inTurn(noHttp, well), 1],
    [
      "headers without an end",
      () => inTurn(accepting("text/plain;x=" + "y".repeat(20_000), ""), well),
      1,
    ],
    ["an answer that drips and never ends", () => inTurn(drip, well), 1],
    [
      "a token withdrawn in the middle",
      () =>
        inTurn(well, forgetting({ endTokens: () => remote.endTokens() }), well),
      1,
    ],
    [
      "problem bodies",
      () => inTurn(problem(503, "Overloaded", "Try later."), well),
      1,
    ],
  ])("%s", async (_, habit, more) => {
    remote.onImport = habit();
    const runId = await deliverBatches(
      clientOfRemote(remote, { msMax: 1_500 }),
    );
    await expectSerial(runId);
    expect(remote.imports()).toHaveLength(BATCHES.length + more);
    expect(remote.tokenRequests()).toBeLessThanOrEqual(2);
    for (const { correlationId } of remote.imports())
      expect(correlationId).toBe(runId);
  });

  test("tokens that end long before they should cost one request each", async () => {
    let uses = 0;
    remote.onImport = (call) => {
      uses += 1;
      if (uses % 3 === 0) remote.endTokens();
      return well(call);
    };
    const batches = Array.from({ length: 6 }, (_, at) => fileRows(at, 1));
    const runId = await handOverRun(source, batches, { needsOrder: true });
    await deliver();
    await expectSerial(runId, batches);
    expect(remote.imports().filter((call) => call.status === 401)).toHaveLength(
      remote.tokenRequests() - 1,
    );
  });

  test.each([0, -1, 1, 1e300])(
    "a token said to last %d seconds",
    async (seconds) => {
      remote.tokenSeconds = seconds;
      const runId = await deliverBatches();
      await expectSerial(runId);
      expect(remote.tokenRequests()).toBeLessThanOrEqual(BATCHES.length);
    },
  );

  test("a token endpoint that is away, busy, odd in its words or slow", async () => {
    remote.onToken = inTurn(page(502), status(429, "1"), cutBefore, drip, well);
    const runId = await deliverBatches(
      clientOfRemote(remote, { msMax: 1_500 }),
    );
    await expectSerial(runId);
    expect(remote.tokenRequests()).toBe(5);
    expect(remote.imports()).toHaveLength(BATCHES.length);
  });

  test.each([
    ["text/plain", "thanks"],
    ["application/octet-stream", "\0\x01\u{fffd}"],
    ["application/json", ""],
    ["application/json", '{"id":null'],
    ["application/json", "[".repeat(100_000)],
    ["application/xml", "<ok/>"],
  ])("an acceptance as %s is one, whatever it says", async (type, body) => {
    remote.onImport = accepting(type, body);
    await expectSerial(await deliverBatches());
    expect(remote.imports()).toHaveLength(BATCHES.length);
  });

  test("an answer without an end is read for a megabyte and cut", async () => {
    const told = { bytes: 0 };
    remote.onImport = endless(told);
    const runId = await handOverRun(source, [fileRows(0, 1)]);
    await deliver();
    await expectSerial(runId, [fileRows(0, 1)]);
    // What sockets hold on top.
    expect(told.bytes).toBeLessThan(32_000_000);
    const run = await getRun(source.editor, runId);
    expect(JSON.stringify(run).length).toBeLessThan(10_000);
  });
});

describe("what is refused for its content is set aside, and nothing is sent twice", () => {
  const thousand = [fileRows(0, 1_000)];
  const bodies = () => remote.imports().map(({ body }) => body);

  test("one poisoned entry in a thousand", async () => {
    remote.onImport = withKey(["K613"], status(400));
    const runId = await handOverRun(source, thousand);
    await deliver();
    await expectSerial(runId, thousand, new Set(["K613"]));
    expect(bodies().length).toBeLessThanOrEqual(21);
    expect(new Set(bodies()).size).toBe(bodies().length);
    const { entries } = await listSetAside(source.editor, runId);
    expect(entries.map(({ key }) => key)).toEqual(["K613"]);
    expect(entries[0]?.reason).toContain("Refused with 400.");
  });

  test("the same while one request in five fails in some way", async () => {
    let seed = 7;
    const random = () =>
      (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
    const odd = [status(500), page(502), cutBefore, lostAfter, status(429)];
    const poisoned = withKey(["K613"], status(400));
    remote.onImport = sometimes(0.2, random, odd, poisoned);
    const runId = await handOverRun(source, thousand);
    await deliver();
    await expectSerial(runId, thousand, new Set(["K613"]));
    expect(bodies().length).toBeLessThan(80);
  });

  test.each([400, 422])("everything, with %i", async (code) => {
    remote.onImport = problem(code, "Not so", "Names are no names.");
    const batches = [fileRows(0, 5), fileRows(5, 6)];
    const runId = await handOverRun(source, batches);
    await deliver();
    const all = new Set(batches.flat().map(([key]) => key));
    await expectSerial(runId, batches, all);
    expect(new Set(bodies()).size).toBe(bodies().length);
    const { entries } = await listSetAside(source.editor, runId);
    expect(entries[0]?.reason).toContain("“Not so: Names are no names.”");
  });

  test("413 halves a batch until it fits, and nobody is lost", async () => {
    remote.onImport = (call) =>
      (call.body.length > 20_000 ? status(413) : well)(call);
    const runId = await handOverRun(source, thousand);
    await deliver();
    await expectSerial(runId, thousand);
    expect(new Set(bodies()).size).toBe(bodies().length);
  });
});

describe("what only a person can mend holds the run after one request", () => {
  type Row = [outcome: RemoteOutcome, name: string, habit: Habit];
  test.each<Row>([
    ["not_granted", "403", status(403)],
    ["not_found", "404", status(404)],
    ["odd", "405", status(405)],
    ["odd", "409", status(409)],
    ["odd", "a redirect", redirect(302, "/elsewhere")],
    [
      "odd",
      "a lasting redirect of the whole request",
      redirect(308, "/import/elsewhere"),
    ],
    ["odd", "a page to sign in on, with status 200", page(200, "Sign in")],
    [
      "odd",
      "a page with status 202",
      accepting("TEXT/HTML; charset=utf-8", "<p>"),
    ],
  ])("%s: %s", async (outcome, _, habit) => {
    remote.onImport = habit;
    const runId = await deliverBatches();
    expect(remote.heard).toHaveLength(2);
    await expectHeld(runId, outcome);
    remote.onImport = well;
    await releaseRun(source.editor, runId);
    await deliver();
    await expectSerial(runId);
  });

  test("token: a 401 also with a new token", async () => {
    remote.onImport = status(401);
    await expectHeld(await deliverBatches(), "token");
    expect(remote.imports()).toHaveLength(2);
    expect(remote.tokenRequests()).toBe(2);
  });

  test.each<[RemoteOutcome, Habit]>([
    ["credentials", status(401)],
    ["credentials", status(403)],
    ["odd", page(200, "Sign in")],
    ["odd", redirect(302, "/elsewhere")],
    ["odd", accepting("application/json", '{"result":{"accessToken":""}}')],
  ])("%s: a token that is not given", async (outcome, habit) => {
    remote.onToken = habit;
    await expectHeld(await deliverBatches(), outcome);
    expect(remote.heard).toHaveLength(1);
  });

  test("not_allowed: an address that the operator forbids, of which nothing is dialled", async () => {
    const forbidden = createRemoteClient(
      {
        ...{ baseUrl: remote.url, providerId: REMOTE_PROVIDER },
        secret: () => REMOTE_SECRET,
      },
      loopbackDeps(""),
    );
    await expectHeld(await deliverBatches(forbidden), "not_allowed");
    expect(remote.heard).toEqual([]);
  });

  test("insecure: a certificate that nobody can trust", async () => {
    const masked = await startScriptedRemote({
      tls: { key: TEST_KEY, cert: TEST_CERTIFICATES.selfSigned },
    });
    const runId = await deliverBatches(clientOfRemote(masked));
    await masked.stop();
    await expectHeld(runId, "insecure");
    expect(masked.heard).toEqual([]);
  });

  async function expectHeld(runId: string, outcome: RemoteOutcome) {
    expect(await getRun(source.editor, runId)).toMatchObject({
      ...{ status: "running", applied: { batches: 0 } },
      delivery: { batches: 3, isHeld: true, lastAnswer: { outcome } },
    });
  }
});

const accepting500: Habit = ({ response }) => {
  response.writeHead(500).end();
};
