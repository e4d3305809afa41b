import type { IssueCode } from "./import-run";

/** One broken rule of one row. */
export type RowIssue = {
  code: IssueCode;
  /** Position of the column from 0; `null` when the row as a whole is meant. */
  column: number | null;
  /** The cell as it stands in the file; empty when the row as a whole is meant. */
  value: string;
};

/** Before the text of a spreadsheet's error, such as #N/A: no cell of a person begins so. */
export const CELL_ERROR_MARK = "\0";

/** Whether a cell holds an error of the spreadsheet instead of a value. */
export function isCellError(cell: string): boolean {
  return cell.startsWith(`${CELL_ERROR_MARK}#`);
}
