import { ownText } from "@/lib/domain/own-text";

import { ALL_ROWS, SILENT } from "./look-ahead";
import { runImport, type ImportPass } from "./run-import";
import { hashText, type TextHash } from "./text-hash";

const CELL_CHARS_KEPT = 200;
const SEEN = "every wanted row was seen";

/**
 * The cells of some rows of a file, by row number, as its observers see them;
 * of long cells the beginning and what tells them from others. Reads from the
 * beginning to the last of the rows.
 *
 * @throws what `runImport` throws.
 */
export async function lookAtRows(
  pass: ImportPass,
  rowNumbers: Iterable<number>,
): Promise<Map<number, string[]>> {
  const wanted = new Set(rowNumbers);
  const found = new Map<number, string[]>();
  if (wanted.size === 0) return found;
  const done = new AbortController();
  const signals = [done.signal, ...(pass.signal ? [pass.signal] : [])];
  try {
    await runImport({
      ...pass,
      ...SILENT,
      mapping: { ...pass.mapping, ...ALL_ROWS },
      signal: AbortSignal.any(signals),
      observers: [
        {
          row(cells, rowNumber) {
            if (!wanted.has(rowNumber)) return;
            found.set(rowNumber, cells.map(shortCell));
            if (found.size === wanted.size) done.abort(SEEN);
          },
        },
      ],
    });
  } catch (error) {
    if (error !== SEEN) throw error;
  }
  return found;
}

function shortCell(cell: string): string {
  if (cell.length <= CELL_CHARS_KEPT) return ownText(cell);
  const hash: TextHash = { low: 0, high: 0 };
  hashText(cell, hash);
  const mark = `${cell.length} ${hash.low} ${hash.high}`;
  return ownText(`${cell.slice(0, CELL_CHARS_KEPT)}… ${mark}`);
}
