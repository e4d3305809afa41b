import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

import { AppError } from "@/lib/domain/errors";
import type { Context } from "@/lib/server/context";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import {
  commandContext,
  createSourceRow,
  createTenant,
  userContext,
} from "@/lib/testing/factories";

import {
  addSecret,
  checkCredentials,
  createProvider,
  deleteProvider,
  editProvider,
  getProvider,
  listProviders,
  revokeSecret,
  rotateProvider,
} from "./service";

let database: TestDb;
let ctx: Context;

beforeAll(async () => {
  database = await createTestDb();
  ctx = commandContext(database.db, await createTenant(database.db));
});
afterAll(() => database.close());

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "none",
    (error: unknown) => (error instanceof AppError ? error.code : "other"),
  );
const works = async (id: string, secret: string) =>
  (await checkCredentials(database.db, { id, secret })) !== undefined;

describe("a provider", () => {
  test("is created with its sources and one secret, which is shown once", async () => {
    const source = await createSourceRow(database.db, ctx.tenantId);
    const { provider, secret } = await createProvider(ctx, {
      name: " erp ",
      sourceIds: [source.id],
    });
    expect(secret).toMatch(/^[a-z]{3}_[0-9A-Za-z]{38}$/);
    expect(provider).toMatchObject({
      name: "erp",
      sources: [{ id: source.id, identifier: source.identifier }],
      secrets: [{ last4: secret.slice(-4), lastUsedAt: null }],
    });
    const stored = await database.db.rows<{ dump: string }>(
      "select s::text || p::text as dump from provider_secrets s join providers p on p.id = s.provider_id where p.id = $1",
      [provider.id],
    );
    expect(stored).toHaveLength(1);
    expect(stored[0]?.dump).not.toContain(secret.slice(4, 30));
    expect(JSON.stringify(await listProviders(ctx))).not.toContain(secret);
  });

  test("is refused a source that is not there, or of another tenant", async () => {
    const other = await createSourceRow(
      database.db,
      await createTenant(database.db),
    );
    for (const id of [randomUUID(), other.id]) {
      const work = createProvider(ctx, { name: "p", sourceIds: [id] });
      expect(await codeOf(work)).toBe("invalid_input");
    }
  });

  test("is refused a source that is being deleted, and keeps no grant to it", async () => {
    const { db } = database;
    const source = await createSourceRow(db, ctx.tenantId);
    let creating: Promise<string> | undefined;
    await db.transaction(async (tx) => {
      await tx.rows("delete from sources where tenant_id = $1 and id = $2", [
        ctx.tenantId,
        source.id,
      ]);
      creating = codeOf(
        createProvider(ctx, { name: "p", sourceIds: [source.id] }),
      );
      await vi.waitFor(async () => {
        const waiting = await db.rows(
          "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
        );
        expect(waiting).toHaveLength(1);
      });
    });
    expect(await creating).toBe("invalid_input");
    expect(
      await db.rows("select from provider_sources where source_id = $1", [
        source.id,
      ]),
    ).toEqual([]);
  });

  test("is not reachable from another tenant", async () => {
    const { provider } = await createProvider(ctx, {
      name: "p",
      sourceIds: [],
    });
    const stranger = commandContext(
      database.db,
      await createTenant(database.db),
    );
    for (const work of [getProvider, deleteProvider, rotateProvider]) {
      expect(await codeOf(work(stranger, provider.id))).toBe("not_found");
    }
    expect(await codeOf(getProvider(ctx, "odd"))).toBe("not_found");
  });

  test("is changed by admins and read by all roles", async () => {
    const { provider } = await createProvider(ctx, {
      name: "p",
      sourceIds: [],
    });
    const editor = userContext(database.db, ctx.tenantId, "editor");
    const input = { name: "q", sourceIds: [] };
    for (const work of [
      () => createProvider(editor, input),
      () => editProvider(editor, provider.id, input),
      () => rotateProvider(editor, provider.id),
      () => deleteProvider(editor, provider.id),
    ]) {
      expect(await codeOf(work())).toBe("forbidden");
    }
    const viewer = userContext(database.db, ctx.tenantId, "viewer");
    expect((await getProvider(viewer, provider.id)).name).toBe("p");
    expect((await editProvider(ctx, provider.id, input)).name).toBe("q");
  });

  test("is gone with its secrets after deletion", async () => {
    const { provider, secret } = await createProvider(ctx, {
      name: "p",
      sourceIds: [],
    });
    await deleteProvider(ctx, provider.id);
    expect(await works(provider.id, secret)).toBe(false);
    expect(await codeOf(getProvider(ctx, provider.id))).toBe("not_found");
  });
});

describe("secrets", () => {
  test("two are live at once, a third is a conflict", async () => {
    const first = await createProvider(ctx, { name: "p", sourceIds: [] });
    const { id } = first.provider;
    const second = await addSecret(ctx, id);
    expect(second.provider.secrets).toHaveLength(2);
    expect(await works(id, first.secret)).toBe(true);
    expect(await works(id, second.secret)).toBe(true);
    expect(await codeOf(addSecret(ctx, id))).toBe("conflict");
  });

  test("rotation keeps the one before and drops the oldest", async () => {
    const first = await createProvider(ctx, { name: "p", sourceIds: [] });
    const { id } = first.provider;
    const second = await rotateProvider(ctx, id);
    const third = await rotateProvider(ctx, id);
    expect(third.provider.secrets).toHaveLength(2);
    expect(await works(id, first.secret)).toBe(false);
    expect(await works(id, second.secret)).toBe(true);
    expect(await works(id, third.secret)).toBe(true);
  });

  test("parallel rotations never leave more than two", async () => {
    const { provider } = await createProvider(ctx, {
      name: "p",
      sourceIds: [],
    });
    await Promise.all(
      Array.from({ length: 5 }, () => rotateProvider(ctx, provider.id)),
    );
    expect((await getProvider(ctx, provider.id)).secrets).toHaveLength(2);
  });

  test("a revoked one is refused, the other goes on", async () => {
    const first = await createProvider(ctx, { name: "p", sourceIds: [] });
    const { id } = first.provider;
    const second = await addSecret(ctx, id);
    const secretId = first.provider.secrets[0]?.id ?? "";
    await revokeSecret(ctx, id, secretId);
    expect(await works(id, first.secret)).toBe(false);
    expect(await works(id, second.secret)).toBe(true);
    expect(await codeOf(revokeSecret(ctx, id, secretId))).toBe("not_found");
  });

  test("are refused with any character changed, and with another provider's id", async () => {
    const { provider, secret } = await createProvider(ctx, {
      name: "p",
      sourceIds: [],
    });
    const other = await createProvider(ctx, { name: "o", sourceIds: [] });
    expect(await works(provider.id, secret)).toBe(true);
    expect(await works(other.provider.id, secret)).toBe(false);
    expect(await works(randomUUID(), secret)).toBe(false);
    expect(await works(provider.id.toUpperCase(), secret)).toBe(false);
    for (let at = 0; at < secret.length; at += 1) {
      const typo = secret.slice(0, at) + "~" + secret.slice(at + 1);
      expect(await works(provider.id, typo)).toBe(false);
    }
    for (const odd of [`${secret}\n`, secret.toLowerCase(), "", "__proto__"]) {
      expect(await works(provider.id, odd)).toBe(false);
    }
  });
});
