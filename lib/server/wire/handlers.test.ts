import { request } from "node:http";
import { gzipSync } from "node:zlib";

import {
  afterAll,
  beforeAll,
  beforeEach,
  describe,
  expect,
  test,
} from "vitest";

import { createDb, createPool } from "@/lib/server/db/client";
import { createIngestListener } from "@/lib/server/ingest-listener/app";
import { listImports } from "@/lib/server/import-log/service";
import {
  addSecret,
  deleteProvider,
  editProvider,
  getProvider,
  revokeSecret,
} from "@/lib/server/providers/service";
import { deleteSource } from "@/lib/server/sources/service";
import { sweepExpiredTokens } from "@/lib/server/tokens/service";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import {
  createWireProvider,
  storedValues,
  type WireProvider,
} from "@/lib/testing/wire-provider";

import { createAdmission, ADMISSION } from "./admission";
import { createWireApi, type WireApi } from "./handlers";

const MINUTE_MS = 60_000;

let database: TestDb;
let api: WireApi;
let nowMs: number;
let provider: WireProvider;
let token: string;

beforeAll(async () => {
  database = await createTestDb();
  nowMs = Date.parse("2026-11-22T12:00:00Z");
  api = createWireApi({ db: () => database.db, now: () => new Date(nowMs) });
});
afterAll(() => database.close());

beforeEach(async () => {
  provider = await createWireProvider(database);
  token = await newToken(provider.secret);
});

type Answer = {
  status: number;
  headers: Headers;
  body: {
    id?: string;
    result: { id?: string; accessToken?: string } | null;
    errors: unknown[];
    requestId: string;
  };
};

async function read(response: Response): Promise<Answer> {
  const body = (await response.json()) as Answer["body"];
  return { status: response.status, headers: response.headers, body };
}

