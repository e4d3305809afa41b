import { formatCount, formatNumber } from "@/lib/client/format-number";
import type { ColumnMapping } from "@/lib/domain/mapping";

type Telling = { keys: number; keysOf: number };

const rows = (count: number) => formatCount(count, "row");
const ofKeys = ({ keys, keysOf }: Telling) =>
  keys === keysOf
    ? `the rows of ${keysOf === 1 ? "this key" : `all ${formatNumber(keysOf)} keys looked at`}`
    : `the rows of ${formatNumber(keys)} of ${formatNumber(keysOf)} keys looked at`;

export const REPEAT_CHOICES: {
  value: ColumnMapping["repeatedKeys"];
  label: string;
  hint: string;
}[] = [
  {
    value: "merge",
    label: "Merge them into one entry",
    hint: "Cells of later rows win; empty cells follow their column’s rule.",
  },
  {
    value: "reject",
    label: "Keep the first row",
    hint: "The later rows are listed as rejected.",
  },
  {
    value: "last",
    label: "Keep the last row",
    hint: "The earlier rows are listed as rejected.",
  },
];

export const COLLAPSE_CHOICES: {
  value: NonNullable<ColumnMapping["collapsedKeys"]>;
  label: string;
  hint: string;
}[] = [
  {
    value: "first",
    label: "The key of the first row counts",
    hint: "Rows whose key was another are rejected.",
  },
  {
    value: "last",
    label: "The key of the last row counts",
    hint: "Rows whose key was another are rejected.",
  },
  {
    value: "same",
    label: "They are the same entry",
    hint: "They are handled like rows that repeat a key.",
  },
];

/** What a run's page says of rows with one key. */
export function repeatRuleText({
  repeatedKeys,
  collapsedKeys,
}: Pick<ColumnMapping, "repeatedKeys" | "collapsedKeys">): string {
  const rule = {
    merge: "Rows with the same key are merged; later cells win.",
    reject: "The first row of a key counts; later ones are rejected.",
    last: "The last row of a key counts; earlier ones are rejected.",
  }[repeatedKeys];
  if (collapsedKeys === "same") {
    return `${rule} Keys that become the same are one entry.`;
  }
  return collapsedKeys === "last"
    ? `${rule} Of keys that become the same, that of the last row counts.`
    : rule;
}

export const repeatWords = {
  legend: "When a key stands in several rows",
  title: (count: number, keys: number) =>
    `${rows(count)} ${count === 1 ? "repeats" : "repeat"} the key of an earlier row (${formatCount(keys, "key")})`,
  collapseTitle: (count: number) =>
    `${rows(count)} ${count === 1 ? "has" : "have"} another key in the file that becomes the same key`,
  collapseText: (keys: number) =>
    `Cleaned or joined, different keys become ${formatCount(keys, "key")} that another row has too. They may be different things, so say what they mean, or change the rules on the step Columns.`,
  collapseLegend: "Different keys that become the same",
  split: (column: string) => `Split by language with “${column}”`,
  splitHint: (telling: Telling) =>
    `It tells ${ofKeys(telling)} apart and reads like a language.`,
  addKey: (column: string) => `Add “${column}” to the key`,
  addKeyHint: (telling: Telling) => `It tells ${ofKeys(telling)} apart.`,
  show: (groups: number, isWhole: boolean) =>
    isWhole
      ? `Side by side: ${formatCount(groups, "key")}`
      : `Side by side: the first ${formatCount(groups, "key")}`,
  group: (at: number, of: number) => `Key ${at} of ${of}`,
  row: "Row",
  key: "Key in the file",
  differs: "differs",
  empty: "(empty)",
  noDifference: "The rows are the same in every column.",
  more: (count: number) => `and ${formatCount(count, "more column")} differ`,
  showMore: "Show more",
};
