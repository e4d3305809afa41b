import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Entity } from "@/lib/domain/entity";
import type { StoredValues } from "@/lib/domain/merge";
import type { Context } from "@/lib/server/context";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import {
  commandContext,
  createSourceRow,
  createTenant,
} from "@/lib/testing/factories";

import { ingestEntities } from "./service";

let testDb: TestDb;
let ctx: Context;
beforeAll(async () => {
  testDb = await createTestDb();
  ctx = commandContext(testDb.db, await createTenant(testDb.db));
});
afterAll(() => testDb.close());

const entity = (
  key: string,
  values: Record<string, string | null>,
): Entity => ({
  key,
  delete: false,
  properties: Object.entries(values).map(([name, value]) => {
    const [id = "", language = ""] = name.split(":");
    return { id, language: language || null, value };
  }),
});
const removal = (key: string): Entity => ({
  key,
  delete: true,
  properties: [],
});
const newSource = async () => (await createSourceRow(ctx.db, ctx.tenantId)).id;

type Row = {
  key: string;
  properties: StoredValues;
  changed_at: Record<string, number>;
  version: number;
};
const stored = (sourceId: string) =>
  ctx.db.rows<Row>(
    "select key, properties, changed_at, version from entries where tenant_id = $1 and source_id = $2 order by key",
    [ctx.tenantId, sourceId],
  );

/** Counts kept by imports against a full scan. */
async function expectExactCounts(sourceId: string): Promise<void> {
  const owner = [ctx.tenantId, sourceId];
  const kept = await ctx.db.rows<{ prop: string; entries: number }>(
    "select prop, entries from source_properties where tenant_id = $1 and source_id = $2 and entries <> 0 order by prop",
    owner,
  );
  const scanned = await ctx.db.rows<{ prop: string; entries: number }>(
    `select prop, count(*) as entries from (
       select k as prop from entries, jsonb_object_keys(properties) k where tenant_id = $1 and source_id = $2
       union all
       select id || ':*' from entries cross join lateral (
         select distinct split_part(k, ':', 1) as id from jsonb_object_keys(properties) k) ids
       where tenant_id = $1 and source_id = $2) names
     group by prop order by prop collate "C"`,
    owner,
  );
  expect(kept).toEqual(scanned);
  const [count] = await ctx.db.rows<{ kept: number; scanned: number }>(
    `select entries as kept, (select count(*) from entries where tenant_id = $1 and source_id = $2) as scanned
     from source_stats where tenant_id = $1 and source_id = $2`,
    owner,
  );
  expect(count?.kept).toBe(count?.scanned);
}

