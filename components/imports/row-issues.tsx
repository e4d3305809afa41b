import { Badge } from "@/components/ui/badge";
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import { formatNumber } from "@/lib/client/format-number";
import { rowName, rowRanges } from "@/lib/client/row-ranges";
import type { IssueGroup } from "@/lib/domain/import-run";
import type { TablePart } from "@/lib/domain/table-parts";
import { ROW_ISSUE_WORDS as WORDS } from "@/lib/wording/import-check";

import { CellText } from "./cell-text";

/** Rejected rows grouped by rule and column: which rows, what stands there, what to do. */
export function RowIssues({
  issues,
  parts,
}: {
  issues: readonly IssueGroup[];
  /** Of a table made of several files or sheets: rows are named as these number them. */
  parts?: readonly TablePart[] | undefined;
}) {
  return (
    <Table label={WORDS.table}>
      <TableHead>
        <TableRow>
          <TableHeader>{WORDS.problem}</TableHeader>
          <TableHeader>{WORDS.rows}</TableHeader>
          <TableHeader isNumeric>{WORDS.count}</TableHeader>
        </TableRow>
      </TableHead>
      <TableBody>
        {issues.map((issue) => (
          <TableRow key={`${issue.code} ${issue.column ?? ""}`}>
            <TableCell className="min-w-64 align-top">
              <p>{issue.message}</p>
              <ul className="mt-1.5 flex flex-wrap gap-1.5">
                {issue.samples
                  .filter(({ value }) => value !== "")
                  .map(({ row, value }) => (
                    <li key={row}>
                      <Badge className="max-w-72 font-normal whitespace-normal">
                        <span className="text-muted">{`${rowName(row, parts)}:`}</span>
                        <span className="min-w-0 truncate font-mono text-text">
                          <CellText text={value} />
                        </span>
                      </Badge>
                    </li>
                  ))}
              </ul>
            </TableCell>
            <TableCell className="min-w-40 align-top">
              {rowRanges(issue, undefined, parts)}
            </TableCell>
            <TableCell isNumeric className="align-top">
              {formatNumber(issue.rowCount)}
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

/** "12 rows rejected by 3 rules". */
export function issueSummary(
  rowsRejected: number,
  issues: readonly IssueGroup[],
): string {
  const rules = new Set(issues.map(({ code }) => code)).size;
  return WORDS.summary(rowsRejected, rules);
}
