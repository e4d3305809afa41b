import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { API_CALLS } from "@/lib/domain/api-calls";
import { setAppDb } from "@/lib/server/db/app-db";
import { createDb, createPool } from "@/lib/server/db/client";
import { LINKS_IN_WORK } from "@/lib/server/media/wire-handlers";
import { enterWork } from "@/lib/server/work-gate";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import {
  describedMount,
  type DescribedAnswers,
} from "@/lib/testing/described-answers";
import { createMediaFile } from "@/lib/testing/media-file";
import {
  createTestStore,
  createUploadClient,
  someBytes,
  tokenOf,
} from "@/lib/testing/upload-client";
import {
  listenerMount,
  routeMount,
  type WireMount,
} from "@/lib/testing/wire-mounts";
import {
  createWireProvider,
  type WireProvider,
} from "@/lib/testing/wire-provider";

const NO_ID = "5f639717-c581-4924-82e0-434b006fe149";
const MEGABYTE = 1_000_000;

let database: TestDb;
let provider: WireProvider;
let closeStore: () => Promise<void>;
let listener: Awaited<ReturnType<typeof listenerMount>>;
let routes: WireMount;

beforeAll(async () => {
  database = await createTestDb();
  ({ close: closeStore } = await createTestStore());
  provider = await createWireProvider(database);
  listener = await listenerMount();
  routes = await routeMount();
});
afterAll(async () => {
  await listener.close();
  await closeStore();
  await database.close();
});

/** Every call, until it has given every answer that can be had from outside. */
async function askEverything({ mount }: DescribedAnswers): Promise<void> {
  const token = await tokenOf(mount, provider);
  const json = { "content-type": "application/json" };
  const bearer = { authorization: `Bearer ${token}` };
  const importPath = `/import/${provider.source.identifier}`;

  const send = async (
    method: string,
    path: string,
    body?: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = { ...json, ...bearer },
  ) => {
    const init = { method, headers, ...(body !== undefined && { body }) };
    return (await mount.fetch(path, init)).status;
  };

  const bodies: [method: string, path: string, good: string, bad: string][] = [
    ["POST", "/dataProviders/tokens", "", "[]"],
    ["POST", importPath, '{"entities":[]}', '{"entities":[{"key":"a b"}]}'],
    [
      "PUT",
      "/media/uploads/links",
      '{"links":[{"link":"http://files.test/a.jpg","filename":"a.jpg"}]}',
      '{"links":[]}',
    ],
    [
      "POST",
      "/media/files/batch",
      '{"uniqueIdentifiers":["here","gone"]}',
      '{"uniqueIdentifiers":{}}',
    ],
  ];
  for (const [method, path, good, bad] of bodies) {
    if (good) expect(await send(method, path, good)).toBeLessThan(300);
    expect(await send(method, path, bad)).toBe(400);
    const text = { "content-type": "text/plain", ...bearer };
    expect(await send(method, path, good || bad, text)).toBe(415);
    if (good) expect(await send(method, path, good, json)).toBe(401);
    if (good) {
      const large = " ".repeat(31 * MEGABYTE);
      expect(await send(method, path, large)).toBe(413);
    }
  }
  const wrong = '{"id":"x","secret":"y"}';
  expect(await send("POST", "/dataProviders/tokens", wrong, json)).toBe(401);
  for (let tried = 0; tried < 10; tried += 1)
    await send("POST", "/dataProviders/tokens", wrong, json);
  expect(await send("POST", "/dataProviders/tokens", wrong, json)).toBe(429);
  expect(await send("POST", "/import/nothing", '{"entities":[]}')).toBe(403);
  const once = {
    ...json,
    ...bearer,
    "idempotency-key": mount.name.length + "",
  };
  expect(await send("POST", importPath, '{"entities":[]}', once)).toBe(202);
  const other = '{"entities":[{"key":"k"}]}';
  expect(await send("POST", importPath, other, once)).toBe(422);

  const file = await createMediaFile(
    database.db,
    provider.ctx.tenantId,
    Buffer.from("content"),
    { filename: "a.txt" },
  );
  for (const [method, path, status] of [
    ["GET", `/media/uploads/${file.id}`, 200],
    ["GET", `/media/files/${file.id}`, 200],
    ["DELETE", `/media/files/${file.id}`, 204],
    ["GET", `/media/uploads/${NO_ID}`, 404],
    ["GET", "/media/files/foo", 404],
    ["DELETE", "/media/files/foo", 404],
  ] as const) {
    expect(await send(method, path)).toBe(status);
    expect(await send(method, path, undefined, {})).toBe(401);
  }

  // All that this provider and this process may have of links and of chunks.
  const taken: (() => void)[] = [];
  for (let at = 0; at < LINKS_IN_WORK.actorMax; at += 1)
    taken.push(enterWork(LINKS_IN_WORK, provider.id));
  const links = bodies[2]?.[2];
  expect(await send("PUT", "/media/uploads/links", links)).toBe(429);
  taken.forEach((leave) => leave());
  expect(await send("PUT", "/media/uploads/links", links)).toBe(202);

  await askUploads(mount, token);
}

