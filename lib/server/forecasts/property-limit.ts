import "server-only";

import type { Entity } from "@/lib/domain/entity";
import { AppError } from "@/lib/domain/errors";
import { ACCEPT_LIMITS } from "@/lib/domain/limits";
import { createMerge, type StoredValues } from "@/lib/domain/merge";
import type { Context } from "@/lib/server/context";
import { readNames } from "@/lib/server/entries/service";
import { applyIsolating } from "@/lib/server/isolate-offenders";

import { selectKept, writeKept } from "./store";

/** No key of an entry has such a character. */
const NAMES_KEY = "*names";

/** By how much batches so far change in how many entries each name has a value. */
type Deltas = [name: string, delta: number][];
type KeptNames = {
  last: { sequence: number; deltas: Deltas };
  previous: Deltas;
};

/**
 * Which entities of a batch the import would set aside because the source would
 * have too many properties: found in the same way, with the same halving, over
 * counts instead of entries. Keeps what the batch changes of these counts, so
 * that the batches of a file must be asked one after another. Reads all names
 * of the source, so it is for sources near their limit.
 */
export async function foreseeTooManyProperties(
  ctx: Context,
  place: { sourceId: string; forecastId: string },
  batch: {
    sequence: number;
    entities: readonly Entity[];
    /** Positions that are not tried. */
    refused: ReadonlySet<number>;
    /** The entries as the batch finds them. */
    before: ReadonlyMap<string, StoredValues>;
  },
): Promise<Set<number>> {
  const { sequence, entities, refused } = batch;
  const [stored, found] = await Promise.all([
    readNames(ctx, place.sourceId),
    selectKept(ctx, place, [NAMES_KEY]),
  ]);
  const kept = found.get(NAMES_KEY) as KeptNames | undefined;
  const isAgain = kept?.last.sequence === sequence;
  const earlier = (isAgain ? kept?.previous : kept?.last.deltas) ?? [];

  const names = createNameCounts(stored, earlier);
  const values = new Map(batch.before);
  const places = [...entities.keys()].filter((at) => !refused.has(at));
  const isolated = await applyIsolating(places, (part) => {
    const some = part.flatMap((at) => entities[at] ?? []);
    const merge = createMerge(values);
    merge.apply(some);
    names.add(merge.result().seen);
    for (const { key } of some) {
      const after = merge.valuesOf(key);
      if (after) values.set(key, after);
      else values.delete(key);
    }
    return Promise.resolve();
  });
  const last = { sequence, deltas: names.deltas() };
  const state: KeptNames = { last, previous: earlier };
  await writeKept(ctx, place, new Map([[NAMES_KEY, state]]));
  return new Set(
    isolated.refused.flatMap(({ at, count }) => places.slice(at, at + count)),
  );
}

/** Counts of a source's names, as its table of properties would have them. */
function createNameCounts(
  stored: ReadonlyMap<string, number>,
  earlier: Deltas,
) {
  const deltas = new Map(earlier);
  const countOf = (name: string) =>
    (stored.get(name) ?? 0) + (deltas.get(name) ?? 0);
  // As `COUNT_NAMES`: what sums up the languages of an id is no name.
  const isUsed = (name: string, count: number) =>
    count > 0 && !name.endsWith(":*");
  let used = 0;
  for (const name of new Set([...stored.keys(), ...deltas.keys()])) {
    if (isUsed(name, countOf(name))) used += 1;
  }
  return {
    deltas: (): Deltas => [...deltas],
    /** @throws {AppError} when there are too many then; nothing is added. */
    add(seen: ReadonlyMap<string, { delta: number }>): void {
      let after = used;
      let hasNew = false;
      for (const [name, { delta }] of seen) {
        const before = countOf(name);
        if (!stored.has(name) && !deltas.has(name)) hasNew = true;
        if (isUsed(name, before)) after -= 1;
        if (isUsed(name, before + delta)) after += 1;
      }
      // The import looks only when a name is new.
      if (hasNew && after > ACCEPT_LIMITS.propertiesPerSourceMax) {
        throw new AppError("invalid_input", "Too many properties.");
      }
      used = after;
      for (const [name, { delta }] of seen) {
        const isNew = !stored.has(name) && !deltas.has(name);
        if (delta === 0 && !isNew) continue;
        deltas.set(name, (deltas.get(name) ?? 0) + delta);
      }
    },
  };
}
