import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { afterAll, expect, test } from "vitest";

import { createDb, createPool, type Db } from "@/lib/server/db/client";
import { migrate } from "@/lib/server/db/migrate";
import {
  removePostgres,
  startPostgres,
  type EmbeddedPostgres,
} from "@/lib/server/postgres/supervisor";
import { commandContext } from "@/lib/testing/factories";
import { freePort } from "@/lib/testing/free-port.mjs";
import { startIngestListener } from "@/lib/testing/serving-process";

const KILLS = 20;
/** Of these, every fourth takes PostgreSQL down too, not only the listener. */
const POSTGRES_EVERY = 4;
const STREAMS = 4;
const ENTITIES = 200;

let dataDir = "";
let listener: ChildProcess | undefined;
let postgres: EmbeddedPostgres | undefined;

afterAll(async () => {
  listener?.kill("SIGKILL");
  await postgres?.stop();
  await removePostgres(dataDir);
  await rm(dataDir, { recursive: true, force: true });
});

/**
 * Every batch has keys of its own and its number in every entity. So a batch
 * is whole when the store has ENTITIES entries with its number, and absent when
 * it has none; anything between is a broken promise.
 */
test(
  `killed ${KILLS} times under load, every acknowledged batch is there whole and none partly`,
  { timeout: 600_000 },
  async () => {
    dataDir = await mkdtemp(join(tmpdir(), "source-studio-kill-"));
    process.env.DATA_DIR = dataDir;
    postgres = await startPostgres({ dataDir });
    await migrate(postgres.url);
    const port = await freePort();
    const { identifier, token } = await prepare(postgres.url, port);

    const acknowledged = new Set<number>();
    let next = 0;
    for (let kill = 1; kill <= KILLS; kill += 1) {
      let isLoading = true;
      const streams = Array.from({ length: STREAMS }, async () => {
        while (isLoading) {
          const batch = next;
          next += 1;
          if (await sendBatch(port, identifier, token, batch)) {
            acknowledged.add(batch);
          }
        }
      });
      await delay(150 + Math.random() * 500);
      const withPostgres = kill % POSTGRES_EVERY === 0;
      await killListener();
      if (withPostgres) await killPostgres(dataDir);
      isLoading = false;
      await Promise.all(streams);
      if (withPostgres) postgres = await startPostgres({ dataDir });
      await startListener(postgres.url, port);
    }

    const pool = createPool(postgres.url);
    const sizes = await batchSizes(createDb(pool));
    await pool.end();
    expect(acknowledged.size).toBeGreaterThan(KILLS);
    const missing = [...acknowledged].filter((batch) => !sizes.has(batch));
    const partial = [...sizes].filter(([, size]) => size !== ENTITIES);
    expect({ missing, partial }).toEqual({ missing: [], partial: [] });
  },
);

async function prepare(
  url: string,
  port: number,
): Promise<{ identifier: string; token: string }> {
  const { createProvider } = await import("@/lib/server/providers/service");
  const { createSource } = await import("@/lib/server/sources/service");
  const pool = createPool(url);
  const db = createDb(pool);
  const [tenant] = await db.rows<{ id: string }>("select id from tenants");
  const ctx = commandContext(db, tenant?.id ?? "");
  const source = await createSource(ctx, {
    identifier: "killed",
    name: "Killed",
    originSystem: "",
    description: "",
  });
  const { provider, secret } = await createProvider(ctx, {
    name: "kill",
    sourceIds: [source.id],
  });
  await pool.end();
  await startListener(url, port);
  const answer = await fetch(`http://127.0.0.1:${port}/dataProviders/tokens`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ id: provider.id, secret }),
  });
  const { result } = (await answer.json()) as {
    result: { accessToken: string };
  };
  return { identifier: source.identifier, token: result.accessToken };
}

/** Whether the batch was acknowledged. A cut connection is no acknowledgement. */
async function sendBatch(
  port: number,
  identifier: string,
  token: string,
  batch: number,
): Promise<boolean> {
  const entities = Array.from({ length: ENTITIES }, (_, row) => ({
    key: `b${batch}-${row}`,
    properties: [
      { id: "batch", value: String(batch) },
      { id: "name", value: `Entry ${row} of batch ${batch}`, language: "en" },
    ],
  }));
  try {
    const answer = await fetch(
      `http://127.0.0.1:${port}/import/${identifier}`,
      {
        method: "POST",
        headers: {
          "content-type": "application/json",
          authorization: `Bearer ${token}`,
        },
        body: JSON.stringify({ entities }),
      },
    );
    return answer.status === 202;
  } catch {
    await delay(20);
    return false;
  }
}

async function batchSizes(db: Db): Promise<Map<number, number>> {
  const rows = await db.rows<{ batch: number; size: number }>(
    "select (properties ->> 'batch:')::int as batch, count(*) as size from entries group by 1",
  );
  return new Map(rows.map(({ batch, size }) => [batch, size]));
}

async function startListener(url: string, port: number): Promise<void> {
  const env = {
    ...process.env,
    DATABASE_URL: url,
    DATA_DIR: dataDir,
    LOG_LEVEL: "silent",
  };
  ({ child: listener } = await startIngestListener({ env, port }));
}

async function killListener(): Promise<void> {
  if (!listener) return;
  const gone = once(listener, "exit");
  listener.kill("SIGKILL");
  await gone;
}

/** The postmaster alone: its children notice and leave, as after an out-of-memory kill. */
async function killPostgres(dir: string): Promise<void> {
  const pidFile = join(dir, "postgres", "cluster", "postmaster.pid");
  const pid = Number((await readFile(pidFile, "utf8")).split("\n")[0]);
  process.kill(pid, "SIGKILL");
}
