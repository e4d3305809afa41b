import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";

import sharp from "sharp";

import {
  createDiskStore,
  makeFileKey,
  setAppFileStore,
  type FileStore,
} from "@/lib/server/file-store/service";
import { appMediaReader } from "@/lib/server/media-reader/service";
import { publicUrlOf } from "@/lib/server/media/public-url";
import { findThumbnail } from "@/lib/server/media/thumbnail";
import { createMediaFile } from "@/lib/testing/media-file";
import { startScript } from "@/lib/testing/serving-process";

import { openBenchTenant } from "./bench-tenant";
import { median, printFigure } from "./figures";

const ROUNDS = 5;
const PICTURES = 16;
const PICTURE_EDGES = [4_000, 3_000] as const;
const READERS = 2;
const LARGE_BYTES = 512 * 1024 * 1024;
const SMALL_BYTES = 20 * 1024;
const SMALL_REQUESTS = 4_000;
const SMALL_IN_FLIGHT = 16;

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** Figures (e): thumbnails a second, and files served, large and small, against a bare pipe. */
export async function benchMediaFiles(): Promise<void> {
  const { ctx, dataDir, databaseUrl, close } = await openBenchTenant();
  const store = createDiskStore(join(dataDir, "media"));
  setAppFileStore(store);
  const children: ChildProcess[] = [];
  try {
    await benchThumbnails(store);
    for (const bytes of [LARGE_BYTES, SMALL_BYTES]) {
      const file = await createMediaFile(ctx.db, ctx.tenantId, random(bytes));
      const env = {
        ...{ ...process.env, DATA_DIR: dataDir, DATABASE_URL: databaseUrl },
        ...{ LOG_LEVEL: "warn", INGEST_PROCESSES: "1" },
        BARE_FILE: join(dataDir, "media", file.storageKey ?? ""),
      };
      const start = async (script: string, portSetting: string) => {
        const { child, port } = await startScript(script, { env, portSetting });
        children.push(child);
        return `http://127.0.0.1:${port}`;
      };
      const ours = await start(
        "lib/server/ingest-listener/main.ts",
        "INGEST_PORT",
      );
      const bare = await start("lib/bench/bare-file.ts", "BARE_PORT");
      const addresses = [publicUrlOf(file, ours), `${bare}/`] as const;
      if (bytes === LARGE_BYTES) await benchLarge(...addresses);
      else await benchSmall(...addresses);
    }
  } finally {
    for (const child of children) child.kill("SIGTERM");
    appMediaReader().close();
    await close();
  }
}

async function benchThumbnails(store: FileStore): Promise<void> {
  const photo = await makePhoto();
  const keepAll = () =>
    Promise.all(
      Array.from({ length: PICTURES }, async () => {
        const key = makeFileKey(crypto.randomUUID(), crypto.randomUUID());
        await store.write(key, Readable.from([photo]));
        return key;
      }),
    );
  sharp.cache(false);
  sharp.concurrency(1);
  const rates = { ours: [] as number[], bare: [] as number[] };
  for (let round = 0; round <= ROUNDS; round += 1) {
    const keys = await keepAll();
    const ours = await secondsOf(keys, READERS, (key) =>
      findThumbnail(store, key, photo.length),
    );
    const bare = await secondsOf(keys, READERS, async (key) =>
      sharp(await buffer(await store.read(key)), { sequentialRead: true })
        .autoOrient()
        .resize(400, 400, { fit: "inside", withoutEnlargement: true })
        .webp({ quality: 80 })
        .toBuffer(),
    );
    // The first round starts the readers.
    if (round === 0) continue;
    rates.ours.push(PICTURES / ours);
    rates.bare.push(PICTURES / bare);
  }
  printFigure("thumbnails of 12-megapixel JPEGs, two readers", {
    thumbnailsPerSecond: median(rates.ours),
    bareThumbnailsPerSecond: median(rates.bare),
    ratio: median(rates.ours) / median(rates.bare),
    fileMegabytes: photo.length / 1e6,
  });
}

/** Grain over a slope: it compresses about as a photograph does. */
async function makePhoto(): Promise<Buffer> {
  const [width, height] = PICTURE_EDGES;
  const grain = { type: "gaussian" as const, mean: 128, sigma: 12 };
  return sharp({
    create: { width, height, channels: 3, background: "#000", noise: grain },
  })
    .jpeg({ quality: 85 })
    .toBuffer();
}

async function benchLarge(ours: string, bare: string): Promise<void> {
  const rates = { ours: [] as number[], bare: [] as number[] };
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [name, url] of [
      ["ours", ours],
      ["bare", bare],
    ] as const) {
      const begun = performance.now();
      const bytes = await download(url);
      const seconds = (performance.now() - begun) / 1_000;
      if (bytes !== LARGE_BYTES) throw new Error("The file is not whole.");
      if (round > 0) rates[name].push(bytes / 1e6 / seconds);
    }
  }
  printFigure("a media file of 512 MB served, one client", {
    megabytesPerSecond: Math.round(median(rates.ours)),
    bareMegabytesPerSecond: Math.round(median(rates.bare)),
    ratio: median(rates.ours) / median(rates.bare),
  });
}

async function benchSmall(ours: string, bare: string): Promise<void> {
  const rates = { ours: [] as number[], bare: [] as number[] };
  const requests = Array.from({ length: SMALL_REQUESTS }, (_, at) => at);
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [name, url] of [
      ["ours", ours],
      ["bare", bare],
    ] as const) {
      const seconds = await secondsOf(requests, SMALL_IN_FLIGHT, () =>
        download(url),
      );
      if (round > 0) rates[name].push(SMALL_REQUESTS / seconds);
    }
  }
  printFigure("a media file of 20 KB served, 16 requests in flight", {
    requestsPerSecond: Math.round(median(rates.ours)),
    bareRequestsPerSecond: Math.round(median(rates.bare)),
    ratio: median(rates.ours) / median(rates.bare),
  });
}

async function secondsOf<T>(
  items: T[],
  inFlight: number,
  work: (item: T) => Promise<unknown>,
): Promise<number> {
  const rest = [...items];
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      for (let item = rest.pop(); item !== undefined; item = rest.pop())
        await work(item);
    }),
  );
  return (performance.now() - begun) / 1_000;
}

function download(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request(url, { agent }, (answer) => {
      let bytes = 0;
      answer.on("data", (part: Buffer) => (bytes += part.length));
      answer.on("end", () =>
        answer.statusCode === 200
          ? resolve(bytes)
          : reject(new Error(`The answer was ${answer.statusCode}.`)),
      );
      answer.on("error", reject);
    })
      .on("error", reject)
      .end();
  });
}

async function* random(bytes: number): AsyncGenerator<Uint8Array> {
  const block = randomBytes(Math.min(bytes, 1024 * 1024));
  for (let at = 0; at < bytes; at += block.length)
    yield await Promise.resolve(block);
}
