import type { Entity, EntityProperty } from "./entity";
import { splitValueName } from "./identifiers";
import type { StoredValues } from "./merge";
import { isAsWritten, type UndoRecord, type UndoValue } from "./undo-record";
import type { SettledReason } from "./undo-run";

/** Something that stays as it is because others changed it after the batch. */
export type Settled = {
  key: string;
  /** `id:language`; `null` for the entry as a whole. */
  name: string | null;
  reason: SettledReason;
  /** What stands there now. */
  current: string | null;
  /** What undoing would have put there. */
  before: string | null;
};

export type UndoPlan = {
  /** What to apply; no key twice. */
  entities: Entity[];
  settled: Settled[];
};

/** Names what is settled, as `planUndo` looks it up. A space is in no key and no name. */
export function settledPlace(key: string, name: string | null): string {
  return name === null ? key : `${key} ${name}`;
}

/** Keys that the plan of a record needs to see, no key twice. */
export function undoKeys(record: UndoRecord): string[] {
  const { created, updated, deleted } = record;
  return [...created, ...updated, ...deleted].map(({ key }) => key);
}

/**
 * How to take a batch back, given what is stored now (`stored` has those of
 * `undoKeys` that exist): values that still are as the batch left them become
 * what they were, entries that it made go, entries that it deleted come back.
 * What others changed since stays and is listed.
 *
 * Batches are taken back newest first. `known` holds what was settled in later
 * ones (`settledPlace`): it is not touched again.
 */
export function planUndo(
  record: UndoRecord,
  stored: ReadonlyMap<string, StoredValues>,
  known: ReadonlySet<string> = NOTHING,
): UndoPlan {
  const plan = { entities: [], settled: [], known };
  for (const { key, values } of record.created) {
    const current = stored.get(key);
    if (current) takeBackCreated(plan, { key, values, current });
    else settle(plan, key, "already");
  }
  for (const { key, values } of record.updated) {
    const current = stored.get(key);
    if (current) restore(plan, { key, values, current });
    else settle(plan, key, "entry_deleted");
  }
  for (const { key, values } of record.deleted) {
    const current = stored.get(key);
    if (current) {
      const reason = isSame(current, values) ? "already" : "entry_created";
      settle(plan, key, reason);
    } else if (known.has(key)) settle(plan, key, "entry_deleted");
    else bringBack(plan, key, values);
  }
  return { entities: plan.entities, settled: plan.settled };
}

function isSame(one: StoredValues, other: StoredValues): boolean {
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => one[name] === other[name])
  );
}

const NOTHING: ReadonlySet<string> = new Set();

type Planning = UndoPlan & { known: ReadonlySet<string> };
type Touched = { key: string; values: UndoValue[]; current: StoredValues };

/** Deletes an entry that is the batch's alone; of any other takes its values out. */
function takeBackCreated(plan: Planning, entry: Touched): void {
  const { key, values, current } = entry;
  const own = new Map(values.map(({ name, written }) => [name, written]));
  const isOwn = Object.keys(current).every((name) => {
    const written = own.get(name);
    return written !== undefined && isAsWritten(written, current[name]);
  });
  if (!isOwn) {
    settle(plan, key, "entry_kept");
    restore(plan, entry);
    return;
  }
  for (const { name } of values) {
    if (current[name] === undefined) settle(plan, key, "already", { name });
  }
  plan.entities.push({ key, delete: true, properties: [] });
}

function restore(plan: Planning, { key, values, current }: Touched): void {
  const properties: EntityProperty[] = [];
  for (const { name, before, written } of values) {
    const now = current[name] ?? null;
    const isTheirs =
      !isAsWritten(written, now) || plan.known.has(settledPlace(key, name));
    if (isTheirs) {
      const reason = now === before ? "already" : "changed";
      settle(plan, key, reason, { name, current: now, before });
    } else {
      properties.push({ ...splitValueName(name), value: before });
    }
  }
  if (properties.length > 0) {
    plan.entities.push({ key, delete: false, properties });
  }
}

function bringBack(plan: Planning, key: string, values: StoredValues): void {
  const properties: EntityProperty[] = [];
  for (const [name, value] of Object.entries(values)) {
    if (plan.known.has(settledPlace(key, name))) {
      settle(plan, key, "changed", { name, before: value });
    } else {
      properties.push({ ...splitValueName(name), value });
    }
  }
  plan.entities.push({ key, delete: false, properties });
}

function settle(
  plan: UndoPlan,
  key: string,
  reason: SettledReason,
  value: {
    name?: string;
    current?: string | null;
    before?: string | null;
  } = {},
): void {
  const { name = null, current = null, before = null } = value;
  plan.settled.push({ key, name, reason, current, before });
}
