import { afterAll, beforeAll, expect, test } from "vitest";

import { createTestDb, type TestDb } from "@/lib/testing/db";
import {
  createRemoteTenant,
  deliverDue,
  fileRows,
  handOverRun,
  submitRows,
} from "@/lib/testing/remote-run";
import {
  clientOfRemote,
  startScriptedRemote,
  type ScriptedRemote,
} from "@/lib/testing/scripted-remote";
import { studioRunInput } from "@/lib/testing/studio-run";

import { listSetAside, startRun } from "./service";

let testDb: TestDb;
let api: ScriptedRemote;
beforeAll(async () => {
  testDb = await createTestDb();
  api = await startScriptedRemote();
});
afterAll(async () => {
  await api.stop();
  await testDb.close();
});

test("of a remote source nothing is deleted that was sent there after the list of missing entries was reviewed", async () => {
  const source = await createRemoteTenant(testDb.db, { url: api.url });
  const deliver = () =>
    deliverDue(testDb.db, () => Promise.resolve(clientOfRemote(api)));
  await handOverRun(source, [fileRows(0, 3)]);
  await deliver();
  const [{ now } = { now: new Date() }] = await testDb.db.rows<{ now: Date }>(
    "select clock_timestamp() as now",
  );
  await handOverRun(source, [[["K1", 0, "Another name"]]]);

  const input = studioRunInput(source.sourceId, 1);
  const { id: runId } = await startRun(source.editor, {
    ...input,
    check: {
      ...input.check,
      ...{ rowsRead: 2, entities: 2, deletes: 2, needsOrder: false },
      mirrorOf: {
        runId: "11111111-1111-4111-8111-111111111112",
        unchangedSince: now.toISOString(),
      },
    },
  });
  const rows = [["K0", 1] as ["K0", 1], ["K1", 1] as ["K1", 1]];
  await submitRows(source, { runId, sequence: 1, rows });
  await deliver();

  expect([...api.entries().keys()].sort()).toEqual(["K1", "K2"]);
  const { entries } = await listSetAside(source.editor, runId);
  expect(entries).toMatchObject([
    { key: "K1", reason: expect.stringMatching(/after the list/) as string },
  ]);
});