async function askToken(
  body: unknown,
  more: { address?: string; query?: string } = {},
): Promise<Answer> {
  const { address = "192.0.2.1", query = "" } = more;
  const sent = new Request(`http://ingest.test/dataProviders/tokens${query}`, {
    method: "POST",
    headers: { "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify(body),
  });
  return read(await api.postToken(sent, { address }));
}

async function newToken(secret: string): Promise<string> {
  const { body } = await askToken({ id: provider.id, secret });
  return body.result?.accessToken ?? "";
}

async function push(
  body: unknown,
  more: {
    headers?: Record<string, string>;
    source?: string;
    query?: string;
    raw?: BodyInit;
  } = {},
): Promise<Answer> {
  const { source = provider.source.identifier, query = "" } = more;
  const sent = new Request(`http://ingest.test/import/${source}${query}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      ...more.headers,
    },
    body: more.raw ?? JSON.stringify(body),
    ...(more.raw instanceof ReadableStream && { duplex: "half" }),
  });
  return read(await api.postImport(sent));
}

const one = (key: string, value: string | null = "v") => ({
  entities: [{ key, properties: [{ id: "p", value }] }],
});
const statusOf = async (work: Promise<Answer>) => (await work).status;
const logOf = async () =>
  (await listImports(provider.ctx, provider.source.id)).imports;

describe("the token endpoint", () => {
  test("answers as published", async () => {
    const { status, headers, body } = await askToken({
      Id: provider.id,
      SECRET: provider.secret,
    });
    expect(status).toBe(200);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(body).toEqual({
      result: {
        accessToken: expect.stringMatching(
          /^[a-z]{3}_[0-9A-Za-z]{38}$/,
        ) as string,
        expiresIn: 3600,
        tokenType: "Bearer",
        refreshToken: null,
        scope: "import-datasource",
      },
      errors: [],
      requestId: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
    });
  });

  test("has one answer for every kind of wrong credentials", async () => {
    const other = await createWireProvider(database);
    const answers = [];
    for (const body of [
      { id: "test", secret: "test" },
      { id: other.id, secret: provider.secret },
      { id: provider.id, secret: `${provider.secret.slice(0, -1)}~` },
      { id: provider.id },
      {},
    ]) {
      const { status, headers, body: answer } = await askToken(body);
      expect(status).toBe(401);
      expect(headers.get("www-authenticate")).toBe("Bearer");
      answers.push(JSON.stringify(answer.errors));
    }
    expect(new Set(answers).size).toBe(1);
  });

  test("refuses a secret in the address", async () => {
    const query = `?id=${provider.id}&secret=${provider.secret}`;
    const body = { id: provider.id, secret: provider.secret };
    expect(await statusOf(askToken(body, { query }))).toBe(400);
  });

  test("throttles failures of one address and never the right credentials", async () => {
    const address = "192.0.2.7";
    const wrong = { id: provider.id, secret: "wrong" };
    const right = { id: provider.id, secret: provider.secret };
    for (let tried = 0; tried < 10; tried += 1) {
      expect(await statusOf(askToken(wrong, { address }))).toBe(401);
    }
    const refused = await askToken(wrong, { address });
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe("60");
    expect(await statusOf(askToken(right, { address }))).toBe(200);
    expect(await statusOf(askToken(right, { address: "192.0.2.8" }))).toBe(200);
    expect(await statusOf(askToken(wrong, { address: "192.0.2.8" }))).toBe(401);
  });

  test("takes many wrong ids from one address only so far", async () => {
    const address = "192.0.2.9";
    const statuses = [];
    for (let tried = 0; tried < 61; tried += 1) {
      statuses.push(
        await statusOf(
          askToken({ id: `id-${tried}`, secret: "x" }, { address }),
        ),
      );
    }
    expect(statuses.slice(0, 60).every((status) => status === 401)).toBe(true);
    expect(statuses[60]).toBe(429);
  });
});

describe("an access token", () => {
  const status = () => statusOf(push({ entities: [] }));

  test("works at minute 59 and a while after, and ends at 65", async () => {
    const startMs = nowMs;
    nowMs = startMs + 59 * MINUTE_MS;
    expect(await status()).toBe(202);
    nowMs = startMs + 65 * MINUTE_MS - 1;
    expect(await status()).toBe(202);
    nowMs = startMs + 65 * MINUTE_MS;
    expect(await status()).toBe(401);
    expect(
      await sweepExpiredTokens(database.db, new Date(nowMs + 1)),
    ).toBeGreaterThan(0);
  });

  test("ends at once with its own secret, the other secret's go on", async () => {
    const second = await addSecret(provider.ctx, provider.id);
    const firstToken = token;
    const secondToken = await newToken(second.secret);
    expect(await status()).toBe(202);
    const [first] = (await getProvider(provider.ctx, provider.id)).secrets;
    await revokeSecret(provider.ctx, provider.id, first?.id ?? "");
    expect(await status()).toBe(401);
    token = secondToken;
    expect(await status()).toBe(202);
    token = firstToken;
    expect(await status()).toBe(401);
  });

  test("ends with its provider", async () => {
    expect(await status()).toBe(202);
    await deleteProvider(provider.ctx, provider.id);
    expect(await status()).toBe(401);
  });

  test("is stopped by another process's change, though it was just verified", async () => {
    expect(await status()).toBe(202);
    // Behind the back of this process, as the Studio's own would do it.
    await database.db.rows(
      "delete from provider_sources where provider_id = $1",
      [provider.id],
    );
    expect(await statusOf(push(one("k1")))).toBe(403);
    await database.db.rows("delete from access_tokens where provider_id = $1", [
      provider.id,
    ]);
    expect(await statusOf(push(one("k1")))).toBe(401);
    expect((await storedValues(provider)).size).toBe(0);
  });

  test("sees a grant taken away and given back from the next call on", async () => {
    const { id, ctx, source } = provider;
    await editProvider(ctx, id, { name: "erp", sourceIds: [] });
    expect(await status()).toBe(403);
    await editProvider(ctx, id, { name: "erp", sourceIds: [source.id] });
    expect(await status()).toBe(202);
  });

  test("leaves the time of its use with provider and secret", async () => {
    await status();
    const stored = await getProvider(provider.ctx, provider.id);
    expect(stored.lastUsedAt).toBe(new Date(nowMs).toISOString());
    expect(stored.secrets[0]?.lastUsedAt).toBe(new Date(nowMs).toISOString());
  });
});

describe("an import", () => {
  test("answers 202 with the id at the top and in the result", async () => {
    const { status, body } = await push({ entities: [] });
    expect(status).toBe(202);
    expect(body.id).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    expect(body).toEqual({
      id: body.id,
      result: { id: body.id },
      errors: [],
      requestId: body.requestId,
    });
  });

  test("refuses the whole payload in the published words", async () => {
    const { status, body } = await push({
      entities: [
        { key: "1", properties: [{ id: "a", value: "b" }] },
        { key: "@2" },
      ],
    });
    expect(status).toBe(400);
    expect(body).toMatchObject({
      result: null,
      errors: [
        {
          message: "Invalid request",
          details: {
            propertyName: "entities",
            message:
              "Entity keys contain restricted characters. The following ids containing restricted characters: @2",
          },
        },
      ],
      statusCode: 400,
    });
    expect((await storedValues(provider)).size).toBe(0);
  });

  test("merges by property and language, clears with null, deletes", async () => {
    const property = (id: string, value: string | null, language?: string) => ({
      id,
      value,
      language,
    });
    const send = (entity: unknown) => push({ entities: [entity] });
    await send({
      key: "1",
      properties: [property("name", "Chair"), property("name", "Stol", "sv")],
    });
    await send({
      key: "1",
      properties: [property("name", null), property("media", "m1")],
    });
    expect((await storedValues(provider)).get("1")).toEqual(
      new Map([
        ["name:sv", "Stol"],
        ["media:", "m1"],
      ]),
    );
    await send({
      key: "1",
      delete: true,
      properties: [property("alias", "x")],
    });
    expect((await storedValues(provider)).size).toBe(0);
  });

  test("finds its source in any case and percent-encoded", async () => {
    const source = provider.source.identifier.toUpperCase();
    expect(await statusOf(push(one("k"), { source }))).toBe(202);
    const encoded = provider.source.identifier.replace("-", "%2D");
    expect(await statusOf(push(one("k"), { source: encoded }))).toBe(202);
  });

  test("is refused alike for an unknown and for a foreign source", async () => {
    const other = await createWireProvider(database);
    const answers = [];
    for (const source of [
      "nothing",
      other.source.identifier,
      "%E0%A4%A",
      "a%20b",
    ]) {
      const { status, body } = await push(one("k"), { source });
      expect(status).toBe(403);
      answers.push(JSON.stringify(body.errors));
    }
    expect(new Set(answers).size).toBe(1);
  });

  test("is refused like that for a source that was deleted a moment ago", async () => {
    expect(await statusOf(push(one("k")))).toBe(202);
    await deleteSource(
      provider.ctx,
      provider.source.id,
      provider.source.identifier,
    );
    expect(await statusOf(push(one("k")))).toBe(403);
  });

  test("takes 30 MB and refuses more, whether the length is declared or not", async () => {
    const padded = (bytes: number) => {
      const body = '{"entities":[]}';
      return Buffer.from(body + " ".repeat(bytes - body.length));
    };
    const stream = (bytes: Buffer) =>
      new ReadableStream<Uint8Array>({
        start(controller) {
          for (let at = 0; at < bytes.length; at += 1_000_000) {
            controller.enqueue(bytes.subarray(at, at + 1_000_000));
          }
          controller.close();
        },
      });
    const fits = padded(30_000_000);
    const tooLarge = padded(30_000_001);
    expect(await statusOf(push(0, { raw: stream(fits) }))).toBe(202);
    expect(await statusOf(push(0, { raw: stream(tooLarge) }))).toBe(413);
    const headers = { "content-length": String(tooLarge.length) };
    expect(await statusOf(push(0, { raw: tooLarge, headers }))).toBe(413);
  });

  test("reads gzip, counts it after inflation, refuses other encodings", async () => {
    const gzip = { "content-encoding": "gzip" };
    const packed = gzipSync(JSON.stringify(one("zipped", "Grön")));
    expect(await statusOf(push(0, { raw: packed, headers: gzip }))).toBe(202);
    expect((await storedValues(provider)).get("zipped")?.get("p:")).toBe(
      "Grön",
    );
    const bomb = gzipSync(Buffer.alloc(31_000_000, " "));
    expect(await statusOf(push(0, { raw: bomb, headers: gzip }))).toBe(413);
    const cut = packed.subarray(0, packed.length - 6);
    expect(await statusOf(push(0, { raw: cut, headers: gzip }))).toBe(400);
    const headers = { "content-encoding": "br" };
    expect(await statusOf(push(one("k"), { headers }))).toBe(415);
  });

  test("is one log row when a client repeats it six times in a minute", async () => {
    const startMs = nowMs;
    const ids = new Set<string | undefined>();
    for (const seconds of [0, 2, 6, 14, 30, 62]) {
      nowMs = startMs + seconds * 1_000;
      ids.add(
        (await push(one("k1"), { query: `?correlationId=c-${seconds}` })).body
          .id,
      );
    }
    const [row, ...others] = await logOf();
    expect(others).toEqual([]);
    expect(ids).toEqual(new Set([row?.id]));
    expect(row).toMatchObject({ repeats: 6, created: 1, correlationId: "c-0" });
    expect(row?.provider?.name).toBe("erp");
    nowMs = startMs + 4 * MINUTE_MS;
    await push(one("k1"));
    expect(await logOf()).toHaveLength(2);
  });

  test("is folded also when the repeats arrive together", async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => push(one("k1"))),
    );
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(await logOf()).toMatchObject([{ repeats: 8 }]);
  });

  test("with an Idempotency-Key is applied once and answered alike", async () => {
    const headers = { "idempotency-key": "7f0e" };
    const first = await push(one("k1", "a"), { headers });
    await push(one("k1", "b"));
    const again = await push(one("k1", "a"), { headers });
    expect(again.status).toBe(202);
    expect(again.body.id).toBe(first.body.id);
    expect((await storedValues(provider)).get("k1")?.get("p:")).toBe("b");
    expect(await statusOf(push(one("k1", "c"), { headers }))).toBe(422);
    expect(
      await statusOf(push(one("k"), { headers: { "idempotency-key": "a b" } })),
    ).toBe(400);
    expect(await logOf()).toHaveLength(2);
  });

  test("that runs with the same Idempotency-Key elsewhere is a 409", async () => {
    const headers = { "idempotency-key": "busy" };
    // Another process holds the key in a transaction that is still open.
    await database.db.transaction(async (tx) => {
      await tx.rows(
        `insert into imports (tenant_id, source_id, id, provider_id, status, request_id,
           body_hash, bytes, idempotency_key)
         values ($1, $2, gen_random_uuid(), $3, 'accepted', 'r', 'h', 1, 'busy')`,
        [provider.ctx.tenantId, provider.source.id, provider.id],
      );
      const { status, headers: answered } = await push(one("k1"), { headers });
      expect(status).toBe(409);
      expect(answered.get("retry-after")).toBe("2");
    });
  });

  test("above the advice is taken and flagged", async () => {
    const entities = Array.from({ length: 1_001 }, (_, at) => ({
      key: `k${at}`,
    }));
    expect(await statusOf(push({ entities }))).toBe(202);
    expect((await logOf())[0]?.flags).toEqual(["entities_advised"]);
  });

  test("that is refused leaves its problems, folded and capped", async () => {
    for (let sent = 0; sent < 3; sent += 1) await push(one("a b"));
    await push(0, { raw: '{"entities":[' });
    for (let sent = 0; sent < 210; sent += 1) await push(one(`c d${sent}`));
    const { imports } = await listImports(provider.ctx, provider.source.id, {
      rowsMax: 200,
    });
    expect(imports.length).toBe(200);
    expect(imports[0]).toMatchObject({ status: "refused", entities: 0 });
    expect(imports[0]?.problems[0]).toContain("restricted characters");
  });

  test("pages through its log without a gap", async () => {
    for (const key of ["a", "b", "c", "d", "e"]) {
      nowMs += 1_000;
      await push(one(key));
    }
    const ids: string[] = [];
    let before: string | null | undefined;
    do {
      const page = await listImports(provider.ctx, provider.source.id, {
        rowsMax: 2,
        ...(before && { before }),
      });
      ids.push(...page.imports.map(({ id }) => id));
      before = page.next;
    } while (before);
    expect(new Set(ids).size).toBe(5);
  });

  test("shares a transaction with others and is still refused alone", async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, at) =>
        push(at % 4 === 0 ? one("a b") : one(`k${at}`)),
      ),
    );
    answers.forEach(({ status }, at) =>
      expect(status).toBe(at % 4 === 0 ? 400 : 202),
    );
    expect((await storedValues(provider)).size).toBe(30);
    const rows = (await logOf()).filter(({ status }) => status === "accepted");
    expect(
      rows.every(({ created, entities }) => created === 1 && entities === 1),
    ).toBe(true);
  });

  test("is told to wait at once when the process is full", async () => {
    const admission = createAdmission({ ...ADMISSION, requestsMax: 1 });
    const full = createWireApi({
      db: () => database.db,
      now: () => new Date(nowMs),
      admission,
    });
    const hold = admission.enter();
    const sent = new Request(`http://x/import/${provider.source.identifier}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      body: Buffer.from('{"entities":[]}'),
    });
    const response = await full.postImport(sent.clone());
    expect(response.status).toBe(429);
    expect(response.headers.get("retry-after")).toBe("5");
    hold.release();
    expect((await full.postImport(sent)).status).toBe(202);
  });
});

