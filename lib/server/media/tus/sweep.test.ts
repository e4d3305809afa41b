import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "vitest";

import { makePartKey, type FileStore } from "@/lib/server/file-store/service";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import {
  createTestStore,
  createUploadClient,
  storedKeys,
  storedUpload,
  tokenOf,
  type UploadClient,
} from "@/lib/testing/upload-client";
import { routeMount } from "@/lib/testing/wire-mounts";
import {
  createWireProvider,
  type WireProvider,
} from "@/lib/testing/wire-provider";

import { sweepExpiredUploads, sweepUnknownParts } from "./sweep";

const DAY_MS = 86_400_000;

let database: TestDb;
let store: FileStore;
let closeStore: () => Promise<void>;
let provider: WireProvider;
let client: UploadClient;

beforeAll(async () => {
  database = await createTestDb();
  ({ store, close: closeStore } = await createTestStore());
  const mount = await routeMount();
  provider = await createWireProvider(database);
  client = createUploadClient(mount, await tokenOf(mount, provider));
});
afterAll(async () => {
  await closeStore();
  await database.close();
});

const sweep = (afterMs: number) =>
  sweepExpiredUploads(database.db, store, new Date(Date.now() + afterMs));

async function keysOf(id: string): Promise<string[]> {
  return (await storedKeys(store)).filter((key) => key.includes(id));
}

test("an upload is kept for 24 hours and dropped with its chunks after them", async () => {
  const id = await client.begin(8, {
    Filename: "a.bin",
    UniqueIdentifier: "late",
  });
  await client.patch(id, 0, "1234");
  await sweep(DAY_MS - 60_000);
  expect((await client.ask(id)).headers.get("upload-offset")).toBe("4");

  await sweep(DAY_MS + 60_000);
  expect((await client.ask(id)).status).toBe(404);
  expect((await client.patch(id, 4, "5678")).status).toBe(404);
  expect(await keysOf(id)).toEqual([]);
});

test("an upload that ran out is gone before the sweep comes", async () => {
  const id = await client.begin(8);
  await database.db.rows(
    "update media_files set due_at = now() - interval '1 second' where id = $1",
    [id],
  );
  expect((await client.ask(id)).status).toBe(404);
  expect((await client.patch(id, 0, "1234")).status).toBe(404);
});

test("an upload whose chunks are all there is finished, even when its client and its time are gone", async () => {
  const id = await leaveUnfinished();
  await sweep(DAY_MS + 60_000);
  const stored = await storedUpload(database, store, id);
  expect(stored?.state).toBe("completed");
  expect(stored?.bytes?.toString()).toBe("12345678");
  expect(await keysOf(id)).toHaveLength(1);
});

test("an upload that lost a chunk holds up no other, and is dropped a day after its time", async () => {
  const broken = await leaveUnfinished();
  await store.remove(await keysOf(broken));
  const whole = await leaveUnfinished();
  await sweep(DAY_MS);
  await sweep(DAY_MS);
  const states = [broken, whole].map(
    async (id) => (await storedUpload(database, store, id))?.state,
  );
  expect(await Promise.all(states)).toEqual(["progress", "completed"]);
  expect(await sweep(DAY_MS)).toBe(0);
  await sweep(2 * DAY_MS + 60_000);
  expect(await storedUpload(database, store, broken)).toBeUndefined();
});

/** As a kill leaves it: the last chunk counted, the file not put together. */
async function leaveUnfinished(): Promise<string> {
  const { tenantId } = provider.ctx;
  const id = await client.begin(8);
  await client.patch(id, 0, "1234");
  const key = makePartKey(tenantId, id, 4);
  const { sha256 } = await store.write(key, bodyOf("5678"));
  await database.db.rows(
    "insert into media_parts (tenant_id, file_id, start_at, bytes, storage_key, content_hash) values ($1, $2, 4, 4, $3, $4)",
    [tenantId, id, key, sha256],
  );
  await database.db.rows(
    `update media_files set arrived_bytes = 8, updated_at = now() - interval '1 hour',
       lease_id = $2, lease_until = now() - interval '1 second' where id = $1`,
    [id, randomUUID()],
  );
  return id;
}

test("chunks of an upload that gave its identifier up are removed", async () => {
  const values = { Filename: "a.bin", UniqueIdentifier: "again" };
  const id = await client.begin(8, values);
  await client.patch(id, 0, "1234");
  await client.begin(8, values);
  await sweep(0);
  expect(await keysOf(id)).toEqual([]);
});

test("chunks that the database never knew are removed after a day, those it knows are not", async () => {
  const id = await client.begin(8);
  await client.patch(id, 0, "1234");
  const [known] = await keysOf(id);
  const key = makePartKey(provider.ctx.tenantId, id, 4);
  await store.write(key, bodyOf("left by a kill"));
  expect(await sweepUnknownParts(database.db, store)).toBe(0);
  const later = new Date(Date.now() + 2 * DAY_MS);
  expect(await sweepUnknownParts(database.db, store, later)).toBe(1);
  expect(await keysOf(id)).toEqual([known]);
});

async function* bodyOf(text: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text));
}
