import { z } from "zod";

import { splitValueName } from "./identifiers";
import type { StoredValues } from "./merge";

/**
 * What becomes of one value: given where none was, replaced, cleared, removed
 * with its entry, sent as it is stored already, or left because nothing was
 * sent for it.
 */
export const VALUE_CHANGES = [
  "set",
  "replaced",
  "cleared",
  "removed",
  "same",
  "left",
] as const;
export type ValueChange = (typeof VALUE_CHANGES)[number];

/** What becomes of one entry. `unknown`: to be deleted, but it is not there; `aside`: what was sent for it cannot be stored. */
export const ENTRY_CHANGES = [
  "created",
  "updated",
  "unchanged",
  "deleted",
  "unknown",
  "aside",
] as const;
export type EntryChange = (typeof ENTRY_CHANGES)[number];

const count = z.number().int();

/** Values by what becomes of them. */
export const valueTotalsSchema = z.object({
  set: count,
  replaced: count,
  cleared: count,
  removed: count,
  same: count,
  left: count,
});
export type ValueTotals = z.output<typeof valueTotalsSchema>;

/** Entries by what becomes of them. */
export const entryTotalsSchema = z.object({
  created: count,
  updated: count,
  unchanged: count,
  deleted: count,
  unknown: count,
  aside: count,
});
export type EntryTotals = z.output<typeof entryTotalsSchema>;

/** The values of one property in one language (`null`: none) over all entries. */
export const propertyTotalsSchema = valueTotalsSchema.extend({
  id: z.string(),
  language: z.string().nullable(),
});
export type PropertyTotals = z.output<typeof propertyTotalsSchema>;

/** What a forecast of whatever kind (an import, an undo) adds up to. */
export const changeTotalsSchema = z.object({
  entries: entryTotalsSchema,
  values: valueTotalsSchema,
  /** By id, then language, none first. */
  properties: z.array(propertyTotalsSchema),
});
export type ChangeTotals = z.output<typeof changeTotalsSchema>;

/** Value names, each once. */
type Names = ReadonlySet<string> | readonly string[];

/**
 * Compares an entry before and after, and tells what became of each value: of
 * those in `sent`, and of those that the entry had.
 */
export function compareEntry(
  before: StoredValues | undefined,
  after: StoredValues | undefined,
  sent: Names,
  visit: (name: string, change: ValueChange) => void,
): EntryChange {
  if (!after) {
    if (!before) return "unknown";
    for (const name of Object.keys(before)) visit(name, "removed");
    return "deleted";
  }
  let isChanged = false;
  let unsent = before ? Object.keys(before).length : 0;
  for (const name of sent) {
    const old = before?.[name];
    if (old !== undefined) unsent -= 1;
    const change = compareValue(old, after[name]);
    if (change !== "same") isChanged = true;
    visit(name, change);
  }
  if (!before) return "created";
  // Mostly a file names all values of an entry: then there is no more to ask.
  if (unsent === 0) return isChanged ? "updated" : "unchanged";
  const names: ReadonlySet<string> = sent instanceof Set ? sent : new Set(sent);
  for (const name of Object.keys(before)) {
    if (names.has(name)) continue;
    const change = compareValue(before[name], after[name]);
    if (change !== "same") isChanged = true;
    visit(name, change === "same" ? "left" : change);
  }
  return isChanged ? "updated" : "unchanged";
}

function compareValue(
  before: string | undefined,
  after: string | undefined,
): ValueChange {
  if (before === after) return "same";
  if (before === undefined) return "set";
  return after === undefined ? "cleared" : "replaced";
}

export type ChangeCounter = {
  /** Counts one entry as `compareEntry` sees it; with `weight` -1 takes it back. */
  add(
    before: StoredValues | undefined,
    after: StoredValues | undefined,
    sent: Names,
    weight?: 1 | -1,
  ): EntryChange;
  /** Counts one entry for which nothing can be stored. */
  addAside(): void;
  totals(): ChangeTotals;
};