describe("ingestEntities", () => {
  test("merges, clears, deletes and counts", async () => {
    const source = await newSource();
    await ingestEntities(ctx, source, [
      entity("a", { "name:sv": "Stol", "name:en": "Chair", color: "red" }),
      entity("b", { "name:sv": "Bord" }),
      entity("c", { color: "" }),
    ]);
    const counts = await ingestEntities(ctx, source, [
      entity("a", { "name:sv": null, color: "red", size: "L" }),
      removal("b"),
      removal("unknown"),
      entity("c", { color: "" }),
    ]);
    expect(counts).toEqual({
      entities: 4,
      created: 0,
      updated: 1,
      unchanged: 1,
      deleted: 1,
    });
    expect(
      (await stored(source)).map((row) => [row.key, row.properties]),
    ).toEqual([
      ["a", { "name:en": "Chair", "color:": "red", "size:": "L" }],
      ["c", { "color:": "" }],
    ]);
    await expectExactCounts(source);
  });

  test("an unchanged entry keeps its version; a changed value gets its time, the others keep theirs", async () => {
    const source = await newSource();
    await ingestEntities(ctx, source, [entity("a", { x: "1", y: "1" })]);
    await ingestEntities(ctx, source, [entity("a", { x: "1", y: "1" })]);
    await ingestEntities(ctx, source, [entity("a", { y: "2" })]);
    const [row] = await stored(source);
    expect(row?.version).toBe(2);
    expect(Object.keys(row?.changed_at ?? {})).toEqual(["y:"]);
    await ingestEntities(ctx, source, [entity("a", { x: "3", y: "3" })]);
    expect(Object.keys((await stored(source))[0]?.changed_at ?? {})).toEqual([
      "*",
    ]);
  });

  test("names of object members round-trip as key, property id and language", async () => {
    const source = await newSource();
    const odd = ["__proto__", "constructor", "toString", "valueOf"];
    await ingestEntities(
      ctx,
      source,
      odd.map((name) => ({
        key: name,
        delete: false,
        properties: odd.map((id) => ({
          id,
          language: name.slice(0, 10),
          value: id,
        })),
      })),
    );
    const keys = (await stored(source)).map(({ key }) => key);
    expect(keys.sort()).toEqual([...odd].sort());
    await expectExactCounts(source);
  });

  test("every changed or removed key waits to be indexed for search, an unchanged one does not", async () => {
    const source = await newSource();
    await ingestEntities(ctx, source, [
      entity("a", { x: "1" }),
      entity("b", { x: "1" }),
    ]);
    await ingestEntities(ctx, source, [entity("a", { x: "1" }), removal("b")]);
    const jobs = await ctx.db.rows<{ keys: string[] }>(
      "select keys from search_jobs where tenant_id = $1 and source_id = $2 order by at",
      [ctx.tenantId, source],
    );
    expect(jobs.map(({ keys }) => keys)).toEqual([["a", "b"], ["b"]]);
  });

  test("another tenant's source does not exist", async () => {
    const source = await newSource();
    const other = commandContext(testDb.db, await createTenant(testDb.db));
    await expect(
      ingestEntities(other, source, [entity("a", { x: "1" })]),
    ).rejects.toMatchObject({ code: "not_found" });
    expect(await stored(source)).toEqual([]);
  });

  test("counts stay exact under concurrent random imports, and nothing deadlocks", async () => {
    const sources = [await newSource(), await newSource()];
    const pick = randomFrom(42);
    const importer = async () => {
      for (let batch = 0; batch < 12; batch += 1) {
        const keys = new Set(Array.from({ length: 20 }, () => `k${pick(40)}`));
        const entities = [...keys].map((key) =>
          pick(6) === 0
            ? removal(key)
            : entity(
                key,
                Object.fromEntries(
                  Array.from({ length: 5 }, () => [
                    `p${pick(4)}:${["", "sv", "en"][pick(3)] ?? ""}`,
                    pick(5) === 0 ? null : `v${pick(3)}`,
                  ]),
                ),
              ),
        );
        await ingestEntities(ctx, sources[pick(2)] ?? "", entities);
      }
    };
    await Promise.all(Array.from({ length: 6 }, importer));
    for (const source of sources) await expectExactCounts(source);
  });
});

/** Small seeded generator, so that a failure can be repeated. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
    return Math.floor((state / 0x7fffffff) * below) % below;
  };
}

test("a source takes 20,000 properties, and refuses the import that brings more", async () => {
  const sourceId = await newSource();
  await ctx.db.rows(
    `insert into source_properties (tenant_id, source_id, prop, entries)
     select $1, $2, 'p' || n || ':', 1 from generate_series(1, 19999) n`,
    [ctx.tenantId, sourceId],
  );
  await ingestEntities(ctx, sourceId, [entity("a", { last: "1" })]);
  await ingestEntities(ctx, sourceId, [entity("b", { last: "2" })]);
  await expect(
    ingestEntities(ctx, sourceId, [entity("c", { more: "1" })]),
  ).rejects.toMatchObject({
    code: "invalid_input",
    message: expect.stringMatching(/more than 20000 properties/) as string,
  });
  expect((await stored(sourceId)).map(({ key }) => key)).toEqual(["a", "b"]);
});
