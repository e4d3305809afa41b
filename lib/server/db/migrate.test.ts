import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { createTestDb, type TestDb } from "@/lib/testing/db";

import { migrate } from "./migrate";

let test_: TestDb;
beforeAll(async () => {
  test_ = await createTestDb();
});
afterAll(() => test_.close());

async function empty(): Promise<void> {
  await test_.db.rows("drop schema public cascade");
  await test_.db.rows("create schema public");
  await test_.db.rows("drop schema if exists drizzle cascade");
}

describe("migrate", () => {
  test("makes the schema and one tenant, also when two processes migrate at once", async () => {
    await empty();
    const options = { needsFsync: false };
    await Promise.all([
      migrate(test_.url, options),
      migrate(test_.url, options),
      migrate(test_.url, options),
    ]);
    const tenants = await test_.db.rows("select id from tenants");
    expect(tenants).toHaveLength(1);
  });

  test("refuses a database that a newer Studio has migrated", async () => {
    await test_.db.rows(
      "insert into drizzle.__drizzle_migrations (hash, created_at) values ('later', 9999999999999)",
    );
    await expect(migrate(test_.url, { needsFsync: false })).rejects.toThrow(
      "newer version of the Studio",
    );
  });

  test("names a database that is away without its password", async () => {
    await expect(
      migrate("postgres://studio:hunter2@127.0.0.1:9/db"),
    ).rejects.toThrow(/127\.0\.0\.1:9\/db does not answer \(ECONNREFUSED\)/);
  });
});
