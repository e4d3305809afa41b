import type { ChildProcess } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";

import { afterAll, expect, test } from "vitest";

import { createTestDb, type TestDb } from "@/lib/testing/db";
import { startIngestListener } from "@/lib/testing/serving-process";
import {
  createWireProvider,
  type WireProvider,
} from "@/lib/testing/wire-provider";

const IMPORTS = 200;
const BODY_BYTES = 1_000_000;
const SOURCES = 4;

let database: TestDb | undefined;
let listener: ChildProcess | undefined;
afterAll(async () => {
  listener?.kill("SIGKILL");
  await database?.close();
});

test(
  `${IMPORTS} imports of 1 MB at once are taken or told to come back, and health answers meanwhile`,
  { timeout: 150_000 },
  async () => {
    database = await createTestDb();
    const env = { ...process.env, DATABASE_URL: database.url };
    const started = await startIngestListener({ env });
    listener = started.child;
    const api = `http://127.0.0.1:${started.port}`;
    const places: { path: string; token: string }[] = [];
    for (let at = 0; at < SOURCES; at += 1) {
      const provider = await createWireProvider(database);
      places.push({
        path: `/import/${provider.source.identifier}`,
        token: await tokenOf(api, provider),
      });
    }
    // Twice as many bodies as sources, so that half the imports change something.
    const bodies = Array.from({ length: SOURCES * 2 }, (_, at) => bodyOf(at));

    let isDone = false;
    const health = probeHealth(api, () => isDone);
    const statuses = await Promise.all(
      Array.from({ length: IMPORTS }, async (_, at) => {
        const { path, token } = places[at % SOURCES] ?? { path: "", token: "" };
        const answer = await fetch(api + path, {
          method: "POST",
          headers: {
            "content-type": "application/json",
            authorization: `Bearer ${token}`,
          },
          body: bodies[at % bodies.length],
        });
        const { errors } = (await answer.json()) as { errors: unknown[] };
        return `${answer.status} ${JSON.stringify(errors).slice(0, 100)}`;
      }),
    );
    isDone = true;

    const taken = statuses.filter((status) => status.startsWith("202"));
    const later = statuses.filter((status) => status.startsWith("429"));
    const other = statuses.filter((status) => !/^(202|429)/.test(status));
    expect(other).toEqual([]);
    expect(taken.length + later.length).toBe(IMPORTS);
    expect(taken.length).toBeGreaterThan(IMPORTS / 2);
    const answers = await health;
    expect(answers.length).toBeGreaterThan(1);
    expect(answers.filter((status) => status !== 200)).toEqual([]);
  },
);

function bodyOf(at: number): string {
  const value = "v".repeat(BODY_BYTES / 1_000 - 60);
  return JSON.stringify({
    entities: Array.from({ length: 1_000 }, (_, row) => ({
      key: `k${row}`,
      properties: [{ id: "p", value: `${at} ${value}` }],
    })),
  });
}

async function probeHealth(
  api: string,
  isDone: () => boolean,
): Promise<number[]> {
  const answers: number[] = [];
  while (!isDone()) {
    const answer = await fetch(`${api}/health`);
    await answer.arrayBuffer();
    answers.push(answer.status);
    await delay(50);
  }
  return answers;
}

async function tokenOf(api: string, { id, secret }: WireProvider) {
  const answer = await fetch(`${api}/dataProviders/tokens`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ id, secret }),
  });
  const { result } = (await answer.json()) as {
    result: { accessToken: string };
  };
  return result.accessToken;
}
