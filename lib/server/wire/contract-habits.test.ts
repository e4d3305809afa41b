import { request } from "node:http";

import {
  afterAll,
  afterEach,
  beforeAll,
  describe,
  expect,
  test,
  vi,
} from "vitest";

import { listImports } from "@/lib/server/import-log/service";
import {
  createContractClient,
  sentEntity,
  type ContractClient,
} from "@/lib/testing/contract-client";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import { createTestStore } from "@/lib/testing/upload-client";
import {
  listenerMount,
  routeMount,
  type WireMount,
} from "@/lib/testing/wire-mounts";

const SOURCE = "products";
const START_MS = Date.parse("2026-11-22T12:00:00Z");

let database: TestDb;
let listener: Awaited<ReturnType<typeof listenerMount>>;
let mounts: WireMount[];
let closeStore: () => Promise<void>;

beforeAll(async () => {
  database = await createTestDb();
  ({ close: closeStore } = await createTestStore());
  listener = await listenerMount();
  mounts = [listener, await routeMount()];
});
afterEach(() => vi.useRealTimers());
afterAll(async () => {
  await Promise.all(mounts.map((mount) => mount.close()));
  await closeStore();
  await database.close();
});

const setClock = (seconds: number) => {
  vi.useFakeTimers({ toFake: ["Date"], now: START_MS + seconds * 1_000 });
};
const logOf = async (client: ContractClient) =>
  (await listImports(client.ctx, client.idOf(SOURCE))).imports;

describe.each([
  ["the listener", 0],
  ["the Next routes", 1],
])("client habits at %s", (_, at) => {
  const connect = (sources?: readonly string[]) => {
    const mount = mounts[at];
    if (!mount) throw new RangeError("There are two mounts.");
    return createContractClient(mount, database, sources);
  };

  test("the official client's import, letter for letter", async () => {
    const client = await connect();
    const answer = await client.push(
      `${SOURCE}?correlationId=5f639717-c581-4924-82e0-434b006fe149`,
      '{"Entities":[{"Key":"2","Delete":false,"Properties":[{"Id":"name","Value":"Grön stol","Language":"sv"},{"Id":"empty","Value":"","Language":""}]},{"Key":"gone_3","Delete":true,"Properties":[]}]}',
    );
    expect(answer.status).toBe(202);
    expect(answer.errors).toEqual([]);
    expect([...(await client.stored())]).toEqual([
      [
        "2",
        new Map([
          ["empty:", ""],
          ["name:sv", "Grön stol"],
        ]),
      ],
    ]);
    expect((await logOf(client))[0]?.correlationId).toContain("5f639717");
  });

  test("no entities, no delete, no properties, null and empty languages", async () => {
    const client = await connect();
    const send = async (body: unknown) =>
      (await client.push(SOURCE, body)).status;
    expect(await send({ entities: [] })).toBe(202);
    expect(await send({ Entities: [{ Key: "bare" }] })).toBe(202);
    const both = [
      { id: "a", value: "null", language: null },
      { id: "a", value: "empty", language: "" },
    ];
    expect(await send({ entities: [{ key: "k", properties: both }] })).toBe(
      202,
    );
    expect((await client.stored()).get("k")?.get("a:")).toBe("empty");
    const twice = [both[0], both[0]];
    expect(await send({ entities: [{ key: "k", properties: twice }] })).toBe(
      400,
    );
    for (const key of ["abc\n", "å", "", "a.b", "k".repeat(257)])
      expect(await send({ entities: [{ key }] })).toBe(400);
    const short = [{ id: "a", value: "b", language: "s" }];
    expect(await send({ entities: [{ key: "k", properties: short }] })).toBe(
      400,
    );
  });

  test("a source in the path percent-encoded, and one that is none", async () => {
    const client = await connect();
    const body = { entities: [{ key: "k" }] };
    for (const path of ["p%72oducts", "PRODUCTS", "products?x=1"])
      expect((await client.push(path, body)).status, path).toBe(202);
    for (const path of ["pro%20ducts", "pro%C3%A5ducts", "other"])
      expect((await client.push(path, body)).status, path).toBe(403);
  });

  test("a token at minute 59, at 64:59 and at 65:01", async () => {
    setClock(0);
    const client = await connect();
    const status = async () =>
      (await client.push(SOURCE, { entities: [] })).status;
    setClock(59 * 60);
    expect(await status()).toBe(202);
    setClock(64 * 60 + 59);
    expect(await status()).toBe(202);
    expect((await client.find(["x"])).status).toBe(200);
    setClock(65 * 60 + 1);
    expect(await status()).toBe(401);
    expect((await client.find(["x"])).status).toBe(401);
    expect((await client.uploads.create(1, { Filename: "a" })).status).toBe(
      401,
    );
  });

  test("an import sent six times within 62 s is one log row and one effect", async () => {
    setClock(0);
    const client = await connect();
    const body = { Entities: [sentEntity("1", { name: "x" })] };
    const ids = new Set<string | undefined>();
    for (const seconds of [0, 2, 6, 14, 30, 62]) {
      setClock(seconds);
      ids.add((await client.push(SOURCE, body)).id);
    }
    const [row, ...others] = await logOf(client);
    expect(others).toEqual([]);
    expect(row).toMatchObject({ repeats: 6, created: 1, updated: 0 });
    expect(ids).toEqual(new Set([row?.id]));
  });

  test("a lookup right after links, a delete, the same identifier again", async () => {
    const client = await connect();
    const Link = "http://host.test/pic ä.jpg?x=1";
    const send = (link = Link) =>
      client.links(
        `{"Links":[{"Link":"${link}","Filename":"pic.jpg","UniqueIdentifier":"url_pic.jpg"}]}`,
      );
    const look = async () =>
      (await client.find(["url_pic.jpg"])).result.succeeded["url_pic.jpg"];
    const id = (await send()).result.succeeded[Link]?.id;
    const first = await look();
    expect(first?.id).toBe(id);
    expect(first?.publicUrl).toMatch(/^http.*\/pic\.jpg$/);
    expect(first?.metadata.size).toBe(0);
    const other = `${Link}&y=2`;
    expect((await send(other)).result.failures[other]?.message).toContain(
      "url_pic.jpg",
    );
    expect((await client.remove(id ?? "")).status).toBe(204);
    expect(await look()).toBeUndefined();
    const second = (await send(other)).result.succeeded[other]?.id;
    expect(second).not.toBe(id);
    expect((await look())?.id).toBe(second);
  });

  test("nothing that makes the official client throw stands in an answer", async () => {
    const client = await connect();
    const Link = "http://host.test/a.jpg";
    const taken = await client.links({
      Links: [{ Link, Filename: "a.jpg", UniqueIdentifier: null }],
    });
    const upload = taken.result.succeeded[Link];
    expect(taken.text).not.toMatch(/"(sourceUrl|size|isCompleted)":null/);
    expect(taken.result.failures).toEqual({});
    const direct = await client.uploads.begin(10);
    const shown = await client.ask("GET", `/media/uploads/${direct}`);
    expect(shown.text).not.toContain("sourceUrl");
    const file = await client.file(upload?.id ?? "");
    expect(file.result.uniqueIdentifier).toBeNull();
    for (const refused of [
      await client.remove("foo"),
      await client.file("foo"),
      await client.ask("GET", "/media/uploads/foo"),
      await client.ask("POST", "/import/nothing", "{"),
    ]) {
      expect(refused.errors.length).toBeGreaterThan(0);
      expect(refused.statusCode).toBe(refused.status);
      expect(refused.requestId).toMatch(/^[0-9a-f]{32}$/);
    }
  });

  test("a refused import answers in the published words", async () => {
    const client = await connect();
    const answer = await client.ask("POST", `/import/${SOURCE}`, {
      entities: [{ key: "1", properties: [] }, { key: "@2" }],
    });
    expect(JSON.parse(answer.text)).toEqual({
      result: null,
      errors: [
        {
          message: "Invalid request",
          details: {
            propertyName: "entities",
            message:
              "Entity keys contain restricted characters. The following ids containing restricted characters: @2",
          },
          paths: ["entities[1].key"],
        },
      ],
      requestId: answer.requestId,
      statusCode: 400,
    });
    expect((await client.stored()).size).toBe(0);
  });
});

