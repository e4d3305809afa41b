import {
  afterAll,
  beforeAll,
  beforeEach,
  describe,
  expect,
  test,
} from "vitest";

import { toFailure } from "@/lib/domain/errors";
import { createTestDb, type TestDb } from "@/lib/testing/db";

import { createDb, createPool } from "./client";
import { tenants } from "./schema";

let testDb: TestDb;
beforeAll(async () => {
  testDb = await createTestDb();
});
afterAll(() => testDb.close());

describe("a database that is away", () => {
  const pool = createPool("postgres://nobody@127.0.0.1:1/none");
  const db = createDb(pool);
  afterAll(() => pool.end());

  test.each([
    ["a statement", () => db.rows("select 1")],
    ["the query builder", () => db.orm.select().from(tenants)],
    ["a transaction", () => db.transaction((tx) => tx.rows("select 1"))],
  ])("is a failure that may be tried again, through %s", async (_way, use) => {
    const failure = toFailure(
      await Promise.resolve(use()).catch((e: unknown) => e),
    );
    expect(failure).toMatchObject({
      code: "unavailable",
      retryAfterSeconds: 5,
    });
  });
});

test("a full disk is named as such", async () => {
  const raise = `do $$ begin raise exception 'could not extend file' using errcode = '53100'; end $$`;
  const error = await testDb.db.rows(raise).catch((e: unknown) => e);
  expect(toFailure(error).message).toContain("disk is full");
});

test.each([
  ["NUL in a text", "select $1::text", "a\0b"],
  ["NUL in JSON", "select $1::jsonb", '"\\u0000"'],
  ["half a surrogate pair in JSON", "select $1::jsonb", '"\\ud800"'],
])("%s is the sender's to mend", async (_what, statement, value) => {
  const error = await testDb.db
    .rows(statement, [value])
    .catch((e: unknown) => e);
  expect(toFailure(error)).toMatchObject({
    code: "invalid_input",
    message: expect.stringContaining("cannot be stored") as string,
  });
});

test("a bug keeps its text to itself", async () => {
  const error = await testDb.db
    .rows("select secret_column")
    .catch((e: unknown) => e);
  expect(toFailure(error)).toMatchObject({ code: "internal" });
  expect(toFailure(error).message).not.toContain("secret_column");
});

test("a deadlock is resolved by trying again", async () => {
  const { db } = testDb;
  await db.rows(
    "create table slots (n int primary key, used int not null default 0)",
  );
  await db.rows("insert into slots (n) values (1), (2)");
  let arrived = 0;
  let goOn: () => void = () => undefined;
  const bothArrived = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const use = (first: number, second: number) =>
    db.transaction(async (tx) => {
      await tx.rows("update slots set used = used + 1 where n = $1", [first]);
      arrived += 1;
      if (arrived === 2) goOn();
      await bothArrived;
      await tx.rows("update slots set used = used + 1 where n = $1", [second]);
    });
  await Promise.all([use(1, 2), use(2, 1)]);
  expect(await db.rows("select n, used from slots order by n")).toEqual([
    { n: 1, used: 2 },
    { n: 2, used: 2 },
  ]);
});

describe("a transaction", () => {
  const slots = async () =>
    (await testDb.db.rows("select n from pile order by n")).map(({ n }) => n);
  const insert = "insert into pile (n) values ($1)";

  beforeAll(() => testDb.db.rows("create table pile (n int primary key)"));
  beforeEach(() => testDb.db.rows("truncate pile"));

  test("commits what was sent without waiting, and returns after that", async () => {
    await testDb.db.transaction((tx) => {
      tx.send(insert, [1]);
      tx.send(insert, [2], "insert_pile");
      return Promise.resolve();
    });
    expect(await slots()).toEqual([1, 2]);
  });

  test.each([
    ["the server", 1, "23505"],
    ["the driver", unsendable(), undefined],
  ])("stores nothing when %s refuses one of them", async (_, value, code) => {
    const error = await testDb.db
      .transaction((tx) => {
        tx.send(insert, [1]);
        tx.send(insert, [value]);
        tx.send(insert, [3]);
        return Promise.resolve();
      })
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(Error);
    expect((error as { code?: unknown }).code).toBe(code);
    expect(await slots()).toEqual([]);
  });

  test("fails with the first failure, though later ones say the transaction has failed", async () => {
    const error = await testDb.db
      .transaction(async (tx) => {
        tx.send(insert, ["no number"]);
        await tx.rows("select 1");
      })
      .catch((e: unknown) => e);
    expect(error).toMatchObject({ code: "22P02" });
  });

  test("leaves a connection that serves the next one", async () => {
    const failing = Array.from({ length: 30 }, (_, n) =>
      testDb.db
        .transaction(async (tx) => {
          tx.send(insert, [n], "insert_pile");
          const both = [tx.rows("select 1"), tx.rows("select 1 / 0")];
          await Promise.all(both);
        })
        .catch(() => undefined),
    );
    const working = Array.from({ length: 30 }, (_, n) =>
      testDb.db.transaction(async (tx) => {
        tx.send(insert, [100 + n], "insert_pile");
        const [one] = await tx.rows<{ n: number }>("select $1::int as n", [n]);
        expect(one?.n).toBe(n);
      }),
    );
    await Promise.all([...failing, ...working]);
    expect(await slots()).toEqual(
      Array.from({ length: 30 }, (_, n) => 100 + n),
    );
  });

  test("that was given up takes no more statements", async () => {
    let late: Promise<unknown> = Promise.resolve();
    await testDb.db
      .transaction((tx) => {
        late = tx.rows(insert, [1]).catch((e: unknown) => e);
        return Promise.reject(new Error("given up"));
      })
      .catch(() => undefined);
    expect(await late).toMatchObject({
      message: "The transaction of this statement is over.",
    });
    expect(await slots()).toEqual([]);
  });

  test("whose connection ends is a failure that may be tried again, and not stored", async () => {
    const error = await testDb.db
      .transaction((tx) => {
        tx.send(insert, [1]);
        tx.send("select pg_terminate_backend(pg_backend_pid())");
        tx.send(insert, [2]);
        return Promise.resolve();
      })
      .catch((e: unknown) => e);
    expect(toFailure(error)).toMatchObject({ code: "unavailable" });
    expect(await slots()).toEqual([]);
  });
});

/** A parameter that the driver cannot write down. */
function unsendable(): unknown {
  const own: Record<string, unknown> = {};
  own["self"] = own;
  return own;
}
