import { connect, createServer, type Socket } from "node:net";

import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";

import { setAppDb } from "@/lib/server/db/app-db";
import { createDb, createPool } from "@/lib/server/db/client";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import { listenerMount } from "@/lib/testing/wire-mounts";

import { GET as getHealth } from "../../app/health/route";
import { GET as getReady } from "../../app/ready/route";
import { healthResponse, readyResponse } from "./health";

let database: TestDb;

beforeAll(async () => {
  database = await createTestDb();
});
afterAll(() => database.close());

async function reasonOf(response: Response): Promise<unknown> {
  expect(response.headers.get("cache-control")).toBe("no-store");
  const body = (await response.json()) as { status: string; reason?: string };
  expect(response.status).toBe(body.status === "ready" ? 200 : 503);
  expect(response.headers.get("retry-after")).toBe(body.reason ? "5" : null);
  return body.reason;
}

describe("/ready", () => {
  test("is 200 at both ports while the database answers", async () => {
    const listener = await listenerMount();
    expect(await reasonOf(await getReady())).toBeUndefined();
    const answer = await listener.fetch("/ready");
    expect(await answer.json()).toEqual({ status: "ready" });
    expect((await listener.fetch("/ready", { method: "HEAD" })).status).toBe(
      200,
    );
    await listener.close();
  });

  test("is 503 when the database refuses connections, and /health stays 200", async () => {
    const away = createDb(createPool("postgres://nobody@127.0.0.1:1/none"));
    expect(await reasonOf(await readyResponse({ db: away }))).toBe("database");
    expect(healthResponse().status).toBe(200);
    expect(getHealth().status).toBe(200);
  });

  test("is 503 within two seconds when the database hangs", async () => {
    const open: Socket[] = [];
    const silent = createServer((socket) => void open.push(socket));
    await new Promise<void>((resolve) =>
      silent.listen(0, "127.0.0.1", resolve),
    );
    const address = silent.address();
    const port = typeof address === "object" ? address?.port : 0;
    const pool = createPool(`postgres://nobody@127.0.0.1:${port}/none`);
    const begun = performance.now();
    const response = await readyResponse({ db: createDb(pool) });
    expect(await reasonOf(response)).toBe("database");
    expect(performance.now() - begun).toBeLessThan(2_000);
    open.forEach((socket) => socket.destroy());
    silent.close();
  });

  test("is 503 on a database without our migrations, and on one that lacks the newest", async () => {
    const pool = createPool(inject("serverUrl"));
    const bare = createDb(pool);
    expect(await reasonOf(await readyResponse({ db: bare }))).toBe(
      "migrations",
    );
    await pool.end();

    const older = await createTestDb();
    await older.db.rows(
      `delete from drizzle.__drizzle_migrations
       where created_at = (select max(created_at) from drizzle.__drizzle_migrations)`,
    );
    expect(await reasonOf(await readyResponse({ db: older.db }))).toBe(
      "migrations",
    );
    // A newer Studio migrated it already; this one may serve until it is replaced.
    await older.db.rows(
      `insert into drizzle.__drizzle_migrations (hash, created_at) values ('newer', 9999999999999)`,
    );
    expect(
      await reasonOf(await readyResponse({ db: older.db })),
    ).toBeUndefined();
    await older.close();
    setAppDb(database.db);
  });

  test("of the Studio's process says no from the supervisor's word on", async () => {
    const shared = globalThis as { sourceStudioIsLeaving?: boolean };
    shared.sourceStudioIsLeaving = true;
    expect(await reasonOf(await readyResponse({ db: database.db }))).toBe(
      "stopping",
    );
    delete shared.sourceStudioIsLeaving;
  });

  test("of a stopping listener turns false while requests are still taken", async () => {
    const listener = await listenerMount();
    const stopped = listener.close();
    const ready = await listener.fetch("/ready");
    expect(await reasonOf(ready)).toBe("stopping");
    const other = await listener.fetch("/dataProviders/tokens", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    expect(other.status).toBe(401);
    expect((await listener.fetch("/health")).status).toBe(200);
    await stopped;
    const refused = await new Promise<boolean>((resolve) => {
      const socket = connect(listener.port, "127.0.0.1", () => resolve(false));
      socket.on("error", () => resolve(true));
    });
    expect(refused).toBe(true);
  });
});
