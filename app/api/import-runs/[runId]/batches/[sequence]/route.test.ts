import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { startRun } from "@/lib/server/imports/service";
import { issueSessionCookie } from "@/lib/server/session-cookie";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import {
  createSourceRow,
  createTenant,
  createUser,
  userContext,
} from "@/lib/testing/factories";

import { PUT } from "./route";

const TAB = "11111111-1111-4111-8111-111111111111";
const BODY = JSON.stringify({
  firstRow: 2,
  lastRow: 2,
  columns: [["name", ""]],
  rows: [["A", 0, "Chair"]],
});

let testDb: TestDb;
let editor: string;
let viewer: string;
let runId: string;

beforeAll(async () => {
  testDb = await createTestDb();
  const { db } = testDb;
  const tenantId = await createTenant(db);
  const cookieOf = async (role: "editor" | "viewer") => {
    const user = await createUser(db, tenantId, { role });
    const { name, value } = await issueSessionCookie(user);
    return `${name}=${value}`;
  };
  editor = await cookieOf("editor");
  viewer = await cookieOf("viewer");
  const source = await createSourceRow(db, tenantId);
  const run = await startRun(userContext(db, tenantId, "editor"), {
    sourceId: source.id,
    file: { name: "a.csv", bytes: 10, hash: "hash" },
    tableOptions: {
      ...{ encoding: "utf-8", delimiter: "," },
      ...{ headerRow: 1, quotes: "standard" },
    },
    headers: ["sku", "name"],
    mapping: {
      columns: [
        { as: "key", property: null },
        { as: "property", id: "name", language: "", emptyCell: "skip" },
      ],
      keySeparator: "-",
      repeatedKeys: "merge",
    },
    check: {
      ...{ rowsRead: 2, rowsRejected: 0, rowsBlank: 0, rowsMerged: 0 },
      ...{ entities: 2, deletes: 0, batches: 2 },
      ...{ issues: [], needsOrder: false },
    },
    tabId: TAB,
  });
  runId = run.id;
});
afterAll(() => testDb.close());

function put(
  sequence: string,
  headers: Record<string, string> = {},
  body = BODY,
): Promise<Response> {
  const url = `http://studio.test:3000/api/import-runs/${runId}/batches/${sequence}`;
  const request = new Request(url, {
    method: "PUT",
    headers: {
      host: "studio.test:3000",
      origin: "http://studio.test:3000",
      cookie: editor,
      "x-tab-id": TAB,
      ...headers,
    },
    body,
  });
  return PUT(request, { params: Promise.resolve({ runId, sequence }) });
}

describe("PUT of a batch", () => {
  test("answers the receipt, and the same receipt to a repeat", async () => {
    const first = await put("1");
    expect(first.status).toBe(200);
    const counts = { sequence: 1, entities: 1, created: 1, deleted: 0 };
    expect(await first.json()).toMatchObject({ ...counts, isRepeat: false });
    expect(await (await put("1")).json()).toMatchObject({
      ...counts,
      isRepeat: true,
    });
  });

  test.each([
    [401, { cookie: "" }],
    [403, { origin: "http://evil.test" }],
    [400, { "x-tab-id": "none" }],
    [415, { "content-encoding": "br" }],
    [409, { "x-tab-id": "22222222-2222-4222-8222-222222222222" }],
  ])(
    "answers %i to the headers %j and stores nothing",
    async (status, headers) => {
      const response = await put("2", headers);
      expect(response.status).toBe(status);
      expect(await response.json()).toHaveProperty("error.message");
    },
  );

  test("answers 403 to a viewer, 400 to a sequence that is none, 422 to another body", async () => {
    expect((await put("2", { cookie: viewer })).status).toBe(403);
    for (const sequence of ["0", "x", "1.5", "3", "99999999999"]) {
      expect((await put(sequence)).status).toBe(400);
    }
    expect((await put("1", {}, BODY.replace("Chair", "Table"))).status).toBe(
      422,
    );
    expect((await put("2", {}, "[")).status).toBe(400);
  });
});
