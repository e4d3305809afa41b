import { describe, expect, test } from "vitest";

import { testProvider, type ProviderCheck } from "./test-provider";

type Sent = { path: string; headers: Headers; body: unknown };

function fakeServer(answer: (path: string) => Response | undefined): {
  fetch: typeof fetch;
  sent: Sent[];
} {
  const sent: Sent[] = [];
  return {
    sent,
    fetch: (path, init) => {
      if (typeof path !== "string") throw new TypeError("Expected a path.");
      sent.push({
        path,
        headers: new Headers(init?.headers),
        body: JSON.parse(String(init?.body as string)),
      });
      const response = answer(path);
      return response
        ? Promise.resolve(response)
        : Promise.reject(new TypeError("fetch failed"));
    },
  };
}

const token = () => Response.json({ result: { accessToken: "t0ken" } });
const status = (code: number, headers = {}) =>
  Response.json({ errors: [] }, { status: code, headers });

async function checks(
  server: ReturnType<typeof fakeServer>,
  sources: string[],
): Promise<ProviderCheck[]> {
  const found: ProviderCheck[] = [];
  for await (const check of testProvider({
    providerId: "p",
    secret: " s3cret\n",
    sources,
    fetch: server.fetch,
  })) {
    found.push(check);
  }
  return found;
}

describe("testProvider", () => {
  test("fetches a token, then sends an empty import to each source", async () => {
    const server = fakeServer((path) =>
      path.endsWith("tokens") ? token() : status(202),
    );
    const found = await checks(server, ["products", "Media"]);
    expect(found.map((c) => [c.source, c.isOk])).toEqual([
      [null, true],
      ["products", true],
      ["Media", true],
    ]);
    expect(server.sent.map(({ path, body }) => [path, body])).toEqual([
      ["/dataProviders/tokens", { id: "p", secret: "s3cret" }],
      ["/import/products", { entities: [] }],
      ["/import/Media", { entities: [] }],
    ]);
    expect(server.sent[2]?.headers.get("authorization")).toBe("Bearer t0ken");
  });

  test("tries no source when the secret is refused", async () => {
    const server = fakeServer(() => status(401));
    const found = await checks(server, ["products"]);
    expect(found).toHaveLength(1);
    expect(found[0]?.message).toContain("The secret was refused");
  });

  test("says how long to wait after too many tries", async () => {
    const server = fakeServer(() => status(429, { "retry-after": "42" }));
    const [check] = await checks(server, []);
    expect(check?.message).toContain("in 42 seconds");
  });

  test("goes on to the next source when one is refused", async () => {
    const server = fakeServer((path) =>
      path.endsWith("tokens")
        ? token()
        : path.endsWith("old")
          ? status(403)
          : status(202),
    );
    const found = await checks(server, ["old", "new"]);
    expect(found.map((c) => c.isOk)).toEqual([true, false, true]);
    expect(found[1]?.message).toContain("no longer");
  });

  test("puts a lost connection and an odd answer into words", async () => {
    const [lost] = await checks(
      fakeServer(() => undefined),
      [],
    );
    expect(lost).toMatchObject({ isOk: false, source: null });
    expect(lost?.message).toContain("could not be reached");

    const html = fakeServer(
      () => new Response("<h1>Bad</h1>", { status: 502 }),
    );
    expect((await checks(html, []))[0]?.message).toContain("status 502");

    const empty = fakeServer(() => Response.json({ result: null }));
    expect((await checks(empty, []))[0]?.isOk).toBe(false);
  });
});
