import { afterAll, beforeAll, expect, test } from "vitest";

import type { Context } from "@/lib/server/context";
import type { Db } from "@/lib/server/db/client";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import { createWireProvider } from "@/lib/testing/wire-provider";

import { selectFilePage } from "./search-store";

const FILES = 5_000;

let database: TestDb;
let ctx: Context;

beforeAll(async () => {
  database = await createTestDb();
  ({ ctx } = await createWireProvider(database));
  await database.db.rows(
    `insert into media_files (tenant_id, id, unique_identifier, filename,
       origin, state, extension, actor_id, actor_name, created_at)
     select $1::uuid, gen_random_uuid(), 'uid_' || n, n || '%.jpg', 'link',
       'completed', 'jpg', 'a', 'a',
       date_trunc('milliseconds', now() - n / 2 * interval '1 second')
     from generate_series(1, $2::int) n`,
    [ctx.tenantId, FILES],
  );
  await database.db.rows("analyze media_files");
});
afterAll(() => database.close());

test("a page reads its own files and not those before it", async () => {
  const pageAfter = (at: Context, after?: { createdAt: string; id: string }) =>
    selectFilePage(at, {}, after, 500);
  let last: { createdAt: string; id: string } | undefined;
  const seen = new Set<string>();
  for (;;) {
    const rows = await pageAfter(ctx, last);
    for (const { id } of rows) seen.add(id);
    const end = rows.at(-1);
    if (!end) break;
    last = { createdAt: end.created_at.toISOString(), id: end.id };
    if (seen.size !== FILES / 2) continue;

    const plan = JSON.stringify(await pageAfter(explaining(ctx), last));
    const removed = /"Rows Removed by Filter": ?(\d+)/.exec(plan)?.[1] ?? "0";
    expect(plan).toContain("media_files_created");
    expect(Number(removed)).toBeLessThan(10);
  }
  expect(seen.size).toBe(FILES);
});

test("signs that patterns are made of stand for themselves", async () => {
  const find = (text: string) => selectFilePage(ctx, { text }, undefined, 10);
  expect(await find("77%.JPG")).not.toEqual([]);
  expect(await find("7_.jpg")).toEqual([]);
  expect(await find("uid_77\\")).toEqual([]);
  expect((await find("uid_4999")).map((row) => row.filename)).toEqual([
    "4999%.jpg",
  ]);
});

/** Gives the plans of statements in the place of their rows. */
function explaining(of: Context): Context {
  const rows: Db["rows"] = (text, params) =>
    of.db.rows(`explain (analyze, timing off, format json) ${text}`, params);
  return { ...of, db: { ...of.db, rows } };
}
