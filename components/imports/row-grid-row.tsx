"use client";

import { Pencil, TriangleAlert } from "lucide-react";
import { memo, useEffect, useRef, type KeyboardEvent } from "react";

import { classNames } from "@/lib/client/class-names";
import { formatNumber } from "@/lib/client/format-number";
import { ROW_PX } from "@/lib/client/row-scroll";
import type { ShownRow } from "@/lib/importer/row-messages";
import { ROW_WORDS } from "@/lib/wording/rows";

import { CellText } from "./cell-text";
import { COLUMN_PX, type GridColumn, type GridEdit } from "./row-grid";

export type GridHandlers = {
  onCell: (position: number, column: number, isOpening: boolean) => void;
  onEndEdit: (isKept: boolean, move: [down: number, right: number]) => void;
  onText: (text: string) => void;
};

type RowGridRowProps = {
  id: string;
  position: number;
  /** Undefined while it is on its way. */
  row: ShownRow | undefined;
  topPx: number;
  shown: readonly number[];
  columns: readonly GridColumn[];
  numberPx: number;
  /** -1: not in this row. */
  activeColumn: number;
  /** The edit that is going on in this row. */
  editing: GridEdit | null;
  handlers: GridHandlers;
};

/** Drawn again only when something of its own changes. */
export const RowGridRow = memo(function RowGridRow({
  id,
  position,
  row,
  topPx,
  shown,
  columns,
  numberPx,
  activeColumn,
  editing,
  handlers,
}: RowGridRowProps) {
  const ofRow = row?.problems.filter(({ column }) => column === null) ?? [];
  const isBad = (row?.problems.length ?? 0) > 0;
  return (
    <div
      role="row"
      aria-rowindex={position + 2}
      className="absolute w-full border-b border-border"
      style={{ height: ROW_PX, transform: `translateY(${topPx}px)` }}
    >
      <div
        role="rowheader"
        aria-colindex={1}
        title={ofRow.map(({ message }) => message).join(" ") || undefined}
        className={classNames(
          "sticky left-0 z-10 flex h-full items-center justify-end gap-1.5 border-r border-border px-2 text-xs tabular-nums",
          isBad ? "bg-danger-soft text-danger-text" : "bg-sunken text-muted",
        )}
        style={{ width: numberPx }}
      >
        {isBad && <TriangleAlert aria-hidden className="size-3.5 shrink-0" />}
        {row ? formatNumber(row.rowNumber) : "…"}
        {ofRow.map(({ message }) => (
          <span key={message} className="sr-only">
            {ROW_WORDS.problem(message)}
          </span>
        ))}
      </div>
      {shown.map((column) => {
        const isActive = column === activeColumn;
        const place = { left: numberPx + column * COLUMN_PX, width: COLUMN_PX };
        return editing?.column === column && row ? (
          <div
            key={column}
            role="gridcell"
            aria-colindex={column + 2}
            className="absolute top-0 z-20"
            style={place}
          >
            <CellEditor
              text={editing.text}
              label={ROW_WORDS.editOf(
                columns[column]?.name ?? "",
                row.rowNumber,
              )}
              handlers={handlers}
            />
          </div>
        ) : (
          <RowGridCell
            key={column}
            id={`${id}-${position}-${column}`}
            {...{ row, column, isActive, place }}
            onCell={(isOpening) => handlers.onCell(position, column, isOpening)}
          />
        );
      })}
    </div>
  );
});

function RowGridCell({
  id,
  row,
  column,
  isActive,
  place,
  onCell,
}: {
  id: string;
  row: ShownRow | undefined;
  column: number;
  isActive: boolean;
  place: { left: number; width: number };
  onCell: (isOpening: boolean) => void;
}) {
  const text = (row?.cells[column] ?? "").replaceAll("\0", "");
  const problem = row?.problems.find((found) => found.column === column);
  const isChanged = row?.changed.includes(column) ?? false;
  return (
    <div
      id={id}
      role="gridcell"
      aria-colindex={column + 2}
      aria-selected={isActive}
      title={problem?.message}
      onMouseDown={() => onCell(false)}
      onDoubleClick={() => onCell(true)}
      className={classNames(
        "absolute top-0 flex h-full cursor-default items-center gap-1.5 border-r border-border px-2.5 text-[0.8125rem] whitespace-nowrap",
        problem && "bg-danger-soft",
        isActive &&
          "outline-2 -outline-offset-2 outline-border-strong outline-solid group-focus-visible:outline-focus group-focus:outline-focus",
      )}
      style={place}
    >
      {problem && (
        <>
          <TriangleAlert
            aria-hidden
            className="size-3.5 shrink-0 text-danger-text"
          />
          <span className="sr-only">{ROW_WORDS.problem(problem.message)}</span>
        </>
      )}
      {isChanged && (
        <>
          <Pencil aria-hidden className="size-3 shrink-0 text-accent-text" />
          <span className="sr-only">{ROW_WORDS.wasChanged}</span>
        </>
      )}
      <span className="min-w-0 flex-1 truncate">
        <CellText text={text} />
      </span>
    </div>
  );
}

/** Enter keeps and goes down, Tab keeps and goes on, Escape leaves the cell as it was. */
function CellEditor({
  text,
  label,
  handlers: { onEndEdit, onText },
}: {
  text: string;
  label: string;
  handlers: GridHandlers;
}) {
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    const { current } = field;
    current?.focus({ preventScroll: true });
    current?.setSelectionRange(current.value.length, current.value.length);
  }, []);

  function onKeyDown(event: KeyboardEvent): void {
    event.stopPropagation();
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape") onEndEdit(false, [0, 0]);
    else if (event.key === "Enter" && !event.shiftKey) onEndEdit(true, [1, 0]);
    else if (event.key === "Tab") onEndEdit(true, [0, event.shiftKey ? -1 : 1]);
    else return;
    event.preventDefault();
  }

  return (
    <textarea
      ref={field}
      aria-label={label}
      title={ROW_WORDS.editHint}
      value={text}
      rows={Math.min(6, Math.max(1, Math.ceil(text.length / 30)))}
      onChange={(event) => onText(event.target.value)}
      onKeyDown={onKeyDown}
      onBlur={() => onEndEdit(true, [0, 0])}
      className="w-64 resize-none rounded-control border border-focus bg-raised px-2 py-1.5 text-[0.8125rem] shadow-raised outline-2 outline-focus"
    />
  );
}
