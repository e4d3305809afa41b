import { formatCount, formatNumber } from "@/lib/client/format-number";
import type { ClusterMethod } from "@/lib/domain/cluster-values";
import type { ColumnUse } from "@/lib/domain/mapping";
import type { Cleaning, TableStep } from "@/lib/domain/table-steps";

const quoted = (text: string) =>
  text === ""
    ? "empty"
    : `“${text.length > 40 ? `${text.slice(0, 40)}…` : text}”`;

/** Words of the page that shows and mends the rows of a file. */
export const ROW_WORDS = {
  opening: "Finding the rows of the file",
  looking: "Going through the file",
  lookingOn: "Going through the file …",
  stop: "Stop",
  grid: "Rows of the file",
  rowNumber: "Row",
  views: "Which rows",
  all: "All rows",
  problems: "With a problem",
  changed: "Changed",
  shown: (rows: number) => `${formatCount(rows, "row")} shown`,
  valueView: (value: string, column: string) => `${column} is ${quoted(value)}`,
  hitsView: "Rows that the replacement would change",
  none: {
    all: "The file has no row below its header.",
    problems: "No row has a problem.",
    changed: "No step changes a row.",
    value: "No row has this value.",
    hits: "No row would change.",
  },
  undo: "Undo",
  redo: "Redo",
  find: "Find and replace",
  values: "Values",
  clusters: "Look-alikes",
  steps: (count: number) => (count === 0 ? "Steps" : `Steps (${count})`),
  addColumn: "Add a column",
  columnMenu: (column: string) => `Change ${column}`,
  keys: "Arrow keys move, Enter edits, Alt+Down opens the menu of the column, Ctrl+Z undoes.",
  problem: (sentence: string) => `Problem: ${sentence}`,
  wasChanged: "Changed by a step.",
  loading: "Loading",
  editOf: (column: string, row: number) => `${column}, row ${row}`,
  editHint:
    "Enter keeps, Shift+Enter makes a line break, Escape leaves it as it was.",
  tooLong:
    "The text is longer than can be edited here. Change the file itself for it.",
  look: "Look at all rows",
  fix: "Fix rows here",
  back: "Back",
  check: "Check every row",
  close: "Close",
  apply: "Apply",
  added: (column: string) => `${column} (added)`,
} as const;

export const REPLACE_WORDS = {
  column: "In",
  allColumns: "All columns",
  find: "Find",
  replaceWith: "Replace with",
  whole: "Whole cells only",
  matchCase: "Match case",
  count: "Count",
  replaceAll: "Replace all",
  showRows: "Show these rows",
  hits: (cells: number, rows: number) =>
    cells === 0
      ? "Nothing is found."
      : `${formatCount(cells, "cell")} in ${formatCount(rows, "row")} would change.`,
  example: (row: number) => `row ${formatNumber(row)}`,
} as const;

export const VALUE_WORDS = {
  column: "Column",
  search: "Search the values",
  different: (distinct: number) => formatCount(distinct, "different value"),
  more: (count: number) =>
    `${formatCount(count, "more value")}. Search to find them.`,
  others: (rows: number) =>
    `${formatCount(rows, "row")} with still other values are not counted here.`,
  empty: "empty",
  rows: (rows: number) => formatCount(rows, "row"),
  /** Goes on after a number, for screen readers. */
  rowsSpoken: "rows",
  groups: (count: number) => formatCount(count, "group"),
  rename: (value: string) => `Change ${quoted(value)} everywhere`,
  newValue: (value: string) => `New text for ${quoted(value)}`,
  change: "Change",
  list: "Values",
  clusters: "Look-alikes",
  method: "Alike by",
  noClusters: "No values look alike.",
  keep: "Keep as",
  take: (value: string) => `Merge the look-alikes of ${quoted(value)}`,
  merge: (groups: number) =>
    groups === 0 ? "Merge" : `Merge ${formatCount(groups, "group")}`,
} as const;

export const CLUSTER_METHOD_NAMES: Record<ClusterMethod, string> = {
  fingerprint: "words, whatever their case, accents and order",
  ngram: "letters, also without blanks (finds more)",
};

export const CLEANING_NAMES: Record<Cleaning, string> = {
  trim: "Take spaces off both ends",
  collapse: "Make one space of several",
  lower: "small letters",
  upper: "CAPITAL LETTERS",
  title: "First Letters Capital",
};

export const STEP_WORDS = {
  title: "Steps",
  none: "No steps yet. What you change here is done to the whole file, in this order.",
  remove: (name: string) => `Remove the step: ${name}`,
  split: "Split into a list …",
  splitTitle: (column: string) => `Split ${column} into a list`,
  splitHint: "Parts are trimmed and joined with |.",
  separator: "Separated by",
  fill: "Fill empty cells …",
  fillTitle: (column: string) => `Fill the empty cells of ${column}`,
  fillValue: "Text for empty cells",
  constant: "With the same text in every row …",
  constantTitle: "Add a column with the same text in every row",
  join: "Joined from other columns …",
  joinTitle: "Join columns into a new one",
  name: "Name of the new column",
  value: "Text",
  between: "Between the cells",
  skipEmpty: "Leave empty cells out",
  columns: "Columns to join",
  namePlaceholder: "such as brand",
} as const;

/** What a step does, in a few words. */
export function stepName(step: TableStep, columns: readonly string[]): string {
  const column = (at: number | null) =>
    at === null ? "all columns" : (columns[at] ?? `column ${at + 1}`);
  switch (step.do) {
    case "edit": {
      const [only] = step.cells;
      return step.cells.length === 1 && only
        ? `Row ${only.row}, ${column(only.column)}: ${quoted(only.value)}`
        : `${formatCount(step.cells.length, "cell")} edited`;
    }
    case "replace":
      return `Replace ${quoted(step.find)} with ${quoted(step.replaceWith)} in ${column(step.column)}`;
    case "map": {
      const [only] = step.values;
      return step.values.length === 1 && only
        ? `${column(step.column)}: ${quoted(only.from)} becomes ${quoted(only.to)}`
        : `${column(step.column)}: ${formatCount(step.values.length, "value")} changed`;
    }
    case "clean":
      return `${CLEANING_NAMES[step.how]}: ${column(step.column)}`;
    case "split":
      return `Split ${column(step.column)} at ${quoted(step.separator)} into a list`;
    case "fill":
      return `Fill empty cells of ${column(step.column)} with ${quoted(step.value)}`;
    case "constant":
      return `Add ${step.header}: ${quoted(step.value)}`;
    case "join":
      return `Add ${step.header}: ${step.columns.map(column).join(" + ")}`;
  }
}

/** What a column is used for, in a word or two. */
export function useName(use: ColumnUse | undefined): string {
  if (!use) return "ignored";
  switch (use.as) {
    case "ignore":
      return "ignored";
    case "key":
      return "key";
    case "property":
      return use.language === "" || use.language === "*"
        ? use.id
        : `${use.id} · ${use.language}`;
    case "language":
      return "language of the row";
    case "delete":
      return "delete flag";
    default:
      return "id" in use && typeof use.id === "string" ? use.id : use.as;
  }
}
