import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { loadavg } from "node:os";
import { setTimeout as delay } from "node:timers/promises";

import { request } from "undici";

import type { Entity } from "@/lib/domain/entity";
import type { Context } from "@/lib/server/context";
import { createEndpoint } from "@/lib/server/endpoints/service";
import { startRun, submitBatch } from "@/lib/server/imports/service";
import { env as settings } from "@/lib/server/env";
import { createProvider } from "@/lib/server/providers/service";
import { createSource } from "@/lib/server/sources/service";
import { userContext } from "@/lib/testing/factories";
import {
  startIngestListener,
  startScript,
} from "@/lib/testing/serving-process";
import { batchBytes, studioRunInput, TAB } from "@/lib/testing/studio-run";

import { openBenchTenant } from "./bench-tenant";
import { median, printFigure } from "./figures";

const BATCH = 1_000;
const BATCHES = Number(process.env.BENCH_BATCHES ?? 30);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
/** As many as a run has under way. */
const IN_FLIGHT = 3;
const LOOK_EVERY_MS = 10;

type Remote = { name: string; url: string; credentials: Credentials };
type Credentials = { id: string; secret: string };

/**
 * The whole way of a run, from the first batch handed over until the remote has
 * the last one and the ledger says so, against a bare undici loop that posts
 * the same entities to the same remote, as many requests at once. One remote is
 * a second instance of this product, one takes bodies and does nothing.
 */
export async function benchDelivery(): Promise<void> {
  const elsewhere = await openBenchTenant();
  // Read once in a process: both instances have their keys there.
  const { DATA_DIR } = settings();
  const credentials = await openSources(elsewhere.ctx);
  const studio = await openBenchTenant();
  const env = { ...process.env, DATA_DIR, LOG_LEVEL: "warn" };
  const children: ChildProcess[] = [];
  try {
    const second = await startIngestListener({
      env: { ...env, DATABASE_URL: elsewhere.databaseUrl },
    });
    const plain = await startScript("lib/bench/plain-remote.ts", {
      ...{ env, portSetting: "PLAIN_PORT" },
    });
    children.push(second.child, plain.child, deliverFrom(studio, env));
    const remotes: Remote[] = [
      { name: "a second instance", url: urlOf(second), credentials },
      { name: "a plain server", url: urlOf(plain), credentials },
    ];
    for (const remote of remotes) await compare(studio.ctx, remote);
  } finally {
    await Promise.all(children.map(endChild));
    await studio.close();
    await elsewhere.close();
  }
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}

async function compare(command: Context, remote: Remote): Promise<void> {
  const ctx = userContext(command.db, command.tenantId, "admin");
  const { id: providerId, secret } = remote.credentials;
  const { sources } = await createEndpoint(ctx, {
    ...{ name: remote.name, url: remote.url, providerId, secret },
    sources: ["ours"],
  });
  const sourceId = sources[0]?.id ?? "";
  const token = await signIn(remote);
  const rates = { ours: [] as number[], bare: [] as number[] };
  const load = loadavg()[0] ?? NaN;
  for (let round = 0; round <= ROUNDS; round += 1) {
    const batches = Array.from({ length: BATCHES }, (_, batch) =>
      makeEntities(`r${round}b${batch}`),
    );
    const ways = {
      ours: () => deliver(ctx, sourceId, batches),
      bare: () => postBare(remote, token, batches),
    };
    // Whoever goes second finds warm caches: take turns.
    for (const way of round % 2
      ? (["ours", "bare"] as const)
      : (["bare", "ours"] as const)) {
      const seconds = await ways[way]();
      // The first round warms everything up.
      if (round > 0) rates[way].push((BATCHES * BATCH) / seconds);
    }
  }
  printFigure(`delivery of 1,000 x 20 to ${remote.name}`, {
    entitiesPerSecond: Math.round(median(rates.ours)),
    bareEntitiesPerSecond: Math.round(median(rates.bare)),
    ratio: median(rates.ours) / median(rates.bare),
    ratios: rates.ours
      .map((rate, at) => (rate / (rates.bare[at] ?? NaN)).toFixed(2))
      .join(" "),
    load: `${load.toFixed(1)} to ${(loadavg()[0] ?? NaN).toFixed(1)}`,
  });
}

