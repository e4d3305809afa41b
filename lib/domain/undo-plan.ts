import type { Entity, EntityProperty } from "./entity";
import { splitValueName } from "./identifiers";
import type { StoredValues } from "./merge";
import { isAsWritten, type UndoRecord, type UndoValue } from "./undo-record";
import type { KeptReason } from "./undo-run";

/** Something that stays as it is because others changed it after the run. */
export type Kept = {
  key: string;
  /** `id:language`; `null` for the entry as a whole. */
  name: string | null;
  reason: KeptReason;
  /** What stands there now. */
  current: string | null;
  /** What undoing would have put there. */
  before: string | null;
};

export type UndoPlan = {
  /** What to apply, in the record's order; no key twice. */
  entities: Entity[];
  kept: Kept[];
};

/** Keys that the plan of a record needs to see, no key twice. */
export function undoKeys(record: UndoRecord): string[] {
  const { created, updated, deleted } = record;
  return [...created, ...updated, ...deleted].map(({ key }) => key);
}

/**
 * How to take a batch back, given what is stored now (`stored` has those of
 * `undoKeys` that exist): values that still are as the batch left them become
 * what they were, entries that it made go, entries that it deleted come back.
 * What others changed since stays and is listed; what is already as it was
 * before needs nothing.
 */
export function planUndo(
  record: UndoRecord,
  stored: ReadonlyMap<string, StoredValues>,
): UndoPlan {
  const plan: UndoPlan = { entities: [], kept: [] };
  for (const { key, values } of record.created) {
    const current = stored.get(key);
    if (current) takeBackCreated(plan, { key, values, current });
  }
  for (const { key, values } of record.updated) {
    const current = stored.get(key);
    if (current) restore(plan, { key, values, current });
    else plan.kept.push(wholeEntry(key, "entry_deleted"));
  }
  for (const { key, values } of record.deleted) {
    if (stored.has(key)) plan.kept.push(wholeEntry(key, "entry_created"));
    else plan.entities.push({ key, delete: false, properties: all(values) });
  }
  return plan;
}

type Touched = { key: string; values: UndoValue[]; current: StoredValues };

/** Deletes an entry that is the batch's alone; of any other takes its values out. */
function takeBackCreated(plan: UndoPlan, entry: Touched): void {
  const { key, values, current } = entry;
  const own = new Map(values.map(({ name, written }) => [name, written]));
  const isOwn = Object.keys(current).every((name) => {
    const written = own.get(name);
    return written !== undefined && isAsWritten(written, current[name]);
  });
  if (isOwn) {
    plan.entities.push({ key, delete: true, properties: [] });
    return;
  }
  plan.kept.push(wholeEntry(key, "entry_kept"));
  restore(plan, entry);
}

function restore(plan: UndoPlan, { key, values, current }: Touched): void {
  const properties: EntityProperty[] = [];
  for (const { name, before, written } of values) {
    const now = current[name] ?? null;
    if (now === before) continue;
    if (isAsWritten(written, now)) {
      properties.push({ ...splitValueName(name), value: before });
    } else {
      plan.kept.push({ key, name, reason: "changed", current: now, before });
    }
  }
  if (properties.length > 0) {
    plan.entities.push({ key, delete: false, properties });
  }
}

function wholeEntry(key: string, reason: KeptReason): Kept {
  return { key, name: null, reason, current: null, before: null };
}

function all(values: StoredValues): EntityProperty[] {
  return Object.entries(values).map(([name, value]) => ({
    ...splitValueName(name),
    value,
  }));
}
