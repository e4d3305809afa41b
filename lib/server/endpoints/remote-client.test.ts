import {
  createServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import {
  createOutboundRules,
  parseAddressList,
  parsePortList,
} from "@/lib/server/outbound/address-rules";
import { createOutboundAgent } from "@/lib/server/outbound/connector";

import { createRemoteClient } from "./remote-client";

const SECRET = "s3cret-that-must-not-come-back";
const rules = createOutboundRules({
  allow: parseAddressList("127.0.0.1"),
  deny: parseAddressList(""),
  ports: parsePortList("1-65535"),
});
const deps = { rules, agent: createOutboundAgent({ rules }) };

type Heard = { path: string; token: string; body: string };
type Answer = (request: Heard, response: ServerResponse) => void;

let heard: Heard[];
let tokens: number;
let onImport: Answer;
let onToken: Answer;
let now: number;
const server = createServer((request, response) => {
  void hear(request, response);
});

beforeEach(async () => {
  [heard, tokens, now] = [[], 0, 1_000_000];
  onImport = (_, response) => answer(response, 202, { id: "x" });
  onToken = (_, response) =>
    answer(response, 200, {
      result: { accessToken: `token-${(tokens += 1)}`, expiresIn: 3_600 },
    });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(
  () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
);

async function hear(request: IncomingMessage, response: ServerResponse) {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  const [, token = ""] = (request.headers.authorization ?? "").split(" ");
  const one = { path: request.url ?? "", token, body };
  heard.push(one);
  (one.path.includes("/import/") ? onImport : onToken)(one, response);
}

function answer(
  response: ServerResponse,
  status: number,
  body: object | string,
) {
  const isText = typeof body === "string";
  response.writeHead(status, {
    "content-type": isText ? "text/html" : "application/json",
  });
  response.end(isText ? body : JSON.stringify(body));
}

function newClient(path = "") {
  const { port } = server.address() as AddressInfo;
  const credentials = {
    baseUrl: `http://127.0.0.1:${port}${path}`,
    ...{ providerId: "p-1", secret: () => SECRET },
  };
  return createRemoteClient(credentials, deps, () => now);
}

const { signal } = new AbortController();
const imports = () => heard.filter(({ path }) => path.startsWith("/import"));

describe("a remote client", () => {
  test("gets a token once for requests that come together, and sends bodies as they are", async () => {
    const client = newClient("/base/");
    const bodies = ['{"entities":[]}', '{"entities":[1]}'];
    const answers = await Promise.all(
      bodies.map((body) =>
        client.importBody("å/b", body, { signal, correlationId: "c-1" }),
      ),
    );
    expect(answers.map(({ outcome }) => outcome)).toEqual([
      ...["accepted", "accepted"],
    ]);
    expect(tokens).toBe(1);
    expect(heard[0]).toMatchObject({
      path: "/base/dataProviders/tokens",
      body: JSON.stringify({ id: "p-1", secret: SECRET }),
    });
    expect(new Set(heard.slice(1).map(({ path }) => path))).toEqual(
      new Set(["/base/import/%C3%A5%2Fb?correlationId=c-1"]),
    );
  });

  test("renews the token before it ends", async () => {
    const client = newClient();
    await client.importBody("a", "{}", { signal });
    now += 3_200_000;
    await client.importBody("a", "{}", { signal });
    expect(tokens).toBe(1);
    now += 100_000;
    await client.importBody("a", "{}", { signal });
    expect(imports().map(({ token }) => token)).toEqual([
      ...["token-1", "token-1", "token-2"],
    ]);
  });

  test("gets a new token once after a 401, and gives up on the second", async () => {
    const client = newClient();
    onImport = ({ token }, response) =>
      answer(response, token === "token-1" ? 401 : 202, {});
    expect((await client.importBody("a", "{}", { signal })).outcome).toBe(
      "accepted",
    );
    onImport = (_, response) => answer(response, 401, {});
    expect((await client.importBody("a", "{}", { signal })).outcome).toBe(
      "token",
    );
    expect(imports()).toHaveLength(4);
  });

  test.each<[number, string]>([
    [400, "content"],
    [403, "not_granted"],
    [404, "odd"],
    [302, "odd"],
    [408, "too_slow"],
    [413, "too_large"],
    [422, "content"],
    [429, "busy"],
    [500, "server"],
    [503, "server"],
  ])("reads status %i as %s", async (status, outcome) => {
    onImport = (_, response) => answer(response, status, { requestId: "r1" });
    expect(await newClient().importBody("a", "{}", { signal })).toMatchObject({
      outcome,
      status,
      requestId: "r1",
    });
  });

  test("waits as long as it is told", async () => {
    onImport = (_, response) => {
      response.setHeader("retry-after", "7");
      answer(response, 429, {});
    };
    expect(await newClient().importBody("a", "{}", { signal })).toMatchObject({
      retryAfterMs: 7_000,
    });
  });

  test("repeats the messages of an envelope, and the words of a gateway's page", async () => {
    const client = newClient();
    onImport = (_, response) =>
      answer(response, 400, {
        errors: [
          {
            message: "Invalid request",
            details: { propertyName: "entities", message: "ids: @2" },
          },
        ],
      });
    expect(await client.importBody("a", "{}", { signal })).toMatchObject({
      excerpt: "Invalid request: ids: @2",
    });
    const page = "<html><style>b{}</style><h1>502 Bad\n Gateway</h1></html>";
    onImport = (_, response) => answer(response, 502, page);
    expect(await client.importBody("a", "{}", { signal })).toMatchObject({
      ...{ outcome: "server", excerpt: "502 Bad Gateway" },
    });
  });

  test("takes a web page with status 200 for no answer of an ingest API", async () => {
    onToken = (_, response) => answer(response, 200, "<p>Sign in");
    expect(await newClient().signIn(signal)).toMatchObject({ outcome: "odd" });
    onToken = (_, response) => answer(response, 200, { result: null });
    expect(await newClient().signIn(signal)).toMatchObject({ outcome: "odd" });
  });

  test("says wrong credentials, and never repeats the secret or a token", async () => {
    onToken = ({ body }, response) =>
      answer(response, 401, { errors: [{ message: body }] });
    const refused = await newClient().signIn(signal);
    expect(refused.outcome).toBe("credentials");
    expect(JSON.stringify(refused)).not.toContain(SECRET);
    onToken = (_, response) =>
      answer(response, 200, { result: { accessToken: "t-0", expiresIn: 1 } });
    const given = await newClient().signIn(signal);
    expect(given.outcome).toBe("accepted");
    expect(JSON.stringify(given)).not.toContain("t-0");
  });

  test("repeats neither secret nor token from an answer to an import, in an envelope, a page or a request id", async () => {
    const client = newClient();
    const texts: ((token: string) => object | string)[] = [
      (token) => ({
        errors: [{ message: `Not Bearer ${token} of ${SECRET}` }],
      }),
      (token) => `<p>${token}</p><pre>${SECRET.replaceAll("-", "&#45;")}</pre>`,
      (token) => ({ requestId: token }),
      () => ({ requestId: SECRET }),
      // At the place where the excerpt is cut.
      () => "x".repeat(490) + SECRET,
    ];
    for (const [at, text] of texts.entries()) {
      onImport = ({ token }, response) => answer(response, 500, text(token));
      const told = JSON.stringify(
        await client.importBody("a", "{}", { signal }),
      );
      expect(told, String(at)).not.toMatch(/token-\d|s3cret|must/);
      expect(told).toContain('"outcome":"server"');
    }
  });

  test("repeats nothing of an answer that may hold a token in another form", async () => {
    onToken = (_, response) => answer(response, 200, { accessToken: "t-99" });
    const told = await newClient().signIn(signal);
    expect(told).toMatchObject({ outcome: "odd", excerpt: "" });
  });

  test("tells a connection that is cut, one that nobody answers, and one that is not allowed apart", async () => {
    const client = newClient();
    onImport = (_, response) => response.destroy();
    expect(await client.importBody("a", "{}", { signal })).toMatchObject({
      ...{ outcome: "unreachable", status: null },
    });
    const outside = createRemoteClient(
      {
        ...{ baseUrl: "http://10.1.2.3", providerId: "p" },
        secret: () => SECRET,
      },
      deps,
    );
    expect((await outside.signIn(signal)).outcome).toBe("not_allowed");
  });

  test("stops at once when it is told to", async () => {
    const stop = new AbortController();
    onImport = () => stop.abort(new Error("stopped"));
    await expect(
      newClient().importBody("a", "{}", { signal: stop.signal }),
    ).rejects.toThrow("stopped");
  });
});
