import { connect } from "node:net";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { createTestDb, type TestDb } from "@/lib/testing/db";
import { readSharedCases, readSharedData } from "@/lib/testing/shared-data";
import {
  listenerMount,
  routeMount,
  type WireMount,
} from "@/lib/testing/wire-mounts";
import {
  createWireProvider,
  storedValues,
  type WireProvider,
} from "@/lib/testing/wire-provider";

type Recipe = {
  kind: string;
  depth: number;
  bytes: number;
  declared: number;
  sent: number;
  value: string | null;
  count: number;
  bad_index: number;
};
type ImportCase = {
  id: string;
  expect: string;
  body?: string;
  base64?: string;
  recipe?: Recipe;
};
type AuthCase = { id: string; where: string; value: unknown };
type Envelope = {
  result: unknown;
  errors: {
    message: string;
    details?: { message: string };
    paths?: string[];
  }[];
  requestId: string;
  statusCode?: number;
};

// What docs/ingest-api.md says where the cases leave it to the product.
const POLICY = new Map([
  ["unknown-prop", 202],
  ["dup-key-member", 400],
  ["properties-null", 202],
  ["delete-null", 202],
  ["same-key-twice", 400],
  ["deep-33", 400],
  ["wrong-content-type", 415],
  ["no-content-type", 202],
]);

let database: TestDb;
let mounts: WireMount[];
let listener: Awaited<ReturnType<typeof listenerMount>>;

beforeAll(async () => {
  database = await createTestDb();
  listener = await listenerMount();
  mounts = [listener, await routeMount()];
});
afterAll(async () => {
  await Promise.all(mounts.map((mount) => mount.close()));
  await database.close();
});

const json = { "content-type": "application/json" };

async function tokenOf(mount: WireMount, provider: WireProvider) {
  const response = await mount.fetch("/dataProviders/tokens", {
    method: "POST",
    headers: json,
    body: JSON.stringify({ id: provider.id, secret: provider.secret }),
  });
  const { result } = (await response.json()) as {
    result: { accessToken: string };
  };
  return result.accessToken;
}

const entity = (key: string, value = "v") => ({
  key,
  properties: [{ id: "p", value }],
});

function bodyOf({
  body,
  base64,
  recipe,
}: ImportCase): string | Uint8Array<ArrayBuffer> {
  if (body !== undefined) return body;
  if (base64 !== undefined)
    return new Uint8Array(Buffer.from(base64, "base64"));
  const { kind, depth = 0, bytes = 0, count = 0, bad_index = 0 } = recipe ?? {};
  const deep = "[".repeat(depth) + "]".repeat(depth);
  switch (kind) {
    case "deep":
      return `{"entities":[{"key":"k1","properties":[{"id":"p","value":${deep}}]}]}`;
    case "deep-top":
      return deep;
    case "entity-bytes": {
      const padding = bytes - JSON.stringify(entity("k1", "")).length;
      return JSON.stringify({ entities: [entity("k1", "x".repeat(padding))] });
    }
    case "one-bad":
    case "all-bad":
      return JSON.stringify({
        entities: Array.from({ length: count }, (_, at) =>
          entity(
            kind === "all-bad" || at === bad_index ? `bad ${at}` : `k${at}`,
          ),
        ),
      });
    default:
      return JSON.stringify({ entities: [entity("k1")] });
  }
}

/** What a tolerant reader finds in the body: key, `id:language`, text. */
function sentValues(body: string | Uint8Array<ArrayBuffer>) {
  const text = typeof body === "string" ? body : Buffer.from(body).toString();
  // Digits as sent: numbers become texts before they are parsed.
  const quoted = text.replace(/("value":\s*)(-?\d[^,}\]]*)/g, '$1"$2"');
  const lower = quoted.replace(
    /"(Entities|Key|Delete|Properties|Id|Value|Language)":/g,
    (name) => name.toLowerCase(),
  );
  const { entities } = JSON.parse(lower) as {
    entities: {
      key: string;
      properties?: { id: string; value: unknown; language?: string | null }[];
    }[];
  };
  const values = entities.map(
    ({ key, properties }): [string, Map<string, string>] => [
      key,
      new Map(
        (properties ?? []).map(({ id, value, language }) => [
          `${id}:${language ?? ""}`,
          String(value),
        ]),
      ),
    ],
  );
  return new Map(values.filter(([, read]) => read.size > 0));
}

