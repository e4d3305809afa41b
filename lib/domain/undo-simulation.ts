import type { Entity } from "./entity";
import { valueName } from "./identifiers";
import { createMerge, type StoredValues } from "./merge";
import { planUndo, undoKeys, type Settled } from "./undo-plan";
import type { UndoRecord } from "./undo-record";

/** An entry before and after, and the names that undoing writes in it. */
export type SimulatedEntry = {
  key: string;
  before: StoredValues | undefined;
  after: StoredValues | undefined;
  sent: Set<string>;
};

export type UndoSimulation = {
  /** Takes one batch back, after those before, in memory. `stored` is what the store has of its keys. */
  step(
    position: number,
    record: UndoRecord,
    stored: ReadonlyMap<string, StoredValues>,
  ): { entries: SimulatedEntry[]; settled: Settled[] };
};

/**
 * What undoing the batches of a run would do, newest first, without writing.
 * `lastAt` names, of the keys that are in several batches, the position of the
 * last one: such an entry is given there, once. `places` is what the batches so
 * far have settled (see `planUndo`); the caller keeps it.
 */
export function createUndoSimulation(
  lastAt: ReadonlyMap<string, number>,
  places: ReadonlySet<string>,
): UndoSimulation {
  const open = new Map<string, SimulatedEntry>();
  return {
    step(position, record, stored) {
      const now = new Map(stored);
      for (const key of undoKeys(record)) {
        const earlier = open.get(key);
        if (!earlier) continue;
        if (earlier.after) now.set(key, earlier.after);
        else now.delete(key);
      }
      const plan = planUndo(record, now, places);
      const merge = createMerge(now);
      merge.apply(plan.entities);
      const entries: SimulatedEntry[] = [];
      const sentByKey = new Map(
        plan.entities.map((entity) => [entity.key, namesOf(entity)]),
      );
      for (const key of undoKeys(record)) {
        const sent = sentByKey.get(key);
        if (!lastAt.has(key)) {
          if (!sent) continue;
          const after = merge.valuesOf(key);
          entries.push({ key, before: stored.get(key), after, sent });
          continue;
        }
        const entry = open.get(key) ?? {
          ...{ key, before: stored.get(key), after: stored.get(key) },
          sent: new Set<string>(),
        };
        if (sent) {
          entry.after = merge.valuesOf(key);
          for (const name of sent) entry.sent.add(name);
        }
        open.set(key, entry);
        if (lastAt.get(key) !== position) continue;
        open.delete(key);
        if (isChanged(entry)) entries.push(entry);
      }
      return { entries, settled: plan.settled };
    },
  };
}

function namesOf({ delete: isDelete, properties }: Entity): Set<string> {
  if (isDelete) return new Set();
  return new Set(properties.map(({ id, language }) => valueName(id, language)));
}

/** What one batch does and an earlier one takes back comes to nothing. */
function isChanged({ before, after }: SimulatedEntry): boolean {
  if (!before || !after) return before !== after;
  const names = Object.keys(after);
  return (
    names.length !== Object.keys(before).length ||
    names.some((name) => before[name] !== after[name])
  );
}
