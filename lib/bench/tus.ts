import { spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { pipeline, Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";

import type { Context } from "@/lib/server/context";
import { createProvider } from "@/lib/server/providers/service";
import {
  callServer,
  makeLargeFile,
  peakMemoryMb,
  sendLargeFile,
  type LargeFile,
  type ServerAddress,
} from "@/lib/testing/resumable-upload";
import {
  startIngestListener,
  startScript,
} from "@/lib/testing/serving-process";
import { metadataOf } from "@/lib/testing/upload-client";

import { openBenchTenant } from "./bench-tenant";
import { median, printFigure } from "./figures";

const BLOCK_BYTES = 4_194_304;
const FILE_BYTES = Number(process.env.BENCH_UPLOAD_BYTES ?? 1_500_000_000);
const ROUNDS = Number(process.env.BENCH_UPLOAD_ROUNDS ?? 3);
const MB = 1_000_000;

/**
 * One large file in chunks of 4 MiB: the rate against a bare HTTP PUT that is
 * written to disk and synced, in turns; then once more with the listener killed
 * on the way. Memory is the most that a listener process has had.
 */
export async function benchTus(): Promise<void> {
  const { ctx, dataDir, databaseUrl, close } = await openBenchTenant();
  const env = {
    ...process.env,
    DATA_DIR: dataDir,
    DATABASE_URL: databaseUrl,
    LOG_LEVEL: "warn",
    // So that the process is the one that answers.
    INGEST_PROCESSES: "1",
  };
  const children: ChildProcess[] = [];
  try {
    const bareDir = join(dataDir, "bare");
    await mkdir(bareDir);
    const bare = await startScript("lib/bench/bare-upload.ts", {
      env: { ...env, BARE_DIR: bareDir },
      portSetting: "BARE_PORT",
    });
    children.push(bare.child);
    let listener = await startIngestListener({ env });
    children.push(listener.child);
    const address = {
      port: listener.port,
      token: await getToken(ctx, listener.port),
    };
    const file = makeLargeFile(FILE_BYTES, BLOCK_BYTES);

    await benchRates(address, bare.port, file, listener.child.pid);

    const expected = file.sha256();
    const id = await begin(address, file.bytes);
    const peaks: number[] = [];
    const killAt = Math.floor(FILE_BYTES / BLOCK_BYTES / 2) * BLOCK_BYTES;
    let restarting: Promise<void> | undefined;
    const begunMs = performance.now();
    const asked = await sendLargeFile(address, id, file, (offset) => {
      if (offset !== killAt || restarting) return;
      restarting = (async () => {
        await delay(5);
        peaks.push(peakMemoryMb(listener.child.pid));
        const gone = once(listener.child, "exit");
        listener.child.kill("SIGKILL");
        await gone;
        listener = await startIngestListener({ env, port: address.port });
        children.push(listener.child);
      })();
    });
    await restarting;
    peaks.push(peakMemoryMb(listener.child.pid));
    const [row] = await ctx.db.rows<{ state: string; hash: string }>(
      "select state, content_hash as hash from media_files where id = $1",
      [id],
    );
    printFigure("upload in chunks of 4 MiB, the listener killed half way", {
      bytes: FILE_BYTES,
      state: row?.state ?? "gone",
      isExact: String(row?.hash === expected),
      resumed: asked,
      seconds: (performance.now() - begunMs) / 1_000,
      peakMemoryMb: Math.round(Math.max(...peaks)),
    });
  } finally {
    for (const child of children) child.kill("SIGTERM");
    await close();
  }
}

async function benchRates(
  address: ServerAddress,
  barePort: number,
  file: LargeFile,
  pid: number | undefined,
): Promise<void> {
  const seconds: Record<"chunks" | "one" | "bare", number[]> = {
    chunks: [],
    one: [],
    bare: [],
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, send] of [
      [
        "chunks",
        async () =>
          sendLargeFile(address, await begin(address, file.bytes), file),
      ],
      ["one", () => sendWhole(address, file)],
      ["bare", () => put(barePort, "PUT", "/", {}, file)],
    ] as const) {
      // What the one before has left to write is not the next one's.
      spawnSync("sync");
      const begunMs = performance.now();
      await send();
      seconds[name].push((performance.now() - begunMs) / 1_000);
    }
  }
  const rate = (name: keyof typeof seconds) =>
    file.bytes / MB / median(seconds[name]);
  printFigure("upload by tus against a bare PUT written to disk", {
    bytes: file.bytes,
    chunksMbPerSecond: rate("chunks"),
    oneChunkMbPerSecond: rate("one"),
    bareMbPerSecond: rate("bare"),
    ratio: rate("chunks") / rate("bare"),
    oneChunkRatio: rate("one") / rate("bare"),
    peakMemoryMb: Math.round(peakMemoryMb(pid)),
  });
}

async function sendWhole(address: ServerAddress, file: LargeFile) {
  const id = await begin(address, file.bytes);
  await put(
    address.port,
    "PATCH",
    `/media/uploads/files/${id}`,
    {
      authorization: `Bearer ${address.token}`,
      "tus-resumable": "1.0.0",
      "upload-offset": "0",
      "content-type": "application/offset+octet-stream",
    },
    file,
  );
}

function put(
  port: number,
  method: string,
  path: string,
  headers: Record<string, string>,
  file: LargeFile,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        port,
        method,
        path,
        headers: { ...headers, "content-length": file.bytes },
      },
      (response) => {
        response.resume().on("end", () => {
          if ((response.statusCode ?? 500) < 300) resolve();
          else reject(new Error(`${method} gave ${response.statusCode}.`));
        });
      },
    );
    pipeline(Readable.from(blocksOf(file)), sent, (error) => {
      if (error) reject(error);
    });
  });
}

function* blocksOf(file: LargeFile): Generator<Buffer> {
  for (let at = 0; at < file.bytes; at += BLOCK_BYTES) yield file.read(at);
}

async function begin(
  { port, token }: ServerAddress,
  bytes: number,
): Promise<string> {
  const path = "/media/uploads/files";
  const made = await callServer(port, "POST", path, undefined, {
    authorization: `Bearer ${token}`,
    "tus-resumable": "1.0.0",
    "upload-length": String(bytes),
    "upload-metadata": metadataOf({ Filename: "film.mov" }),
  });
  return String(made.headers.location).split("/").at(-1) ?? "";
}

async function getToken(ctx: Context, port: number): Promise<string> {
  const { provider, secret } = await createProvider(ctx, {
    name: "bench",
    sourceIds: [],
  });
  const body = Buffer.from(JSON.stringify({ id: provider.id, secret }));
  const { text } = await callServer(
    port,
    "POST",
    "/dataProviders/tokens",
    body,
    { "content-type": "application/json" },
  );
  return (JSON.parse(text) as { result: { accessToken: string } }).result
    .accessToken;
}
