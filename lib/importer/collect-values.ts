import type { ValueCount } from "@/lib/domain/cluster-values";
import { ownText } from "@/lib/domain/own-text";

const DISTINCT_MAX = 50_000;
const CHARS_MAX = 8_000_000;

/** How often each value of a column occurs, with bounded memory. */
export type ValueCollector = {
  add: (value: string) => void;
  /** In no order. The counts of the values that are listed are exact. */
  counts: () => ValueCount[];
  /** Rows whose value is not listed because there were too many different ones. */
  otherRows: () => number;
};

/** Keeps the first 50,000 different values, or 8 million characters of them. */
export function createValueCollector(
  distinctMax = DISTINCT_MAX,
): ValueCollector {
  const counts = new Map<string, number>();
  let chars = 0;
  let otherRows = 0;
  return {
    add(value) {
      const known = counts.get(value);
      if (known !== undefined) counts.set(value, known + 1);
      else if (counts.size < distinctMax && chars < CHARS_MAX) {
        chars += value.length;
        counts.set(ownText(value), 1);
      } else otherRows += 1;
    },
    counts: () => Array.from(counts, ([value, rows]) => ({ value, rows })),
    otherRows: () => otherRows,
  };
}
