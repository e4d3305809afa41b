import {
  afterAll,
  beforeAll,
  beforeEach,
  describe,
  expect,
  test,
} from "vitest";

import { cutBefore, drip, status } from "@/lib/testing/remote-habits";
import {
  clientOfRemote,
  REMOTE_SECRET as SECRET,
  startScriptedRemote,
  well,
  type RemoteCall,
  type ScriptedRemote,
} from "@/lib/testing/scripted-remote";

let remote: ScriptedRemote;
let now: number;
beforeAll(async () => {
  remote = await startScriptedRemote({ sources: ["a", "å/b"] });
});
afterAll(() => remote.stop());
beforeEach(() => {
  now = 1_000_000;
  remote.reset();
  remote.onImport = ({ answer }) => answer(202, { id: "x" });
});

/** As the contract has it, whatever stands before the paths. */
const newClient = (path = "") =>
  clientOfRemote(remote, { path, nowMs: () => now });

const { signal } = new AbortController();

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
    expect(remote.tokenRequests()).toBe(1);
    expect(remote.heard[0]).toMatchObject({
      path: "/base/dataProviders/tokens",
      body: JSON.stringify({ id: "p-1", secret: SECRET }),
    });
    expect(new Set(remote.heard.slice(1).map(({ path }) => path))).toEqual(
      new Set(["/base/import/%C3%A5%2Fb?correlationId=c-1"]),
    );
  });

  test("renews the token before it ends", async () => {
    const client = newClient();
    await client.importBody("a", "{}", { signal });
    now += 3_200_000;
    await client.importBody("a", "{}", { signal });
    expect(remote.tokenRequests()).toBe(1);
    now += 100_000;
    await client.importBody("a", "{}", { signal });
    expect(remote.imports().map(({ token }) => token)).toEqual([
      ...["token-1", "token-1", "token-2"],
    ]);
  });

  test("gets a new token once after a 401, and gives up on the second", async () => {
    const client = newClient();
    remote.onImport = ({ token, answer }) =>
      answer(token === "token-1" ? 401 : 202, {});
    expect((await client.importBody("a", "{}", { signal })).outcome).toBe(
      "accepted",
    );
    remote.onImport = ({ answer }) => answer(401, {});
    expect((await client.importBody("a", "{}", { signal })).outcome).toBe(
      "token",
    );
    expect(remote.imports()).toHaveLength(4);
  });

  test.each<[number, string]>([
    [400, "content"],
    [403, "not_granted"],
    [404, "not_found"],
    [302, "odd"],
    [408, "too_slow"],
    [413, "too_large"],
    [422, "content"],
    [429, "busy"],
    [500, "server"],
    [503, "server"],
  ])("reads status %i as %s", async (code, outcome) => {
    remote.onImport = ({ answer }) => answer(code, { requestId: "r1" });
    expect(await newClient().importBody("a", "{}", { signal })).toMatchObject({
      ...{ outcome, status: code, requestId: "r1" },
    });
  });

  test("waits as long as it is told", async () => {
    remote.onImport = status(429, "7");
    expect(await newClient().importBody("a", "{}", { signal })).toMatchObject({
      ...{ outcome: "busy", retryAfterMs: 7_000 },
    });
    remote.onToken = status(503, "9");
    expect(await newClient().importBody("a", "{}", { signal })).toMatchObject({
      ...{ outcome: "server", retryAfterMs: 9_000 },
    });
  });

  test("repeats the messages of an envelope, and the words of a gateway's page", async () => {
    const client = newClient();
    remote.onImport = ({ answer }) =>
      answer(400, {
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
    remote.onImport = ({ answer }) => answer(502, page);
    expect(await client.importBody("a", "{}", { signal })).toMatchObject({
      ...{ outcome: "server", excerpt: "502 Bad Gateway" },
    });
  });

  test("takes a web page with status 200 for no answer of an ingest API", async () => {
    remote.onToken = ({ answer }) => answer(200, "<p>Sign in");
    expect(await newClient().signIn(signal)).toMatchObject({ outcome: "odd" });
    remote.onToken = ({ answer }) => answer(200, { result: null });
    expect(await newClient().signIn(signal)).toMatchObject({ outcome: "odd" });
  });

  test.each(["text/plain", "application/octet-stream"])(
    "takes a web page that calls itself %s for no acceptance",
    async (type) => {
      remote.onImport = ({ answer }) =>
        answer(200, "\n<!DOCTYPE html><html>Sign in", { "content-type": type });
      expect(await newClient().importBody("a", "{}", { signal })).toMatchObject(
        { outcome: "odd", status: 200 },
      );
    },
  );

  test("says wrong credentials, and never repeats the secret or a token", async () => {
    remote.onToken = ({ body, answer }) =>
      answer(401, { errors: [{ message: body }] });
    const refused = await newClient().signIn(signal);
    expect(refused.outcome).toBe("credentials");
    expect(JSON.stringify(refused)).not.toContain(SECRET);
    remote.onToken = ({ answer }) =>
      answer(200, { result: { accessToken: "t-0", expiresIn: 1 } });
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
      remote.onImport = ({ token, answer }) => answer(500, text(token));
      const told = JSON.stringify(
        await client.importBody("a", "{}", { signal }),
      );
      expect(told, String(at)).not.toMatch(/token-\d|s3cret|must/);
      expect(told).toContain('"outcome":"server"');
    }
  });

  test("repeats nothing of an answer that may hold a token in another form", async () => {
    remote.onToken = ({ answer }) => answer(200, { accessToken: "t-99" });
    const told = await newClient().signIn(signal);
    expect(told).toMatchObject({ outcome: "odd", excerpt: "" });
  });

  test("tells a connection that is cut, one that nobody answers, and one that is not allowed apart", async () => {
    const client = newClient();
    remote.onImport = cutBefore;
    expect(await client.importBody("a", "{}", { signal })).toMatchObject({
      ...{ outcome: "unreachable", status: null },
    });
    const outside = clientOfRemote({ url: "http://10.1.2.3" });
    expect((await outside.signIn(signal)).outcome).toBe("not_allowed");
  });

  test("stops at once when it is told to", async () => {
    const stop = new AbortController();
    remote.onImport = () => stop.abort(new Error("stopped"));
    await expect(
      newClient().importBody("a", "{}", { signal: stop.signal }),
    ).rejects.toThrow("stopped");
  });

  test("stops at once also while others wait for the same token", async () => {
    const stop = new AbortController();
    const client = newClient();
    const asked = new Promise<RemoteCall>((resolve) => {
      remote.onToken = resolve;
    });
    const stopped = client.importBody("a", "{}", { signal: stop.signal });
    const waiting = client.importBody("a", "{}", { signal });
    const call = await asked;
    stop.abort(new Error("stopped"));
    await expect(stopped).rejects.toThrow("stopped");
    await well(call);
    expect((await waiting).outcome).toBe("accepted");
    expect(remote.tokenRequests()).toBe(1);
  });

  test("says that a token came too slowly, as of any answer", async () => {
    remote.onToken = drip;
    const client = clientOfRemote(remote, { msMax: 300 });
    expect(await client.importBody("a", "{}", { signal })).toMatchObject({
      ...{ outcome: "too_slow", status: null },
    });
  });
});
