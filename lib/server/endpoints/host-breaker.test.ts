import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

import { endpointHost } from "@/lib/domain/endpoint";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import { createTenant, userContext } from "@/lib/testing/factories";

import {
  createEndpoint,
  endHostRest,
  giveUpProbe,
  mayAskHost,
  noteHostAnswered,
  noteHostFailed,
} from "./service";

const HOST = "ingest.example.com:443";

let testDb: TestDb;
beforeAll(async () => {
  testDb = await createTestDb();
});
afterAll(() => testDb.close());
beforeEach(() => testDb.db.rows("delete from endpoint_hosts"));

async function fail(times: number, retryAfterMs?: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    await noteHostFailed(testDb.db, HOST, { retryAfterMs, random: () => 1 });
  }
}

function passTime(): Promise<unknown> {
  return testDb.db.rows(
    `update endpoint_hosts set rests_until = now() - interval '1 ms'`,
  );
}

const ask = (host = HOST) => mayAskHost(testDb.db, host);
const askThrice = async () => (await Promise.all([ask(), ask(), ask()])).sort();

test("a host rests after five failures in a row, and not after four", async () => {
  await fail(4);
  expect(await askThrice()).toEqual([true, true, true]);
  await fail(1);
  expect(await askThrice()).toEqual([false, false, false]);
  expect(await ask("ingest.example.com:8443")).toBe(true);
});

test("an answer in between begins the count anew", async () => {
  await fail(4);
  await noteHostAnswered(testDb.db, HOST);
  await fail(4);
  expect(await ask()).toBe(true);
});

test("failures of another day do not count as in a row", async () => {
  await fail(4);
  await testDb.db.rows(
    `update endpoint_hosts set updated_at = now() - interval '25 hours'`,
  );
  await fail(1);
  expect(await ask()).toBe(true);
});

test("after the rest one request finds out before the others follow", async () => {
  await fail(5);
  await passTime();
  expect(await askThrice()).toEqual([false, false, true]);
  await noteHostAnswered(testDb.db, HOST);
  expect(await askThrice()).toEqual([true, true, true]);
});

test("a host that fails the one request rests again at once", async () => {
  await fail(5);
  await passTime();
  expect(await ask()).toBe(true);
  await fail(1);
  expect(await askThrice()).toEqual([false, false, false]);
});

test("a request that was given up, or never came back, is made by another one", async () => {
  await fail(5);
  await passTime();
  expect(await ask()).toBe(true);
  await giveUpProbe(testDb.db, HOST);
  expect(await askThrice()).toEqual([false, false, true]);
  await testDb.db.rows(`update endpoint_hosts set probe_until = now()`);
  expect(await askThrice()).toEqual([false, false, true]);
});

test("a host rests as long as it asks for, and at most as long as told otherwise", async () => {
  const restMs = async () => {
    const [row] = await testDb.db.rows<{ ms: number }>(
      `select extract(epoch from rests_until - now())::float8 * 1000 as ms
       from endpoint_hosts`,
    );
    return row?.ms ?? 0;
  };
  await fail(5);
  expect(await restMs()).toBeGreaterThan(10_000);
  expect(await restMs()).toBeLessThan(15_001);
  await fail(1, 120_000);
  expect(await restMs()).toBeGreaterThan(100_000);
});

test("a person ends the rest for one request", async () => {
  await fail(5);
  await endHostRest(testDb.db, HOST);
  expect(await askThrice()).toEqual([false, false, true]);
});

test.each([
  ["https://ingest.example.com", "ingest.example.com:443"],
  ["http://Ingest.Example.com/path/more", "ingest.example.com:80"],
  ["https://ingest.example.com:8443/a:1/", "ingest.example.com:8443"],
  ["http://[::1]/x", "[::1]:80"],
  ["http://[2001:db8::7]:8080", "[2001:db8::7]:8080"],
  ["https://xn--bcher-kva.example:443/", "xn--bcher-kva.example:443"],
])(
  "the host of %s is the same in a statement as in the program",
  async (url, host) => {
    const tenantId = await createTenant(testDb.db);
    const endpoint = await createEndpoint(
      userContext(testDb.db, tenantId, "admin"),
      { name: "x", url, providerId: "p", sources: [] },
    );
    const [row] = await testDb.db.rows<{ host: string }>(
      "select host from endpoints where tenant_id = $1",
      [tenantId],
    );
    expect(row?.host).toBe(host);
    expect(endpointHost(endpoint.url)).toBe(host);
  },
);
