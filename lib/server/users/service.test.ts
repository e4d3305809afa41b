import { randomUUID } from "node:crypto";

import { eq } from "drizzle-orm";
import {
  afterAll,
  beforeAll,
  beforeEach,
  describe,
  expect,
  test,
} from "vitest";

import type { Role } from "@/lib/domain/user";
import type { Context } from "@/lib/server/context";
import { auditLog, users } from "@/lib/server/db/schema";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import {
  commandContext,
  createTenant,
  createUser as createUserRow,
  userContext,
} from "@/lib/testing/factories";

import {
  changeOwnPassword,
  changeRole,
  createFirstAdmin,
  createUser,
  disableUser,
  enableUser,
  listUsers,
  setPassword,
} from "./service";
import { signInUser } from "./sign-in";

let testDb: TestDb;
let tenantId: string;
let admin: Context;

beforeAll(async () => {
  testDb = await createTestDb();
});
afterAll(() => testDb.close());
beforeEach(async () => {
  tenantId = await createTenant(testDb.db);
  admin = commandContext(testDb.db, tenantId);
});

const person = (role: Role = "viewer") => ({
  email: `${randomUUID()}@example.com`,
  name: "Person",
  role,
  password: "a long enough password",
});

const signIn = (
  email: string,
  password: string,
  address: string = randomUUID(),
) => signInUser(testDb.db, { email, password, address });

async function rowOf(id: string) {
  const [row] = await testDb.db.orm
    .select()
    .from(users)
    .where(eq(users.id, id));
  if (!row) throw new Error("The user is gone.");
  return row;
}

describe("the first admin", () => {
  test("is made exactly once by 10 calls at the same time, in the oldest tenant", async () => {
    const empty = await createTestDb();
    try {
      const results = await Promise.allSettled(
        Array.from({ length: 10 }, (_, i) =>
          createFirstAdmin(empty.db, {
            ...person(),
            email: `a${i}@example.com`,
          }),
        ),
      );
      const made = results.filter(({ status }) => status === "fulfilled");
      expect(made).toHaveLength(1);
      for (const result of results) {
        if (result.status === "rejected") {
          expect(result.reason).toMatchObject({ code: "conflict" });
        }
      }
      const rows = await empty.db.rows<{ role: string; isFirst: boolean }>(
        `select u.role, u.tenant_id = (
           select id from tenants order by created_at, id limit 1
         ) as "isFirst" from users u`,
      );
      expect(rows).toEqual([{ role: "admin", isFirst: true }]);
    } finally {
      await empty.close();
    }
  });
});

describe("roles", () => {
  const changes: [string, (ctx: Context, id: string) => Promise<unknown>][] = [
    ["listUsers", (ctx) => listUsers(ctx)],
    ["createUser", (ctx) => createUser(ctx, person())],
    ["changeRole", (ctx, id) => changeRole(ctx, id, "editor")],
    ["disableUser", (ctx, id) => disableUser(ctx, id)],
    ["enableUser", (ctx, id) => enableUser(ctx, id)],
    [
      "setPassword",
      (ctx, id) => setPassword(ctx, id, "a long enough password"),
    ],
  ];

  test.each(changes)("%s is for admins only", async (_name, change) => {
    const { id } = await createUserRow(testDb.db, tenantId, { role: "viewer" });
    for (const role of ["viewer", "editor"] as const) {
      await expect(
        change(userContext(testDb.db, tenantId, role), id),
      ).rejects.toMatchObject({ code: "forbidden" });
    }
    await change(userContext(testDb.db, tenantId, "admin"), id);
  });

  test.each(changes.slice(2))(
    "%s cannot reach a user of another tenant",
    async (_name, change) => {
      const other = await createTenant(testDb.db);
      const stranger = await createUserRow(testDb.db, other, {
        role: "viewer",
      });
      await expect(change(admin, stranger.id)).rejects.toMatchObject({
        code: "not_found",
      });
      expect(await rowOf(stranger.id)).toEqual(stranger);
    },
  );

  test("the list holds the own tenant's users only, and no hash", async () => {
    await createUserRow(testDb.db, await createTenant(testDb.db));
    const own = await createUser(admin, person());
    expect(await listUsers(admin)).toEqual([own]);
    expect(JSON.stringify(own)).not.toContain("argon2");
  });
});

describe("the last admin", () => {
  test("can be neither demoted nor disabled", async () => {
    const { id } = await createUserRow(testDb.db, tenantId, { role: "admin" });
    await createUserRow(testDb.db, tenantId, { disabledAt: new Date() });
    for (const change of [
      () => changeRole(admin, id, "editor"),
      () => disableUser(admin, id),
    ]) {
      await expect(change()).rejects.toMatchObject({ code: "conflict" });
    }
    expect(await rowOf(id)).toMatchObject({ role: "admin", disabledAt: null });
  });

  test("stays when two admins demote each other at the same time", async () => {
    const ids = await Promise.all(
      [1, 2].map(async () => (await createUserRow(testDb.db, tenantId)).id),
    );
    const results = await Promise.allSettled(
      ids.map((id) => changeRole(admin, id, "viewer")),
    );
    expect(results.map(({ status }) => status).sort()).toEqual([
      "fulfilled",
      "rejected",
    ]);
  });
});