/** Counts what happens to entries and, by property and language, to their values. */
export function createChangeCounter(): ChangeCounter {
  const entries = noEntries();
  const byName = new Map<string, ValueTotals>();
  let alike: Alike | undefined;

  function count(name: string, change: ValueChange, times: number): void {
    let totals = byName.get(name);
    if (!totals) byName.set(name, (totals = noValues()));
    totals[change] += times;
  }

  function countAlike(): void {
    if (!alike || alike.times === 0) return;
    const { sent, had, change, times } = alike;
    for (const name of sent) count(name, change, times);
    const names = new Set(sent);
    for (const name of had) if (!names.has(name)) count(name, "left", times);
    alike.times = 0;
  }

  function add(
    before: StoredValues | undefined,
    after: StoredValues | undefined,
    sent: Names,
    weight: 1 | -1 = 1,
  ): EntryChange {
    const same = asAlike(before, after, sent);
    if (same && alike && isAlike(same, alike)) {
      alike.times += weight;
      const change = before ? "unchanged" : "created";
      entries[change] += weight;
      return change;
    }
    if (same) {
      countAlike();
      alike = same;
    }
    const change = compareEntry(before, after, sent, (name, valueChange) =>
      count(name, valueChange, weight),
    );
    entries[change] += weight;
    return change;
  }

  return {
    add,
    addAside: () => {
      entries.aside += 1;
    },
    totals: () => {
      countAlike();
      return asTotals(entries, byName);
    },
  };
}

/** Entries of a file are mostly alike: those that name the same values and fare the same are counted once for all. */
type Alike = {
  sent: readonly string[];
  had: readonly string[];
  change: "set" | "same";
  times: number;
};

/** Of an entry that stays as it is, or of a new one that gets every value that is sent. */
function asAlike(
  before: StoredValues | undefined,
  after: StoredValues | undefined,
  sent: Names,
): Alike | undefined {
  if (!after || sent instanceof Set) return undefined;
  const names = sent as readonly string[];
  if (before === after) {
    return { sent: names, had: Object.keys(after), change: "same", times: 0 };
  }
  if (before || Object.keys(after).length !== names.length) return undefined;
  return { sent: names, had: [], change: "set", times: 0 };
}

function isAlike(one: Alike, other: Alike): boolean {
  return (
    one.change === other.change &&
    isSameList(one.sent, other.sent) &&
    isSameList(one.had, other.had)
  );
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return (
    one.length === other.length && one.every((name, at) => name === other[at])
  );
}

/** The sum of several totals, such as those of the batches of a file. */
export function sumChanges(parts: readonly ChangeTotals[]): ChangeTotals {
  const entries = noEntries();
  const byName = new Map<string, ValueTotals>();
  for (const part of parts) {
    for (const change of ENTRY_CHANGES) {
      entries[change] += part.entries[change];
    }
    for (const property of part.properties) {
      const name = `${property.id}:${property.language ?? ""}`;
      let totals = byName.get(name);
      if (!totals) byName.set(name, (totals = noValues()));
      for (const change of VALUE_CHANGES) totals[change] += property[change];
    }
  }
  return asTotals(entries, byName);
}

export const NO_CHANGES: ChangeTotals = {
  entries: noEntries(),
  values: noValues(),
  properties: [],
};

function asTotals(
  entries: EntryTotals,
  byName: ReadonlyMap<string, ValueTotals>,
): ChangeTotals {
  const values = noValues();
  const properties: PropertyTotals[] = [];
  for (const [name, totals] of byName) {
    // What was counted and taken back again has no line.
    if (VALUE_CHANGES.every((change) => totals[change] === 0)) continue;
    for (const change of VALUE_CHANGES) values[change] += totals[change];
    properties.push({ ...splitValueName(name), ...totals });
  }
  properties.sort(
    (a, b) =>
      compareText(a.id, b.id) ||
      compareText(a.language ?? "", b.language ?? ""),
  );
  return { entries: { ...entries }, values, properties };
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function noEntries(): EntryTotals {
  return {
    ...{ created: 0, updated: 0, unchanged: 0, deleted: 0 },
    ...{ unknown: 0, aside: 0 },
  };
}

function noValues(): ValueTotals {
  return { set: 0, replaced: 0, cleared: 0, removed: 0, same: 0, left: 0 };
}
