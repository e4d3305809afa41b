import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";

import type { Entity } from "@/lib/domain/entity";
import type { ImportRun } from "@/lib/domain/import-run";
import { createMerge, type StoredValues } from "@/lib/domain/merge";
import type { Db } from "@/lib/server/db/client";
import { env } from "@/lib/server/env";
import { getRun, listBatches, submitBatch } from "@/lib/server/imports/service";

import {
  cutBefore,
  cutInside,
  lostAfter,
  page,
  sometimes,
  status,
} from "./remote-habits";
import { createRemoteTenant, startRemoteRun } from "./remote-run";
import { REMOTE_SECRET, startScriptedRemote, well } from "./scripted-remote";
import {
  batchBytes,
  deleting,
  setting,
  storedEntries,
  TAB,
} from "./studio-run";

const BATCH = 1_000;
const HANDED_OVER_AT_ONCE = 3;
const LOOK_EVERY_MS = 20;
const FAILING_SHARE = 0.2;
const DOWN_MS = 700;
const ODD = [
  ...[status(500), page(502), status(503), status(429, "1"), status(408)],
  ...[cutBefore, cutInside, lostAfter],
];

/** What `proveDelivery` saw. Lists of what is wrong are to be empty. */
export type DeliveryProof = {
  entities: number;
  seconds: number;
  requests: number;
  failed: number;
  tokens: number;
  mostUnderWay: number;
  kills: number;
  restarts: number;
  /** The most that the last delivering process held. */
  peakMb: number;
  wrongThere: string[];
  wrongHere: string[];
  ledger: { sequences: number[]; entities: number; waiting: number };
  counts: Record<Outcome, number>;
  countsWanted: Record<Outcome, number>;
};

type Outcome = "created" | "updated" | "unchanged" | "deleted";

/**
 * Hands over a run and has it delivered to a remote that fails one request in
 * five, in every way, and is restarted, by a process that is killed (`kill -9`)
 * and started again. The remote has a part of the entries before, so that some are
 * changed, cleared, deleted or left as they are.
 */
export async function proveDelivery(
  db: Db,
  url: string,
  options: {
    entities: number;
    /** Shares of the batches after which the remote goes down for a moment. */
    restarts: readonly number[];
    /** The same for the delivering process. */
    kills: readonly number[];
  },
): Promise<DeliveryProof> {
  const { entities, restarts, kills } = options;
  const batches = Array.from({ length: Math.ceil(entities / BATCH) }, (_, at) =>
    entitiesOf(at),
  );
  const remote = await startScriptedRemote();
  const tenant = await createRemoteTenant(db, {
    ...{ url: remote.url, secret: REMOTE_SECRET },
  });
  let child = deliverIn(url);
  try {
    const before = await handOver(tenant, beforehand(batches.length));
    await untilFinished(tenant, before);
    remote.heard.length = 0;
    remote.onImport = sometimes(FAILING_SHARE, Math.random, ODD, well);

    const begun = performance.now();
    const runId = await startRemoteRun(tenant, {
      ...{ batches: batches.length, entities },
    });
    const handing = handOverBatches(tenant, runId, batches);
    const share = async (part: number) =>
      until(async () => {
        requireDelivery(await getRun(tenant.editor, runId));
        return (await countLedger(db, runId)) >= part * batches.length;
      });
    const restarting = (async () => {
      for (const part of restarts) {
        await share(part);
        await remote.stop();
        await delay(DOWN_MS);
        await remote.start();
      }
    })();
    for (const part of kills) {
      await share(part);
      await kill(child, "SIGKILL");
      child = deliverIn(url);
    }
    await Promise.all([handing, restarting]);
    const run = await untilFinished(tenant, runId);
    const seconds = (performance.now() - begun) / 1_000;

    const serial = serially([...beforehand(batches.length), ...batches]);
    const here = await storedEntries(tenant.editor, tenant.sourceId);
    const lines = await ledgerOf(tenant, runId);
    const imports = remote.imports();
    return {
      ...{ entities, seconds, kills: kills.length, restarts: restarts.length },
      requests: imports.length,
      failed: imports.filter((call) => call.status !== 202).length,
      tokens: remote.tokenRequests(),
      mostUnderWay: remote.mostUnderWay(),
      peakMb: Math.round((await stopped(child)) / 1_000),
      wrongThere: differences(serial.entries, remote.entries()),
      wrongHere: differences(serial.entries, here),
      ledger: {
        sequences: lines.map(({ sequence }) => sequence),
        entities: lines.reduce((sum, line) => sum + line.entities, 0),
        waiting: run.delivery?.batches ?? -1,
      },
      counts: countsOf(run.applied),
      countsWanted: countsOf(serial.counts),
    };
  } finally {
    child.kill("SIGKILL");
    await remote.stop();
  }
}

type Tenant = Awaited<ReturnType<typeof createRemoteTenant>>;

