"use client";

import {
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type RefObject,
} from "react";

import type { RowsModel } from "@/lib/client/rows-model";

import type { GridEdit, GridPlace } from "./row-grid";
import type { GridHandlers } from "./row-grid-row";
import type { useRowScroll } from "./use-row-scroll";

type GridKeysArgs = {
  id: string;
  rows: RowsModel;
  frame: RefObject<HTMLDivElement | null>;
  scroll: ReturnType<typeof useRowScroll>;
  count: number;
  columnCount: number;
  sizes: { numberPx: number; columnPx: number };
  active: GridPlace;
  onActive: (place: GridPlace) => void;
  onEdit: (place: GridPlace, text: string) => void;
  onUndo: () => void;
  onRedo: () => void;
};

/** Moving about the grid and editing in it, by keys and by pointer. */
export function useGridKeys(args: GridKeysArgs) {
  const { rows, frame, scroll, count, columnCount, sizes } = args;
  const { id, active, onActive, onEdit } = args;
  const [editing, setEditing] = useState<GridEdit | null>(null);
  /** An end takes the focus away, which is an end too: only the first counts. */
  const isOpen = useRef(false);

  function moveTo(position: number, column: number): void {
    const next = {
      position: Math.min(Math.max(position, 0), count - 1),
      column: Math.min(Math.max(column, 0), columnCount - 1),
    };
    onActive(next);
    scroll.showRow(next.position);
    const left = sizes.numberPx + next.column * sizes.columnPx;
    scroll.showColumn(left, left + sizes.columnPx, sizes.numberPx);
  }

  async function startEdit(place: GridPlace, typed?: string): Promise<void> {
    const row = rows.row(place.position);
    if (!row) return;
    scroll.showRow(place.position);
    const { column } = place;
    const shownText = row.cells[column] ?? "";
    const text = shownText.endsWith("…")
      ? await rows.ask("cell", { rowNumber: row.rowNumber, column })
      : shownText;
    // What stands for an error cell of a workbook begins with a mark that nobody types.
    const before = text.replaceAll("\0", "");
    isOpen.current = true;
    setEditing({ ...place, before, text: typed ?? before });
  }

  function endEdit(isKept: boolean, move: [down: number, right: number]) {
    if (!editing || !isOpen.current) return;
    isOpen.current = false;
    const { text, before, position, column } = editing;
    setEditing(null);
    frame.current?.focus({ preventScroll: true });
    if (isKept && text !== before) onEdit({ position, column }, text);
    if (move[0] || move[1]) moveTo(position + move[0], column + move[1]);
  }

  function onCell(position: number, column: number, isOpening: boolean): void {
    if (editing?.position === position && editing.column === column) return;
    endEdit(true, [0, 0]);
    onActive({ position, column });
    if (isOpening) void startEdit({ position, column });
  }

  const latest: GridHandlers = {
    ...{ onCell, onEndEdit: endEdit },
    onText: (text) => setEditing((edit) => edit && { ...edit, text }),
  };
  const [handlers] = useState(() => new LatestHandlers());
  useLayoutEffect(() => handlers.set(latest));

  function onKeyDown(event: KeyboardEvent): void {
    if (editing || event.target !== frame.current || count === 0) return;
    const { position, column } = active;
    const isCommand = event.ctrlKey || event.metaKey;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (isCommand && (key === "z" || key === "y")) {
      event.preventDefault();
      if (key === "y" || event.shiftKey) args.onRedo();
      else args.onUndo();
      return;
    }
    if (event.altKey) {
      if (key !== "ArrowDown") return;
      event.preventDefault();
      return openMenu(`${id}-menu-${column}`);
    }
    const page = Math.max(1, scroll.rowsSeen - 1);
    const moves: Record<string, [position: number, column: number]> = {
      ArrowDown: [isCommand ? count - 1 : position + 1, column],
      ArrowUp: [isCommand ? 0 : position - 1, column],
      ArrowRight: [position, isCommand ? columnCount - 1 : column + 1],
      ArrowLeft: [position, isCommand ? 0 : column - 1],
      PageDown: [position + page, column],
      PageUp: [position - page, column],
      Home: [isCommand ? 0 : position, 0],
      End: [isCommand ? count - 1 : position, columnCount - 1],
    };
    const move = Object.hasOwn(moves, key) ? moves[key] : undefined;
    if (move) moveTo(...move);
    else if (key === "Enter" || key === "F2") void startEdit(active);
    else if (key === "Delete" || key === "Backspace") onEdit(active, "");
    else if (event.key.length === 1 && !isCommand)
      void startEdit(active, event.key);
    else return;
    event.preventDefault();
  }

  return { editing, handlers, onKeyDown };
}

/** As the Down key does on its button. */
function openMenu(buttonId: string): void {
  const button = document.getElementById(buttonId);
  button?.focus();
  button?.dispatchEvent(
    new window.KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true }),
  );
}

/** Stays the same object while what it does is always the latest. */
class LatestHandlers implements GridHandlers {
  private latest: GridHandlers | undefined;
  readonly set = (latest: GridHandlers): void => {
    this.latest = latest;
  };
  readonly onCell: GridHandlers["onCell"] = (...args) =>
    this.latest?.onCell(...args);
  readonly onEndEdit: GridHandlers["onEndEdit"] = (...args) =>
    this.latest?.onEndEdit(...args);
  readonly onText: GridHandlers["onText"] = (text) => this.latest?.onText(text);
}
