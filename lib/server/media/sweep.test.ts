import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";

import { afterAll, beforeAll, expect, test } from "vitest";

import { mediaFiles } from "@/lib/server/db/schema";
import {
  createDiskStore,
  makeFileKey,
  thumbnailKeyOf,
  type FileStore,
} from "@/lib/server/file-store/service";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import { createTenant } from "@/lib/testing/factories";

import { sweepEndedFiles, sweepOrphans } from "./sweep";

let database: TestDb;
let tenantId: string;
let dir: string;
let store: FileStore;

beforeAll(async () => {
  database = await createTestDb();
  tenantId = await createTenant(database.db);
  dir = await mkdtemp(join(tmpdir(), "source-studio-sweep-"));
  store = createDiskStore(dir);
});
afterAll(async () => {
  await database.close();
  await rm(dir, { recursive: true, force: true });
});

async function insert(
  values: Partial<typeof mediaFiles.$inferInsert>,
): Promise<string> {
  const id = values.id ?? randomUUID();
  await database.db.orm.insert(mediaFiles).values({
    ...{ tenantId, id, filename: "a", origin: "link", state: "completed" },
    ...{ actorId: "test", actorName: "test", ...values },
  });
  return id;
}

async function write(key: string): Promise<string> {
  await store.write(key, Readable.from([Buffer.from("bytes")]));
  return key;
}

const HOUR_MS = 3_600_000;
const later = (ms: number) => new Date(Date.now() + ms);

test("removes bytes and thumbnails that nothing names, an hour old or more", async () => {
  const id = randomUUID();
  const kept = await write(makeFileKey(tenantId, id));
  await insert({ id, storageKey: kept });
  const keptThumbnail = await write(thumbnailKeyOf(kept));

  const leaseId = randomUUID();
  const running = await insert({ state: "progress", leaseId });
  const written = await write(`files/${tenantId}/${running}/${leaseId}`);
  const upload = await insert({ origin: "upload", state: "progress" });
  const chunk = await write(makeFileKey(tenantId, upload));

  const ofOldAttempt = await write(makeFileKey(tenantId, running));
  const ofReplaced = await write(makeFileKey(tenantId, id));
  const ofNobody = await write(makeFileKey(tenantId, randomUUID()));
  await write(thumbnailKeyOf(ofReplaced));
  // Another tenant's file with the same id does not make it live.
  await write(makeFileKey(randomUUID(), id));

  expect(await sweepOrphans(database.db, store)).toBe(0);
  const swept = await sweepOrphans(database.db, store, {
    now: later(HOUR_MS + 1_000),
  });
  expect(swept).toBe(5);
  for (const key of [kept, keptThumbnail, written, chunk])
    expect(await store.size(key)).toBe(5);
  for (const key of [ofOldAttempt, ofReplaced, ofNobody])
    expect(await store.size(key)).toBeUndefined();
});

test("removes failed and cancelled files after 30 days, and no others", async () => {
  const failed = await insert({ state: "failed" });
  const cancelled = await insert({ state: "cancelled" });
  const completed = await insert({ state: "completed" });
  const waiting = await insert({ state: "created" });
  await sweepEndedFiles(database.db, later(29 * 24 * HOUR_MS));
  const idsLeft = async () => {
    const rows = await database.db.rows<{ id: string }>(
      "select id from media_files",
    );
    return new Set(rows.map(({ id }) => id));
  };
  expect((await idsLeft()).has(failed)).toBe(true);
  expect(await sweepEndedFiles(database.db, later(31 * 24 * HOUR_MS))).toBe(2);
  const left = await idsLeft();
  expect(
    [failed, cancelled, completed, waiting].map((id) => left.has(id)),
  ).toEqual([false, false, true, true]);
});
