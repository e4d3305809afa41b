import { afterAll, beforeAll, expect, test } from "vitest";

import type { EntryPage } from "@/lib/domain/entry";
import { ingestEntities } from "@/lib/server/entries/service";
import { issueSessionCookie } from "@/lib/server/session-cookie";
import {
  commandContext,
  createSourceRow,
  createTenant,
  createUser,
} from "@/lib/testing/factories";
import { createTestDb, type TestDb } from "@/lib/testing/db";

import { GET as getOne } from "./[key]/route";
import { GET as getExport } from "./export/route";
import { GET as search } from "./route";

let database: TestDb;
let cookie = "";
let sourceId = "";
beforeAll(async () => {
  database = await createTestDb();
  const tenantId = await createTenant(database.db);
  const ctx = commandContext(database.db, tenantId);
  sourceId = (await createSourceRow(database.db, tenantId)).id;
  await ingestEntities(ctx, sourceId, [
    {
      key: "SKU-1",
      delete: false,
      properties: [{ id: "name", value: "Grön stol", language: "sv" }],
    },
  ]);
  const user = await createUser(database.db, tenantId, { role: "viewer" });
  const session = await issueSessionCookie(user);
  cookie = `${session.name}=${session.value}`;
});
afterAll(() => database.close());

const ask = (query: string, headers: Record<string, string> = { cookie }) =>
  search(new Request(`http://studio.test/api?${query}`, { headers }), {
    params: Promise.resolve({ sourceId }),
  });

test("finds entries for a signed-in viewer, and nothing for a visitor", async () => {
  const response = await ask("text=stol&property=name&language=sv");
  expect(response.status).toBe(200);
  const page = (await response.json()) as EntryPage;
  expect(page.rows.map(({ key }) => key)).toEqual(["SKU-1"]);
  expect((await ask("text=stol", {})).status).toBe(401);
});

test.each([
  "text=%00",
  `text=${"x".repeat(501)}`,
  "property=%20",
  "property=a:b",
  "language=x",
  "language=2026-02-30T99:99:99",
  "presence=maybe",
  "cursor=aw:%27%20or%201",
  "rows=0",
  "rows=infinity",
  "rows=1e99",
  "column=name",
  `column=${"x".repeat(400)}:`,
])("an odd query is refused as the caller's fault: %s", async (query) => {
  const response = await ask(query);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    error: { code: "invalid_input" },
  });
});

test.each(["text=%ff%fe", "text=%27%22%5C%3A*%26", "language=&cursor=bs:"])(
  "an unusual query is answered: %s",
  async (query) => {
    expect((await ask(query)).status).toBe(200);
  },
);

test("gives one entry, and 404 for any other key", async () => {
  const one = (key: string) =>
    getOne(new Request("http://studio.test/api", { headers: { cookie } }), {
      params: Promise.resolve({ sourceId, key }),
    });
  expect((await one("SKU-1")).status).toBe(200);
  for (const key of ["SKU-2", "a b", "%00", "x".repeat(5_000)]) {
    expect((await one(key)).status).toBe(404);
  }
});

test("an export is a download, and says beforehand when it is refused", async () => {
  const get = (query: string) =>
    getExport(
      new Request(`http://studio.test/api?${query}`, { headers: { cookie } }),
      { params: Promise.resolve({ sourceId }) },
    );
  const response = await get("format=csv&text=stol");
  expect(response.headers.get("content-disposition")).toMatch(
    /^attachment; filename="source-[0-9a-f]+-entries\.csv"$/,
  );
  expect(await response.text()).toBe("'key,'name (sv)\r\nSKU-1,Grön stol\r\n");
  expect((await get("format=csv&check=true")).status).toBe(204);
  expect((await get("format=xml")).status).toBe(400);
  expect((await get("format=csv&language=x&check=true")).status).toBe(400);
});