describe("accounts", () => {
  test("refuse an address that is in use, however it is written and in whatever tenant", async () => {
    const other = commandContext(testDb.db, await createTenant(testDb.db));
    const input = person();
    await createUser(other, input);
    await expect(createUser(admin, input)).rejects.toMatchObject({
      code: "conflict",
      fields: { email: expect.any(String) as string },
    });
  });

  test("leave audit rows without a password in them", async () => {
    const input = person();
    const { id } = await createUser(admin, input);
    await changeRole(admin, id, "editor");
    await setPassword(admin, id, "another long password");
    await disableUser(admin, id);
    await enableUser(admin, id);
    const rows = await testDb.db.orm
      .select()
      .from(auditLog)
      .where(eq(auditLog.objectId, id));
    expect(rows.map(({ action }) => action).sort()).toEqual([
      "user.created",
      "user.disabled",
      "user.enabled",
      "user.password_set",
      "user.role_changed",
    ]);
    expect(JSON.stringify(rows)).not.toMatch(/password(?!_set)|argon2/);
  });
});

describe("signing in", () => {
  test("takes the address in any case, and remembers when", async () => {
    const input = person();
    const { id } = await createUser(admin, input);
    const found = await signIn(` ${input.email.toUpperCase()}`, input.password);
    expect(found).toEqual({ id, tenantId, sessionGeneration: 1 });
    expect((await rowOf(id)).lastSignedInAt).toBeInstanceOf(Date);
  });

  test("answers the same for a wrong password, an unknown address and a disabled user", async () => {
    const input = person();
    const { id } = await createUser(admin, input);
    expect(await signIn(input.email, "not this one")).toBeUndefined();
    expect(await signIn("nobody@example.com", "x")).toBeUndefined();
    await disableUser(admin, id);
    expect(await signIn(input.email, input.password)).toBeUndefined();
    await enableUser(admin, id);
    expect(await signIn(input.email, input.password)).toMatchObject({ id });
  });

  test("stops after 10 failures from one address, and still lets the owner in from another", async () => {
    const input = person();
    await createUser(admin, input);
    for (let i = 0; i < 10; i += 1) {
      expect(await signIn(input.email, "wrong", "attacker")).toBeUndefined();
    }
    await expect(
      signIn(input.email, input.password, "attacker"),
    ).rejects.toMatchObject({
      code: "rate_limited",
      retryAfterSeconds: expect.any(Number) as number,
    });
    expect(await signIn(input.email, input.password, "home")).toBeDefined();
  });

  test("makes a weaker hash anew", async () => {
    // argon2id of "an old weak password" with m=8 KiB, t=1.
    const { hash } = await import("@node-rs/argon2");
    const weak = await hash("an old weak password", {
      memoryCost: 8,
      timeCost: 1,
      parallelism: 1,
    });
    const user = await createUserRow(testDb.db, tenantId, {
      passwordHash: weak,
    });
    expect(await signIn(user.email, "an old weak password")).toBeDefined();
    expect((await rowOf(user.id)).passwordHash).toMatch(
      /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/,
    );
    expect(await signIn(user.email, "an old weak password")).toBeDefined();
  });
});

describe("passwords", () => {
  test("set by an admin replace the old one and end all sessions", async () => {
    const input = person();
    const { id } = await createUser(admin, input);
    await setPassword(admin, id, "another long password");
    expect(await signIn(input.email, input.password)).toBeUndefined();
    expect(await signIn(input.email, "another long password")).toMatchObject({
      sessionGeneration: 2,
    });
  });

  test("of one's own change only with the current one", async () => {
    const input = person();
    const { id } = await createUser(admin, input);
    const own = userContext(testDb.db, tenantId, "viewer", id);
    await expect(
      changeOwnPassword(own, {
        current: "wrong",
        next: "another long password",
      }),
    ).rejects.toMatchObject({ code: "invalid_input" });
    await changeOwnPassword(own, {
      current: input.password,
      next: "another long password",
    });
    expect(await signIn(input.email, "another long password")).toMatchObject({
      sessionGeneration: 2,
    });
  });
});

test("nobody gets a password that others try first, in whatever way", async () => {
  const input = { ...person(), email: "anna.berg@example.com" };
  const user = await createUser(admin, input);
  const own = userContext(testDb.db, tenantId, "viewer", user.id);
  const refused = (field: string) => ({
    code: "invalid_input",
    fields: { [field]: expect.stringContaining("unrelated words") as string },
  });
  for (const password of ["password1234", input.email, "annaberg2026"]) {
    await expect(
      createUser(admin, { ...input, password }),
    ).rejects.toMatchObject(refused("password"));
    await expect(setPassword(admin, user.id, password)).rejects.toMatchObject(
      refused("password"),
    );
    await expect(
      changeOwnPassword(own, { current: input.password, next: password }),
    ).rejects.toMatchObject(refused("next"));
  }
});
