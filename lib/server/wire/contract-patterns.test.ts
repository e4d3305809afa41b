import { afterAll, beforeAll, describe, expect, test } from "vitest";

import {
  createContractClient,
  sentEntity,
  type ContractClient,
} from "@/lib/testing/contract-client";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import { createTestStore, someBytes } from "@/lib/testing/upload-client";
import {
  listenerMount,
  routeMount,
  type WireMount,
} from "@/lib/testing/wire-mounts";

// Contract, section 5: how the programs that are in use really behave.

let database: TestDb;
let mounts: WireMount[];
let closeStore: () => Promise<void>;

beforeAll(async () => {
  database = await createTestDb();
  ({ close: closeStore } = await createTestStore());
  mounts = [await listenerMount(), await routeMount()];
});
afterAll(async () => {
  await Promise.all(mounts.map((mount) => mount.close()));
  await closeStore();
  await database.close();
});

const count = (many: number) => Array.from({ length: many }, (_, at) => at);

async function uploadBytes(
  { uploads }: ContractClient,
  bytes: number,
  values: Record<string, string>,
): Promise<string> {
  const id = await uploads.begin(bytes, values);
  const body = new Uint8Array(someBytes(bytes));
  const answer = await uploads.patch(id, 0, body);
  // The official client looks at no status here, only at this header.
  expect(answer.headers.get("upload-offset")).toBe(String(bytes));
  return id;
}

