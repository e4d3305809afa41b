import type { Entity } from "./entity";
import type { Outcome } from "./outcome";
import { splitValueName, valueName } from "./identifiers";

/** Values of an entry by `id:language`. The colon keeps names such as `__proto__` harmless. */
export type StoredValues = Record<string, string>;

export type MergeCounts = {
  created: number;
  updated: number;
  unchanged: number;
  deleted: number;
};

/** What has to be written so that the store is as if the entities had been applied one after another. */
export type MergeResult = {
  /** Entries to remove, before anything is written. */
  deletes: string[];
  /** Entries to write whole. */
  inserts: { key: string; values: StoredValues }[];
  /** Entries to change: `null` clears, names that are not in it stay. */
  updates: { key: string; changes: Record<string, string | null> }[];
  /** Entries of which no value stays: to write whole, keeping their version and creation. */
  rewrites: { key: string; values: StoredValues }[];
  /** Change in the number of entries. */
  entriesDelta: number;
  /**
   * Every name that was sent, also with null, and the total row `id:*` of its
   * id: how many more entries have it now, and a value of it.
   */
  seen: Map<string, { delta: number; sample: string | null }>;
};

export type Merge = {
  /** Applies one payload after those before; no key may be twice in it. What became of each entity is added to `outcomes`. */
  apply(entities: Entity[], outcomes?: Outcome[]): MergeCounts;
  /** The values of an entry after what was applied; `undefined`: it is not there. The stored object itself while nothing has changed. Not to be changed. */
  valuesOf(key: string): StoredValues | undefined;
  result(): MergeResult;
};

type State = {
  original: StoredValues | undefined;
  /** `undefined`: not there (any more). Shares `original` until it changes. */
  values: StoredValues | undefined;
  /** The original was deleted on the way: what is there now is a new entry. */
  isReplaced: boolean;
  changes: Record<string, string | null> | undefined;
};

/**
 * The merge rules of the contract (section 2), pure: an existing entry keeps
 * what is not named, null clears one value, delete removes, a key unknown or
 * deleted starts from nothing. Ingest and forecast both compute with this.
 *
 * `stored` holds the entries that the entities name, as they are before.
 */
export function createMerge(stored: Map<string, StoredValues>): Merge {
  const states = new Map<string, State>();
  const tracking = createTracking();

  function stateOf(key: string): State {
    let state = states.get(key);
    if (!state) {
      const original = stored.get(key);
      state = {
        original,
        values: original,
        isReplaced: false,
        changes: undefined,
      };
      states.set(key, state);
    }
    return state;
  }

  function apply(entities: Entity[], outcomes?: Outcome[]): MergeCounts {
    const counts = { created: 0, updated: 0, unchanged: 0, deleted: 0 };
    for (const entity of entities) {
      const outcome = applyOne(stateOf(entity.key), entity, tracking);
      if (outcome !== "absent") counts[outcome] += 1;
      outcomes?.push(outcome);
    }
    return counts;
  }

  return {
    apply,
    valuesOf: (key) => stateOf(key).values,
    result: () => collect(states, tracking),
  };
}

function applyOne(state: State, entity: Entity, tracking: Tracking) {
  if (entity.delete) {
    const wasThere = state.values !== undefined;
    remove(state, tracking);
    return wasThere ? "deleted" : "absent";
  }
  if (!state.values) {
    create(state, entity, tracking);
    return "created";
  }
  return change(state, state.values, entity, tracking)
    ? "updated"
    : "unchanged";
}

function remove(state: State, tracking: Tracking): void {
  if (!state.values) return;
  const names = Object.keys(state.values);
  for (const name of names) tracking.count(name, -1);
  for (const id of new Set(names.map(idOf))) tracking.countId(id, -1);
  tracking.entriesDelta -= 1;
  state.values = undefined;
  state.changes = undefined;
  state.isReplaced = state.original !== undefined;
}

function create(state: State, entity: Entity, tracking: Tracking): void {
  const values: StoredValues = {};
  for (const { id, language, value } of entity.properties) {
    const name = valueName(id, language);
    tracking.see(name, value);
    if (value !== null) values[name] = value;
  }
  state.values = values;
  tracking.countShape(Object.keys(values));
  tracking.entriesDelta += 1;
}

