import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";

import { afterAll, expect, test } from "vitest";

import { createTestDb, type TestDb } from "@/lib/testing/db";
import {
  callServer,
  makeLargeFile,
  peakMemoryMb,
  sendLargeFile,
} from "@/lib/testing/resumable-upload";
import { startIngestListener } from "@/lib/testing/serving-process";
import { metadataOf } from "@/lib/testing/upload-client";
import { createWireProvider } from "@/lib/testing/wire-provider";

const BLOCK_BYTES = 4_194_304;
const BLOCKS = 16;
const MEMORY_MB_MAX = 300;

let database: TestDb | undefined;
let listener: ChildProcess | undefined;
afterAll(async () => {
  listener?.kill("SIGKILL");
  await database?.close();
});

test(
  "an upload of 64 MB goes on after the server was killed, in the middle and while the file is put together",
  { timeout: 120_000 },
  async () => {
    database = await createTestDb();
    const { db, url } = database;
    const env = {
      ...process.env,
      DATABASE_URL: url,
      // So that the process is the one that answers.
      INGEST_PROCESSES: "1",
    };
    const started = await startIngestListener({ env });
    const { port } = started;
    listener = started.child;
    const provider = await createWireProvider(database);
    const { text } = await callServer(
      port,
      "POST",
      "/dataProviders/tokens",
      Buffer.from(JSON.stringify({ id: provider.id, secret: provider.secret })),
      { "content-type": "application/json" },
    );
    const { result } = JSON.parse(text) as { result: { accessToken: string } };
    const token = result.accessToken;
    const headers = {
      authorization: `Bearer ${token}`,
      "tus-resumable": "1.0.0",
    };
    const file = makeLargeFile(BLOCK_BYTES * BLOCKS - 1_000, BLOCK_BYTES);
    const created = await callServer(
      port,
      "POST",
      "/media/uploads/files",
      undefined,
      {
        ...headers,
        "upload-length": String(file.bytes),
        "upload-metadata": metadataOf({ Filename: "film.mov" }),
      },
    );
    const id = String(created.headers.location).split("/").at(-1) ?? "";

    const peaks: number[] = [];
    const killAndStart = async () => {
      if (!listener) return;
      peaks.push(peakMemoryMb(listener.pid));
      const gone = once(listener, "exit");
      listener.kill("SIGKILL");
      await gone;
      listener = (await startIngestListener({ env, port })).child;
    };
    let restarting = Promise.resolve();
    const killsAt = new Set([5, 9, BLOCKS - 1]);
    const asked = await sendLargeFile({ port, token }, id, file, (offset) => {
      const number = Math.floor(offset / BLOCK_BYTES);
      if (!killsAt.delete(number)) return;
      // Somewhere between the block's first byte and the end of what follows.
      restarting = delay(number * 6).then(killAndStart);
    });
    await restarting;
    peaks.push(peakMemoryMb(listener.pid));

    expect(asked).toBeGreaterThan(0);
    const rows = await db.rows(
      `select state, size_bytes as bytes, content_hash as hash,
         (select count(*) from media_parts p where p.file_id = f.id) as parts
       from media_files f where id = $1`,
      [id],
    );
    expect(rows).toEqual([
      {
        state: "completed",
        bytes: file.bytes,
        hash: file.sha256(),
        parts: 0,
      },
    ]);
    const measured = peaks.filter((peak) => !Number.isNaN(peak));
    expect(Math.max(0, ...measured)).toBeLessThan(MEMORY_MB_MAX);
  },
);