describe.each([
  ["the listener", 0],
  ["the Next routes", 1],
])("usage patterns at %s", (_, at) => {
  const connect = (sources?: readonly string[]) =>
    createContractClient(mounts[at] ?? nowhere(), database, sources);

  test("1: a CSV shop sends 191 rows at once", async () => {
    const client = await connect(["product"]);
    const rows = count(191).map((row) =>
      sentEntity(`shirt_${row}`, {
        In_stock: row % 2 === 0 ? "True" : "False",
        Short_description: "first line\nsecond; line",
      }),
    );
    expect((await client.push("product", { Entities: rows })).status).toBe(202);
    const stored = await client.stored();
    expect(stored.size).toBe(191);
    expect(stored.get("shirt_1")?.get("In_stock:")).toBe("False");
  });

  test("2: a table is dumped whole, nulls and all", async () => {
    const client = await connect();
    const Entities = count(1_200).map((row) =>
      sentEntity(`${row}`, { Name: `n ${row}`, Ean: row % 3 ? null : "1" }),
    );
    expect((await client.push("products", { Entities })).status).toBe(202);
    const stored = await client.stored();
    expect(stored.size).toBe(1_200);
    expect(stored.get("1")?.has("Ean:")).toBe(false);
  });

  test("3: a queue trickles, one entity a call", async () => {
    const client = await connect(["stock"]);
    const pushed = await Promise.all(
      count(60).map((row) =>
        client.push("stock", {
          Entities: [sentEntity(`sku-${row}`, { Stock: `${row}` })],
        }),
      ),
    );
    expect(new Set(pushed.map(({ status }) => status))).toEqual(new Set([202]));
    expect((await client.stored()).size).toBe(60);
  });

  test("4: Akeneo sends products, uploads their assets, then links them", async () => {
    const client = await connect(["products", "media"]);
    for (const page of [0, 1]) {
      const Entities = count(100).map((row) =>
        sentEntity(
          `p${page}-${row}`,
          { name: "a|b", prices: '[{"amount":"1"}]' },
          { Language: "en_US" },
        ),
      );
      expect((await client.push("products", { Entities })).status).toBe(202);
    }
    const identifier = "variant_packshots_a.jpg";
    const missing = await client.find([identifier]);
    expect(missing.status).toBe(200);
    expect(Object.keys(missing.result.failures)).toEqual([identifier]);
    const id = await uploadBytes(client, 2_000, {
      Filename: "a.jpg",
      MimeType: "image/jpeg",
      Size: "2000",
      UniqueIdentifier: identifier,
    });
    const { result } = await client.file(id);
    expect(result.location.containerName).toBe(client.ctx.tenantId);
    const media = sentEntity(id, {
      fileId: id,
      uniqueId: identifier,
      fileName: result.metadata.filename,
      fileSize: `${result.metadata.size}`,
      url: result.publicUrl,
      thumbnail: `${result.publicUrl}?impolicy=small`,
    });
    await client.push("media", { Entities: [media] });
    const linked = sentEntity("p0-0", { media: id, thumbnail: "t" });
    await client.push("products", { Entities: [linked] });
    const product = (await client.stored("products")).get("p0-0");
    expect(product?.get("name:en_US")).toBe("a|b");
    expect(product?.get("media:")).toBe(id);
    expect((await client.stored("media")).get(id)?.get("fileSize:")).toBe(
      "2000",
    );
  });

  test("5: Inriver sends batches of 500 with one correlationId, clears by language, deletes", async () => {
    const client = await connect(["items", "resources"]);
    const query = "?correlationId=9d1c44c4-92a5-4a6f-b0a1-6f0f8a3f3a11";
    const ids = new Set<string | undefined>();
    for (const page of [0, 1]) {
      const Entities = count(500).map((row) => ({
        Key: `i${page}-${row}`,
        Delete: false,
        Properties: [
          { Id: "name", Value: "Chair", Language: "en" },
          { Id: "name", Value: "Stol", Language: "sv" },
          { Id: "status", Value: "live", Language: "" },
        ],
      }));
      const { status, id } = await client.push(`items${query}`, { Entities });
      expect(status).toBe(202);
      ids.add(id);
    }
    expect(ids.size).toBe(2);
    const cleared = sentEntity("i0-0", { name: null }, { Language: "sv" });
    const gone = sentEntity("i0-1", { alias: "x" }, { Delete: true });
    await client.push(`items${query}`, { Entities: [cleared, gone] });
    const stored = await client.stored("items");
    expect([...(stored.get("i0-0") ?? [])]).toEqual([
      ["name:en", "Chair"],
      ["status:", "live"],
    ]);
    expect(stored.size).toBe(999);

    const identifier = "5f639717-c581-4924-82e0-434b006fe149";
    await client.find([identifier]);
    const Link = "http://files.test/resource.png";
    const link = { Link, Filename: "r.png", UniqueIdentifier: identifier };
    expect((await client.links({ Links: [link] })).status).toBe(202);
    const found = (await client.find([identifier])).result.succeeded[
      identifier
    ];
    expect(found?.publicUrl).toContain(found?.id);
    const resource = { Url: found?.publicUrl ?? "", OriginalUrl: Link };
    const Entities = [sentEntity("res_1", resource)];
    await client.push("resources", { Entities });
    expect((await client.remove(found?.id ?? "")).status).toBe(204);
    const removed = sentEntity("res_1", {}, { Delete: true });
    await client.push("resources", { Entities: [removed] });
    expect((await client.stored("resources")).size).toBe(0);
    expect((await client.remove(found?.id ?? "")).status).toBe(404);
  });

  test("6: Norce has four providers, and sends the same links in every sync", async () => {
    const names = ["product", "media", "price", "stock"];
    const client = await connect(names);
    for (const name of names) {
      const own = await client.addProvider([name]);
      const Entities = count(50).map((row) =>
        sentEntity(`100${row}-12-SEK`, { value: "1" }),
      );
      expect((await client.push(name, { Entities }, own)).status).toBe(202);
      const other = names.find((one) => one !== name) ?? "";
      expect((await client.push(other, { Entities }, own)).status).toBe(403);
    }
    const Link = "http://files.test/n.jpg";
    const Links = [{ Link, Filename: "n.jpg", UniqueIdentifier: "n.jpg" }];
    const first = await client.links({ Links });
    const id = first.result.succeeded[Link]?.id;
    for (const sync of [1, 2]) {
      // Another body each time, so that it is no repeat of a request.
      const more = { ...Links[0], Link: `${Link}?sync=${sync}` };
      const again = await client.links({ Links: [more] });
      expect(again.status).toBe(202);
      expect(again.errors).toEqual([]);
      expect(Object.keys(again.result.failures)).toHaveLength(1);
      const found = await client.find(["n.jpg"]);
      expect(found.status).toBe(200);
      expect(found.result.succeeded["n.jpg"]?.id).toBe(id);
    }
  });

  test("7: BluestonePIM merges one language after the other, and deletes by key alone", async () => {
    const client = await connect();
    for (const language of ["en", "sv", "de-DE"]) {
      const Entities = count(50).map((row) =>
        sentEntity(`b${row}`, { name: language }, { Language: language }),
      );
      await client.push("products", { Entities });
    }
    await client.push("products", { Entities: [{ Key: "b1", Delete: true }] });
    const stored = await client.stored();
    expect(stored.size).toBe(49);
    expect([...(stored.get("b0")?.values() ?? [])].toSorted()).toEqual([
      "de-DE",
      "en",
      "sv",
    ]);
  });

  test("8: Shopify looks files up before it links them, with the token of another provider", async () => {
    const client = await connect(["product", "inventory", "media"]);
    const products = count(3).map((row) =>
      sentEntity(`gid_${row}`, { t: "x" }),
    );
    await client.push("product", { Entities: products });
    const inventory = count(250).map((row) =>
      sentEntity(`${row}_77`, { available: "3" }),
    );
    await client.push("inventory", { Entities: inventory });
    const mediaClient = await client.addProvider([]);
    const identifier = "url_photo.jpg";
    const before = await client.find([identifier], mediaClient);
    expect(before.result.succeeded).toEqual({});
    const Link = "http://files.test/photo.jpg?v=1";
    const link = { Link, Filename: "photo.jpg", UniqueIdentifier: identifier };
    await client.links({ Links: [link] }, mediaClient);
    const after = await client.find([identifier], mediaClient);
    expect(after.result.succeeded[identifier]?.metadata.mimeType).toBe(
      "image/jpeg",
    );
    expect((await client.push("media", { Entities: [] })).status).toBe(202);
    expect((await client.stored("inventory")).size).toBe(250);
  });

  test("9: Centra sends four imports a product with one token, empty ones and many nulls", async () => {
    const names = ["product", "variants", "stock", "price"];
    const client = await connect(names);
    const nulls = sentEntity("c1", { a: null, b: null, c: "1" });
    for (const name of names) {
      const Entities = name === "stock" ? [] : [nulls];
      expect((await client.push(name, { Entities })).status).toBe(202);
    }
    expect((await client.stored("stock")).size).toBe(0);
    expect([...((await client.stored("price")).get("c1") ?? [])]).toEqual([
      ["c:", "1"],
    ]);
  });

  test("10: raw JSON comes in camelCase, without delete or language, with typed values", async () => {
    const client = await connect();
    const login = await client.ask<{ accessToken: string }>(
      "POST",
      "/dataProviders/tokens",
      client.credentials,
    );
    expect(login.status).toBe(200);
    expect(typeof login.result.accessToken).toBe("string");
    const { status } = await client.push("products", {
      entities: [
        {
          key: "1",
          properties: [
            { id: "weight", value: 12.5 },
            { id: "isNew", value: true },
            { id: "name", value: "Grön stol" },
          ],
        },
      ],
    });
    expect(status).toBe(202);
    expect([...((await client.stored()).get("1") ?? [])].toSorted()).toEqual([
      ["isNew:", "true"],
      ["name:", "Grön stol"],
      ["weight:", "12.5"],
    ]);
  });

  test("11: the official client's own tests", async () => {
    const client = await connect();
    const wrong = { id: "test", secret: "test" };
    const login = await client.ask("POST", "/dataProviders/tokens", wrong);
    expect(login.status).toBe(401);
    const Entities = [sentEntity("1", { name: "x" })];
    expect((await client.push("unknown", { Entities })).status).toBe(403);

    const Links = ["a.jpg", "b.jpg"].map((name) => ({
      Link: `http://files.test/${name}`,
      Filename: name,
      UniqueIdentifier: name,
    }));
    expect((await client.links({ Links })).errors).toEqual([]);
    const found = await client.find(["a.jpg", "b.jpg"]);
    expect(Object.keys(found.result.succeeded)).toHaveLength(2);
    expect(found.result.failures).toEqual({});
    for (const { id } of Object.values(found.result.succeeded)) {
      expect((await client.remove(id)).text).toBe("");
    }
    const foo = await client.remove("foo");
    expect(foo.status).toBe(404);
    // Both generations of the client read the status from here.
    expect(foo.statusCode).toBe(404);

    const named = { Filename: "p.jpg", UniqueIdentifier: "peterFromStream" };
    const id = await uploadBytes(client, 5_000, named);
    expect((await client.file(id)).result.metadata.size).toBe(5_000);
    const again = await client.uploads.create(5_000, named);
    expect(again.status).toBe(409);
    expect(again.headers.get("upload-offset")).toBeNull();
    const kept = await client.find(["peterFromStream"]);
    expect(kept.result.succeeded["peterFromStream"]?.id).toBe(id);
  });

  test("12: quirk clients repeat an import, links, a create and a chunk, and lose nothing", async () => {
    const client = await connect();
    const Entities = [sentEntity("1", { name: "x" })];
    const ids = new Set<string | undefined>();
    for (let sent = 0; sent < 6; sent += 1)
      ids.add((await client.push("products", { Entities })).id);
    expect(ids.size).toBe(1);

    const Link = "http://files.test/q.jpg";
    const Links = [{ Link, Filename: "q.jpg", UniqueIdentifier: "q" }];
    const first = (await client.links({ Links })).result.succeeded[Link]?.id;
    for (let sent = 1; sent < 6; sent += 1) {
      const again = await client.links({ Links });
      expect(again.status).toBe(202);
      expect(again.errors).toEqual([]);
    }
    const found = await client.find(["q"]);
    expect(found.result.succeeded["q"]?.id).toBe(first);

    const named = { Filename: "r.bin", UniqueIdentifier: "r" };
    await client.uploads.begin(10, named);
    const id = await client.uploads.begin(10, named);
    const bytes = new Uint8Array(someBytes(10));
    const offsets: (string | null)[] = [];
    for (const [offset, from, to] of [
      [0, 0, 4],
      [0, 0, 4],
      [4, 4, 10],
      [4, 4, 10],
    ] as const) {
      const chunk = bytes.subarray(from, to);
      const answer = await client.uploads.patch(id, offset, chunk);
      expect(answer.status).toBe(204);
      offsets.push(answer.headers.get("upload-offset"));
    }
    expect(offsets).toEqual(["4", "4", "10", "10"]);
    expect((await client.file(id)).result.metadata.size).toBe(10);
  });
});

function nowhere(): never {
  throw new RangeError("There are two mounts.");
}
