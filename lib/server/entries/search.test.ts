import { readFileSync } from "node:fs";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { EntryPage, EntryQueryInput } from "@/lib/domain/entry";
import type { EntityProperty } from "@/lib/domain/entity";
import type { Context } from "@/lib/server/context";
import {
  commandContext,
  createSourceRow,
  createTenant,
  providerContext,
  userContext,
} from "@/lib/testing/factories";
import { createTestDb, type TestDb } from "@/lib/testing/db";

import { createWordIndexer, indexNextBatch } from "./index-words";
import {
  deleteEntry,
  getEntry,
  ingestEntities,
  searchEntries,
} from "./service";

let database: TestDb;
beforeAll(async () => {
  database = await createTestDb();
});
afterAll(() => database.close());

async function createSource(ctx?: Context) {
  const { db } = database;
  const own = ctx ?? commandContext(db, await createTenant(db));
  const { id } = await createSourceRow(db, own.tenantId);
  const put = (values: Record<string, Record<string, string | null>>) =>
    ingestEntities(
      own,
      id,
      Object.entries(values).map(([key, properties]) => ({
        key,
        delete: false,
        properties: Object.entries(properties).map(([name, value]) =>
          property(name, value),
        ),
      })),
    );
  const search = (query: EntryQueryInput = {}) => searchEntries(own, id, query);
  const keys = async (query: EntryQueryInput = {}) =>
    (await search(query)).rows.map(({ key }) => key);
  return { ctx: own, id, put, search, keys };
}

function property(name: string, value: string | null): EntityProperty {
  const [id = "", language] = name.split(":");
  return { id, value, language: language || null };
}

async function indexAll() {
  while ((await indexNextBatch(database.db)) > 0);
}

async function allPages(
  search: (query: EntryQueryInput) => Promise<EntryPage>,
  query: EntryQueryInput,
) {
  const keys: string[] = [];
  let cursor: string | null = null;
  do {
    const page: EntryPage = await search({ ...query, cursor });
    keys.push(...page.rows.map(({ key }) => key));
    cursor = page.next;
  } while (cursor !== null);
  return keys;
}

const many = (count: number, values: (at: number) => Record<string, string>) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, at) => [
      `K-${String(at).padStart(5, "0")}`,
      values(at),
    ]),
  );