function change(
  state: State,
  before: StoredValues,
  entity: Entity,
  tracking: Tracking,
): boolean {
  let values = before;
  let ids: Map<string, number> | undefined;
  let hasChanged = false;

  for (const { id, language, value } of entity.properties) {
    const name = valueName(id, language);
    tracking.see(name, value);
    const old = values[name];
    if (value === null ? old === undefined : old === value) continue;

    if (!hasChanged) {
      hasChanged = true;
      if (values === state.original) values = state.values = { ...values };
      state.changes ??= {};
    }
    const step = value === null ? -1 : old === undefined ? 1 : 0;
    // Counted before the first name comes or goes, then kept along.
    if (step !== 0) ids ??= countIds(values);
    if (state.changes) state.changes[name] = value;
    if (value === null) delete values[name];
    else values[name] = value;
    if (!ids || step === 0) continue;

    tracking.count(name, step);
    const languages = (ids.get(id) ?? 0) + step;
    ids.set(id, languages);
    if (languages === (step > 0 ? 1 : 0)) tracking.countId(id, step);
  }
  return hasChanged;
}

/** How many values each id has in an entry. */
function countIds(values: StoredValues): Map<string, number> {
  const ids = new Map<string, number>();
  for (const name of Object.keys(values)) {
    const id = idOf(name);
    ids.set(id, (ids.get(id) ?? 0) + 1);
  }
  return ids;
}

function idOf(name: string): string {
  return splitValueName(name).id;
}

function collect(states: Map<string, State>, tracking: Tracking): MergeResult {
  const result: MergeResult = {
    deletes: [],
    inserts: [],
    updates: [],
    rewrites: [],
    entriesDelta: tracking.entriesDelta,
    seen: tracking.result(),
  };
  for (const [key, { original, values, isReplaced, changes }] of states) {
    if (original && (isReplaced || !values)) result.deletes.push(key);
    if (!values) continue;
    if (!original || isReplaced) result.inserts.push({ key, values });
    else if (!changes) continue;
    else if (isRewritten(values, changes))
      result.rewrites.push({ key, values });
    else result.updates.push({ key, changes });
  }
  return result;
}

function isRewritten(
  values: StoredValues,
  changes: Record<string, string | null>,
): boolean {
  const names = Object.keys(values);
  return names.length > 0 && names.every((name) => name in changes);
}

type Shape = { names: string[]; entries: number };

type Tracking = ReturnType<typeof createTracking>;

/**
 * Counts per name. New entries of one payload mostly name the same properties:
 * these are counted once per set of names, not once per value.
 */
function createTracking() {
  const seen = new Map<string, { delta: number; sample: string | null }>();
  const shapes = new Map<string, Shape>();
  let last: Shape = { names: [""], entries: 0 };

  const tracking = {
    entriesDelta: 0,
    see(name: string, value: string | null): void {
      const known = seen.get(name);
      if (!known) seen.set(name, { delta: 0, sample: value });
      else known.sample ??= value;
    },
    count(name: string, step: number): void {
      const known = seen.get(name);
      if (known) known.delta += step;
      else seen.set(name, { delta: step, sample: null });
    },
    countId(id: string, step: number): void {
      tracking.count(`${id}:*`, step);
    },
    countShape(names: string[]): void {
      // Mostly the same as the one before: then nothing is joined or hashed.
      if (!isSame(names, last.names)) {
        const signature = names.join(" ");
        last = shapes.get(signature) ?? { names, entries: 0 };
        shapes.set(signature, last);
      }
      last.entries += 1;
    },
    result(): typeof seen {
      for (const { names, entries } of shapes.values()) {
        for (const name of names) tracking.count(name, entries);
        for (const id of new Set(names.map(idOf)))
          tracking.countId(id, entries);
      }
      shapes.clear();
      for (const [name, { sample }] of [...seen]) {
        if (!name.endsWith(":*")) tracking.see(`${idOf(name)}:*`, sample);
      }
      return seen;
    },
  };
  return tracking;
}

function isSame(one: string[], other: string[]): boolean {
  return (
    one.length === other.length && one.every((name, at) => name === other[at])
  );
}
