import { formatCount, formatNumber } from "@/lib/client/format-number";
import type {
  ChangeTotals,
  EntryChange,
  ValueChange,
} from "@/lib/domain/entry-changes";
import type { MergeCounts } from "@/lib/domain/merge";

/** Texts of what an import (or an undo) would change. */
export const FORECAST = {
  title: "What will change",
  start: "See what will change",
  startHint: (entries: string) =>
    `Compares ${entries} with the source; nothing is written. You need not wait for it.`,
  running: "Comparing the file with the source",
  progress: "Share of the entries that is compared",
  progressOf: (done: string, total: string) => `${done} of ${total} batches`,
  cancel: "Stop comparing",
  again: "Compare again",
  asOf: (time: string) => `as of ${time}`,
  stale: (time: string) =>
    `The source has changed since, at ${time}. The numbers may have changed with it.`,
  failed: "What will change could not be worked out.",
  failedHint: "The import does not need it and can go ahead.",
  show: "Show the changes",
  hide: "Hide the changes",
  views: "How to show the changes",
  byEntry: "By entry",
  byProperty: "By property",
  lost: "The browser has lost these entries. Compare again to see them.",
  nothing: "No entry fits this choice.",
  reading: "Reading the entries…",
  storedUnread: "What is kept could not be read just now.",
};

export const DIFF = {
  entries: "Changed entries",
  whichEntries: "Which entries",
  all: "All",
  property: "Property",
  anyProperty: "Any property",
  language: "Language",
  noLanguage: "no language",
  row: (row: number) => `row ${formatNumber(row)}`,
  rest: (count: number, isOpen: boolean) =>
    `${isOpen ? "Hide" : "Show"} ${formatCount(count, "value")} that ${count === 1 ? "stays" : "stay"} as ${count === 1 ? "it is" : "they are"}`,
  noValues: "No value is sent for this entry.",
  notKept: "Its values are not kept for this list; open the entry to see them.",
  pageOf: (from: number, to: number, total: number) =>
    `${formatNumber(from)} to ${formatNumber(to)} of ${formatCount(total, "entry", "entries")}`,
  properties: "Changes by property",
  propertiesOf: (from: number, to: number, total: number) =>
    `${formatNumber(from)} to ${formatNumber(to)} of ${formatNumber(total)}`,
  emptyText: "empty text",
  open: (key: string) => `Open the entry ${key}`,
  showOf: (name: string) => `Show the entries in which ${name} changes`,
};

/** What becomes of a value, beside the value itself. */
export const VALUE_CHANGE_NAMES: Record<ValueChange, string> = {
  set: "new",
  replaced: "changed",
  cleared: "cleared",
  removed: "removed with the entry",
  same: "unchanged",
  left: "kept, not sent",
};

/** Columns of the table by property. */
export const VALUE_CHANGE_COLUMNS: Record<ValueChange, string> = {
  set: "New",
  replaced: "Changed",
  cleared: "Cleared",
  removed: "Removed",
  same: "Unchanged",
  left: "Kept",
};

export const ENTRY_CHANGE_NAMES: Record<EntryChange, string> = {
  created: "New",
  updated: "Changed",
  deleted: "Deleted",
  unchanged: "Unchanged",
  unknown: "Nothing to delete",
  aside: "Cannot be stored",
};

/** "120 entries new, 35 changed, 4 deleted; 60 values set, 12 replaced, 3 cleared; 7 rows rejected", without what is zero; "249 entries, all new". */
export function changesSentence(
  { entries, values }: Pick<ChangeTotals, "entries" | "values">,
  rowsRejected = 0,
): string {
  const ofEntries: Counted[] = [
    [entries.created, "new"],
    [entries.updated, "changed"],
    [entries.deleted, "deleted"],
    [entries.unchanged, "unchanged"],
    [entries.unknown, "to delete but not there"],
    [entries.aside, "that cannot be stored"],
  ];
  const ofValues: Counted[] = [
    [values.set, "set"],
    [values.replaced, "replaced"],
    [values.cleared, "cleared"],
    [values.removed, "removed"],
  ];
  const [first, second] = ofEntries.filter(([count]) => count > 0);
  // "Five entries, all that cannot be stored" would say something else.
  const isOne = first !== undefined && second === undefined;
  const clauses = [
    isOne && first[0] > 1 && !first[1].includes(" ")
      ? `${formatCount(first[0], "entry", "entries")}, all ${first[1]}`
      : listCounts(ofEntries, "entry", "entries") || "no entries",
    listCounts(ofValues, "value", "values"),
    rowsRejected > 0 ? `${formatCount(rowsRejected, "row")} rejected` : "",
  ];
  return clauses.filter((clause) => clause !== "").join("; ");
}

type Counted = [count: number, name: string];

/** "60 values set, 12 replaced"; empty when all are zero. */
function listCounts(
  counted: readonly Counted[],
  one: string,
  many: string,
): string {
  return counted
    .filter(([count]) => count > 0)
    .map(([count, name], at) =>
      at === 0
        ? `${formatCount(count, one, many)} ${name}`
        : `${formatNumber(count)} ${name}`,
    )
    .join(", ");
}

/** After the import: what the forecast said and what came, where they differ; `undefined` where they do not. */
export function differenceSentence(
  said: MergeCounts & { aside: number },
  came: MergeCounts & { aside: number },
): string | undefined {
  const names: [keyof typeof said, string][] = [
    ["created", "new"],
    ["updated", "changed"],
    ["unchanged", "unchanged"],
    ["deleted", "deleted"],
    ["aside", "set aside"],
  ];
  const differing = names.filter(([name]) => said[name] !== came[name]);
  if (differing.length === 0) return undefined;
  const list = differing.map(
    ([name, label]) =>
      `${formatNumber(came[name])} ${label} instead of ${formatNumber(said[name])}`,
  );
  const why =
    said.aside === came.aside
      ? "Somebody else has changed the source between the two."
      : "Entries that the server refused were set aside.";
  return `This is not quite what was forecast: ${list.join(", ")}. ${why}`;
}

export const AS_FORECAST = "This is what was forecast.";
