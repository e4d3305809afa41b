import type { Context } from "@/lib/server/context";
import { createProvider } from "@/lib/server/providers/service";
import { createSource } from "@/lib/server/sources/service";

import type { TestDb } from "./db";
import { commandContext, createTenant } from "./factories";

export type WireProvider = {
  ctx: Context;
  source: { id: string; identifier: string };
  id: string;
  secret: string;
};

let made = 0;

/** A tenant with one source and one provider that may import into it. */
export async function createWireProvider({
  db,
}: TestDb): Promise<WireProvider> {
  const ctx = commandContext(db, await createTenant(db));
  const source = await createSource(ctx, {
    identifier: `products-${(made += 1)}`,
    name: "Products",
    originSystem: "",
    description: "",
  });
  const { provider, secret } = await createProvider(ctx, {
    name: "erp",
    sourceIds: [source.id],
  });
  return { ctx, source, id: provider.id, secret };
}

/** Every stored value of a source: key, then `id:language`, then text. */
export async function storedValues({
  ctx,
  source,
}: Pick<WireProvider, "ctx" | "source">): Promise<
  Map<string, Map<string, string>>
> {
  const rows = await ctx.db.rows<{ key: string; name: string; value: string }>(
    `select e.key, v.key as name, v.value from entries e
     cross join lateral jsonb_each_text(e.properties) v
     where e.tenant_id = $1 and e.source_id = $2`,
    [ctx.tenantId, source.id],
  );
  const stored = new Map<string, Map<string, string>>();
  for (const { key, name, value } of rows) {
    const values = stored.get(key) ?? new Map<string, string>();
    stored.set(key, values.set(name, value));
  }
  return stored;
}
