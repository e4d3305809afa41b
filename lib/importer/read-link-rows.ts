import { AppError } from "@/lib/domain/errors";
import type { TableOptions } from "@/lib/domain/import-run";
import {
  LINK_ROWS_MAX,
  readLinkCells,
  type LinkColumns,
  type LinkRow,
} from "@/lib/domain/link-row";
import { FILE_REFUSALS } from "@/lib/wording/file-refusals";

import { NotUtf8Error, readTable } from "./read-table";

/**
 * The rows of a spreadsheet of media links, blank ones left out, numbered as
 * the spreadsheet shows them. A file that proves not to be UTF-8 is read again
 * as windows-1252.
 *
 * @throws {AppError} `too_large` for more rows than a submission takes;
 *   `unprocessable`, naming the row, where the text is broken.
 */
export async function readLinkRows(args: {
  file: Blob;
  options: TableOptions;
  columns: LinkColumns;
  signal?: AbortSignal | undefined;
}): Promise<LinkRow[]> {
  try {
    return await readAll(args);
  } catch (error) {
    // Read again once with the encoding that is left; it takes any byte.
    if (!(error instanceof NotUtf8Error)) throw error;
    const options = { ...args.options, encoding: error.encoding };
    return readAll({ ...args, options });
  }
}

async function readAll({
  file,
  options,
  columns,
  signal,
}: Parameters<typeof readLinkRows>[0]): Promise<LinkRow[]> {
  const found: LinkRow[] = [];
  for await (const { rows, firstRowNumber } of readTable(file, options)) {
    signal?.throwIfAborted();
    for (const [index, cells] of rows.entries()) {
      const rowNumber = firstRowNumber + index;
      if (rowNumber <= options.headerRow) continue;
      const row = readLinkCells(rowNumber, cells, columns);
      if (row) found.push(row);
    }
    if (found.length > LINK_ROWS_MAX) {
      const max = LINK_ROWS_MAX.toLocaleString("en");
      throw new AppError("too_large", FILE_REFUSALS.tooManyLinks(max));
    }
  }
  return found;
}