/** Seconds until the last batch stands in the ledger. */
async function deliver(
  ctx: Context,
  sourceId: string,
  batches: Entity[][],
): Promise<number> {
  const bodies = batches.map(batchBytes);
  const input = studioRunInput(sourceId, batches.length);
  const begun = performance.now();
  const { id: runId } = await startRun(ctx, {
    ...input,
    check: { ...input.check, needsOrder: false },
  });
  await atOnce(bodies, (bytes, at) =>
    submitBatch(ctx, { runId, sequence: at + 1, tabId: TAB, bytes }),
  );
  if (process.env.BENCH_SHOW)
    console.error("handed over", performance.now() - begun);
  for (;;) {
    const [run] = await ctx.db.rows<{ status: string }>(
      "select status from import_runs where tenant_id = $1 and id = $2",
      [ctx.tenantId, runId],
    );
    if (run?.status === "finished") break;
    await delay(LOOK_EVERY_MS);
  }
  return (performance.now() - begun) / 1_000;
}

async function postBare(
  { url }: Remote,
  token: string,
  batches: Entity[][],
): Promise<number> {
  const bodies = batches.map((entities) => JSON.stringify({ entities }));
  const begun = performance.now();
  await atOnce(bodies, async (body) => {
    const { statusCode, body: answer } = await request(`${url}/import/bare`, {
      ...{ method: "POST", body },
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
      },
    });
    const text = await answer.text();
    if (statusCode !== 202) throw new Error(`${statusCode}: ${text}`);
  });
  return (performance.now() - begun) / 1_000;
}

async function atOnce<T>(
  items: readonly T[],
  work: (item: T, at: number) => Promise<unknown>,
): Promise<void> {
  const left = items.entries();
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      for (const [at, item] of left) await work(item, at);
    }),
  );
}

/** The sources of both ways, and a provider that may import into them. */
async function openSources(ctx: Context): Promise<Credentials> {
  const sources = await Promise.all(
    ["ours", "bare"].map((identifier) =>
      createSource(ctx, {
        ...{ identifier, name: identifier },
        ...{ originSystem: "", description: "" },
      }),
    ),
  );
  const { provider, secret } = await createProvider(ctx, {
    name: "bench",
    sourceIds: sources.map(({ id }) => id),
  });
  return { id: provider.id, secret };
}

async function signIn({ url, credentials }: Remote): Promise<string> {
  const { body } = await request(`${url}/dataProviders/tokens`, {
    ...{ method: "POST", body: JSON.stringify(credentials) },
    headers: { "content-type": "application/json" },
  });
  const told = (await body.json()) as { result: { accessToken: string } };
  return told.result.accessToken;
}

function deliverFrom(
  { databaseUrl }: { databaseUrl: string },
  env: NodeJS.ProcessEnv,
): ChildProcess {
  const script = "lib/testing/delivery-process.ts";
  const flags = (process.env.BENCH_NODE_FLAGS ?? "").split(" ").filter(Boolean);
  const args = ["--conditions=react-server", "--import", "tsx", script];
  return spawn(process.execPath, [...flags, ...args, databaseUrl], {
    env: {
      ...env,
      ...{ OUTBOUND_ALLOW: "127.0.0.1", OUTBOUND_PORTS: "1-65535" },
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
}

function urlOf({ port }: { port: number }): string {
  return `http://127.0.0.1:${port}`;
}

function makeEntities(prefix: string): Entity[] {
  return Array.from({ length: BATCH }, (_, row) => ({
    ...{ key: `${prefix}-${row}`, delete: false },
    properties: Array.from({ length: 20 }, (_each, column) => ({
      id: `property_${column}`,
      language: column < 6 ? (["sv", "en", "de"][column % 3] ?? null) : null,
      value: `value ${column} of row ${row}, lorem ipsum dolor ${row * column}`,
    })),
  }));
}