/** Of every ten entries five are there before: of them one is left as it is, one is cleared, one goes. */
function entitiesOf(batch: number): Entity[] {
  return Array.from({ length: BATCH }, (_, at) => {
    const key = `K-${batch}-${at}`;
    if (at % 10 === 0) return deleting(key);
    if (at % 10 === 1) return setting(key, original(key));
    if (at % 10 === 2) return setting(key, { "name:sv": null, "price:": "0" });
    return setting(key, {
      ...{ "name:": `Name of ${key}`, "name:sv": `Namn på ${key}` },
      ...{ "price:": String(at), "text:en": `${"words ".repeat(20)}${key}` },
      "__proto__:": "harmless",
    });
  });
}

function beforehand(batches: number): Entity[][] {
  return Array.from({ length: batches }, (_, batch) =>
    Array.from({ length: BATCH / 2 }, (_each, half) => {
      const key = `K-${batch}-${2 * half - (half % 5)}`;
      return setting(key, original(key));
    }),
  );
}

const original = (key: string) => ({
  ...{ "name:": `Before ${key}`, "name:sv": "Före", "kept:": "yes" },
});

function serially(batches: Entity[][]) {
  const merge = createMerge(new Map());
  const keys = new Set<string>();
  const counts = { created: 0, updated: 0, unchanged: 0, deleted: 0 };
  for (const batch of batches) {
    const own = merge.apply(batch);
    // Those of the run alone: what was there before makes no difference to it.
    if (batch.length === BATCH)
      for (const name of OUTCOMES) counts[name] += own[name];
    for (const { key } of batch) keys.add(key);
  }
  const entries = new Map<string, StoredValues>();
  for (const key of keys) {
    const values = merge.valuesOf(key);
    if (values) entries.set(key, values);
  }
  return { entries, counts };
}

const OUTCOMES = ["created", "updated", "unchanged", "deleted"] as const;

function countsOf(counts: Record<Outcome, number>): Record<Outcome, number> {
  const { created, updated, unchanged, deleted } = counts;
  return { created, updated, unchanged, deleted };
}

/** Keys of entries that are missing, too many or unlike. */
function differences(
  wanted: ReadonlyMap<string, StoredValues>,
  found: ReadonlyMap<string, StoredValues>,
): string[] {
  const text = (values: StoredValues | undefined) =>
    values && JSON.stringify(Object.entries(values).sort());
  return [...new Set([...wanted.keys(), ...found.keys()])].filter(
    (key) => text(wanted.get(key)) !== text(found.get(key)),
  );
}

async function handOver(tenant: Tenant, batches: Entity[][]): Promise<string> {
  const entities = batches.flat().length;
  const check = { batches: batches.length, entities };
  const runId = await startRemoteRun(tenant, check);
  await handOverBatches(tenant, runId, batches);
  return runId;
}

async function handOverBatches(
  { editor }: Tenant,
  runId: string,
  batches: Entity[][],
): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: HANDED_OVER_AT_ONCE }, async () => {
      for (;;) {
        const batch = batches[next];
        const sequence = (next += 1);
        if (!batch) return;
        const bytes = batchBytes(batch);
        await submitBatch(editor, { runId, sequence, bytes, tabId: TAB });
      }
    }),
  );
}

async function ledgerOf({ editor }: Tenant, runId: string) {
  const lines = [];
  for (let after = 0; ;) {
    const { batches } = await listBatches(editor, runId, after);
    lines.push(...batches);
    const last = batches.at(-1);
    if (!last) return lines;
    after = last.sequence;
  }
}

async function countLedger(db: Db, runId: string): Promise<number> {
  const [row] = await db.rows<{ n: number }>(
    "select count(*)::int as n from run_batches where run_id = $1",
    [runId],
  );
  return row?.n ?? 0;
}

async function untilFinished({ editor }: Tenant, runId: string) {
  let run = await getRun(editor, runId);
  await until(async () => {
    run = await getRun(editor, runId);
    requireDelivery(run);
    return run.status === "finished";
  });
  return run;
}

function requireDelivery({ delivery }: ImportRun): void {
  if (!delivery?.isHeld) return;
  throw new Error(`The run is held: ${JSON.stringify(delivery)}`);
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await delay(LOOK_EVERY_MS);
}

function deliverIn(url: string): ChildProcess {
  const script = "lib/testing/delivery-process.ts";
  const args = ["--conditions=react-server", "--import", "tsx", script, url];
  return spawn(process.execPath, args, {
    env: {
      // As this process has read it: the key that seals the secret lies there.
      ...{ ...process.env, DATA_DIR: env().DATA_DIR },
      ...{ OUTBOUND_ALLOW: "127.0.0.1", OUTBOUND_PORTS: "1-65535" },
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
}

async function kill(child: ChildProcess, signal: NodeJS.Signals) {
  const ended = once(child, "exit");
  child.kill(signal);
  await ended;
}

/** Stops it as a Studio does; the kilobytes it had at most. */
async function stopped(child: ChildProcess): Promise<number> {
  let said = "";
  child.stdout?.on("data", (chunk: Buffer) => (said += chunk.toString()));
  await kill(child, "SIGTERM");
  return Number(said);
}
