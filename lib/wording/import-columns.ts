import { formatCount, formatNumber } from "@/lib/client/format-number";
import type { ColumnUse, EmptyCell } from "@/lib/domain/mapping";

/** The uses of a column, in the order they are listed. */
export const USE_NAMES: [as: ColumnUse["as"], name: string][] = [
  ["key", "Key"],
  ["property", "Property"],
  ["language", "Language of the row"],
  ["pivotProperty", "Property name"],
  ["pivotValue", "Property value"],
  ["delete", "Delete flag"],
  ["ignore", "Ignore"],
];

export const COLUMN_FILTER_NAMES = [
  ["all", "All columns"],
  ["problem", "With a problem"],
  ["new", "New properties"],
  ["used", "Used"],
  ["ignored", "Ignored"],
] as const;

/** What an empty cell does: as the end of a sentence that starts with it, and on its own. */
export const EMPTY_CELL_NAMES: [
  value: EmptyCell,
  name: string,
  label: string,
][] = [
  ["skip", "leaves the value as it is", "Empty: leave as is"],
  ["clear", "clears the value", "Empty: clear it"],
  ["text", "sets an empty text", "Empty: empty text"],
];

/** Words of the step that says what each column is for. */
export const COLUMN_WORDS = {
  takenOver: "Your mapping of the last file with these columns was taken over.",
  list: "Columns",
  noneLikeThat: "No column of this file is like that.",
  page: (page: number, pages: number, columns: number) =>
    `Page ${page} of ${pages}, ${formatNumber(columns)} columns`,
  problemOf: (column: string, problem: string) => `“${column}”: ${problem}`,
  separatorIllegal: "The text between the key cells is not legal.",
  moreProblems: (count: number) => `And ${formatCount(count, "more problem")}.`,
  check: "Check every row",

  /** A column without a name in the header. */
  unnamed: (letters: string) => `Column ${letters}`,
  suggested: "suggested",
  emptyInFirstRows: "empty in the first rows",
  useOf: (column: string) => `Use of ${column}`,
  alsoProperty: "Also keep it as a property",
  alsoPropertyOf: (column: string) => `Also keep ${column} as a property`,
  deletes: "Yes, true or 1 deletes the entry of the row.",
  ignored: "Not imported.",
  propertyOf: (column: string) => `Property id of ${column}`,
  propertyPlaceholder: "property id",
  newProperty: (id: string) => `New property “${id}”`,
  isNew: "new",
  /** What a column becomes, in few words. */
  becomes: (use: ColumnUse) => {
    const of = (id: string) => (id === "" ? "?" : id);
    switch (use.as) {
      case "property":
        return [of(use.id), use.language].filter((part) => part).join(" · ");
      case "ignore":
        return "ignored";
      default:
        return USE_NAMES.find(([as]) => as === use.as)?.[1] ?? "";
    }
  },
  change: (column: string, becomes: string) =>
    `${column} becomes ${becomes}: change it`,
} as const;

/** Words of what changes many columns at once. */
export const COLUMN_TOOLBAR_WORDS = {
  find: "Find a column",
  show: "Show columns",
  filterWithCount: (name: string, count: number) => `${name} (${count})`,
  changeMany: "Change many",
  allAsProperties: "All ignored columns as properties",
  ignoreNew: "Ignore columns new to the source",
  ignoreProblems: "Ignore columns with a problem",
  ignoreAll: "Ignore all properties",
  emptyCells: "An empty cell, in all columns,",
  suggestions: "Back to the suggestions",
} as const;

/** Words of the columns that name each entry. */
export const KEY_PANEL_WORDS = {
  label: "Key",
  title: (columns: readonly string[]) =>
    columns.length === 0 ? "No key column yet" : `Key: ${columns.join(" + ")}`,
  firstRow: "First row:",
  emptyKey: "(empty)",
  illegal:
    "This is not a legal key: it needs 1 to 256 letters A-Z, digits, _ and -. Such rows are rejected.",
  choose:
    "Choose “Key” for the column that names each entry, such as an article number. With several key columns their cells are joined.",
  separator: "Between the cells",
} as const;

/** Whether the first keys of a file meet entries of the source. */
export function knownKeysSentence(known: number, asked: number): string {
  const keys = asked === 1 ? "The first key" : `the first ${asked} keys`;
  if (known === 0) {
    const none = asked === 1 ? `${keys} is not` : `None of ${keys} is`;
    return `${none} in this source yet, so new entries are made. To add to the entries there are, choose the column that holds their keys.`;
  }
  if (asked === 1) return `${keys} is in this source: its entry is updated.`;
  const some = known === asked ? `All of ${keys}` : `${known} of ${keys}`;
  return known === 1
    ? `${some} is in this source: its entry is updated.`
    : `${some} are in this source: their entries are updated.`;
}
