import { decode, encode } from "next-auth/jwt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { createTestDb, type TestDb } from "@/lib/testing/db";
import {
  commandContext,
  createTenant,
  createUser,
} from "@/lib/testing/factories";

import { requireSessionOf } from "./session";
import {
  issueSessionCookie,
  readSession,
  sessionSecret,
  sessionTokenOf,
  sessionTokenSchema,
} from "./session-cookie";
import {
  changeRole,
  disableUser,
  enableUser,
  setPassword,
} from "./users/service";
import { endSession } from "./users/session-user";

let testDb: TestDb;
let tenantId: string;

beforeAll(async () => {
  testDb = await createTestDb();
  tenantId = await createTenant(testDb.db);
  // Another admin, so that the ones of the tests may be changed.
  await createUser(testDb.db, tenantId);
});
afterAll(() => testDb.close());

async function signedIn() {
  const user = await createUser(testDb.db, tenantId, { name: "Anna" });
  const { name, value } = await issueSessionCookie(user);
  return { user, cookie: value, header: `${name}=${value}` };
}

const read = (cookie: string | undefined) => readSession(testDb.db, cookie);

describe("a session", () => {
  test("is of the user whose cookie it is", async () => {
    const { user, cookie } = await signedIn();
    expect((await read(cookie))?.ctx).toMatchObject({
      tenantId,
      actor: { type: "user", id: user.id, name: "Anna", role: "admin" },
    });
  });

  test("shows a changed role with the next request", async () => {
    const { user, cookie } = await signedIn();
    await changeRole(commandContext(testDb.db, tenantId), user.id, "viewer");
    expect((await read(cookie))?.ctx.actor).toMatchObject({ role: "viewer" });
  });

  test("ends when the user is disabled, and stays ended when enabled again", async () => {
    const ctx = commandContext(testDb.db, tenantId);
    const { user, cookie } = await signedIn();
    await disableUser(ctx, user.id);
    expect(await read(cookie)).toBeUndefined();
    await enableUser(ctx, user.id);
    expect(await read(cookie)).toBeUndefined();
  });

  test("ends with a new password", async () => {
    const { user, cookie } = await signedIn();
    const ctx = commandContext(testDb.db, tenantId);
    await setPassword(ctx, user.id, "another long password");
    expect(await read(cookie)).toBeUndefined();
  });

  test("ends alone by signing out, whoever keeps a copy of the cookie", async () => {
    const { user, cookie } = await signedIn();
    const elsewhere = await issueSessionCookie(user);
    const token = await decode({ token: cookie, secret: sessionSecret() });
    await endSession(testDb.db, sessionTokenSchema.parse(token));
    expect(await read(cookie)).toBeUndefined();
    expect(await read(elsewhere.value)).toBeDefined();
  });

  test("is none when the user is gone or of another tenant", async () => {
    const { user } = await signedIn();
    const other = await createTenant(testDb.db);
    const foreign = await issueSessionCookie({ ...user, tenantId: other });
    expect(await read(foreign.value)).toBeUndefined();
  });

  test.each([
    undefined,
    "",
    "x",
    "null",
    "%",
    "a.b.c.d.e",
    "eyJhbGciOiJub25lIn0..x.y.z",
    "💥".repeat(1_000),
  ])("is none for the broken cookie %j", async (cookie) => {
    expect(await read(cookie)).toBeUndefined();
  });

  test("is none when its cookie ran out, was made with another key, or holds something else", async () => {
    const { user, cookie } = await signedIn();
    const token = sessionTokenOf(user);
    const secret = sessionSecret();
    const bad = [
      await encode({ token, secret, maxAge: -60 }),
      await encode({ token, secret: "another" }),
      await encode({ token: { sub: user.id }, secret }),
      await encode({ token: { ...token, generation: null }, secret }),
      cookie.slice(0, -2),
    ];
    for (const value of bad) expect(await read(value)).toBeUndefined();
  });
});

describe("requireSessionOf", () => {
  const request = (headers: Record<string, string>) =>
    new Request("http://studio.test/api/x", { headers });

  test("finds its cookie among others", async () => {
    const { user, header } = await signedIn();
    const ctx = await requireSessionOf(
      request({ cookie: `a=b=c; ; =; x; ${header}; z=1` }),
    );
    expect(ctx.actor.id).toBe(user.id);
  });

  test.each([
    ["no cookie", {}],
    ["a broken cookie", { cookie: "next-auth.session-token=%" }],
    ["a broken Authorization", { authorization: "Bearer %" }],
    ["a session as Bearer", { authorization: "Bearer x.y.z" }],
  ])("refuses %s as unauthenticated", async (_name, headers) => {
    await expect(requireSessionOf(request(headers))).rejects.toMatchObject({
      code: "unauthenticated",
    });
  });
});
