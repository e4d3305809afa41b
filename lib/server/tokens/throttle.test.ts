import { randomUUID } from "node:crypto";

import {
  afterAll,
  beforeAll,
  beforeEach,
  describe,
  expect,
  test,
} from "vitest";

import { createWireApi, type WireApi } from "@/lib/server/wire/handlers";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import {
  createWireProvider,
  type WireProvider,
} from "@/lib/testing/wire-provider";

const AT_ONCE = 20;

let database: TestDb;
let api: WireApi;
let provider: WireProvider;

beforeAll(async () => {
  database = await createTestDb();
  api = createWireApi({ db: () => database.db });
});
afterAll(() => database.close());

beforeEach(async () => {
  provider = await createWireProvider(database);
  // What other tests failed within this second is not this test's.
  delete (globalThis as { sourceStudioFailures?: unknown })
    .sourceStudioFailures;
});

async function ask(
  credentials: { id: string; secret: string },
  address: string,
): Promise<{ status: number; retryAfter: string | null }> {
  const sent = new Request("http://ingest.test/dataProviders/tokens", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(credentials),
  });
  const answer = await api.postToken(sent, { address });
  const body = (await answer.json()) as { result: unknown };
  expect(body.result === null).toBe(answer.status !== 200);
  return {
    status: answer.status,
    retryAfter: answer.headers.get("retry-after"),
  };
}

const right = () => ({ id: provider.id, secret: provider.secret });
/** Of the right shape and checksum, so that only the database can tell. */
const wrong = async () => ({
  id: provider.id,
  secret: (await createWireProvider(database)).secret,
});

/** How often each status was answered to so many tries, some of them at once. */
async function attack(
  tries: number,
  tryOnce: (at: number) => Promise<{ status: number }>,
): Promise<Map<number, number>> {
  const counts = new Map<number, number>();
  let next = 0;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (next < tries) {
        const { status } = await tryOnce((next += 1));
        counts.set(status, (counts.get(status) ?? 0) + 1);
      }
    }),
  );
  return counts;
}

describe("wrong credentials", () => {
  test("tried 10,000 times for one provider are never taken, and its client elsewhere is unharmed", async () => {
    const credentials = await wrong();
    const begun = performance.now();
    const unharmed: number[] = [];
    const counts = await attack(10_000, async (at) => {
      if (at % 1_000 === 0) {
        unharmed.push((await ask(right(), "192.0.2.20")).status);
      }
      return ask(credentials, "198.51.100.1");
    });
    expect([...counts.keys()].sort()).toEqual([401, 429]);
    // The wait after the tenth is a minute; on a slow machine it passes.
    const minutes = (performance.now() - begun) / 60_000;
    expect(counts.get(401)).toBeLessThanOrEqual(10 * (1 + Math.floor(minutes)));
    expect(unharmed).toEqual(Array(10).fill(200));
  }, 120_000);

  test("tried 3,000 times from as many addresses cost the database little, and nobody else anything", async () => {
    const credentials = await wrong();
    const begun = performance.now();
    const counts = await attack(3_000, (at) =>
      ask(
        { ...credentials, id: randomUUID() },
        `198.51.${at >> 8}.${at & 255}`,
      ),
    );
    expect([...counts.keys()].sort()).toEqual([401, 429]);
    const seconds = (performance.now() - begun) / 1_000;
    // A hundred in each second are still counted, and so looked up; those under way beside them.
    expect(counts.get(401)).toBeLessThan((seconds + 1) * (100 + AT_ONCE));
    expect((await ask(right(), "192.0.2.21")).status).toBe(200);
  }, 120_000);

  test("from one address are told a wait that grows, for id and address alike", async () => {
    const credentials = await wrong();
    const answers = [];
    for (let tried = 0; tried < 12; tried += 1) {
      answers.push(await ask(credentials, "198.51.100.2"));
    }
    expect(answers.map(({ status }) => status)).toEqual([
      ...Array<number>(10).fill(401),
      429,
      429,
    ]);
    expect(answers[10]?.retryAfter).toBe("60");
    expect(Number(answers[11]?.retryAfter)).toBeLessThanOrEqual(60);
  });
});

describe("a client of this contract is not throttled", () => {
  test("when five parallel first calls ask for a token each", async () => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => ask(right(), "192.0.2.30")),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(200));
  });

  test("when an old build sends wrong credentials four times in 14 s, twice over", async () => {
    const credentials = await wrong();
    for (let tried = 0; tried < 8; tried += 1) {
      expect((await ask(credentials, "192.0.2.31")).status).toBe(401);
    }
    expect((await ask(right(), "192.0.2.31")).status).toBe(200);
  });

  test("when two hundred workers share its provider and its address", async () => {
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => ask(right(), "192.0.2.32")),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(
      new Set([200]),
    );
  });
});
