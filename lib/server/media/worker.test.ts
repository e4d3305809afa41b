import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  expect,
  test,
} from "vitest";

import { AppError } from "@/lib/domain/errors";
import type { MediaFile } from "@/lib/domain/media";
import type { Context } from "@/lib/server/context";
import type { Db } from "@/lib/server/db/client";
import {
  createDiskStore,
  type FileStore,
} from "@/lib/server/file-store/service";
import {
  createOutboundRules,
  parseAddressList,
  parsePortList,
} from "@/lib/server/outbound/address-rules";
import { createOutboundAgent } from "@/lib/server/outbound/connector";
import { fetchLink } from "@/lib/server/outbound/fetch-link";
import { createWireApi } from "@/lib/server/wire/handlers";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import { commandContext, createTenant } from "@/lib/testing/factories";
import {
  contentOf,
  startLinkOrigin,
  type LinkOrigin,
  type OriginAnswer,
} from "@/lib/testing/link-origin";
import { createWireProvider } from "@/lib/testing/wire-provider";

import { backoffMs } from "./download";
import {
  cancelMediaFiles,
  deleteMediaFile,
  getMediaFile,
  retryMediaFiles,
  submitLinks,
} from "./service";
import {
  drainMediaQueue,
  mediaDownloadsJob,
  type WorkerOptions,
} from "./worker";

const BYTES_MAX = 200_000;

let database: TestDb;
let ctx: Context;
let dir: string;
let store: FileStore;
let origin: LinkOrigin;
let agent: ReturnType<typeof createOutboundAgent>;
const opened: (() => Promise<void>)[] = [];

beforeAll(async () => {
  database = await createTestDb();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.db.rows("delete from media_files");
  ctx = commandContext(database.db, await createTenant(database.db));
  dir = await mkdtemp(join(tmpdir(), "source-studio-worker-"));
  store = createDiskStore(dir);
});
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
  await rm(dir, { recursive: true, force: true });
});

/** A worker's options whose links may lead to the origin that is started here. */
async function serve(answer: OriginAnswer, hosts = 1): Promise<WorkerOptions> {
  origin = await startLinkOrigin(answer, hosts);
  const rules = createOutboundRules({
    allow: parseAddressList("127.0.0.1"),
    deny: parseAddressList(""),
    ports: parsePortList(origin.ports.join(",")),
  });
  agent = createOutboundAgent({ rules });
  opened.push(
    () => agent.destroy(),
    () => origin.close(),
  );
  return {
    store,
    fetchLink: (link, options) =>
      fetchLink(link, { ...options, deps: { rules, agent } }),
    inspectFile: () =>
      Promise.resolve({
        mimeType: "image/png",
        extension: "png",
        mediaInfo: null,
      }),
    bytesMax: BYTES_MAX,
    random: () => 0.5,
    downloadsMax: 8,
  };
}

const sendPath: OriginAnswer = ({ path }, response) => {
  response.end(contentOf(path, 1_000).body);
};

async function submit(
  paths: string[],
  more: { uniqueIdentifier?: string } = {},
): Promise<string[]> {
  const links = paths.map((path, at) => ({
    link: origin.url(path, at),
    filename: "a.jpg",
    ...more,
  }));
  const { accepted } = await submitLinks(ctx, links);
  return accepted.map(({ id }) => id);
}

async function submitOne(path: string): Promise<string> {
  const [id = ""] = await submit([path]);
  return id;
}

const drain = (options: WorkerOptions) =>
  drainMediaQueue(database.db, new AbortController().signal, options);

/** Time passes: what waits is due, what is leased has lost its lease. */
async function letTimePass(): Promise<void> {
  await database.db.rows(
    `update media_files set due_at = now(),
       lease_until = case when lease_id is null then null else now() end
     where state in ('created', 'progress')`,
  );
}

async function storedKeys(): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list("files/")) keys.push(key);
  return keys;
}

