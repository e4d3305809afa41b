import "server-only";

import { z } from "zod";

import { isEntryKey } from "@/lib/domain/identifiers";
import {
  STORED_VALUES_LIMITS,
  type StoredValuesPage,
} from "@/lib/domain/stored-values";
import { cutExcerpt, EXCERPT_CHARS_MAX } from "@/lib/domain/text-excerpt";
import { requireRole, type Context } from "@/lib/server/context";

/**
 * What is stored of some entries, for showing: texts are cut, and of an entry
 * with very many values the first are given. Keys that are no entries are
 * passed over, an unknown source has none. Role: viewer.
 */
export async function readStoredValues(
  ctx: Context,
  sourceId: string,
  keys: readonly string[],
): Promise<StoredValuesPage> {
  requireRole(ctx, "viewer");
  const wanted = keys.filter(isEntryKey);
  if (wanted.length === 0 || !z.uuid().safeParse(sourceId).success)
    return { entries: [] };
  // One character more than is shown tells whether there is more.
  const rows = await ctx.db.rows<{ key: string; values: [string, string][] }>(
    `select e.key, coalesce(v.list, '[]') as values
     from entries e cross join lateral (
       select json_agg(json_build_array(name, text) order by name) as list from (
         select name, left(text, $4) as text
         from jsonb_each_text(e.properties) as p(name, text)
         order by name limit $5) few) v
     where e.tenant_id = $1 and e.source_id = $2 and e.key = any($3::text[])`,
    [
      ctx.tenantId,
      sourceId,
      wanted,
      EXCERPT_CHARS_MAX + 1,
      STORED_VALUES_LIMITS.valuesMax,
    ],
  );
  return {
    entries: rows.map(({ key, values }) => ({
      key,
      values: values.map(([name, text]) => [name, cutExcerpt(text)]),
    })),
  };
}
