const ROWS_LOOKED_AT = 30;
const NUMBER = /^[+-]?\d[\d\s.,]*$/;

/**
 * The row that names the columns, from 1; 0 when the table seems to have none.
 * Comment lines, titles and blank rows before it are passed over: the header is
 * the first row that fills about as many cells as the table is wide.
 */
export function detectHeaderRow(rows: readonly string[][]): number {
  const width = usualWidth(rows);
  const found = rows
    .slice(0, ROWS_LOOKED_AT)
    .findIndex((row) => looksComplete(row, width));
  if (found < 0) {
    const filled = rows.findIndex((row) => row.some((cell) => cell !== ""));
    return filled + 1;
  }
  return looksLikeData(rows[found] ?? []) ? 0 : found + 1;
}

/** How many cells most rows have, not counting empty ones at their end. */
export function usualWidth(rows: readonly string[][]): number {
  const counts = new Map<number, number>();
  for (const row of rows) {
    const { length } = row;
    if (row.some((cell) => cell !== "")) {
      counts.set(length, (counts.get(length) ?? 0) + 1);
    }
  }
  let width = 1;
  let most = 0;
  for (const [length, times] of counts) {
    if (times > most || (times === most && length < width)) {
      [width, most] = [length, times];
    }
  }
  return width;
}

function looksComplete(row: readonly string[], width: number): boolean {
  const filled = row.filter((cell) => cell.trim() !== "").length;
  if (filled === 0 || row[0]?.startsWith("#")) return false;
  return width === 1 || filled >= Math.max(2, width * 0.4);
}

/** Names are seldom numbers, and seldom the same twice. */
function looksLikeData(row: readonly string[]): boolean {
  const filled = row.filter((cell) => cell !== "");
  const numbers = filled.filter((cell) => NUMBER.test(cell)).length;
  return numbers * 2 >= filled.length;
}