async function askUploads(mount: WireMount, token: string): Promise<void> {
  const client = createUploadClient(mount, token);
  const stranger = createUploadClient(mount, "");
  const named = { Filename: "a.bin", UniqueIdentifier: `up-${mount.name}` };
  const bytes = new Uint8Array(someBytes(100));
  const id = await client.begin(100, named);
  const status = async (answer: Promise<Response>) => (await answer).status;

  expect(await status(client.ask(id))).toBe(200);
  expect(await status(client.patch(id, 0, bytes.subarray(0, 60)))).toBe(204);
  expect(await status(client.patch(id, 7, bytes))).toBe(409);
  expect(await status(client.patch(id, 60, bytes))).toBe(413);
  expect(await status(client.patch(id, 60, new Uint8Array()))).toBe(400);
  const text = { "content-type": "text/plain" };
  expect(await status(client.patch(id, 60, "x", text))).toBe(415);
  expect(await status(client.patch(id, 60, bytes.subarray(60)))).toBe(204);
  expect(await status(client.create(5, named))).toBe(409);
  expect(await status(client.create(-1, { Filename: "b" }))).toBe(400);
  expect(await status(client.create(3e9, { Filename: "b" }))).toBe(413);
  expect(await status(client.end(id))).toBe(409);
  const unfinished = await client.begin(9);
  expect(await status(client.end(unfinished))).toBe(204);

  const old = { "tus-resumable": "0.2.2" };
  expect(await status(client.create(5, named, old))).toBe(412);
  expect(await status(client.patch(id, 0, "x", old))).toBe(412);
  for (const method of ["HEAD", "DELETE"]) {
    const headers = { ...client.common, ...old };
    const path = `/media/uploads/files/${id}`;
    expect((await mount.fetch(path, { method, headers })).status).toBe(412);
  }
  for (const [by, expected] of [
    [client, 404],
    [stranger, 401],
  ] as const) {
    expect(await status(by.ask(NO_ID))).toBe(expected);
    expect(await status(by.patch(NO_ID, 0, "x"))).toBe(expected);
    expect(await status(by.end(NO_ID))).toBe(expected);
  }
  expect(await status(stranger.create(5, named))).toBe(401);
  const asked = mount.fetch("/media/uploads/files", { method: "OPTIONS" });
  expect(await status(asked)).toBe(204);
}

