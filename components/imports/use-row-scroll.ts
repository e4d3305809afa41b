"use client";

import {
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type RefObject,
} from "react";

import {
  contentPx,
  ROW_PX,
  scrollTopAt,
  topRowAfter,
  topRowMax,
  topRowToShow,
} from "@/lib/client/row-scroll";

/** When the scroll bar has been still for so long, it is put where the rows are. */
const STILL_MS = 150;

export type GridMetrics = {
  /** The row at the upper edge; the fraction is its hidden part. */
  topRow: number;
  /** Where the last jump went: rows that are moved to by less reuse each other's places from there. */
  jumpRow: number;
  leftPx: number;
  /** Of the part that shows rows. */
  viewPx: number;
  widthPx: number;
};

function movedTo(before: GridMetrics, topRow: number): GridMetrics {
  const isJump = Math.abs(topRow - before.topRow) * ROW_PX > before.viewPx;
  const jumpRow = isJump ? Math.floor(topRow) : before.jumpRow;
  return { ...before, topRow, jumpRow };
}

/** Steers a scroll bar that may stand for more rows than browsers have pixels for. */
export function useRowScroll(
  frame: RefObject<HTMLDivElement | null>,
  rows: number,
  headPx: number,
) {
  const [metrics, setMetrics] = useState<GridMetrics>({
    ...{ topRow: 0, jumpRow: 0, leftPx: 0, viewPx: 0, widthPx: 0 },
  });
  /** Where the bar was last seen or put: what moves it away from there is a person. */
  const barAt = useRef(0);
  const still = useRef<ReturnType<typeof setTimeout>>(undefined);
  const scroll = { rows, viewPx: metrics.viewPx };
  const topRow = Math.min(metrics.topRow, topRowMax(scroll));

  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return;
    const measure = () =>
      setMetrics((before) => ({
        ...before,
        viewPx: Math.max(0, element.clientHeight - headPx),
        widthPx: element.clientWidth,
      }));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [frame, headPx]);
  useEffect(() => () => clearTimeout(still.current), []);

  function putBar(row: number): void {
    const element = frame.current;
    if (!element) return;
    element.scrollTo({ top: scrollTopAt(scroll, row) });
    // As the browser has rounded it.
    barAt.current = element.scrollTop;
  }

  function onScroll(): void {
    const element = frame.current;
    if (!element) return;
    const { scrollTop, scrollLeft } = element;
    const from = barAt.current;
    barAt.current = scrollTop;
    setMetrics((before) => {
      const top =
        scrollTop === from
          ? before.topRow
          : topRowAfter(scroll, before.topRow, from, scrollTop);
      clearTimeout(still.current);
      still.current = setTimeout(() => putBar(top), STILL_MS);
      const isSame = top === before.topRow && scrollLeft === before.leftPx;
      return isSame ? before : { ...movedTo(before, top), leftPx: scrollLeft };
    });
  }

  function showRow(row: number): void {
    const top = topRowToShow(scroll, topRow, row);
    if (top === topRow) return;
    clearTimeout(still.current);
    setMetrics((before) => movedTo(before, top));
    putBar(top);
  }

  function showColumn(fromPx: number, toPx: number, frozenPx: number): void {
    const element = frame.current;
    if (!element) return;
    const { scrollLeft, clientWidth } = element;
    if (fromPx - frozenPx < scrollLeft) {
      element.scrollTo({ left: fromPx - frozenPx });
    } else if (toPx > scrollLeft + clientWidth) {
      element.scrollTo({ left: toPx - clientWidth });
    }
  }

  return {
    metrics: { ...metrics, topRow },
    heightPx: contentPx(scroll),
    rowsSeen: Math.max(1, Math.floor(metrics.viewPx / ROW_PX)),
    ...{ onScroll, showRow, showColumn },
  };
}
