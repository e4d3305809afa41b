import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

import type { Context } from "@/lib/server/context";
import { TEST_CERTIFICATES, TEST_KEY } from "@/lib/testing/certificates";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import { createTenant, userContext } from "@/lib/testing/factories";
import { page, status } from "@/lib/testing/remote-habits";
import {
  clientOfRemote,
  loopbackDeps,
  REMOTE_PROVIDER,
  REMOTE_SECRET,
  startScriptedRemote,
  well,
  type ScriptedRemote,
} from "@/lib/testing/scripted-remote";
import { testSentence } from "@/lib/wording/endpoints";

import { createRemoteClient } from "./remote-client";
import { createEndpoint, testEndpoint } from "./service";

const HOST = "ingest.example.com";

let testDb: TestDb;
let admin: Context;
let remote: ScriptedRemote | undefined;
beforeAll(async () => {
  testDb = await createTestDb();
  admin = userContext(testDb.db, await createTenant(testDb.db), "admin");
});
afterAll(() => testDb.close());
afterEach(() => remote?.stop());

async function start(
  options: Parameters<typeof startScriptedRemote>[0] = {},
): Promise<ScriptedRemote> {
  return (remote = await startScriptedRemote(options));
}

/** What the page says of a test: a line for signing in, and one for each source. */
async function testLines(
  of: { url: string },
  options: Parameters<typeof clientOfRemote>[1] = {},
  sources = ["products"],
): Promise<string[]> {
  const { id } = await createEndpoint(admin, {
    ...{ name: "Occtoo", url: of.url, providerId: REMOTE_PROVIDER },
    ...{ secret: REMOTE_SECRET, sources },
  });
  const client = clientOfRemote(of, options);
  const found = await testEndpoint(admin, id, () => Promise.resolve(client));
  return [
    testSentence(found.signIn, HOST),
    ...found.sources.map(
      ({ identifier, answer }) =>
        `${identifier}: ${testSentence(answer, HOST)}`,
    ),
  ];
}

describe("the test of a connection says in words", () => {
  test("what works, and changes nothing there", async () => {
    const { url, entries, heard } = await start();
    expect(await testLines({ url })).toEqual(["works", "products: works"]);
    expect(entries().size).toBe(0);
    expect(heard.map(({ body }) => body).at(-1)).toBe('{"entities":[]}');
  });

  test("which source is not granted, or not known, beside one that works", async () => {
    const { url } = await start();
    const lines = await testLines({ url }, {}, ["nobodys", "products"]);
    expect(lines[1]).toMatch(
      /^nobodys: ingest\.example\.com does not know this source, or the provider may not write to it\. .*status 403/,
    );
    expect(lines[2]).toBe("products: works");
  });

  test("that nothing is found at the address, or under the identifier", async () => {
    const started = await start();
    started.onImport = status(404);
    expect((await testLines(started))[1]).toMatch(
      /^products: .* finds nothing there\. Check the address.* and the identifier.*status 404/,
    );
    started.onToken = status(404);
    expect(await testLines(started)).toEqual([
      expect.stringMatching(/finds nothing there.*status 404/),
    ]);
  });

  test("that the secret is wrong, without asking the sources", async () => {
    const { url, imports } = await start();
    const lines = await testLines({ url }, { secret: "wrong-wrong-wrong" });
    expect(lines).toEqual([
      expect.stringMatching(
        /refuses the provider id and secret\. Check both.*status 401/,
      ),
    ]);
    expect(imports()).toEqual([]);
  });

  test("that nobody is there", async () => {
    const started = await start();
    await started.stop();
    expect(await testLines(started)).toEqual([
      "ingest.example.com cannot be reached. Check the address; it may also be down just now.",
    ]);
  });

  test.each(["selfSigned", "expired", "wrongHost", "valid"] as const)(
    "that a certificate cannot be trusted: %s",
    async (name) => {
      // Also the good one: its authority is known to the tests alone.
      const cert = TEST_CERTIFICATES[name];
      const { url, heard } = await start({ tls: { key: TEST_KEY, cert } });
      expect(await testLines({ url })).toEqual([
        expect.stringMatching(
          /no safe connection to ingest\.example\.com.*certificate.*renewed/,
        ),
      ]);
      expect(heard).toEqual([]);
    },
  );

  test("that no TLS is spoken at an https address", async () => {
    const { url } = await start();
    const https = url.replace("http:", "https:");
    expect(await testLines({ url: https })).toEqual([
      expect.stringMatching(/speaks no TLS at that port/),
    ]);
  });

  test("that it is too slow to answer, and that it works but slowly", async () => {
    const started = await start();
    started.onImport = () => undefined;
    expect((await testLines(started, { msMax: 300 }))[1]).toBe(
      "products: ingest.example.com did not answer in time.",
    );
    started.onImport = well;
    const slow = { outcome: "accepted" as const, status: 202, excerpt: "" };
    expect(testSentence({ ...slow, requestId: null, ms: 4_230 }, HOST)).toBe(
      "works, but took 4.2 s",
    );
  });

  test("that it is no ingest API, is busy, or has a problem of its own", async () => {
    const started = await start();
    started.onToken = page(200, "Sign in");
    expect((await testLines(started))[0]).toMatch(
      /does not answer like an ingest API/,
    );
    started.onToken = status(429);
    expect((await testLines(started))[0]).toMatch(/asks to send less/);
    started.onToken = page(502);
    expect((await testLines(started))[0]).toMatch(
      /problem of its own.*status 502/,
    );
  });

  test("that the operator does not allow the host, of which nothing is dialled", async () => {
    const { url, heard } = await start();
    const { id } = await createEndpoint(admin, {
      ...{ name: "Occtoo", url, providerId: REMOTE_PROVIDER },
      ...{ secret: REMOTE_SECRET, sources: [] },
    });
    const clientUnder = (endpointHosts: { allows: () => boolean }) =>
      createRemoteClient(
        {
          ...{ baseUrl: url, providerId: REMOTE_PROVIDER },
          secret: () => REMOTE_SECRET,
        },
        { ...loopbackDeps(), endpointHosts },
      );
    const tested = async (isAllowed: boolean) => {
      const client = clientUnder({ allows: () => isAllowed });
      const found = await testEndpoint(admin, id, () =>
        Promise.resolve(client),
      );
      return testSentence(found.signIn, HOST);
    };
    expect(await tested(false)).toMatch(/do not allow .* ENDPOINT_HOSTS/);
    expect(heard).toEqual([]);
    expect(await tested(true)).toBe("works");
  });
});
