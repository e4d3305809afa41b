"use client";

import { useEffect, useId, useMemo, useRef, type ReactNode } from "react";

import { ROW_PX } from "@/lib/client/row-scroll";
import type { RowsModel } from "@/lib/client/rows-model";
import { ROW_WORDS } from "@/lib/wording/rows";

import { RowGridHead } from "./row-grid-head";
import { RowGridRow } from "./row-grid-row";
import { useGridKeys } from "./use-grid-keys";
import { useRowScroll } from "./use-row-scroll";

export const COLUMN_PX = 176;
const NUMBER_PX = 76;
const HEAD_PX = 48;
/** Rows drawn beyond the screen; the rows come with the scroll bar, so few do. */
const OVERSCAN = 1;
/** Rows asked for beyond the screen. */
const AHEAD_ROWS = 4;
/** Rows keep their place in a block of so many, so that scrolling draws only new ones. */
const BLOCK_ROWS = 1_000;

const HEAD_SIZES = { numberPx: NUMBER_PX, headPx: HEAD_PX };

export type GridColumn = { name: string; use: string; isAdded: boolean };
export type GridPlace = { position: number; column: number };
export type GridEdit = GridPlace & { text: string; before: string };

type RowGridProps = {
  rows: RowsModel;
  count: number;
  /** Another value when rows have come: then they are drawn again. */
  version: number;
  columns: readonly GridColumn[];
  active: GridPlace;
  onActive: (place: GridPlace) => void;
  onEdit: (place: GridPlace, text: string) => void;
  onUndo: () => void;
  onRedo: () => void;
  /** The menu of a column. */
  menuFor: (column: number, buttonId: string, isActive: boolean) => ReactNode;
};

/** All rows of a view, of which only those on screen are drawn. */
export function RowGrid(props: RowGridProps) {
  const { rows, count, columns, active } = props;
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  const scroll = useRowScroll(frame, count, HEAD_PX);
  const { topRow, jumpRow, leftPx, viewPx, widthPx } = scroll.metrics;

  const first = Math.max(0, Math.floor(topRow) - OVERSCAN);
  const last = Math.min(
    count - 1,
    Math.ceil(topRow + viewPx / ROW_PX) + OVERSCAN,
  );
  useEffect(() => {
    const from = Math.max(0, first - AHEAD_ROWS);
    rows.need(from, last + AHEAD_ROWS - from);
  }, [rows, first, last, props.version, count]);

  const firstColumn = Math.max(0, Math.floor(leftPx / COLUMN_PX) - 1);
  const lastColumn = Math.min(
    columns.length - 1,
    Math.ceil((leftPx + widthPx) / COLUMN_PX),
  );
  const shown = useMemo(
    () =>
      Array.from(
        { length: Math.max(0, lastColumn - firstColumn + 1) },
        (_, at) => firstColumn + at,
      ),
    [firstColumn, lastColumn],
  );
  const totalPx = NUMBER_PX + columns.length * COLUMN_PX;

  const { editing, handlers, onKeyDown } = useGridKeys({
    ...props,
    ...{ id, frame, scroll, columnCount: columns.length },
    sizes: { numberPx: NUMBER_PX, columnPx: COLUMN_PX },
  });
  const isActiveShown =
    active.position >= first &&
    active.position <= last &&
    rows.row(active.position) !== undefined;
  const base = Math.floor(topRow / BLOCK_ROWS) * BLOCK_ROWS;
  const placeCount = Math.ceil(viewPx / ROW_PX) + 2 * OVERSCAN + 2;
  /** A row takes the elements of one that left the screen: filling them is cheaper than making new ones. */
  const placeOf = (position: number) =>
    modulo(position - (jumpRow - OVERSCAN), placeCount);

  return (
    <div
      ref={frame}
      role="grid"
      tabIndex={0}
      aria-label={ROW_WORDS.grid}
      aria-rowcount={count + 1}
      aria-colcount={columns.length + 1}
      aria-describedby={`${id}-keys`}
      aria-activedescendant={
        isActiveShown ? `${id}-${active.position}-${active.column}` : undefined
      }
      onScroll={scroll.onScroll}
      onKeyDown={onKeyDown}
      className="group relative h-[clamp(16rem,calc(100vh-28rem),44rem)] overflow-auto rounded-card border border-border bg-surface shadow-card [contain:strict] [overflow-anchor:none] focus-visible:outline-offset-0"
    >
      <div
        role="presentation"
        style={{ width: totalPx, height: scroll.heightPx + HEAD_PX }}
      >
        <RowGridHead
          {...{ id, columns, shown, menuFor: props.menuFor }}
          activeColumn={active.column}
          {...{ ...HEAD_SIZES, totalPx }}
        />
        <div
          role="presentation"
          className="sticky overflow-clip"
          style={{ top: HEAD_PX, height: viewPx, width: totalPx }}
        >
          <div
            role="presentation"
            className="absolute top-0 left-0 w-full will-change-transform"
            style={{ transform: `translateY(${(base - topRow) * ROW_PX}px)` }}
          >
            {Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => {
              const position = first + at;
              return (
                <RowGridRow
                  key={placeOf(position)}
                  {...{ id, position, shown, columns, handlers }}
                  numberPx={NUMBER_PX}
                  row={rows.row(position)}
                  topPx={(position - base) * ROW_PX}
                  activeColumn={
                    position === active.position ? active.column : -1
                  }
                  editing={editing?.position === position ? editing : null}
                />
              );
            })}
          </div>
        </div>
      </div>
      <p id={`${id}-keys`} className="sr-only">
        {ROW_WORDS.keys}
      </p>
    </div>
  );
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