test("a database that is away is a 503 with Retry-After, on both endpoints", async () => {
  const away = createDb(createPool("postgres://nobody@127.0.0.1:1/none"));
  const { postToken, postImport } = createWireApi({ db: () => away });
  const asked = new Request("http://x/dataProviders/tokens", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ id: provider.id, secret: provider.secret }),
  });
  const sent = new Request(`http://x/import/${provider.source.identifier}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: Buffer.from('{"entities":[]}'),
  });
  for (const response of [await postToken(asked), await postImport(sent)]) {
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("5");
    expect((await read(response)).body.errors).toHaveLength(1);
  }
});

describe("the listener", () => {
  async function listen() {
    const listener = createIngestListener(api);
    const { server } = listener;
    await new Promise<void>((resolve) =>
      server.listen(0, "127.0.0.1", resolve),
    );
    const address = server.address();
    const port = typeof address === "object" ? (address?.port ?? 0) : 0;
    return { port, stop: () => listener.stop() };
  }

  test("takes chunked bodies and Expect: 100-continue", async () => {
    const { port, stop } = await listen();
    const status = await new Promise<number>((resolve, reject) => {
      const sending = request(
        {
          port,
          method: "POST",
          path: `/import/${provider.source.identifier}`,
          headers: { authorization: `Bearer ${token}`, expect: "100-continue" },
        },
        (response) => {
          response.resume();
          response.on("end", () => resolve(response.statusCode ?? 0));
        },
      );
      sending.on("error", reject);
      sending.on("continue", () => {
        sending.write('{"entities":[{"key":"chunk');
        sending.end('ed","properties":[{"id":"p","value":"v"}]}]}');
      });
      sending.flushHeaders();
    });
    expect(status).toBe(202);
    expect((await storedValues(provider)).has("chunked")).toBe(true);
    await stop();
  });

  test("answers JSON for unknown paths, other methods and broken requests", async () => {
    const { port, stop } = await listen();
    const base = `http://127.0.0.1:${port}`;
    const unknown = await fetch(`${base}/nothing`, { method: "POST" });
    expect(unknown.status).toBe(404);
    expect((await unknown.json()) as object).toMatchObject({ errors: [{}] });
    const other = await fetch(`${base}/import/x`);
    expect(other.status).toBe(405);
    expect(other.headers.get("allow")).toBe("POST");
    const long = await fetch(base, { headers: { a: "x".repeat(20_000) } });
    expect(long.status).toBe(431);
    expect((await long.json()) as object).toMatchObject({ statusCode: 431 });
    expect((await fetch(`${base}/health`)).status).toBe(200);
    await stop();
  });

  test("finishes what it has begun when it stops", async () => {
    const { port, stop } = await listen();
    const base = `http://127.0.0.1:${port}/import/${provider.source.identifier}`;
    const sends = Array.from({ length: 20 }, (_, at) =>
      fetch(base, {
        method: "POST",
        headers: {
          authorization: `Bearer ${token}`,
          "content-type": "application/json",
        },
        body: JSON.stringify(one(`k${at}`)),
      }).then(
        ({ status }) => status,
        () => 0,
      ),
    );
    await sends[0];
    await stop();
    const statuses = await Promise.all(sends);
    const acknowledged = statuses.filter((status) => status === 202).length;
    const stored = (await storedValues(provider)).size;
    expect(acknowledged).toBeGreaterThan(0);
    expect(stored).toBeGreaterThanOrEqual(acknowledged);
    await expect(fetch(base)).rejects.toThrow();
  });
});
