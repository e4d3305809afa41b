import { afterAll, beforeAll, expect, test } from "vitest";

import { createTestDb, type TestDb } from "@/lib/testing/db";
import { proveDelivery } from "@/lib/testing/delivery-proof";

/** `npm run bench -- proof` does the same with 100,000, two restarts and two kills. */
const ENTITIES = 10_000;

let database: TestDb;
beforeAll(async () => {
  database = await createTestDb();
});
afterAll(() => database.close());

test("entities for a remote that fails one request in five and is restarted, sent by a Studio that is killed, end as a serial run would leave them", async () => {
  const proof = await proveDelivery(database.db, database.url, {
    ...{ entities: ENTITIES, restarts: [0.6], kills: [0.3] },
  });
  expect(proof).toMatchObject({
    ...{ wrongThere: [], wrongHere: [], counts: proof.countsWanted },
    ...{ kills: 1, restarts: 1 },
    ledger: {
      sequences: Array.from({ length: ENTITIES / 1_000 }, (_, at) => at + 1),
      ...{ entities: ENTITIES, waiting: 0 },
    },
  });
  expect(proof.failed).toBeGreaterThan(0);
  // Those of a killed process may still be answered beside those of the next.
  expect(proof.mostUnderWay).toBeLessThanOrEqual(6);
}, 240_000);