async function readEnvelope(response: Response): Promise<Envelope> {
  expect(response.headers.get("content-type")).toContain("application/json");
  const envelope = (await response.json()) as Envelope;
  expect(Array.isArray(envelope.errors)).toBe(true);
  expect(envelope.requestId).toMatch(/^[0-9a-f]{32}$/);
  return envelope;
}

/** Sends text as it is to the listener; what came back when the connection had closed, which the sender does first to cut off. */
function sendRaw(text: string, isCutOff = false): Promise<string> {
  return new Promise((resolve) => {
    let received = "";
    const socket = connect(listener.port, "127.0.0.1", () => {
      socket.write(text);
      if (isCutOff) socket.end();
    });
    socket.on("data", (data) => (received += data.toString()));
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(received));
  });
}

describe.each([0, 1])("import cases at mount %i", (at) => {
  test.each(
    readSharedCases<ImportCase>("hostile/import-cases.jsonl").filter(
      ({ recipe }) => recipe?.kind !== "content-length-lie",
    ),
  )("$id: $expect", async (one) => {
    const mount = mounts[at] ?? listener;
    const provider = await createWireProvider(database);
    const token = await tokenOf(mount, provider);
    const body = bodyOf(one);
    const type =
      one.recipe?.kind === "content-type"
        ? one.recipe.value
        : "application/json";
    const response = await mount.fetch(
      `/import/${provider.source.identifier}`,
      {
        method: "POST",
        headers: {
          authorization: `Bearer ${token}`,
          ...(type !== null && { "content-type": type }),
        },
        // A string would bring a content type of its own.
        body: typeof body === "string" ? Buffer.from(body) : body,
      },
    );
    const envelope = await readEnvelope(response);
    const stored = await storedValues(provider);

    const { status } = response;
    if (one.expect === "accept")
      expect(status, JSON.stringify(envelope)).toBe(202);
    if (one.expect === "reject") expect(status).toBe(400);
    if (one.expect === "policy") expect(status).toBe(POLICY.get(one.id));
    expect([202, 400, 415]).toContain(status);
    if (status === 202) {
      expect(stored).toEqual(sentValues(body));
    } else {
      expect(stored.size).toBe(0);
      expect(envelope.statusCode).toBe(status);
      expect(envelope.errors.length).toBeGreaterThan(0);
      expect(envelope.errors.length).toBeLessThanOrEqual(100);
      expect(JSON.stringify(envelope).length).toBeLessThan(20_000);
    }
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test.each(readSharedCases<AuthCase>("hostile/auth-cases.jsonl"))(
    "$id is refused or taken, never an error of ours",
    async ({ where, value }) => {
      const mount = mounts[at] ?? listener;
      const provider = await createWireProvider(database);
      const fill = (text: unknown) =>
        typeof text === "string"
          ? text
              .replace(/SECRET/g, provider.secret)
              .replace(/\bID\b/g, provider.id)
          : text;
      if (where !== "Authorization") {
        const { id, secret } = value as { id: unknown; secret: unknown };
        const response = await mount.fetch("/dataProviders/tokens", {
          method: "POST",
          headers: json,
          body: JSON.stringify({ id: fill(id), secret: fill(secret) }),
        });
        expect([400, 401]).toContain(response.status);
        const text = JSON.stringify(await readEnvelope(response));
        expect(text).not.toContain(provider.secret);
        return;
      }
      const token = await tokenOf(mount, provider);
      const authorization = String(value).replace("TOKEN", token);
      if (authorization.includes("\0")) {
        // No client library sends NUL, so it goes onto the wire by hand.
        const answer = await sendRaw(
          `POST /import/${provider.source.identifier} HTTP/1.1\r\nhost: x\r\nauthorization: ${authorization}\r\ncontent-type: application/json\r\ncontent-length: 15\r\n\r\n{"entities":[]}`,
        );
        expect(answer).toMatch(/^HTTP\/1.1 400 /);
        expect(answer).toContain('"errors":[{"message":"This is not a valid');
        return;
      }
      const response = await mount.fetch(
        `/import/${provider.source.identifier}`,
        {
          method: "POST",
          headers: { ...json, authorization },
          body: '{"entities":[]}',
        },
      );
      const isToken =
        /^bearer +\S+ *$/i.test(authorization) && authorization.includes(token);
      expect(response.status).toBe(isToken ? 202 : 401);
      const envelope = await readEnvelope(response);
      if (isToken) return;
      expect(response.headers.get("www-authenticate")).toBe("Bearer");
      expect(envelope.errors[0]?.message).toMatch(
        /^The access token is missing/,
      );
    },
  );

  test("naughty strings come back as they were, or are refused by name", async () => {
    const mount = mounts[at] ?? listener;
    const provider = await createWireProvider(database);
    const authorization = `Bearer ${await tokenOf(mount, provider)}`;
    const strings = JSON.parse(
      readSharedData("hostile/naughty-strings.json"),
    ) as string[];
    const send = (entities: unknown[]) =>
      mount.fetch(`/import/${provider.source.identifier}`, {
        method: "POST",
        headers: { ...json, authorization },
        body: JSON.stringify({ entities }),
      });
    const all = strings.map((value, index) => entity(`n${index}`, value));
    expect((await send(all)).status).toBe(202);
    const stored = await storedValues(provider);
    strings.forEach((value, index) => {
      expect(stored.get(`n${index}`)?.get("p:")).toBe(value);
    });

    const legal = /^[A-Za-z0-9_-]+$/;
    for (const text of strings) {
      const isId = legal.test(text) && text.length <= 256;
      const isLanguage =
        text === "" || (isId && text.length >= 2 && text.length <= 10);
      const tries: [unknown, boolean][] = [
        [entity(text), isId],
        [{ key: "k", properties: [{ id: text, value: "v" }] }, isId],
        [
          { key: "k", properties: [{ id: "p", value: "v", language: text }] },
          isLanguage,
        ],
      ];
      for (const [tried, isLegal] of tries) {
        const { status } = await send([tried]);
        expect(status, JSON.stringify(tried)).toBe(isLegal ? 202 : 400);
      }
    }
  }, 60_000);
});

test("a body shorter than it said is a 400 or a closed connection, and stores nothing", async () => {
  const provider = await createWireProvider(database);
  const token = await tokenOf(listener, provider);
  const body = JSON.stringify({ entities: [entity("k1")] });
  const answer = await sendRaw(
    `POST /import/${provider.source.identifier} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n${body}`,
    true,
  );
  if (answer !== "") expect(answer).toMatch(/^HTTP\/1.1 400 /);
  expect((await storedValues(provider)).size).toBe(0);
});

test.each([
  ["a Host header with a blank", "POST /import/x HTTP/1.1\r\nhost: a b\r\n"],
  ["a path that is no path", "POST * HTTP/1.1\r\nhost: a\r\n"],
])("%s is refused with the envelope", async (_what, head) => {
  const answer = await sendRaw(
    `${head}content-length: 0\r\nconnection: close\r\n\r\n`,
  );
  expect(answer).toMatch(/^HTTP\/1.1 400 /);
  expect(answer).toContain('"errors":[{"message":"The Host header');
  expect(answer).toMatch(/"requestId":"[0-9a-f]{32}"/);
});

test("the health probe of an old load balancer needs no Host header", async () => {
  expect(await sendRaw("GET /health HTTP/1.0\r\n\r\n")).toMatch(
    /^HTTP\/1.1 200 /,
  );
});