async function untilFile(
  id: string,
  isThere: (file: MediaFile) => boolean,
): Promise<MediaFile> {
  for (let tried = 0; tried < 1_000; tried += 1) {
    const file = await getMediaFile(ctx, id);
    if (isThere(file)) return file;
    await delay(10);
  }
  throw new Error("The file did not get there within 10 s.");
}

async function queueRow(id: string) {
  const [row] = await database.db.rows<{
    lease_id: string | null;
    storage_key: string | null;
    content_hash: string | null;
    due_in_ms: number | null;
  }>(
    `select lease_id, storage_key, content_hash,
       (extract(epoch from due_at - now()) * 1000)::float8 as due_in_ms
     from media_files where id = $1`,
    [id],
  );
  if (!row) throw new Error("The row is gone.");
  return row;
}

test("fetches a link into the store, then shows it", async () => {
  const options = await serve(sendPath);
  const id = await submitOne("/a");
  await drain(options);

  const file = await getMediaFile(ctx, id);
  expect(file).toMatchObject({
    state: "completed",
    sizeBytes: 1_000,
    arrivedBytes: 1_000,
    mimeType: "image/png",
    extension: "png",
    attempts: 1,
    failure: null,
  });
  const { storage_key, content_hash } = await queueRow(id);
  expect(content_hash).toBe(contentOf("/a", 1_000).sha256);
  expect(await storedKeys()).toEqual([storage_key]);
});

test("ends a link that can never work at once, with its reason", async () => {
  const options = await serve(({ path }, response) => {
    if (path === "/private") {
      response.writeHead(302, { location: "http://10.0.0.1/" }).end();
    } else if (path === "/large") response.end(Buffer.alloc(BYTES_MAX + 1));
    else response.writeHead(404).end();
  });
  const ids = await submit(["/missing", "/private", "/large"]);
  await drain(options);
  const files = await Promise.all(ids.map((id) => getMediaFile(ctx, id)));
  expect(
    files.map(({ state, failure, attempts }) => ({ state, failure, attempts })),
  ).toEqual(
    [
      { code: "remote_status", status: 404 },
      { code: "refused", status: null },
      { code: "too_large", status: null },
    ].map((failure) => ({ state: "failed", failure, attempts: 1 })),
  );
  expect(await storedKeys()).toEqual([]);
});

test("tries again what may work later, later each time, six times at most", async () => {
  const options = await serve(({ path, count }, response) => {
    if (path === "/better" && count > 2)
      return sendPath({ path, count }, response);
    response.writeHead(503).end();
  });
  const [better = "", never = ""] = await submit(["/better", "/never"]);
  await drain(options);
  const row = await queueRow(never);
  expect(row.lease_id).toBeNull();
  expect(row.due_in_ms).toBeGreaterThan(200);
  expect(row.due_in_ms).toBeLessThan(501);
  for (let round = 0; round < 9; round += 1) {
    await letTimePass();
    await drain(options);
  }
  expect((await getMediaFile(ctx, better)).state).toBe("completed");
  expect(origin.requests.get("/better")).toBe(3);
  expect(await getMediaFile(ctx, never)).toMatchObject({
    state: "failed",
    failure: { code: "remote_status", status: 503 },
    attempts: 6,
  });
  expect(origin.requests.get("/never")).toBe(6);

  await retryMediaFiles(ctx, [never]);
  expect(await getMediaFile(ctx, never)).toMatchObject({
    state: "created",
    failure: null,
    attempts: 0,
  });
});

test("waits any time up to 1, 2, 4 … 60 s, and as long as the remote server asks up to 5 min", () => {
  const most = [1, 2, 3, 4, 5, 6, 7, 8].map((attempts) =>
    backoffMs(attempts, undefined, () => 1),
  );
  expect(most.map((ms) => ms / 1_000)).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  expect(backoffMs(4, undefined, () => 0)).toBe(0);
  expect(backoffMs(1, 120_000, () => 0)).toBe(120_000);
  expect(backoffMs(1, 900_000, () => 0)).toBe(300_000);
});

