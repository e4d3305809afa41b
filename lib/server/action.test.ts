import { redirect } from "next/navigation";
import {
  afterAll,
  beforeAll,
  beforeEach,
  describe,
  expect,
  test,
  vi,
} from "vitest";

import { AppError } from "@/lib/domain/errors";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import { createTenant, createUser } from "@/lib/testing/factories";

import { runAction, runOpenAction } from "./action";
import { issueSessionCookie } from "./session-cookie";

// Stands in for the request that Next keeps around an action.
const request = vi.hoisted(() => ({
  headers: new Headers(),
  cookies: new Map<string, string>(),
}));
vi.mock("next/headers", () => ({
  headers: () => Promise.resolve(request.headers),
  cookies: () =>
    Promise.resolve({
      get: (name: string) => {
        const value = request.cookies.get(name);
        return value === undefined ? undefined : { name, value };
      },
    }),
}));

let testDb: TestDb;
let session: { name: string; value: string };

beforeAll(async () => {
  testDb = await createTestDb();
  const tenantId = await createTenant(testDb.db);
  session = await issueSessionCookie(await createUser(testDb.db, tenantId));
});
afterAll(() => testDb.close());
beforeEach(() => {
  request.headers = new Headers({
    host: "studio.test",
    origin: "http://studio.test",
  });
  request.cookies = new Map([[session.name, session.value]]);
});

describe("an action", () => {
  test("gives what its work gives", async () => {
    const result = await runAction((ctx) => Promise.resolve(ctx.actor.type));
    expect(result).toEqual({ ok: true, data: "user" });
  });

  test("does nothing without a session", async () => {
    request.cookies.clear();
    const work = vi.fn(() => Promise.resolve(1));
    expect(await runAction(work)).toMatchObject({
      ok: false,
      error: { code: "unauthenticated" },
    });
    expect(work).not.toHaveBeenCalled();
  });

  test.each([undefined, "null", "https://evil.example"])(
    "does nothing for the Origin %j",
    async (origin) => {
      request.headers = new Headers({
        host: "studio.test",
        ...(origin && { origin }),
      });
      const work = vi.fn(() => Promise.resolve(1));
      for (const run of [runAction, runOpenAction]) {
        expect(await run(work)).toMatchObject({
          ok: false,
          error: { code: "forbidden" },
        });
      }
      expect(work).not.toHaveBeenCalled();
    },
  );

  test("gives expected failures with their sentence and hides bugs", async () => {
    const fails = () => {
      throw new AppError("conflict", "It is taken.", {
        fields: { name: "taken" },
      });
    };
    expect(await runAction(fails)).toMatchObject({
      ok: false,
      error: {
        code: "conflict",
        message: "It is taken.",
        fields: { name: "taken" },
      },
    });
    const breaks = () => Promise.reject(new Error("relation users"));
    const result = await runAction(breaks);
    expect(JSON.stringify(result)).not.toContain("relation");
  });

  test("lets a redirect travel on", async () => {
    await expect(runAction(() => redirect("/sources"))).rejects.toMatchObject({
      digest: expect.stringContaining("/sources") as string,
    });
  });
});
