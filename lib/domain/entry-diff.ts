import type { EntryChange, ValueChange } from "./entry-changes";
import { splitValueName, valueName } from "./identifiers";
import type { Excerpt } from "./text-excerpt";

/** One value before and after, cut for reading; `null` where there is none. */
export type ValueDiff = {
  id: string;
  language: string | null;
  change: ValueChange;
  before: Excerpt | null;
  after: Excerpt | null;
};

/** What becomes of one entry, value by value. */
export type EntryDiff = {
  key: string;
  /** The first row of the file that it comes from; `null` where that is not known. */
  row: number | null;
  change: EntryChange;
  values: ValueDiff[];
};

/** Which entries of a forecast to show. */
export type DiffFilter = {
  change: EntryChange | null;
  /** Value name (`id:language`) that changes. */
  property: string | null;
};

export type DiffPage = {
  entries: EntryDiff[];
  /** Entries that fit the filter, on all pages. */
  total: number;
};

/**
 * A diff with what only the store knows: the values that nothing is sent for,
 * and all values of an entry that is deleted. By property, then language.
 */
export function completeDiff(
  diff: EntryDiff,
  stored: readonly (readonly [name: string, text: Excerpt])[],
): EntryDiff {
  const known = new Set(
    diff.values.map(({ id, language }) => valueName(id, language)),
  );
  const isDeleted = diff.change === "deleted";
  const others = stored
    .filter(([name]) => !known.has(name))
    .map(([name, text]): ValueDiff => ({
      ...splitValueName(name),
      change: isDeleted ? "removed" : "left",
      before: text,
      after: isDeleted ? null : text,
    }));
  return { ...diff, values: sortByName([...diff.values, ...others]) };
}

/** By property, then language, none first. */
export function sortByName(values: readonly ValueDiff[]): ValueDiff[] {
  return [...values].sort(
    (a, b) =>
      compareText(a.id, b.id) ||
      compareText(a.language ?? "", b.language ?? ""),
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