test("leaves a host alone as long as it asks for", async () => {
  const options = await serve((_, response) => {
    response.writeHead(429, { "retry-after": "120" }).end();
  });
  const id = await submitOne("/busy");
  await drain(options);
  const { due_in_ms } = await queueRow(id);
  expect(due_in_ms).toBeGreaterThan(118_000);
  expect(due_in_ms).toBeLessThan(122_000);
});

test("asks a host for two files at once, whatever the number of workers", async () => {
  const options = await serve(async (request, response) => {
    await delay(20);
    await sendPath(request, response);
  }, 2);
  const paths = Array.from({ length: 40 }, (_, at) => `/${at}`);
  const ids = await submit(paths);
  await Promise.all([drain(options), drain(options), drain(options)]);
  await drain(options);
  expect(origin.mostAtOnce()).toBe(2);
  for (const id of ids)
    expect((await getMediaFile(ctx, id)).state).toBe("completed");
  expect([...origin.requests.values()]).toEqual(paths.map(() => 1));
});

test("takes links over from a worker that was killed, and lets that one write no more", async () => {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const options = await serve(sendPath);
  const ids = [await submitOne("/a"), await submitOne("/b")];
  const slow = {
    ...options,
    // With two at hand it has no place left, or it would take them over itself.
    downloadsMax: 1,
    inspectFile: async () => {
      await held;
      return { mimeType: "image/gif", extension: "gif", mediaInfo: null };
    },
  };
  const first = drain(slow);
  while ((await storedKeys()).length < 2) await delay(10);
  const lostKeys = await storedKeys();

  await letTimePass();
  await drain(options);
  for (const id of ids) {
    const file = await getMediaFile(ctx, id);
    expect(file).toMatchObject({ state: "completed", attempts: 2 });
  }
  const keptKeys = await storedKeys();
  expect(keptKeys.filter((key) => lostKeys.includes(key))).toEqual([]);

  release();
  await first;
  const rows = await Promise.all(ids.map(queueRow));
  for (const id of ids)
    expect((await getMediaFile(ctx, id)).mimeType).toBe("image/png");
  expect((await storedKeys()).sort()).toEqual(
    rows.map((row) => row.storage_key).sort(),
  );
});

test("gives up on a link that its workers never survive", async () => {
  const options = await serve(sendPath);
  const id = await submitOne("/poison");
  await database.db.rows("update media_files set attempts = 6 where id = $1", [
    id,
  ]);
  await drain(options);
  expect((await getMediaFile(ctx, id)).state).toBe("failed");
  expect(origin.requests.size).toBe(0);
});

test("gives back what it fetches when it is to stop", async () => {
  const options = await serve(async (_, response) => {
    response.write("begun");
    await new Promise(() => undefined);
  });
  const id = await submitOne("/endless");
  const stopping = new AbortController();
  const job = mediaDownloadsJob(options)(database.db, stopping.signal);
  await untilFile(id, ({ state }) => state === "progress");
  stopping.abort();
  await job;
  expect(await getMediaFile(ctx, id)).toMatchObject({
    state: "created",
    attempts: 0,
    arrivedBytes: 0,
  });
  const row = await queueRow(id);
  expect(row.lease_id).toBeNull();
  expect(row.due_in_ms).toBeLessThanOrEqual(0);
  expect(await storedKeys()).toEqual([]);
});

test.each(["cancelled", "deleted"])(
  "stops a download that is %s, shows how far it was, and keeps nothing",
  async (how) => {
    let cutOff = false;
    const options = await serve(async (_, response) => {
      response.writeHead(200, { "content-length": "100000" });
      response.on("close", () => (cutOff = true));
      while (!cutOff) {
        response.write(Buffer.alloc(100));
        await delay(50);
      }
    });
    const id = await submitOne("/trickle");
    const work = drain(options);
    const seen = await untilFile(id, ({ arrivedBytes }) => arrivedBytes > 0);
    expect(seen).toMatchObject({ state: "progress", sizeBytes: 100_000 });
    if (how === "deleted") await deleteMediaFile(ctx, id, store);
    else await cancelMediaFiles(ctx, [id]);
    await work;
    expect(cutOff).toBe(true);
    expect(await storedKeys()).toEqual([]);
    const left = await database.db.rows<{ state: string }>(
      "select state from media_files",
    );
    expect(left).toEqual(how === "deleted" ? [] : [{ state: "cancelled" }]);
  },
);

