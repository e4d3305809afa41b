import { afterAll, beforeAll, expect, test } from "vitest";

import type { Role } from "@/lib/domain/user";
import type { FileStore } from "@/lib/server/file-store/service";
import { issueSessionCookie } from "@/lib/server/session-cookie";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import { createTenant, createUser } from "@/lib/testing/factories";
import {
  CHUNK_TYPE,
  createTestStore,
  metadataOf,
  storedUpload,
} from "@/lib/testing/upload-client";

const ORIGIN = "http://studio.test";

let database: TestDb;
let store: FileStore;
let closeStore: () => Promise<void>;
let tenantId: string;
let routes: [typeof import("../../../../app/api/media-uploads/route"), One];
type One = typeof import("../../../../app/api/media-uploads/[fileId]/route");

beforeAll(async () => {
  database = await createTestDb();
  ({ store, close: closeStore } = await createTestStore());
  tenantId = await createTenant(database.db);
  routes = [
    await import("../../../../app/api/media-uploads/route"),
    await import("../../../../app/api/media-uploads/[fileId]/route"),
  ];
});
afterAll(async () => {
  await closeStore();
  await database.close();
});

async function headersOf(role: Role): Promise<Record<string, string>> {
  const user = await createUser(database.db, tenantId, { role });
  const { name, value } = await issueSessionCookie(user);
  return {
    cookie: `${name}=${value}`,
    host: "studio.test",
    origin: ORIGIN,
    "tus-resumable": "1.0.0",
  };
}

function create(headers: Record<string, string>): Promise<Response> {
  const request = new Request(`${ORIGIN}/api/media-uploads`, {
    method: "POST",
    headers: {
      ...headers,
      "upload-length": "8",
      "upload-metadata": metadataOf({ Filename: "a.txt" }),
    },
  });
  return routes[0].POST(request, { params: Promise.resolve({}) });
}

test("an editor uploads with the session, at a path that fits every host name", async () => {
  const headers = await headersOf("editor");
  const created = await create(headers);
  expect(created.status).toBe(201);
  const location = created.headers.get("location") ?? "";
  expect(location).toMatch(/^\/api\/media-uploads\/[0-9a-f-]{36}$/);
  const fileId = location.split("/").at(-1) ?? "";
  const context = { params: Promise.resolve({ fileId }) };

  const patched = await routes[1].PATCH(
    new Request(ORIGIN + location, {
      method: "PATCH",
      headers: { ...headers, "upload-offset": "0", "content-type": CHUNK_TYPE },
      body: "12345678",
    }),
    context,
  );
  expect([patched.status, patched.headers.get("upload-offset")]).toEqual([
    204,
    "8",
  ]);
  const asked = await routes[1].HEAD(
    new Request(ORIGIN + location, { method: "HEAD", headers }),
    context,
  );
  expect(asked.headers.get("upload-offset")).toBe("8");
  const stored = await storedUpload(database, store, fileId);
  expect(stored?.bytes?.toString()).toBe("12345678");
});

test("viewers, other pages and nobody at all are refused", async () => {
  const headers = await headersOf("editor");
  const answers = [
    await create(await headersOf("viewer")),
    await create({ ...headers, origin: "http://evil.test" }),
    await create({ ...headers, origin: "null" }),
    await create({ ...headers, cookie: "" }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 401]);
  for (const answer of answers) {
    const body = (await answer.json()) as { error: { message: string } };
    expect(body.error.message).toMatch(/\.$/);
  }
});
