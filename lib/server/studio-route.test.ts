import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { AppError } from "@/lib/domain/errors";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import { createTenant, createUser } from "@/lib/testing/factories";

import { issueSessionCookie } from "./session-cookie";
import { studioRoute } from "./studio-route";

let testDb: TestDb;
let cookie: string;

beforeAll(async () => {
  testDb = await createTestDb();
  const tenantId = await createTenant(testDb.db);
  const user = await createUser(testDb.db, tenantId);
  const { name, value } = await issueSessionCookie(user);
  cookie = `${name}=${value}`;
});
afterAll(() => testDb.close());

const URL_OF_STUDIO = "http://studio.test:3000/api/things/7?q=x";
const params = Promise.resolve({ id: "7" });

const echo = studioRoute<{ id: string }>(({ params, url, ctx }) =>
  Promise.resolve({
    id: params.id,
    q: url.searchParams.get("q"),
    actor: ctx.actor.type,
  }),
);

function send(
  method: string,
  headers: Record<string, string>,
  route = echo,
): Promise<Response> {
  const request = new Request(URL_OF_STUDIO, {
    method,
    headers: { host: "studio.test:3000", cookie, ...headers },
  });
  return route(request, { params });
}

describe("a route of the Studio", () => {
  test("answers JSON that nobody keeps", async () => {
    const response = await send("GET", {});
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.json()).toEqual({ id: "7", q: "x", actor: "user" });
  });

  test.each(["", "next-auth.session-token=broken"])(
    "answers 401 as JSON to the cookie %j",
    async (cookie) => {
      const response = await send("GET", { cookie, authorization: "Bearer %" });
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({
        error: { code: "unauthenticated" },
      });
    },
  );

  test("reads without an Origin", async () => {
    for (const origin of ["https://evil.example", "null"]) {
      expect((await send("GET", { origin })).status).toBe(200);
    }
  });

  test.each([
    [{ origin: "http://studio.test:3000" }, 200],
    [{ origin: "http://STUDIO.test:3000" }, 200],
    [
      {
        origin: "https://studio.example.com",
        "x-forwarded-host": "studio.example.com",
      },
      200,
    ],
    [
      {
        origin: "https://shop.example",
        "x-forwarded-host": "shop.example, inner",
      },
      200,
    ],
    [{}, 403],
    [{ origin: "null" }, 403],
    [{ origin: "" }, 403],
    [{ origin: "https://evil.example" }, 403],
    [{ origin: "http://studio.test" }, 403],
    [{ origin: "http://studio.test:3001" }, 403],
    [{ origin: "http://studio.test:3000.evil.example" }, 403],
    [{ origin: "studio.test:3000" }, 403],
    [{ referer: "http://studio.test:3000/sources" }, 403],
  ])("answers a write with %j by %i", async (headers, status) => {
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      const response = await send(method, headers);
      expect(response.status).toBe(status);
    }
  });

  test("sends an expected failure with its status and its sentence", async () => {
    const fails = studioRoute<{ id: string }>(() => {
      throw new AppError("rate_limited", "Wait a little.", {
        retryAfterSeconds: 7,
      });
    });
    const response = await send("GET", {}, fails);
    expect(response.status).toBe(429);
    expect(response.headers.get("retry-after")).toBe("7");
    expect(await response.json()).toEqual({
      error: {
        code: "rate_limited",
        message: "Wait a little.",
        retryAfterSeconds: 7,
      },
    });
  });

  test("hides what a bug says", async () => {
    const breaks = studioRoute<{ id: string }>(() =>
      Promise.reject(new Error("select password from users")),
    );
    const response = await send("GET", {}, breaks);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("select");
  });

  test("sends a response as it is", async () => {
    const file = studioRoute<{ id: string }>(() =>
      Promise.resolve(
        new Response("a,b", { headers: { "content-type": "text/csv" } }),
      ),
    );
    const response = await send("GET", {}, file);
    expect(response.headers.get("content-type")).toBe("text/csv");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.text()).toBe("a,b");
  });
});
