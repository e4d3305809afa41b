import type { ValueCount } from "@/lib/domain/cluster-values";

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
        counts.set(copyOf(value), 1);
      } else otherRows += 1;
    },
    counts: () => Array.from(counts, ([value, rows]) => ({ value, rows })),
    otherRows: () => otherRows,
  };
}

/** A slice would keep the whole piece of the file alive that the cell was cut from. */
function copyOf(value: string): string {
  return JSON.parse(JSON.stringify(value)) as string;
}
