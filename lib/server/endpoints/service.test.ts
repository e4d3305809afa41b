import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  afterAll,
  beforeAll,
  beforeEach,
  describe,
  expect,
  test,
} from "vitest";

import type { EndpointInput } from "@/lib/domain/endpoint";
import type { Context } from "@/lib/server/context";
import { createSealKeys } from "@/lib/server/seal-keys";
import { createProvider } from "@/lib/server/providers/service";
import {
  createSource,
  findSourceByIdentifier,
  listSources,
} from "@/lib/server/sources/service";
import { parseEndpointHosts } from "@/lib/server/outbound/endpoint-hosts";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import { createTenant, userContext } from "@/lib/testing/factories";

import { remoteClientOf } from "./app-clients";
import { openSecret, sealSecret } from "./seal";
import {
  createEndpoint,
  deleteEndpoint,
  editEndpoint,
  getEndpoint,
  listEndpoints,
  rotateSealKeys,
  testEndpoint,
} from "./service";

const SECRET = "canary-5f0a1b2c3d4e";

let testDb: TestDb;
let admin: Context;
beforeAll(async () => {
  testDb = await createTestDb();
});
afterAll(() => testDb.close());
beforeEach(async () => {
  admin = userContext(testDb.db, await createTenant(testDb.db), "admin");
});

const input = (change: Partial<EndpointInput> = {}): EndpointInput => ({
  ...{ name: "Occtoo", url: "https://ingest.example.com/" },
  ...{ providerId: "p-1", secret: SECRET, sources: ["products"] },
  ...change,
});

/** Every row of every table as text: what a dump would hold. */
async function dump(): Promise<string> {
  const tables = await testDb.db.rows<{ name: string }>(
    `select table_name as name from information_schema.tables
     where table_schema = 'public' and table_type = 'BASE TABLE'`,
  );
  const texts = await Promise.all(
    tables.map(({ name }) =>
      testDb.db.rows<{ text: string }>(
        `select coalesce(string_agg(t::text, ' '), '') as text from "${name}" t`,
      ),
    ),
  );
  return texts
    .flat()
    .map(({ text }) => text)
    .join(" ");
}

describe("an endpoint", () => {
  test("is stored with its secret sealed, and shows only its end", async () => {
    const made = await createEndpoint(admin, input());
    expect(made).toMatchObject({
      ...{ url: "https://ingest.example.com", secretEnd: "3d4e" },
      sources: [{ identifier: "products" }],
    });
    expect(JSON.stringify(made)).not.toContain(SECRET);
    expect(await dump()).not.toContain(SECRET);
    expect(await dump()).not.toContain(
      Buffer.from(SECRET).toString("base64url"),
    );
  });

  test("shows nothing of a short secret", async () => {
    const { secretEnd } = await createEndpoint(
      admin,
      input({ secret: "short" }),
    );
    expect(secretEnd).toBe("");
  });

  test("keeps its secret when the path changes, and loses it with scheme, host or port", async () => {
    const { id } = await createEndpoint(admin, input());
    const kept = { ...input(), secret: undefined };
    const edit = (url: string) => editEndpoint(admin, id, { ...kept, url });
    expect(await edit("https://ingest.example.com:443/tenant")).toMatchObject({
      secretEnd: "3d4e",
    });
    for (const url of [
      "https://other.example.com",
      "http://ingest.example.com",
      "https://ingest.example.com:8443",
    ]) {
      await editEndpoint(admin, id, input());
      expect((await edit(url)).secretEnd).toBeNull();
      // Not even by going back.
      expect((await edit("https://ingest.example.com")).secretEnd).toBeNull();
      await expect(remoteClientOf(admin, id)).rejects.toMatchObject({
        code: "conflict",
      });
    }
  });

  test.each([
    ["ftp://ingest.example.com"],
    ["https://user@ingest.example.com"],
    ["https://ingest.example.com?x=1"],
    ["https://ingest.example.com#x"],
    ["ingest.example.com"],
    ["https://"],
  ])("refuses the address %s", async (url) => {
    await expect(createEndpoint(admin, input({ url }))).rejects.toMatchObject({
      code: "invalid_input",
    });
  });

  test("is refused at a host that the operator did not name, when it is made and when it moves", async () => {
    const hosts = parseEndpointHosts("*.example.com");
    const { id } = await createEndpoint(admin, input(), hosts);
    const elsewhere = input({ url: "https://ingest.example.net" });
    for (const refused of [
      () => createEndpoint(admin, elsewhere, hosts),
      () => editEndpoint(admin, id, elsewhere, hosts),
    ]) {
      await expect(refused()).rejects.toMatchObject({
        code: "invalid_input",
        fields: {
          url: expect.stringMatching(/example\.net.* ENDPOINT_HOSTS/) as string,
        },
      });
    }
    expect((await getEndpoint(admin, id)).url).toBe(
      "https://ingest.example.com",
    );
  });

  test("is for admins, and of its tenant alone", async () => {
    const { id } = await createEndpoint(admin, input());
    const { tenantId } = admin;
    const editor = userContext(testDb.db, tenantId, "editor");
    for (const refused of [
      () => listEndpoints(editor),
      () => getEndpoint(editor, id),
      () => createEndpoint(editor, input()),
      () => editEndpoint(editor, id, input()),
      () => deleteEndpoint(editor, id, "Occtoo"),
      () => testEndpoint(editor, id),
    ]) {
      await expect(refused()).rejects.toMatchObject({ code: "forbidden" });
    }
    const other = userContext(
      testDb.db,
      await createTenant(testDb.db),
      "admin",
    );
    for (const refused of [
      () => getEndpoint(other, id),
      () => editEndpoint(other, id, input()),
      () => deleteEndpoint(other, id, "Occtoo"),
      () => testEndpoint(other, id),
      () => remoteClientOf(other, id),
    ]) {
      await expect(refused()).rejects.toMatchObject({ code: "not_found" });
    }
    expect(await listEndpoints(other)).toEqual([]);
  });

  test("goes with its sources when its name is typed", async () => {
    const { id } = await createEndpoint(admin, input());
    await expect(deleteEndpoint(admin, id, "occtoo")).rejects.toMatchObject({
      code: "invalid_input",
    });
    await deleteEndpoint(admin, id, "Occtoo");
    expect(await listEndpoints(admin)).toEqual([]);
    expect(await listSources(admin)).toEqual([]);
  });
});

