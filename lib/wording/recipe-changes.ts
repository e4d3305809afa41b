import {
  formatCount,
  formatNumber,
  formatPercent,
} from "@/lib/client/format-number";
import type { ValueShift } from "@/lib/domain/value-shifts";

/** Texts about what changed since the last file of a recipe. */
export const CHANGE_TEXTS = {
  title: "Since the last file",
  show: "Show what changed",
  hide: "Hide what changed",
  adjust: "Adjust the columns",
  onlyChanged: "Send only what changed",
  newKeys: "New keys",
  goneKeys: "Keys that this file does not have",
  goneHint: "They stay in the source as they are.",
  goneUnknown:
    "Their names cannot be told: they are no longer in the source either, or it is too large to look through.",
  looking: "Looking for their names…",
  notFound: "Their names could not be read from the server just now.",
  shifts: "Columns that look different",
  nothing: "Keys and values look as they did.",
} as const;

const entries = (count: number) => formatCount(count, "entry", "entries");

export const changeTexts = {
  summary: (counts: {
    added: number;
    changed: number;
    gone: number;
    unchanged: number;
  }): string => {
    const parts = [
      counts.added > 0 ? `${formatNumber(counts.added)} new` : "",
      counts.changed > 0 ? `${formatNumber(counts.changed)} changed` : "",
      counts.gone > 0 ? `${formatNumber(counts.gone)} gone` : "",
      `${formatNumber(counts.unchanged)} unchanged`,
    ];
    return `${parts.filter((part) => part !== "").join(", ")}.`;
  },
  different: (count: number): string =>
    count > 0
      ? `${formatCount(count, "column looks", "columns look")} different.`
      : "",
  onlyChangedHint: (unchanged: number): string =>
    `${entries(unchanged)} ${unchanged === 1 ? "is" : "are"} left out. What others changed in them since stays as it is.`,
  notCurrent: (fileName: string): string =>
    `All entries are sent: an import after ${fileName} did not end as usual, so what is stored may differ from it.`,
  andMore: (count: number): string => `and ${formatNumber(count)} more`,
  nothingChanged:
    "Every entry of this file is as it was in the last one. Switch “Send only what changed” off to send all of them again.",
};

/** One way in which a column is not as it was, as a sentence without its name. */
export function shiftSentence(shift: ValueShift): string {
  switch (shift.is) {
    case "filled":
      return `filled in ${share(shift.now)} of the rows, ${share(shift.before)} before`;
    case "newValues": {
      const more = shift.count - shift.values.length;
      const listed = shift.values.map((value) => `“${value}”`).join(", ");
      return `${formatCount(shift.count, "value")} that ${shift.count === 1 ? "was" : "were"} not there before: ${listed}${more > 0 ? ` ${changeTexts.andMore(more)}` : ""}`;
    }
    case "manyValues":
      return `many different values, ${formatNumber(shift.before)} before`;
    case "notNumbers":
      return `numbers in ${share(shift.share)} of the filled cells, nearly all before`;
    case "range":
      return `numbers from ${formatNumber(shift.now[0])} to ${formatNumber(shift.now[1])}, from ${formatNumber(shift.before[0])} to ${formatNumber(shift.before[1])} before`;
    case "length":
      return `up to ${formatCount(shift.now, "character")} long, ${formatNumber(shift.before)} before`;
  }
}

function share(part: number): string {
  return formatPercent(Math.round(part * 1_000), 1_000);
}
