"use client";

import { Fragment, memo, type ReactNode } from "react";

import { classNames } from "@/lib/client/class-names";
import { ROW_WORDS } from "@/lib/wording/rows";

import { CellText } from "./cell-text";
import { COLUMN_PX, type GridColumn } from "./row-grid";

type RowGridHeadProps = {
  id: string;
  columns: readonly GridColumn[];
  /** Positions of the columns on screen. */
  shown: readonly number[];
  activeColumn: number;
  numberPx: number;
  headPx: number;
  totalPx: number;
  menuFor: (column: number, buttonId: string, isActive: boolean) => ReactNode;
};

/** Names of the columns, what they are used for, and their menus. */
export const RowGridHead = memo(function RowGridHead({
  id,
  columns,
  shown,
  activeColumn,
  numberPx,
  headPx,
  totalPx,
  menuFor,
}: RowGridHeadProps) {
  return (
    <div
      role="row"
      aria-rowindex={1}
      className="sticky top-0 z-20 border-b border-border bg-sunken"
      style={{ height: headPx, width: totalPx }}
    >
      <div
        role="columnheader"
        aria-colindex={1}
        className="sticky left-0 z-10 flex h-full items-center justify-end border-r border-border bg-sunken px-2 text-xs font-medium text-muted"
        style={{ width: numberPx }}
      >
        {ROW_WORDS.rowNumber}
      </div>
      {shown.map((column) => {
        const { name, use } = columns[column] ?? { name: "", use: "" };
        return (
          <Fragment key={column}>
            <div
              role="columnheader"
              aria-colindex={column + 2}
              className={classNames(
                "absolute top-0 flex h-full items-center gap-1 border-r border-border pr-1 pl-2.5",
                column === activeColumn && "bg-accent-soft",
              )}
              style={{ left: numberPx + column * COLUMN_PX, width: COLUMN_PX }}
            >
              <span className="min-w-0 flex-1">
                <span className="block truncate text-[0.8125rem] font-medium">
                  <CellText text={name} />
                </span>
                <span className="block truncate text-xs text-muted">{use}</span>
              </span>
              {menuFor(column, `${id}-menu-${column}`, column === activeColumn)}
            </div>
          </Fragment>
        );
      })}
    </div>
  );
});
