import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { RECIPE_LIMITS, type Recipe } from "@/lib/domain/recipe";
import type { Context } from "@/lib/server/context";
import { deleteSource } from "@/lib/server/sources/service";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import {
  createSourceRow,
  createTenant,
  userContext,
} from "@/lib/testing/factories";

import {
  createRecipe,
  deleteRecipe,
  getRecipe,
  listRecipes,
  noteRecipeUse,
  renameRecipe,
  replaceRecipe,
} from "./service";

let testDb: TestDb;
beforeAll(async () => {
  testDb = await createTestDb();
});
afterAll(() => testDb.close());

async function setUp() {
  const tenantId = await createTenant(testDb.db);
  const ctx = userContext(testDb.db, tenantId, "editor");
  const source = await createSourceRow(testDb.db, tenantId);
  return { ctx, sourceId: source.id, source };
}

const recipe = (headers = ["sku"]): Recipe => ({
  version: 1,
  headers,
  tableOptions: {
    encoding: "utf-8",
    delimiter: ",",
    headerRow: 2,
    quotes: "standard",
  },
  mapping: {
    columns: headers.map((header) =>
      header === "sku"
        ? { as: "key", property: null }
        : { as: "property", id: header, language: "", emptyCell: "skip" },
    ),
    keySeparator: "-",
    repeatedKeys: "merge",
  },
});

describe("recipes", () => {
  test("are kept for their source and listed with what files are matched by", async () => {
    const { ctx, sourceId } = await setUp();
    const made = await createRecipe(ctx, sourceId, {
      name: " Prices ",
      recipe: recipe(["sku", "__proto__"]),
    });
    expect(await listRecipes(ctx, sourceId)).toMatchObject([
      {
        ...{ id: made.id, sourceId, name: "Prices", headerRow: 2 },
        ...{ headers: ["sku", "__proto__"], lastUsedAt: null },
      },
    ]);
    expect((await getRecipe(ctx, made.id)).recipe).toEqual(
      recipe(["sku", "__proto__"]),
    );
  });

  test("never say whom a mapping followed", async () => {
    const { ctx, sourceId } = await setUp();
    const given = recipe();
    given.mapping.recipe = { id: randomUUID() };
    const made = await createRecipe(ctx, sourceId, {
      name: "a",
      recipe: given,
    });
    expect(made.recipe.mapping.recipe).toBeUndefined();
    const again = await replaceRecipe(ctx, made.id, given);
    expect(again.recipe.mapping.recipe).toBeUndefined();
  });

  test("have a name that no other recipe of the source has, whatever its case", async () => {
    const { ctx, sourceId } = await setUp();
    const first = await createRecipe(ctx, sourceId, {
      ...{ name: "Prices", recipe: recipe() },
    });
    const second = await createRecipe(ctx, sourceId, {
      ...{ name: "Stock", recipe: recipe() },
    });
    const taken = {
      code: "conflict",
      fields: { name: expect.any(String) as string },
    };
    await expect(
      createRecipe(ctx, sourceId, { name: "PRICES", recipe: recipe() }),
    ).rejects.toMatchObject(taken);
    await expect(renameRecipe(ctx, second.id, "prices")).rejects.toMatchObject(
      taken,
    );
    expect((await renameRecipe(ctx, first.id, "PRICES")).name).toBe("PRICES");

    const other = await createSourceRow(testDb.db, ctx.tenantId);
    await createRecipe(ctx, other.id, { name: "Prices", recipe: recipe() });
  });

  test("are replaced and deleted, and belong to their tenant", async () => {
    const { ctx, sourceId } = await setUp();
    const { id } = await createRecipe(ctx, sourceId, {
      ...{ name: "a", recipe: recipe() },
    });
    const changed = await replaceRecipe(ctx, id, recipe(["sku", "name"]));
    expect(changed.headers).toEqual(["sku", "name"]);

    const stranger = await setUp();
    const missing = { code: "not_found" };
    await expect(getRecipe(stranger.ctx, id)).rejects.toMatchObject(missing);
    await expect(renameRecipe(stranger.ctx, id, "b")).rejects.toMatchObject(
      missing,
    );
    await expect(deleteRecipe(stranger.ctx, id)).rejects.toMatchObject(missing);
    expect(await listRecipes(stranger.ctx, sourceId)).toEqual([]);
    await expect(
      createRecipe(stranger.ctx, sourceId, { name: "x", recipe: recipe() }),
    ).rejects.toMatchObject(missing);

    await deleteRecipe(ctx, id);
    await expect(getRecipe(ctx, id)).rejects.toMatchObject(missing);
  });

  test("are read by viewers and changed by editors", async () => {
    const { ctx, sourceId } = await setUp();
    const { id } = await createRecipe(ctx, sourceId, {
      ...{ name: "a", recipe: recipe() },
    });
    const viewer: Context = userContext(testDb.db, ctx.tenantId, "viewer");
    expect(await listRecipes(viewer, sourceId)).toHaveLength(1);
    const refused = { code: "forbidden" };
    for (const change of [
      () => createRecipe(viewer, sourceId, { name: "b", recipe: recipe() }),
      () => renameRecipe(viewer, id, "b"),
      () => replaceRecipe(viewer, id, recipe()),
      () => deleteRecipe(viewer, id),
    ]) {
      await expect(change()).rejects.toMatchObject(refused);
    }
  });

  test("come in the order of their last use", async () => {
    const { ctx, sourceId } = await setUp();
    const first = await createRecipe(ctx, sourceId, {
      ...{ name: "a", recipe: recipe() },
    });
    await createRecipe(ctx, sourceId, { name: "b", recipe: recipe() });
    await noteRecipeUse(ctx, {
      ...{ id: randomUUID(), sourceId, use: { id: first.id } },
    });
    const listed = await listRecipes(ctx, sourceId);
    expect(listed.map(({ name }) => name)).toEqual(["a", "b"]);
    expect(listed[0]?.lastUsedAt).not.toBeNull();
  });

  test("are bounded in number and size", async () => {
    const { ctx, sourceId } = await setUp();
    await testDb.db.rows(
      `insert into recipes (tenant_id, id, source_id, name, recipe, author_name)
       select $1, gen_random_uuid(), $2, 'r' || n, $3::text::jsonb, 'x'
       from generate_series(1, $4) n`,
      [
        ...[ctx.tenantId, sourceId, JSON.stringify(recipe())],
        RECIPE_LIMITS.perSourceMax,
      ],
    );
    await expect(
      createRecipe(ctx, sourceId, { name: "one more", recipe: recipe() }),
    ).rejects.toMatchObject({ code: "conflict" });

    const { ctx: own, sourceId: room } = await setUp();
    const large = recipe(
      Array.from({ length: 1_000 }, () => "\u0001".repeat(300)),
    );
    large.mapping.columns = large.headers.map(() => ({ as: "ignore" }));
    await expect(
      createRecipe(own, room, { name: "large", recipe: large }),
    ).rejects.toMatchObject({ code: "invalid_input" });
  });

  test("go with their source", async () => {
    const { ctx, sourceId, source } = await setUp();
    const { id } = await createRecipe(ctx, sourceId, {
      ...{ name: "a", recipe: recipe() },
    });
    const admin = userContext(testDb.db, ctx.tenantId, "admin");
    await deleteSource(admin, sourceId, source.identifier);
    await expect(getRecipe(ctx, id)).rejects.toMatchObject({
      code: "not_found",
    });
  });
});