describe("a remote source", () => {
  test("stands beside a built-in one of the same identifier, which the ingest API keeps to itself", async () => {
    const own = await createSource(admin, {
      ...{ identifier: "products", name: "Ours" },
      ...{ originSystem: "", description: "" },
    });
    const endpoint = await createEndpoint(admin, input());
    const again = input({ sources: ["Products", "stock"] });
    const { sources } = await editEndpoint(admin, endpoint.id, again);
    expect(sources.map(({ identifier }) => identifier)).toEqual([
      ...["products", "stock"],
    ]);
    expect(await findSourceByIdentifier(admin, "PRODUCTS")).toMatchObject({
      id: own.id,
    });
    expect(await findSourceByIdentifier(admin, "stock")).toBeUndefined();
    const listed = await listSources(admin);
    expect(
      listed.map((source) => [source.name, source.endpoint?.name ?? null]),
    ).toEqual([
      ["Ours", null],
      ["products", "Occtoo"],
      ["stock", "Occtoo"],
    ]);
  });

  test("can be granted to no provider of ours", async () => {
    const { sources } = await createEndpoint(admin, input());
    await expect(
      createProvider(admin, {
        name: "erp",
        sourceIds: sources.map(({ id }) => id),
      }),
    ).rejects.toMatchObject({ code: "invalid_input" });
  });
});

test("the test of a connection says when the rules of this Studio forbid it", async () => {
  const inside = input({ url: "http://127.0.0.1:9" });
  const { id } = await createEndpoint(admin, inside);
  expect(await testEndpoint(admin, id)).toMatchObject({
    ...{ signIn: { outcome: "not_allowed" }, sources: [] },
  });
});

test("a rotation seals every secret with the new key, and they still open", async () => {
  const folder = mkdtempSync(join(tmpdir(), `source-studio-${process.pid}-`));
  const keys = createSealKeys(folder);
  await testDb.db.rows("update endpoints set secret_sealed = null");
  const { id } = await createEndpoint(admin, input());
  const place = {
    ...{ tenantId: admin.tenantId, endpointId: id },
    origin: "https://ingest.example.com:443",
  };
  const sealed = sealSecret(SECRET, place, keys);
  await testDb.db.rows(
    "update endpoints set secret_sealed = $2 where id = $1",
    [id, sealed],
  );
  expect(await rotateSealKeys(testDb.db, keys)).toEqual({
    ...{ keyId: "k0002", sealed: 1, removedKeys: ["k0001"] },
  });
  const [row] = await testDb.db.rows<{ text: string }>(
    "select secret_sealed as text from endpoints where id = $1",
    [id],
  );
  expect(openSecret(row?.text ?? "", place, keys)).toBe(SECRET);
  expect(() => openSecret(sealed, place, keys)).toThrow("k0001 is missing");
  rmSync(folder, { recursive: true, force: true });
});
