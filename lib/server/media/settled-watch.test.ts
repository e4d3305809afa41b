import type { AddressInfo } from "node:net";

import { afterAll, beforeAll, expect, test } from "vitest";

import { createIngestListener } from "@/lib/server/ingest-listener/app";
import { createWireApi } from "@/lib/server/wire/handlers";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import { createWireClient } from "@/lib/testing/wire-client";
import { createWireProvider } from "@/lib/testing/wire-provider";

let database: TestDb;

beforeAll(async () => {
  database = await createTestDb();
});
afterAll(() => database.close());

test("answers who waits for downloads when the listener is to stop", async () => {
  const api = createWireApi({
    db: () => database.db,
    linksWaitMs: () => 15_000,
  });
  const listener = createIngestListener(api);
  await new Promise<void>((resolve) =>
    listener.server.listen(0, "127.0.0.1", resolve),
  );
  const { port } = listener.server.address() as AddressInfo;
  const client = await createWireClient(
    {
      name: "listener",
      fetch: (path, init) => fetch(`http://127.0.0.1:${port}${path}`, init),
      close: () => Promise.resolve(),
    },
    await createWireProvider(database),
  );
  const held = client.ask("PUT", "/media/uploads/links", {
    links: [{ link: "http://files.test/a", filename: "a" }],
  });
  // Stored: from here on it waits.
  for (let rows = 0; rows === 0;) {
    const found = await database.db.rows("select id from media_files");
    rows = found.length;
  }
  const begunMs = performance.now();
  const [answer] = await Promise.all([held, listener.stop()]);
  expect(answer.status).toBe(202);
  expect(performance.now() - begunMs).toBeLessThan(5_000);
});