test("removes the bytes of a file that was deleted while it was being made", async () => {
  const options = await serve(sendPath);
  const id = await submitOne("/a");
  await drain({
    ...options,
    inspectFile: async () => {
      await deleteMediaFile(ctx, id, store);
      return { mimeType: "image/png", extension: "png", mediaInfo: null };
    },
  });
  expect(await storedKeys()).toEqual([]);
});

test.each([1, 3])(
  "keeps the bytes of a file whose row was written though the answer was lost, %i times",
  async (times) => {
    const options = await serve(sendPath);
    const id = await submitOne("/a");
    let lost = 0;
    const flaky: Db = {
      ...database.db,
      rows: async (...statement) => {
        const rows = await database.db.rows(...statement);
        if (!statement[0].includes("'completed', storage_key"))
          return rows as never;
        if ((lost += 1) > times) return rows as never;
        throw new AppError("unavailable", "The connection broke.");
      },
    };
    await drainMediaQueue(flaky, new AbortController().signal, options);
    expect(lost).toBeGreaterThanOrEqual(times);
    expect((await getMediaFile(ctx, id)).state).toBe("completed");
    expect(await storedKeys()).toEqual([(await queueRow(id)).storage_key]);
  },
);

test("does not count against a link that the store is full", async () => {
  const options = await serve(sendPath);
  const id = await submitOne("/a");
  const full: FileStore = {
    ...store,
    write: () => Promise.reject(new AppError("unavailable", "full")),
  };
  await drain({ ...options, store: full });
  expect(await getMediaFile(ctx, id)).toMatchObject({
    state: "created",
    attempts: 0,
  });
  expect((await queueRow(id)).due_in_ms).toBeGreaterThan(20_000);
  await letTimePass();
  await drain(options);
  expect((await getMediaFile(ctx, id)).state).toBe("completed");
});

test("answers the links call when its files have arrived, and does not wait for what is to be tried again", async () => {
  const options = await serve((request, response) => {
    if (request.path.startsWith("/ok")) return sendPath(request, response);
    response.writeHead(503, { "retry-after": "60" }).end();
  });
  const provider = await createWireProvider(database);
  const api = createWireApi({
    db: () => database.db,
    linksWaitMs: () => 10_000,
  });
  const post = async (
    path: string,
    method: string,
    body: unknown,
    token = "",
  ) =>
    (await (path === "links" ? api.putLinks : api.postToken)(
      new Request(`http://ingest.test/${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          "content-type": "application/json",
        },
        body: JSON.stringify(body),
      }),
    ).then((response) => response.json())) as {
      result: {
        accessToken: string;
        succeeded: Record<
          string,
          { state: string; metadata: { size: number; mimeType: string } }
        >;
      };
    };
  const { result } = await post("tokens", "POST", {
    id: provider.id,
    secret: provider.secret,
  });
  const stopping = new AbortController();
  const job = mediaDownloadsJob(options)(database.db, stopping.signal);
  const begunMs = performance.now();
  const answer = await post(
    "links",
    "PUT",
    {
      links: ["/ok1", "/ok2", "/later"].map((path) => ({
        link: origin.url(path),
        filename: "a.jpg",
      })),
    },
    result.accessToken,
  );
  stopping.abort();
  await job;
  expect(performance.now() - begunMs).toBeLessThan(8_000);
  expect(
    Object.values(answer.result.succeeded).map(({ state, metadata }) => [
      state,
      metadata.size,
      metadata.mimeType,
    ]),
  ).toEqual([
    ["Completed", 1_000, "image/png"],
    ["Completed", 1_000, "image/png"],
    ["Created", 0, "image/jpeg"],
  ]);
});
