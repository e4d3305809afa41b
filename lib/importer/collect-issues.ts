import type { IssueCode, IssueGroup } from "@/lib/domain/import-run";
import { ownText } from "@/lib/domain/own-text";
import type { RowIssue } from "@/lib/domain/row-issue";
import { issueMessage } from "@/lib/wording/row-issues";

const GROUPS_MAX = 300;
const RANGES_MAX = 200;
const SAMPLES_MAX = 5;
const SAMPLE_CHARS_MAX = 100;

/** Groups the problems of rows by rule and column, with bounded memory. */
export type IssueCollector = {
  /** Rows must come in file order. */
  add(rowNumber: number, issues: readonly RowIssue[]): void;
  /** The groups, the one with most rows first. */
  groups(): IssueGroup[];
};

/**
 * Keeps counts exact for any number of problems; ranges and samples are the
 * first ones. Problems of more than 300 rule and column pairs are grouped by
 * rule alone.
 */
export function createIssueCollector(
  headers: readonly string[],
): IssueCollector {
  const groups = new Map<string, IssueGroup>();

  function groupFor(code: IssueCode, column: number | null): IssueGroup {
    const found = groups.get(`${code}:${column ?? ""}`);
    if (found) return found;
    // Room is left for one group per rule.
    if (column !== null && groups.size >= GROUPS_MAX - 20) {
      return groupFor(code, null);
    }
    const columnName = column === null ? "" : (headers[column] ?? "");
    const group: IssueGroup = {
      code,
      column,
      columnName: columnName.slice(0, 300),
      message: issueMessage(code, columnName).slice(0, 500),
      rowCount: 0,
      ranges: [],
      samples: [],
    };
    groups.set(`${code}:${column ?? ""}`, group);
    return group;
  }

  return {
    add(rowNumber, issues) {
      for (const { code, column, value } of issues) {
        const group = groupFor(code, column);
        const range = group.ranges.at(-1);
        // Two columns of one row in the same group are one row.
        if (range?.[1] === rowNumber) continue;
        group.rowCount += 1;
        if (range?.[1] === rowNumber - 1) range[1] = rowNumber;
        else if (group.ranges.length < RANGES_MAX) {
          group.ranges.push([rowNumber, rowNumber]);
        }
        if (group.samples.length < SAMPLES_MAX) {
          group.samples.push({ row: rowNumber, value: cut(value) });
        }
      }
    },
    groups: () => [...groups.values()].sort((a, b) => b.rowCount - a.rowCount),
  };
}

function cut(value: string): string {
  const short =
    value.length > SAMPLE_CHARS_MAX
      ? `${value.slice(0, SAMPLE_CHARS_MAX)}…`
      : value;
  return ownText(short);
}
