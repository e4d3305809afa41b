import { afterAll, beforeAll, expect, test } from "vitest";

import { AppError } from "@/lib/domain/errors";
import type { Db } from "@/lib/server/db/client";
import { makePartKey, type FileStore } from "@/lib/server/file-store/service";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import { createTestStore, storedKeys } from "@/lib/testing/upload-client";
import { createWireProvider } from "@/lib/testing/wire-provider";

import { finishUpload } from "./finish-upload";
import { appendPart, insertUpload } from "./upload-store";

let database: TestDb;
let store: FileStore;
let closeStore: () => Promise<void>;

beforeAll(async () => {
  database = await createTestDb();
  ({ store, close: closeStore } = await createTestStore());
});
afterAll(async () => {
  await closeStore();
  await database.close();
});

test("keeps the bytes of a file whose row was written though the answer was lost", async () => {
  const { ctx } = await createWireProvider(database);
  const id = crypto.randomUUID();
  const place = { tenantId: ctx.tenantId, id };
  await insertUpload(ctx, {
    ...{ id, filename: "a.bin", uniqueIdentifier: null, mimeType: null },
    ...{ sizeBytes: 4, expiresAt: new Date(Date.now() + 60_000) },
  });
  for (const startAt of [0, 2]) {
    const storageKey = makePartKey(ctx.tenantId, id, startAt);
    const { bytes, sha256 } = await store.write(storageKey, twoBytes());
    const part = { startAt, bytes, storageKey, contentHash: sha256 };
    expect(await appendPart(database.db, place, part)).toBe(true);
  }
  const finish = (db: Db) =>
    finishUpload({ db, store, now: () => new Date() }, place);

  const flaky: Db = {
    ...database.db,
    rows: async (...statement) => {
      const rows = await database.db.rows(...statement);
      if (!statement[0].includes("'completed', storage_key"))
        return rows as never;
      throw new AppError("unavailable", "The connection broke.");
    },
  };
  await expect(finish(flaky)).rejects.toThrow("The connection broke.");
  await finish(database.db);

  const [row] = await database.db.rows<{ state: string; storage_key: string }>(
    "select state, storage_key from media_files where id = $1",
    [id],
  );
  expect(row?.state).toBe("completed");
  expect(await storedKeys(store)).toContain(row?.storage_key);
});

async function* twoBytes(): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(new Uint8Array([1, 2]));
}