describe("searching", () => {
  test("finds values and keys before and after the words are indexed", async () => {
    const { put, keys } = await createSource();
    await put({
      "SKU-1001": { "name:sv": "Grön stol", "ean:": "0073" },
      "SKU-1002": { "name:sv": "Blå stol" },
    });
    for (const isIndexed of [false, true]) {
      if (isIndexed) await indexAll();
      expect(await keys({ text: "stol" })).toEqual(["SKU-1001", "SKU-1002"]);
      expect(await keys({ text: "STO gron" })).toEqual(["SKU-1001"]);
      expect(await keys({ text: "0073" })).toEqual(["SKU-1001"]);
      expect(await keys({ text: "SKU-10" })).toEqual(["SKU-1001", "SKU-1002"]);
      expect(await keys({ text: "sku 1002" })).toEqual(["SKU-1002"]);
      expect(await keys({ text: "1002" })).toEqual(["SKU-1002"]);
      expect(await keys({ text: "tol" })).toEqual([]);
    }
  });

  test("sees a change and a deletion at once", async () => {
    const { ctx, id, put, keys } = await createSource();
    await put({ a: { "name:": "red" }, b: { "name:": "red" } });
    await indexAll();
    await put({ a: { "name:": "green" } });
    await deleteEntry(ctx, id, "b");
    expect(await keys({ text: "red" })).toEqual([]);
    expect(await keys({ text: "green" })).toEqual(["a"]);
    await indexAll();
    expect(await keys({ text: "red" })).toEqual([]);
    expect(await keys({ text: "green" })).toEqual(["a"]);
    const [left] = await ctx.db.rows<{ words: number }>(
      `select count(*) as words from entry_search
       where tenant_id = $1 and source_id = $2`,
      [ctx.tenantId, id],
    );
    expect(left?.words).toBe(1);
  });

  test("keys that begin with the text come first", async () => {
    const { put, search } = await createSource();
    await put({
      "A-1": { "see:": "Z-9" },
      "Z-9": { "name:": "x" },
      "Z-90": { "name:": "y" },
    });
    await indexAll();
    const first = await search({ text: "Z-9", rowsMax: 2 });
    expect(first.rows.map(({ key }) => key)).toEqual(["Z-9", "Z-90"]);
    const second = await search({
      text: "Z-9",
      rowsMax: 2,
      cursor: first.next,
    });
    expect(second.rows.map(({ key }) => key)).toEqual(["A-1"]);
    expect(second.next).toBeNull();
    const back = await search({
      text: "Z-9",
      rowsMax: 2,
      cursor: second.previous,
    });
    expect(back.rows).toEqual(first.rows);
  });

  test("two tenants and two sources with the same keys see their own", async () => {
    const one = await createSource();
    const two = await createSource(one.ctx);
    const other = await createSource();
    await one.put({ k: { "name:": "alpha" } });
    await two.put({ k: { "name:": "beta" } });
    await other.put({ k: { "name:": "gamma" } });
    await indexAll();
    expect(await one.keys({ text: "beta" })).toEqual([]);
    expect(await two.keys({ text: "beta" })).toEqual(["k"]);
    expect(await two.keys({ text: "gamma" })).toEqual([]);
    await expect(searchEntries(other.ctx, one.id, {})).rejects.toMatchObject({
      code: "not_found",
    });
    await expect(getEntry(other.ctx, one.id, "k")).rejects.toMatchObject({
      code: "not_found",
    });
    await expect(deleteEntry(other.ctx, one.id, "k")).rejects.toMatchObject({
      code: "not_found",
    });
  });

  test("rare words in a large source come from the index, in key order and pages", async () => {
    const { put, search } = await createSource();
    for (const part of [0, 1, 2]) {
      await put(
        Object.fromEntries(
          Object.entries(
            many(3_000, (at) => ({
              "name:": at % 100 === 99 ? "common odd" : "common",
            })),
          ).filter((_, at) => at % 3 === part),
        ),
      );
    }
    await indexAll();
    const found = await allPages(search, { text: "odd", rowsMax: 7 });
    expect(found).toHaveLength(30);
    expect(found).toEqual(found.toSorted());
    expect((await search({ text: "odd", rowsMax: 7 })).count).toEqual({
      value: 30,
      isExact: true,
    });
    const common = await allPages(search, { text: "comm", rowsMax: 100 });
    expect(common).toHaveLength(3_000);
    const both = await allPages(search, { text: "odd common", rowsMax: 7 });
    expect(both).toEqual(found);
  });

  test("pages go back the way they came", async () => {
    const { put, search } = await createSource();
    await put(many(25, () => ({ "a:": "x" })));
    const first = await search({ rowsMax: 10 });
    const second = await search({ rowsMax: 10, cursor: first.next });
    const third = await search({ rowsMax: 10, cursor: second.next });
    expect(third.rows).toHaveLength(5);
    expect(third.next).toBeNull();
    const back = await search({ rowsMax: 10, cursor: third.previous });
    expect(back.rows).toEqual(second.rows);
    const start = await search({ rowsMax: 10, cursor: back.previous });
    expect(start.rows).toEqual(first.rows);
    expect(start.previous).toBeNull();
  });

  test("pages neither skip nor repeat what stays while others come and go", async () => {
    const { ctx, id, put, search } = await createSource();
    await put(many(300, () => ({ "a:": "steady" })));
    await indexAll();
    for (const text of ["", "steady"]) {
      const seen: string[] = [];
      let cursor: string | null = null;
      let round = 0;
      do {
        const page: EntryPage = await search({ text, cursor, rowsMax: 40 });
        seen.push(...page.rows.map(({ key }) => key));
        cursor = page.next;
        round += 1;
        await put({
          [`A-${round}`]: { "a:": "steady" },
          [`K-00000-${round}`]: { "a:": "steady" },
        });
        await deleteEntry(ctx, id, `A-${round}`);
      } while (cursor !== null);
      const steady = seen.filter((key) => key.length === 7);
      expect(new Set(seen).size).toBe(seen.length);
      expect(steady).toHaveLength(300);
    }
  });

  test("says how many changed entries are not searched yet", async () => {
    const { put, search } = await createSource();
    await put(many(1_000, () => ({ "a:": "word" })));
    const page = await search({ text: "word" });
    expect(page.notSearchedYet).toBe(1_000);
    expect((await search({ text: "K-00007" })).rows).toHaveLength(1);
    expect((await search()).notSearchedYet).toBe(0);
    await indexAll();
    expect((await search({ text: "word" })).notSearchedYet).toBe(0);
  });

  test("finds naughty strings, keys such as __proto__, and a value of 900 KB", async () => {
    const { ctx, id, put, keys, search } = await createSource();
    const file = "../shared/data/hostile/naughty-strings.json";
    const strings = (JSON.parse(readFileSync(file, "utf8")) as string[]).filter(
      (text) => text.trim() !== "" && !text.includes("\0"),
    );
    await put(
      Object.fromEntries(strings.map((text, at) => [`n${at}`, { "v:": text }])),
    );
    await put({
      ["__proto__"]: { "constructor:": "toString" },
      huge: { "v:": `${"x".repeat(899_000)} needle` },
      many: {
        "v:": Array.from({ length: 90_000 }, (_, at) => `w${at}`).join(" "),
      },
    });
    await indexAll();
    expect(await keys({ text: "__proto__" })).toEqual(["__proto__"]);
    expect(await keys({ property: "constructor" })).toEqual(["__proto__"]);
    expect(await keys({ text: "needle" })).toEqual(["huge"]);
    expect(await keys({ text: "w17" })).toEqual(["many"]);
    for (const [at, text] of strings.entries()) {
      if (text.length > 500) continue;
      const found = await allPages(search, { text, rowsMax: 100 });
      expect(found, JSON.stringify(text)).toContain(`n${at}`);
    }
    const { values } = await getEntry(ctx, id, "huge");
    expect(values[0]?.value).toHaveLength(899_007);
  }, 60_000);
});

