import type { RowsState } from "@/lib/client/rows-model";
import type { ShownRow } from "@/lib/importer/row-messages";
import { formatNumber } from "@/lib/client/format-number";
import { ROW_WORDS } from "@/lib/wording/rows";

import { CellText } from "./cell-text";
import type { GridColumn, GridPlace } from "./row-grid";

/** The active cell in full: where it is, what stands in it, what is wrong with it. */
export function RowsStatus({
  state,
  row,
  columns,
  active: { column },
}: {
  state: RowsState;
  row: ShownRow | undefined;
  columns: readonly GridColumn[];
  active: GridPlace;
}) {
  if (state.rows === 0) {
    return (
      <p role="status" className="text-sm text-muted">
        {ROW_WORDS.none[state.view.is]}
      </p>
    );
  }
  const text = (row?.cells[column] ?? "").replaceAll("\0", "");
  const problems =
    row?.problems.filter(
      (problem) => problem.column === column || problem.column === null,
    ) ?? [];
  return (
    <div className="min-h-10 text-[0.8125rem]">
      {row && (
        <p className="truncate text-muted">
          {`${ROW_WORDS.rowNumber} ${formatNumber(row.rowNumber)}, ${columns[column]?.name ?? ""}: `}
          <span className="text-text">
            <CellText text={text} />
          </span>
        </p>
      )}
      {problems.map(({ message }) => (
        <p key={message} className="text-danger-text">
          {ROW_WORDS.problem(message)}
        </p>
      ))}
    </div>
  );
}
