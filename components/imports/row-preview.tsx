import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import { classNames } from "@/lib/client/class-names";
import { formatNumber } from "@/lib/client/format-number";
import { placeOfRow } from "@/lib/domain/table-parts";
import type { TablePreview } from "@/lib/importer/messages";
import { FILE_STEP_WORDS } from "@/lib/wording/import-file";

import { CellText } from "./cell-text";
import { columnLetters } from "./column-letters";

const COLUMNS_MAX = 60;
const ROWS_MAX = 12;

/** The beginning of the file as it was read, with the row numbers of the spreadsheet. */
export function RowPreview({ preview }: { preview: TablePreview }) {
  const { headers, firstRows, options } = preview;
  const shown = headers.slice(0, COLUMNS_MAX);
  const columns = shown.map((_, column) => column);
  return (
    <div>
      <Table
        label={FILE_STEP_WORDS.firstRowsTable}
        frameClassName="max-h-96"
        className="font-mono text-xs"
      >
        <TableHead>
          <TableRow>
            <TableHeader isNumeric className="w-px px-3">
              {FILE_STEP_WORDS.row}
            </TableHeader>
            {columns.map((column) => (
              <TableHeader key={column} className="px-3">
                {columnLetters(column)}
              </TableHeader>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {firstRows.slice(0, ROWS_MAX).map(({ rowNumber, cells }) => (
            <TableRow key={rowNumber}>
              <TableHeader
                scope="row"
                isNumeric
                className="px-3 py-1.5 text-muted"
              >
                {formatNumber(placeOfRow(options.parts, rowNumber).row)}
              </TableHeader>
              {columns.map((column) => (
                <TableCell
                  key={column}
                  className={classNames(
                    "max-w-56 truncate px-3 py-1.5",
                    rowNumber === options.headerRow &&
                      "bg-accent-soft font-semibold text-accent-text",
                    rowNumber < options.headerRow && "text-muted",
                  )}
                >
                  <CellText text={cells[column] ?? ""} />
                </TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
      {headers.length > COLUMNS_MAX && (
        <p className="mt-1.5 text-[0.8125rem] text-muted">
          {FILE_STEP_WORDS.columnsShown(COLUMNS_MAX, headers.length)}
        </p>
      )}
    </div>
  );
}