/** Sends a body in pieces of unknown number, after the server has said that it may. */
function sendChunked(path: string, pieces: string[], token?: string) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const sending = request(
      {
        port: listener.port,
        host: "127.0.0.1",
        method: path.startsWith("/media/uploads") ? "PUT" : "POST",
        path,
        headers: {
          "content-type": "application/json; charset=utf-8",
          expect: "100-continue",
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (piece: string) => (text += piece));
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, text }),
        );
      },
    );
    sending.on("error", reject);
    sending.on("continue", () => {
      pieces.forEach((piece) => sending.write(piece));
      sending.end();
    });
    sending.flushHeaders();
  });
}

test("every call takes a chunked body after Expect: 100-continue", async () => {
  const client = await createContractClient(listener, database);
  const { id, secret } = client.credentials;
  const login = await sendChunked("/dataProviders/tokens", [
    `{"id":"${id}",`,
    `"secret":"${secret}"}`,
  ]);
  expect(login.status).toBe(200);
  const { result } = JSON.parse(login.text) as {
    result: { accessToken: string };
  };
  const token = result.accessToken;
  const pushed = await sendChunked(
    `/import/${SOURCE}`,
    ['{"entities":[{"key":"chun', 'ked"}]}'],
    token,
  );
  expect(pushed.status).toBe(202);
  const links = await sendChunked(
    "/media/uploads/links",
    ['{"links":[{"link":"http://a.test/å",', '"filename":"å.jpg"}]}'],
    token,
  );
  expect(links.status).toBe(202);
  const found = await sendChunked(
    "/media/files/batch",
    ['{"uniqueIdentifiers"', ':["none"]}'],
    token,
  );
  expect(found.status).toBe(200);
});