describe("filters", () => {
  test("property and language, present or missing, with exact counts", async () => {
    const { put, keys, search } = await createSource();
    await put({
      a: { "name:sv": "x", "name:": "x" },
      b: { "name:en": "x" },
      c: { "ean:": "1" },
      d: {},
    });
    const cases: [EntryQueryInput, string[]][] = [
      [{ property: "name" }, ["a", "b"]],
      [{ property: "name", presence: "missing" }, ["c", "d"]],
      [{ property: "name", language: "sv" }, ["a"]],
      [
        { property: "name", language: "sv", presence: "missing" },
        ["b", "c", "d"],
      ],
      [{ property: "name", language: "" }, ["a"]],
      [{ language: "en" }, ["b"]],
      [{ language: "en", presence: "missing" }, ["a", "c", "d"]],
      [{ language: "" }, ["a", "c"]],
      [{ property: "nothing" }, []],
      [{ property: "nothing", presence: "missing" }, ["a", "b", "c", "d"]],
      [{ property: "ean", text: "1" }, ["c"]],
      [{ property: "name", presence: "missing", text: "1" }, ["c"]],
      [{ property: "name", text: "1" }, []],
    ];
    for (const isIndexed of [false, true]) {
      if (isIndexed) await indexAll();
      for (const [query, found] of cases) {
        expect(await keys(query), JSON.stringify(query)).toEqual(found);
        expect((await search(query)).count).toEqual({
          value: found.length,
          isExact: true,
        });
      }
    }
    await put({ a: { "name:sv": null } });
    expect(await keys({ property: "name", language: "sv" })).toEqual([]);
  });

  test("a property that few of many entries have, and one that few lack", async () => {
    const { put, search } = await createSource();
    await put(
      many(5_000, (at) => ({
        ...(at % 1_000 === 998 && { "rare:": "x" }),
        ...(at % 1_000 !== 997 && { "usual:": "x" }),
      })),
    );
    await indexAll();
    expect(await allPages(search, { property: "rare" })).toHaveLength(5);
    const lacking = { property: "usual", presence: "missing" } as const;
    expect(await allPages(search, lacking)).toHaveLength(5);
    expect((await search(lacking)).count).toEqual({ value: 5, isExact: true });
  });
});

