import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

import type { RemoteAnswer } from "@/lib/domain/remote-answer";
import type { EndpointInput } from "@/lib/domain/endpoint";
import {
  deleteEndpoint,
  editEndpoint,
  mayAskHost,
  noteHostFailed,
  type RemoteClient,
} from "@/lib/server/endpoints/service";
import { deleteSource } from "@/lib/server/sources/service";
import { disableUser } from "@/lib/server/users/service";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import { createUser, userContext } from "@/lib/testing/factories";
import {
  createRemoteTenant,
  deliverDue,
  fileRows,
  handOverRun,
  type RemoteTenant,
} from "@/lib/testing/remote-run";

import { deliverBatch } from "./deliver-batch";
import { claimDue } from "./delivery-store";
import {
  cancelRun,
  getRun,
  listRemoteBatches,
  listReplies,
  releaseRun,
} from "./service";

const { signal } = new AbortController();

let testDb: TestDb;
let tenant: RemoteTenant;
beforeAll(async () => {
  testDb = await createTestDb();
});
afterAll(() => testDb.close());
beforeEach(async () => {
  tenant = await createRemoteTenant(testDb.db);
  await testDb.db.rows("delete from remote_batches");
  await testDb.db.rows("delete from endpoint_hosts");
});

const ACCEPTED: RemoteAnswer = {
  ...{ outcome: "accepted", status: 202, requestId: "r-1" },
  ...{ excerpt: "", ms: 1 },
};

/** Accepts everything; `meanwhile` happens while a request is under way. */
function accepting(meanwhile?: () => Promise<unknown>) {
  let sent = 0;
  const client: RemoteClient = {
    host: "ingest.example.com",
    signIn: () => Promise.resolve(ACCEPTED),
    importBody: async (_source, _body, { onAnswer }) => {
      sent += 1;
      await meanwhile?.();
      onAnswer?.(ACCEPTED, "import");
      return ACCEPTED;
    },
  };
  return { clientOf: () => Promise.resolve(client), sent: () => sent };
}

/** Sends what is due once, as the Studio does: with the endpoint's own client. */
async function deliverOnce(
  clientOf?: () => Promise<RemoteClient>,
): Promise<void> {
  for (const batch of await claimDue(testDb.db, 6)) {
    await deliverBatch(testDb.db, batch, {
      ...{ signal, ...(clientOf && { clientOf }) },
    });
  }
}

const input = (change: Partial<EndpointInput> = {}): EndpointInput => ({
  ...{ name: "Occtoo", url: "https://ingest.example.com", providerId: "p" },
  ...{ sources: ["products"], ...change },
});

async function countOf(table: "remote_batches" | "remote_answers") {
  const [row] = await testDb.db.rows<{ n: number }>(
    `select count(*)::int as n from ${table} where tenant_id = $1`,
    [tenant.admin.tenantId],
  );
  return row?.n;
}

test("batches whose endpoint has lost its secret wait for an administrator, and go on with a new one", async () => {
  const runId = await handOverRun(tenant, [fileRows(0, 2)]);
  await editEndpoint(
    tenant.admin,
    tenant.endpointId,
    input({ url: "https://elsewhere.example.com" }),
  );
  await deliverOnce();
  expect(await getRun(tenant.editor, runId)).toMatchObject({
    status: "running",
    delivery: {
      ...{ isHeld: true, host: "elsewhere.example.com" },
      lastAnswer: { outcome: "no_secret" },
    },
  });
  const change = {
    ...{ url: "https://elsewhere.example.com", secret: "new-new-new-new" },
  };
  await editEndpoint(tenant.admin, tenant.endpointId, input(change));
  await releaseRun(tenant.editor, runId);
  await deliverOnce(accepting().clientOf);
  expect((await getRun(tenant.editor, runId)).status).toBe("finished");
});

test("a secret that cannot be read any more is as one that is missing", async () => {
  const runId = await handOverRun(tenant, [fileRows(0, 2)]);
  await testDb.db.rows(
    `update endpoints set secret_sealed = 'v1.k9999.AAAAAAAAAAAAAAAA.AA.AAAAAAAAAAAAAAAAAAAAAA'
     where tenant_id = $1`,
    [tenant.admin.tenantId],
  );
  await deliverOnce();
  expect((await getRun(tenant.editor, runId)).delivery).toMatchObject({
    ...{ isHeld: true, lastAnswer: { outcome: "no_secret" } },
  });
});

