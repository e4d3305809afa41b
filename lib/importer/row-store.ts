import { AppError } from "@/lib/domain/errors";
import type { TableOptions } from "@/lib/domain/import-run";
import { FILE_REFUSALS } from "@/lib/wording/file-refusals";

import { createDecoder } from "./decode";
import { indexRows, type RowIndex } from "./index-rows";
import { createRowParser } from "./parse-rows";

/** Parsed blocks that are kept, of 64,000 characters each. */
const BLOCKS_KEPT = 48;

/** Rows of a file by their number, without the file in memory. */
export type RowStore = {
  /** Number of the last row; rows are numbered from 1 as everywhere. */
  lastRow: number;
  /** The cells of each row, in the order asked for; none for a row that is not there. */
  read: (rowNumbers: readonly number[]) => Promise<readonly string[][]>;
};

/**
 * Indexes a file in one pass and then reads rows by number: two numbers for
 * each 64,000 characters stay in memory, and the blocks that were read last.
 *
 * @throws {AppError} when the file cannot be read (any more).
 */
export async function openRowStore(
  args: Parameters<typeof indexRows>[0],
): Promise<RowStore> {
  const index = await indexRows(args);
  const blocks = createBlockCache((block) =>
    readBlock(index, block, args.options),
  );
  return {
    lastRow: index.lastRow,
    async read(rowNumbers) {
      const wanted = rowNumbers.map((row) => blockOf(index, row));
      const read = new Map<number, string[][]>();
      await Promise.all(
        [...new Set(wanted)].map(async (block) => {
          if (block >= 0) read.set(block, await blocks(block));
        }),
      );
      return rowNumbers.map((row, at) => {
        const block = wanted[at] ?? -1;
        const first = index.firstRows[block] ?? 0;
        return read.get(block)?.[row - first] ?? [];
      });
    },
  };
}

/** -1 for a row that is not there. */
function blockOf({ firstRows, lastRow }: RowIndex, row: number): number {
  if (row < 1 || row > lastRow) return -1;
  let low = 0;
  let high = firstRows.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((firstRows[middle] as number) <= row) low = middle;
    else high = middle;
  }
  return low;
}

async function readBlock(
  index: RowIndex,
  block: number,
  options: TableOptions,
): Promise<string[][]> {
  const { bytes, offsets, firstRows, lineBreak } = index;
  const slice = bytes.slice(offsets[block], offsets[block + 1]);
  const text = decodeBlock(await readBytes(slice), index.encoding);
  const parser = createRowParser({ ...options, lineBreak });
  const rows = [...parser.push(text).rows, ...parser.finish().rows];
  const expected =
    (firstRows[block + 1] as number) - (firstRows[block] as number);
  if (rows.length !== expected) {
    throw new AppError(
      "unprocessable",
      FILE_REFUSALS.rowsChanged(firstRows[block] ?? 0),
    );
  }
  return rows;
}

async function readBytes(slice: Blob): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await slice.arrayBuffer());
  } catch (cause) {
    throw new AppError("unprocessable", FILE_REFUSALS.unreadableNow, { cause });
  }
}

/** A block may begin with the character that is a byte order mark at the start of a file: here it is text. */
function decodeBlock(bytes: Uint8Array<ArrayBuffer>, encoding: string): string {
  return encoding.startsWith("utf-")
    ? new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes)
    : createDecoder(encoding)(bytes, false);
}

/** Keeps the blocks that were asked for last; those asked for at the same time are read once. */
function createBlockCache(
  read: (block: number) => Promise<string[][]>,
): (block: number) => Promise<string[][]> {
  const kept = new Map<number, Promise<string[][]>>();
  return (block) => {
    const found = kept.get(block) ?? read(block);
    kept.delete(block);
    kept.set(block, found);
    found.catch(() => kept.delete(block));
    const [oldest] = kept.keys();
    if (kept.size > BLOCKS_KEPT && oldest !== undefined) kept.delete(oldest);
    return found;
  };
}
