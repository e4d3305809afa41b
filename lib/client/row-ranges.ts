import type { IssueGroup } from "@/lib/domain/import-run";

import { formatCount, formatNumber } from "./format-number";

const RANGES_SHOWN_MAX = 12;

/** "rows 5-8, 12", "row 4"; after a dozen ranges "and 30 more rows". */
export function rowRanges(
  group: Pick<IssueGroup, "ranges" | "rowCount">,
  shownMax = RANGES_SHOWN_MAX,
): string {
  const shown = group.ranges.slice(0, shownMax);
  const named = shown.reduce((sum, [from, to]) => sum + to - from + 1, 0);
  const texts = shown.map(([from, to]) =>
    from === to
      ? formatNumber(from)
      : `${formatNumber(from)}-${formatNumber(to)}`,
  );
  const rest = group.rowCount - named;
  const more = rest > 0 ? ` and ${formatCount(rest, "more row")}` : "";
  return `${group.rowCount === 1 ? "row" : "rows"} ${texts.join(", ")}${more}`;
}