/** With a database that is away. */
async function askInVain({ mount }: DescribedAnswers): Promise<void> {
  const token = await tokenOf(mount, provider);
  setAppDb(createDb(createPool("postgres://nobody@127.0.0.1:1/none")));
  // What this process remembers of the token would answer for some of them.
  (globalThis as { sourceStudioTokens?: unknown }).sourceStudioTokens =
    undefined;
  try {
    for (const call of API_CALLS) {
      if (call.group === "Operation" || call.isOnMediaHost) continue;
      if (call.method === "OPTIONS") continue;
      const path = call.path.replace(/\{\w+\}/, NO_ID);
      const { status } = await mount.fetch(path, {
        method: call.method,
        headers: {
          authorization: `Bearer ${token}`,
          "content-type": call.body?.type ?? "application/json",
          "tus-resumable": "1.0.0",
          "upload-offset": "0",
        },
        ...(call.body && {
          body: JSON.stringify({
            id: provider.id,
            secret: provider.secret,
          }),
        }),
      });
      expect(status, call.id).toBe(503);
    }
  } finally {
    setAppDb(database.db);
  }
}

/** What only a bug, a race or a whole database of imports brings about. */
const UNREACHED = / 500$|\/import\/\{source\} (409|429)$|PATCH .* 429$/;

describe("every answer is as the OpenAPI document describes it", () => {
  test.each([
    ["the listener", () => listener],
    ["the Next routes", () => routes],
  ])(
    "at %s",
    async (_, mount) => {
      const described = describedMount(mount());
      await askEverything(described);
      await askInVain(described);
      const expected = API_CALLS.filter(
        ({ group, isOnMediaHost }) => group !== "Operation" && !isOnMediaHost,
      ).flatMap(({ method, path, answers }) =>
        answers.map(({ status }) => `${method} ${path} ${status}`),
      );
      // Another method is no call of the document, so those answers are below.
      const missing = expected.filter(
        (answer) =>
          !described.seen.has(answer) &&
          !UNREACHED.test(answer) &&
          !answer.endsWith(" 405"),
      );
      expect(missing).toEqual([]);
    },
    60_000,
  );

  test("also to a method that a path does not have", async () => {
    const described = describedMount(listener);
    const calls = API_CALLS.filter(
      ({ group, isOnMediaHost }) => group !== "Operation" && !isOnMediaHost,
    );
    for (const path of new Set(calls.map((call) => call.path))) {
      const known = API_CALLS.filter((call) => call.path === path);
      const method = ["PUT", "GET"].find((name) =>
        known.every((call) => call.method !== name),
      );
      const asked = path.replace(/\{\w+\}/, NO_ID);
      const answer = await described.mount.fetch(asked, {
        method: method ?? "",
      });
      expect(answer.status, path).toBe(405);
    }
  });

  test("at the address of a file: whole, in part, unchanged, beyond its end, gone", async () => {
    const described = describedMount(listener);
    const { tenantId } = provider.ctx;
    const content = Buffer.from("content of a file");
    const { id } = await createMediaFile(database.db, tenantId, content, {
      filename: "a.txt",
    });
    const path = `/${tenantId}/${id}/a.txt`;
    const get = async (headers: Record<string, string>, of = path) =>
      described.mount.fetch(of, { headers });
    const whole = await get({});
    expect(whole.status).toBe(200);
    expect((await get({ range: "bytes=0-3" })).status).toBe(206);
    const etag = whole.headers.get("etag") ?? "";
    expect((await get({ "if-none-match": etag })).status).toBe(304);
    expect((await get({ range: "bytes=99-" })).status).toBe(416);
    expect((await get({}, `/${tenantId}/${NO_ID}/a.txt`)).status).toBe(404);
  });

  test("to load balancers and to those who ask for the document", async () => {
    const described = describedMount(listener);
    for (const path of ["/health", "/ready", "/openapi.json"])
      expect((await described.mount.fetch(path)).status).toBe(200);
    const stopping = describedMount(await listenerMount());
    const stopped = stopping.mount.close();
    expect((await stopping.mount.fetch("/ready")).status).toBe(503);
    await stopped;
  });
});