describe("one entry", () => {
  test("has its values by property and language with when each last changed", async () => {
    const { ctx, id, put } = await createSource();
    await put({ k: { "b:": "1", "a:sv": "2", "a:": "3" } });
    const before = await getEntry(ctx, id, "k");
    await put({ k: { "a:sv": "changed", "b:": "1" } });
    const after = await getEntry(ctx, id, "k");
    expect(
      after.values.map(({ id, language, value }) => [id, language, value]),
    ).toEqual([
      ["a", null, "3"],
      ["a", "sv", "changed"],
      ["b", null, "1"],
    ]);
    const [plain, swedish, same] = after.values;
    expect(plain?.changedAt).toBe(before.createdAt);
    expect(same?.changedAt).toBe(before.createdAt);
    expect(Date.parse(swedish?.changedAt ?? "")).toBeGreaterThanOrEqual(
      Date.parse(before.createdAt),
    );
    expect(after.version).toBe(2);
  });

  test("is deleted with a trace, once", async () => {
    const { ctx, id, put } = await createSource();
    await put({ k: { "a:": "1" } });
    await deleteEntry(ctx, id, "k");
    await expect(getEntry(ctx, id, "k")).rejects.toMatchObject({
      code: "not_found",
    });
    await expect(deleteEntry(ctx, id, "k")).rejects.toMatchObject({
      code: "not_found",
    });
    const audit = await ctx.db.rows(
      "select details from audit_log where tenant_id = $1 and action = 'entry.deleted'",
      [ctx.tenantId],
    );
    expect(audit).toEqual([{ details: { key: "k" } }]);
  });
});

describe("who may, and what is odd", () => {
  test("a viewer reads and does not delete; a provider does neither", async () => {
    const { ctx, id, put } = await createSource();
    await put({ k: { "a:": "1" } });
    const viewer = userContext(ctx.db, ctx.tenantId, "viewer");
    const provider = providerContext(ctx.db, ctx.tenantId, {
      id: "p",
      sourceIds: [id],
    });
    expect((await searchEntries(viewer, id, {})).rows).toHaveLength(1);
    const refused = { code: "forbidden" };
    await expect(deleteEntry(viewer, id, "k")).rejects.toMatchObject(refused);
    await expect(searchEntries(provider, id, {})).rejects.toMatchObject(
      refused,
    );
    await expect(getEntry(provider, id, "k")).rejects.toMatchObject(refused);
  });

  test("odd queries are refused with the field's name, never a failure of the database", async () => {
    const { ctx, id } = await createSource();
    const odd: EntryQueryInput[] = [
      { text: "a\0b" },
      { text: "\ud800" },
      { text: "x".repeat(501) },
      { text: Array.from({ length: 101 }, (_, at) => `w${at}`).join(" ") },
      { property: "no spaces" },
      { property: "x".repeat(257) },
      { language: "x" },
      { cursor: "aw:..%" },
      { cursor: "nonsense" },
      { rowsMax: 0 },
      { rowsMax: 1e9 },
      { columns: ["a'; drop table entries"] },
      { columns: Array.from({ length: 9 }, () => "a:") },
    ];
    for (const query of odd) {
      await expect(
        searchEntries(ctx, id, query),
        JSON.stringify(query),
      ).rejects.toMatchObject({ code: "invalid_input" });
    }
    const fine: EntryQueryInput[] = [
      { text: "' \" \\ : * & | ! ( ) <-> %" },
      { text: "'':*" },
      { text: "\\" },
      { text: "\u0300" },
      { text: "x".repeat(500) },
      { cursor: "bw:" },
      { cursor: "as:zzz" },
      { columns: ["__proto__:", "constructor:"] },
    ];
    for (const query of fine) await searchEntries(ctx, id, query);
    for (const source of ["x", "00000000-0000-4000-8000-000000000000"]) {
      await expect(searchEntries(ctx, source, {})).rejects.toMatchObject({
        code: "not_found",
      });
    }
  });
});

describe("the word indexer", () => {
  test("lets imports go first, and ends idle", async () => {
    const { put, search } = await createSource();
    const indexer = createWordIndexer();
    const { signal } = new AbortController();
    await put({ a: { "name:": "first" } });
    // The first batch is due; after it a growing queue waits.
    while ((await indexer(database.db, signal)) === "busy");
    await put({ b: { "name:": "second" } });
    expect(await indexer(database.db, signal)).toBe("idle");
    expect((await search({ text: "second" })).rows).toHaveLength(1);
  });

  test("works through a payload larger than a batch, and two workers at once", async () => {
    const { put, search } = await createSource();
    await put(many(2_600, (at) => ({ "name:": `n${at}` })));
    await Promise.all([indexAll(), indexAll(), indexAll()]);
    const page = await search({ text: "n2599" });
    expect(page.rows).toHaveLength(1);
    expect(page.notSearchedYet).toBe(0);
  });
});
