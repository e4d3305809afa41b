import type { IssueGroup } from "@/lib/domain/import-run";
import {
  placeOfRow,
  placesOfRange,
  type TablePart,
} from "@/lib/domain/table-parts";
import { FILE_NAME_WORDS } from "@/lib/wording/import-failures";

import { formatNumber } from "./format-number";

const RANGES_SHOWN_MAX = 12;

/**
 * "rows 5-8, 12", "row 4"; after a dozen ranges "and 30 more rows". Of a table
 * made of several parts, by part: "a.csv rows 5-8; b.csv row 2".
 */
export function rowRanges(
  group: Pick<IssueGroup, "ranges" | "rowCount">,
  shownMax = RANGES_SHOWN_MAX,
  parts?: readonly TablePart[],
): string {
  const shown = group.ranges
    .slice(0, shownMax)
    .flatMap((range) => placesOfRange(parts, range));
  const named = shown.reduce((sum, { from, to }) => sum + to - from + 1, 0);
  const byLabel = new Map<string, typeof shown>();
  for (const place of shown) {
    byLabel.set(place.label, [...(byLabel.get(place.label) ?? []), place]);
  }
  const rest = group.rowCount - named;
  const texts = [...byLabel].map(([label, places]) => {
    const ranges = places.map(({ from, to }) =>
      from === to
        ? formatNumber(from)
        : `${formatNumber(from)}-${formatNumber(to)}`,
    );
    const isOne =
      label === ""
        ? group.rowCount === 1
        : places.length === 1 && places[0]?.from === places[0]?.to;
    const rows = FILE_NAME_WORDS.rows(ranges, isOne);
    return label === "" ? rows : `${label} ${rows}`;
  });
  const more = rest > 0 ? ` ${FILE_NAME_WORDS.moreRows(rest)}` : "";
  return texts.join("; ") + more;
}

/** "row 7"; of a table made of several parts "a.csv, row 3". */
export function rowName(
  rowNumber: number,
  parts?: readonly TablePart[],
): string {
  const { label, row } = placeOfRow(parts, rowNumber);
  const name = FILE_NAME_WORDS.row(row);
  return label === "" ? name : `${label}, ${name}`;
}
