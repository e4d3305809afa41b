/** Height of a row of the grid, in pixels. */
export const ROW_PX = 34;
/** Browsers stop between 17 and 33 million pixels; beyond this the scroll bar stands for more rows than it has pixels. */
export const SCROLL_PX_MAX = 8_000_000;

/** A table of rows of equal height behind a scroll bar. */
export type RowScroll = { rows: number; viewPx: number };

/** How high the scrolled content is. */
export function contentPx({ rows }: RowScroll): number {
  return Math.min(rows * ROW_PX, SCROLL_PX_MAX);
}

/** The row at the upper edge, with its hidden part as a fraction, for a place of the scroll bar. */
export function topRowAt(scroll: RowScroll, scrollTop: number): number {
  const pxMax = contentPx(scroll) - scroll.viewPx;
  if (pxMax <= 0) return 0;
  const share = Math.min(Math.max(scrollTop / pxMax, 0), 1);
  return share * topRowMax(scroll);
}

/** The place of the scroll bar for a row at the upper edge. */
export function scrollTopAt(scroll: RowScroll, topRow: number): number {
  const max = topRowMax(scroll);
  if (max <= 0) return 0;
  const pxMax = contentPx(scroll) - scroll.viewPx;
  return (Math.min(Math.max(topRow, 0), max) / max) * pxMax;
}

/** The last row that can be at the upper edge. */
export function topRowMax({ rows, viewPx }: RowScroll): number {
  return Math.max(0, rows - viewPx / ROW_PX);
}

/**
 * The row at the upper edge after the scroll bar moved. Small moves (wheel,
 * finger) go by as many pixels of rows as they are; a jump (dragging the bar)
 * goes where the bar stands.
 */
export function topRowAfter(
  scroll: RowScroll,
  topRow: number,
  from: number,
  to: number,
): number {
  const moved = to - from;
  const isScaled = scroll.rows * ROW_PX > SCROLL_PX_MAX;
  const isJump = Math.abs(moved) > scroll.viewPx * 2;
  const isEnd = to <= 0 || to >= contentPx(scroll) - scroll.viewPx - 1;
  if (!isScaled || isJump || isEnd) return topRowAt(scroll, to);
  const next = topRow + moved / ROW_PX;
  return Math.min(Math.max(next, 0), topRowMax(scroll));
}

/** The row to put at the upper edge so that one row is seen whole. */
export function topRowToShow(
  scroll: RowScroll,
  topRow: number,
  row: number,
): number {
  const seen = scroll.viewPx / ROW_PX;
  if (row < topRow) return row;
  if (row + 1 > topRow + seen) {
    return Math.min(topRowMax(scroll), Math.max(0, row + 1 - seen));
  }
  return topRow;
}
