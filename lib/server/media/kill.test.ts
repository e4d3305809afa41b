import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { afterAll, beforeAll, expect, test } from "vitest";

import type { Context } from "@/lib/server/context";
import {
  createDiskStore,
  type FileStore,
} from "@/lib/server/file-store/service";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import { commandContext, createTenant } from "@/lib/testing/factories";
import {
  contentOf,
  startLinkOrigin,
  type LinkOrigin,
  type OriginAnswer,
} from "@/lib/testing/link-origin";

import { submitLinks } from "./service";
import { sweepOrphans } from "./sweep";

const LINKS = 1_000;
const KILLS = 5;
const HOSTS = 8;
const BYTES = 20_000;
const BYTES_MAX = 200_000;
const HOUR_MS = 3_600_000;

/** One link in ten is not as it should be: how it ends, and how often of a hundred. */
const ODD = [
  { kind: "missing", ends: "failed remote_status 404", share: 20 },
  { kind: "flaky", ends: "completed", share: 20 },
  { kind: "cut", ends: "failed cut_off", share: 15 },
  { kind: "large", ends: "failed too_large", share: 15 },
  { kind: "slow", ends: "completed", share: 15 },
  { kind: "inside", ends: "failed refused", share: 15 },
].flatMap(({ kind, ends, share }) =>
  Array.from({ length: share }, () => ({ kind, ends })),
);

let database: TestDb;
let ctx: Context;
let dataDir: string;
let store: FileStore;
let origin: LinkOrigin;
let worker: ChildProcess | undefined;

beforeAll(async () => {
  database = await createTestDb();
  ctx = commandContext(database.db, await createTenant(database.db));
  dataDir = await mkdtemp(join(tmpdir(), "source-studio-media-kill-"));
  store = createDiskStore(join(dataDir, "media"));
  origin = await startLinkOrigin(answer, HOSTS);
});
afterAll(async () => {
  worker?.kill("SIGKILL");
  await origin.close();
  await database.close();
  await rm(dataDir, { recursive: true, force: true });
});

const answer: OriginAnswer = async ({ path, count }, response) => {
  const [, kind] = path.split("/");
  const { body } = contentOf(path, BYTES);
  // Long enough that a kill meets downloads of every stage.
  response.writeHead(...headOf(kind, count, body.length));
  if (kind === "missing" || kind === "inside") return void response.end();
  if (kind === "flaky" && count <= 2) return void response.end();
  if (kind === "large") return void response.end(Buffer.alloc(BYTES_MAX * 2));
  response.write(body.subarray(0, BYTES / 2));
  await delay(kind === "slow" ? 1_500 : 5);
  if (kind === "cut") response.destroy();
  else response.end(body.subarray(BYTES / 2));
};

function headOf(
  kind: string | undefined,
  count: number,
  bytes: number,
): [status: number, headers: Record<string, string | number>] {
  if (kind === "missing") return [404, {}];
  if (kind === "inside") return [302, { location: "http://10.0.0.1/" }];
  if (kind === "flaky" && count <= 2) return [500, {}];
  if (kind === "large") return [200, {}];
  return [200, { "content-length": bytes }];
}

test(
  `killed ${KILLS} times during ${LINKS.toLocaleString("en")} links, the worker ends every one and leaves nothing behind`,
  { timeout: 240_000 },
  async () => {
    const expected = await submitAll();
    startWorker();
    for (let kill = 1; kill <= KILLS; kill += 1) {
      await untilEnded((kill * LINKS) / (KILLS + 2));
      await killWorker();
      await expectWholeFiles();
      await letTimePass();
      startWorker();
    }
    await untilEnded(LINKS);
    worker?.kill("SIGTERM");
    const [code] = (await once(worker as ChildProcess, "exit")) as [number];
    expect(code).toBe(0);

    const ended = await database.db.rows<{ path: string; ended: string }>(
      `select substring(source_url from '//[^/]*(.*)') as path,
         concat_ws(' ', state, failure_code, failure_status) as ended
       from media_files`,
    );
    const wrong = ended.filter((row) => expected.get(row.path) !== row.ended);
    expect(wrong).toEqual([]);
    expect(ended).toHaveLength(LINKS);

    const named = await expectWholeFiles();
    await sweepOrphans(database.db, store, {
      now: new Date(Date.now() + 2 * HOUR_MS),
    });
    expect((await storedKeys()).sort()).toEqual(named.sort());
  },
);

/** Gives how each link, by its path, is to end. */
async function submitAll(): Promise<Map<string, string>> {
  const expected = new Map<string, string>();
  const links = Array.from({ length: LINKS }, (_, at) => {
    const odd = at % 10 === 0 ? ODD[at / 10] : undefined;
    const path = `/${odd?.kind ?? "good"}/${at}`;
    expected.set(path, odd?.ends ?? "completed");
    return { link: origin.url(path, at), filename: `${at}.bin` };
  });
  for (let from = 0; from < LINKS; from += 50)
    await submitLinks(ctx, links.slice(from, from + 50));
  return expected;
}

function startWorker(): void {
  worker = spawn(
    process.execPath,
    ["--conditions=react-server", "--import", "tsx", "lib/cli/worker.ts"],
    {
      env: {
        ...process.env,
        DATABASE_URL: database.url,
        DATA_DIR: dataDir,
        OUTBOUND_ALLOW: "127.0.0.1",
        OUTBOUND_PORTS: origin.ports.join(","),
        MEDIA_FILE_BYTES_MAX: String(BYTES_MAX),
        LOG_LEVEL: "warn",
      },
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
}

async function killWorker(): Promise<void> {
  const gone = once(worker as ChildProcess, "exit");
  worker?.kill("SIGKILL");
  await gone;
}

async function untilEnded(count: number): Promise<void> {
  for (;;) {
    const [row] = await database.db.rows<{ n: number }>(
      "select count(*) as n from media_files where state in ('completed', 'failed')",
    );
    if ((row?.n ?? 0) >= count) return;
    if (worker?.exitCode !== null) throw new Error("The worker ended.");
    await letWaitsPass();
    await delay(100);
  }
}

/** What waits for its next attempt has waited. */
async function letWaitsPass(): Promise<void> {
  await database.db.rows(
    "update media_files set due_at = now() where state = 'created' and due_at > now()",
  );
}

/** The leases of a dead worker have ended. */
async function letTimePass(): Promise<void> {
  await database.db.rows(
    `update media_files set due_at = now(), lease_until = now()
     where lease_id is not null`,
  );
}

/** Every completed file is there, with all its bytes and no other; gives their keys. */
async function expectWholeFiles(): Promise<string[]> {
  const rows = await database.db.rows<{
    key: string;
    path: string;
    hash: string;
  }>(
    `select storage_key as key, content_hash as hash,
       substring(source_url from '//[^/]*(.*)') as path
     from media_files where state = 'completed'`,
  );
  const sizes = new Map<string, number>();
  for await (const { key, bytes } of store.list("files/"))
    sizes.set(key, bytes);
  // Also what no row names yet is whole: nothing is visible in part.
  expect([...new Set(sizes.values())]).toEqual([BYTES]);
  const wrong = rows.filter(
    ({ key, path, hash }) =>
      !sizes.has(key) || hash !== contentOf(path, BYTES).sha256,
  );
  expect(wrong).toEqual([]);
  return rows.map(({ key }) => key);
}

async function storedKeys(): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list("files/")) keys.push(key);
  return keys;
}
