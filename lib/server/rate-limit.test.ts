import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  expect,
  test,
  vi,
} from "vitest";

import { createTestDb, type TestDb } from "@/lib/testing/db";

import {
  createFailureLimiter,
  sweepRateLimits,
  type FailureLimiter,
} from "./rate-limit";

let database: TestDb;
let limiter: FailureLimiter;
let made = 0;

beforeAll(async () => {
  database = await createTestDb();
});
afterAll(() => database.close());

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-11-22T12:00Z") });
  limiter = createFailureLimiter(database.db, rule(`test-${(made += 1)}`));
});
afterEach(() => vi.useRealTimers());

const rule = (name: string) => ({
  name,
  failuresMax: 3,
  windowSeconds: 60,
  refusedSeconds: { first: 60, last: 900 },
});
const pass = (seconds: number) =>
  vi.setSystemTime(Date.now() + seconds * 1_000);

async function failUntilRefused(): Promise<number> {
  for (let tried = 0; tried < 3; tried += 1) {
    expect(await limiter.fail("k")).toBe(0);
  }
  return limiter.fail("k");
}

test("refuses the fourth of three failures, twice as long every time, up to the last", async () => {
  const waits: number[] = [];
  for (let round = 0; round < 6; round += 1) {
    const waited = await failUntilRefused();
    waits.push(waited);
    pass(waited + 1);
  }
  expect(waits).toEqual([60, 120, 240, 480, 900, 900]);
});

test("counts down while it refuses, and more failures do not make it longer", async () => {
  await failUntilRefused();
  pass(25);
  expect(await limiter.fail("k")).toBe(35);
  expect(await limiter.wait("k")).toBe(35);
  pass(36);
  expect(await limiter.wait("k")).toBe(0);
});

test("forgets failures that are older than the window", async () => {
  for (let round = 0; round < 4; round += 1) {
    expect(await limiter.fail("k")).toBe(0);
    expect(await limiter.fail("k")).toBe(0);
    pass(61);
  }
});

test("says before a try that it would be one too many", async () => {
  expect(await limiter.wait("k")).toBe(0);
  for (let tried = 0; tried < 3; tried += 1) await limiter.fail("k");
  expect(await limiter.wait("k")).toBeGreaterThan(0);
  expect(await limiter.wait("other")).toBe(0);
  await limiter.forget("k");
  expect(await limiter.wait("k")).toBe(0);
});

test("is refused by every process, though only one of them counted", async () => {
  await failUntilRefused();
  // What another process has: the same rule, nothing remembered.
  const db = { ...database.db };
  const other = createFailureLimiter(db, rule(`test-${made}`));
  expect(await other.fail("k")).toBe(60);
  expect(await other.wait("k")).toBe(60);
});

test("stores no key as it was sent, and nothing for longer than it counts", async () => {
  await limiter.fail(`somebody@example.com ${"x".repeat(5_000)}`);
  const rows = await database.db.rows("select key from rate_limits");
  expect(JSON.stringify(rows)).not.toContain("somebody");
  pass(3 * 3_600);
  await sweepRateLimits(database.db, new Date());
  expect(await database.db.rows("select key from rate_limits")).toEqual([]);
});
