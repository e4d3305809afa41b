import { setTimeout as delay } from "node:timers/promises";

import { afterAll, beforeAll, expect, test, vi } from "vitest";

import { AppError } from "@/lib/domain/errors";
import { createTestDb, type TestDb } from "@/lib/testing/db";

import { endpointJob, type EndpointWork } from "./endpoint-job";

type Piece = { leaseId: string; host: string };

let testDb: TestDb;
beforeAll(async () => {
  testDb = await createTestDb();
});
afterAll(() => testDb.close());

/** A promise and what resolves it. */
function event() {
  let happen = (): void => undefined;
  const happened = new Promise<void>((resolve) => (happen = resolve));
  return { happen, happened };
}

/** Runs a job of two pieces at most whose claims give, one after another, what `claims` does. */
function start(
  claims: (() => Piece[])[],
  more: Partial<EndpointWork<Piece>> = {},
) {
  const stopping = new AbortController();
  const asked: number[] = [];
  const claimedAll = event();
  const running = endpointJob<Piece>({
    ...{ job: "test", piecesMax: 2, renewEveryMs: 5 },
    claim: (_db, count) => {
      asked.push(count);
      const next = claims.shift();
      if (!next) claimedAll.happen();
      return Promise.resolve().then(() => next?.() ?? []);
    },
    take: () => Promise.resolve(),
    renew: (_db, pieces) =>
      Promise.resolve(new Set(pieces.map(({ leaseId }) => leaseId))),
    giveBack: () => Promise.resolve(),
    ...more,
  })(testDb.db, stopping.signal);
  const stop = async () => {
    stopping.abort();
    await running;
  };
  return { asked, claimedAll: claimedAll.happened, stop };
}

const piece: Piece = { leaseId: "lease", host: "ingest.example.com:443" };
const away = (): never => {
  throw new AppError("unavailable", "The database is not reachable just now.");
};

test("what is under way is kept and counted while nothing can be claimed", async () => {
  const { happen: end, happened: ended } = event();
  const renewed = event();
  let failed = false;
  let wasStopped: boolean | undefined;
  const job = start([() => [piece], away], {
    take: async (_db, _piece, signal) => {
      await ended;
      wasStopped = signal.aborted;
    },
    renew: (_db, pieces) => {
      if (failed) renewed.happen();
      return Promise.resolve(new Set(pieces.map(({ leaseId }) => leaseId)));
    },
  });
  await vi.waitUntil(() => job.asked.length >= 2);
  failed = true;
  await renewed.happened;
  await job.claimedAll;
  // After the failure there is still room for one more only.
  expect(job.asked).toEqual([2, 1, 1]);
  end();
  await vi.waitUntil(() => wasStopped !== undefined);
  expect(wasStopped).toBe(false);
  await job.stop();
});

test("a piece whose lease is lost is stopped, and given back at once", async () => {
  const back = event();
  const givenBack: [string, number][] = [];
  const job = start([() => [piece]], {
    take: (_db, _piece, signal) => delay(60_000, undefined, { signal }),
    renew: () => Promise.resolve(new Set()),
    giveBack: (_db, { leaseId }, ms) => {
      givenBack.push([leaseId, ms]);
      back.happen();
      return Promise.resolve();
    },
  });
  await back.happened;
  expect(givenBack).toEqual([["lease", 0]]);
  await job.stop();
});

test("a piece whose lease cannot be renewed until it is over is stopped", async () => {
  const stopped = event();
  const begunMs = performance.now();
  let lastedMs = 0;
  const job = start([() => [piece]], {
    leaseMs: 100,
    take: async (_db, _piece, signal) => {
      await delay(60_000, undefined, { signal }).catch(() => undefined);
      lastedMs = performance.now() - begunMs;
      stopped.happen();
    },
    renew: () => Promise.resolve().then(away),
  });
  await stopped.happened;
  expect(lastedMs).toBeGreaterThan(100);
  await job.stop();
});

test("what is under way is given back when the process ends, before the job does", async () => {
  const givenBack: string[] = [];
  const taken = event();
  const job = start([() => [piece]], {
    take: (_db, _piece, signal) => {
      taken.happen();
      return delay(60_000, undefined, { signal });
    },
    giveBack: (_db, { leaseId }) => {
      givenBack.push(leaseId);
      return Promise.resolve();
    },
  });
  await taken.happened;
  await job.stop();
  expect(givenBack).toEqual(["lease"]);
});
