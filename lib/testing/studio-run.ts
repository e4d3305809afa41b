import type { Entity } from "@/lib/domain/entity";
import { splitValueName, valueName } from "@/lib/domain/identifiers";
import type { ImportRun, RunInput } from "@/lib/domain/import-run";
import type { StoredValues } from "@/lib/domain/merge";
import {
  SKIP,
  type BatchColumn,
  type TableBatch,
} from "@/lib/domain/table-batch";
import type { Context } from "@/lib/server/context";
import {
  continueUndo,
  startRun,
  submitBatch,
} from "@/lib/server/imports/service";

export const TAB = "11111111-1111-4111-8111-111111111111";
export const OTHER_TAB = "22222222-2222-4222-8222-222222222222";

/** What a browser says of a file of so many batches; keys may be in two of them. */
export function studioRunInput(sourceId: string, batches: number): RunInput {
  return {
    sourceId,
    file: { name: "products.csv", bytes: 1_000, hash: "abc" },
    tableOptions: {
      ...{ encoding: "utf-8", delimiter: "," },
      ...{ headerRow: 1, quotes: "standard" },
    },
    headers: ["sku", "name"],
    mapping: {
      columns: [
        { as: "key", property: null },
        { as: "property", id: "name", language: "", emptyCell: "skip" },
      ],
      ...{ keySeparator: "-", repeatedKeys: "merge" },
    },
    check: {
      ...{ rowsRead: batches, rowsRejected: 0, rowsBlank: 0, rowsMerged: 0 },
      ...{ entities: batches, deletes: 0, batches },
      ...{ issues: [], needsOrder: true },
    },
    tabId: TAB,
  };
}

/** An entity that sets and, with null, clears values by `id:language`. */
export function setting(
  key: string,
  values: Record<string, string | null>,
): Entity {
  return {
    key,
    delete: false,
    properties: Object.entries(values).map(([name, value]) => ({
      ...splitValueName(name),
      value,
    })),
  };
}

export function deleting(key: string): Entity {
  return { key, delete: true, properties: [] };
}

/** The body of one batch of a run, as the browser sends it. */
export function batchBytes(entities: readonly Entity[]): Uint8Array {
  const columns: BatchColumn[] = [];
  const places = new Map<string, number>();
  for (const { properties } of entities) {
    for (const { id, language } of properties) {
      const name = valueName(id, language);
      if (places.has(name)) continue;
      places.set(name, columns.push([id, language ?? ""]) - 1);
    }
  }
  const rows = entities.map((entity): TableBatch["rows"][number] => {
    if (entity.delete) return [entity.key, 1];
    const cells = columns.map((): string | null | typeof SKIP => SKIP);
    for (const { id, language, value } of entity.properties) {
      cells[places.get(valueName(id, language)) ?? 0] = value;
    }
    return [entity.key, 0, ...cells];
  });
  const batch: TableBatch = { firstRow: 2, lastRow: 2, columns, rows };
  return new TextEncoder().encode(JSON.stringify(batch));
}

/** Imports batches as the Studio does. `between` is awaited after each. */
export async function runBatches(
  ctx: Context,
  sourceId: string,
  batches: readonly (readonly Entity[])[],
  between: (batch: number) => Promise<void> = () => Promise.resolve(),
): Promise<ImportRun["id"]> {
  const { id } = await startRun(ctx, studioRunInput(sourceId, batches.length));
  for (const [index, entities] of batches.entries()) {
    const bytes = batchBytes(entities);
    await submitBatch(ctx, {
      ...{ runId: id, sequence: index + 1, bytes, tabId: TAB },
    });
    await between(index);
  }
  return id;
}

/** Goes on with an undo until it is finished. */
export async function finishUndo(
  ctx: Context,
  runId: string,
): Promise<ImportRun> {
  for (;;) {
    const run = await continueUndo(ctx, runId, TAB);
    if (run.status !== "running") return run;
  }
}

/** The values of all entries of a source, by key. */
export async function storedEntries(
  ctx: Context,
  sourceId: string,
): Promise<Map<string, StoredValues>> {
  const rows = await ctx.db.rows<{ key: string; properties: StoredValues }>(
    `select key, properties from entries
     where tenant_id = $1 and source_id = $2 order by key`,
    [ctx.tenantId, sourceId],
  );
  return new Map(rows.map(({ key, properties }) => [key, properties]));
}

/** How many entries have each value, as the source counts it; without those that none has. */
export async function countedProperties(
  ctx: Context,
  sourceId: string,
): Promise<Map<string, number>> {
  const rows = await ctx.db.rows<{ prop: string; entries: number }>(
    `select prop, entries from source_properties
     where tenant_id = $1 and source_id = $2 and entries <> 0 order by prop`,
    [ctx.tenantId, sourceId],
  );
  return new Map(rows.map(({ prop, entries }) => [prop, entries]));
}

/** The same, counted anew from the entries. */
export function countProperties(
  entries: ReadonlyMap<string, StoredValues>,
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const values of entries.values()) {
    const names = Object.keys(values);
    const totals = names.map((name) => `${splitValueName(name).id}:*`);
    for (const prop of new Set([...names, ...totals])) {
      counts.set(prop, (counts.get(prop) ?? 0) + 1);
    }
  }
  return new Map([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