test.each(["endpoint", "source"] as const)(
  "when the %s is deleted, what waits goes with it, and what is under way is noted nowhere",
  async (deleted) => {
    const runId = await handOverRun(tenant, [fileRows(0, 2), fileRows(2, 1)]);
    const { clientOf } = accepting(() =>
      deleted === "endpoint"
        ? deleteEndpoint(tenant.admin, tenant.endpointId, "Occtoo")
        : deleteSource(tenant.admin, tenant.sourceId, "products"),
    );
    const [batch] = await claimDue(testDb.db, 1);
    if (!batch) throw new Error("Nothing was due.");
    await deliverBatch(testDb.db, batch, { signal, clientOf });
    expect(await countOf("remote_batches")).toBe(0);
    expect(await countOf("remote_answers")).toBe(0);
    await expect(getRun(tenant.editor, runId)).rejects.toMatchObject({
      ...{ code: "not_found", message: /deleted with its source/ },
    });
  },
);

test("a cancelled run sends no more; what was under way is kept as an answer and counted nowhere", async () => {
  const runId = await handOverRun(tenant, [fileRows(0, 2), fileRows(2, 1)], {
    needsOrder: true,
  });
  const { clientOf, sent } = accepting(() => cancelRun(tenant.editor, runId));
  await deliverOnce(clientOf);
  await deliverDue(testDb.db, clientOf);
  expect(sent()).toBe(1);
  expect(await getRun(tenant.editor, runId)).toMatchObject({
    ...{ status: "cancelled", applied: { batches: 0, entities: 0 } },
    delivery: { batches: 0, isHeld: false },
  });
  expect((await listReplies(tenant.editor, runId, 1)).replies).toMatchObject([
    { outcome: "accepted", requestId: "r-1" },
  ]);
  const { batches } = await listRemoteBatches(tenant.editor, runId);
  expect(batches).toMatchObject([{ sequence: 1, state: "dropped" }]);
  await expect(releaseRun(tenant.editor, runId)).rejects.toMatchObject({
    code: "conflict",
  });
});

test("batches of a person whose account was closed go on, under that name", async () => {
  const { tenantId } = tenant.editor;
  const { id } = await createUser(testDb.db, tenantId, { role: "editor" });
  tenant.editor = userContext(testDb.db, tenantId, "editor", id);
  const runId = await handOverRun(tenant, [fileRows(0, 2)]);
  const admin = await createUser(testDb.db, tenantId, { role: "admin" });
  await disableUser(userContext(testDb.db, tenantId, "admin", admin.id), id);
  await deliverOnce(accepting().clientOf);
  expect(await getRun(tenant.admin, runId)).toMatchObject({
    ...{ status: "finished", actorName: "editor", applied: { created: 2 } },
  });
  // Also when its row is gone for good.
  const second = await handOverRun(tenant, [fileRows(0, 1)]);
  await testDb.db.rows("delete from users where id = $1", [id]);
  await deliverOnce(accepting().clientOf);
  expect((await getRun(tenant.admin, second)).status).toBe("finished");
});

test("to send again now needs an editor, and ends the rest of the host for one request", async () => {
  const host = "ingest.example.com:443";
  const runId = await handOverRun(tenant, [fileRows(0, 1)]);
  const viewer = userContext(testDb.db, tenant.admin.tenantId, "viewer");
  await expect(releaseRun(viewer, runId)).rejects.toMatchObject({
    code: "forbidden",
  });
  for (let time = 0; time < 5; time += 1) {
    await noteHostFailed(testDb.db, host, { random: () => 1 });
  }
  expect(await claimDue(testDb.db, 1)).toEqual([]);
  await releaseRun(tenant.editor, runId);
  const [batch] = await claimDue(testDb.db, 1);
  expect(batch?.runId).toBe(runId);
  expect(await mayAskHost(testDb.db, host)).toBe(true);
  expect(await mayAskHost(testDb.db, host)).toBe(false);
});
