import { randomUUID } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

import {
  afterAll,
  beforeAll,
  beforeEach,
  describe,
  expect,
  test,
  vi,
} from "vitest";

import { createTestDb, type TestDb } from "@/lib/testing/db";
import { createTenant } from "@/lib/testing/factories";

import { env } from "./env";

let testDb: TestDb;
beforeAll(async () => {
  testDb = await createTestDb();
});
afterAll(() => testDb.close());

const keysDir = () => join(env().DATA_DIR, "keys");
const keyFile = () => join(keysDir(), "secrets.key");

// A fresh module has read no key yet, like a process that just started.
async function freshKeys(): Promise<typeof import("./keys")> {
  vi.resetModules();
  return import("./keys");
}

beforeEach(() => rmSync(keysDir(), { recursive: true, force: true }));

describe("serverKey", () => {
  test("makes 32 bytes once, in a file for the owner alone", async () => {
    const key = (await freshKeys()).serverKey("secrets");
    expect(key).toHaveLength(32);
    expect(statSync(keyFile()).mode & 0o777).toBe(0o600);
    expect(statSync(keysDir()).mode & 0o777).toBe(0o700);
    expect((await freshKeys()).serverKey("secrets")).toEqual(key);
  });

  test("gives each name its own key", async () => {
    const { serverKey } = await freshKeys();
    expect(serverKey("session")).not.toEqual(serverKey("secrets"));
  });

  test("closes a file that was opened for others", async () => {
    (await freshKeys()).serverKey("secrets");
    chmodSync(keyFile(), 0o644);
    (await freshKeys()).serverKey("secrets");
    expect(statSync(keyFile()).mode & 0o777).toBe(0o600);
  });

  test("refuses a damaged file instead of replacing it", async () => {
    mkdirSync(keysDir(), { recursive: true });
    writeFileSync(keyFile(), "abc", { mode: 0o600 });
    const { serverKey } = await freshKeys();
    expect(() => serverKey("secrets")).toThrow(/secrets\.key is damaged/);
  });
});

describe("prepareKeys", () => {
  test("makes both keys for a database without secrets", async () => {
    await (await freshKeys()).prepareKeys(testDb.db);
    expect(existsSync(keyFile())).toBe(true);
    expect(existsSync(join(keysDir(), "session.key"))).toBe(true);
  });

  test("refuses to start when secrets exist and their key is gone", async () => {
    const tenantId = await createTenant(testDb.db);
    await testDb.db.rows(
      "insert into provider_secrets (tenant_id, provider_id, id, hash, last4) values ($1, $2, $3, 'x', 'abcd')",
      [tenantId, randomUUID(), randomUUID()],
    );
    const { prepareKeys } = await freshKeys();
    await expect(prepareKeys(testDb.db)).rejects.toThrow(
      /secrets\.key is missing/,
    );
    expect(existsSync(keyFile())).toBe(false);
  });
});
