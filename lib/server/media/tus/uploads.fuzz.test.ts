import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";

import type { FileStore } from "@/lib/server/file-store/service";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import {
  createTestStore,
  createUploadClient,
  someBytes,
  storedKeys,
  storedUpload,
  tokenOf,
  type UploadClient,
} from "@/lib/testing/upload-client";
import { routeMount } from "@/lib/testing/wire-mounts";
import { createWireProvider } from "@/lib/testing/wire-provider";

let database: TestDb;
let store: FileStore;
let closeStore: () => Promise<void>;
let client: UploadClient;

beforeAll(async () => {
  database = await createTestDb();
  ({ store, close: closeStore } = await createTestStore());
  const mount = await routeMount();
  const provider = await createWireProvider(database);
  client = createUploadClient(mount, await tokenOf(mount, provider));
});
afterAll(async () => {
  await closeStore();
  await database.close();
});

/** What goes wrong with one chunk, or with none. */
const step = fc.record({
  bytes: fc.integer({ min: 1, max: 700 }),
  how: fc.constantFrom(
    "whole",
    "whole",
    "without length",
    "cut",
    "shorter than declared",
    "answer lost",
    "resent with no body",
    "twice at once",
    "other bytes at once",
    "wrong offset",
    "too long",
  ),
});

test(
  "whatever is cut, lost, resent or sent twice, the file has the exact bytes in the end",
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3_000 }),
        fc.array(step, { maxLength: 12 }),
        async (length, steps) => {
          const bytes = someBytes(length);
          const id = await client.begin(length);
          let acknowledged = 0;
          for (const { how, bytes: wanted } of steps) {
            if (acknowledged === length) break;
            const end = Math.min(length, acknowledged + wanted);
            const chunk = bytes.subarray(acknowledged, end);
            acknowledged = await disturb(id, how, acknowledged, chunk);
            expect(await arrived(id)).toBe(acknowledged);
          }
          while (acknowledged < length) {
            const rest = bytes.subarray(acknowledged, acknowledged + 1_000);
            acknowledged = await send(id, acknowledged, rest);
          }
          const stored = await storedUpload(database, store, id);
          expect(stored?.state).toBe("completed");
          expect(stored?.bytes?.equals(bytes)).toBe(true);
          const keys = await storedKeys(store);
          expect(keys.filter((key) => key.includes(id))).toHaveLength(1);
        },
      ),
      { numRuns: 40 },
    );
  },
);

/** Gives the bytes that have to be there afterwards. */
async function disturb(
  id: string,
  how: string,
  offset: number,
  chunk: Buffer,
): Promise<number> {
  const end = offset + chunk.length;
  const declared = { "content-length": String(chunk.length) };
  switch (how) {
    case "without length":
      await client.patch(id, offset, streamOf(chunk));
      return end;
    case "cut":
      await client.patch(id, offset, cutStreamOf(chunk));
      return offset;
    case "shorter than declared": {
      const answer = await client.patch(
        id,
        offset,
        streamOf(chunk.subarray(1)),
        declared,
      );
      expect([answer.status, answer.headers.get("upload-offset")]).toEqual([
        400,
        null,
      ]);
      return offset;
    }
    case "answer lost":
      await send(id, offset, chunk);
      return send(id, offset, chunk);
    case "resent with no body": {
      const after = await send(id, offset, chunk);
      await client.patch(id, offset, "");
      return after;
    }
    case "twice at once":
      await Promise.all([
        client.patch(id, offset, streamOf(chunk), declared),
        client.patch(id, offset, streamOf(chunk), declared),
      ]);
      return end;
    case "other bytes at once": {
      const other = Buffer.from(chunk.map((byte) => byte ^ 1));
      const slow = client.patch(id, offset, cutStreamOf(other), declared);
      const after = await send(id, offset, chunk);
      await slow;
      return after;
    }
    case "wrong offset":
      expect((await client.patch(id, end, toBody(chunk))).status).toBeOneOf([
        409, 413,
      ]);
      return offset;
    case "too long": {
      const long = Buffer.concat([chunk, Buffer.alloc(4_000)]);
      expect((await client.patch(id, offset, toBody(long))).status).toBe(413);
      return offset;
    }
    default:
      return send(id, offset, chunk);
  }
}

async function send(
  id: string,
  offset: number,
  chunk: Buffer,
): Promise<number> {
  const answer = await client.patch(id, offset, toBody(chunk));
  expect(answer.status).toBe(204);
  return Number(answer.headers.get("upload-offset"));
}

async function arrived(id: string): Promise<number> {
  return Number((await client.ask(id)).headers.get("upload-offset"));
}

const toBody = (bytes: Buffer): BodyInit => bytes as BodyInit;

function streamOf(bytes: Buffer): ReadableStream<Uint8Array> {
  const middle = Math.floor(bytes.length / 2);
  const pieces = [bytes.subarray(0, middle), bytes.subarray(middle)];
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces) {
        if (piece.length > 0) controller.enqueue(new Uint8Array(piece));
      }
      controller.close();
    },
  });
}

function cutStreamOf(bytes: Buffer): ReadableStream<Uint8Array> {
  let isSent = false;
  return new ReadableStream({
    pull(controller) {
      if (isSent) controller.error(new Error("The connection was cut."));
      else controller.enqueue(new Uint8Array(bytes.subarray(0, -1)));
      isSent = true;
    },
  });
}
