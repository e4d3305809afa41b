import type { TableOptions } from "@/lib/domain/import-run";
import {
  columnRanges,
  partLabel,
  type TablePart,
} from "@/lib/domain/table-parts";
import { visibleText } from "@/lib/domain/visible-text";
import { TABLE_NOTICES } from "@/lib/wording/table-notices";

import { canonicalBlob, createCsvWriter } from "./csv-writer";
import { NotUtf8Error, readTable } from "./read-table";

export type OpenPart = {
  part: Pick<TablePart, "file" | "sheet">;
  table: Blob;
  options: TableOptions;
  headers: readonly string[];
};

export type JoinedParts = {
  table: Blob;
  parts: TablePart[];
  notices: string[];
  /** Over all of the parts. */
  quoteProblems: number;
};

/**
 * Several tables as one: columns of the same name come together, whatever their
 * place, and a last column says which file or sheet a row is from. Which columns
 * a part does not have stays known (`lacks`): there its rows say nothing, which
 * is not an empty cell. Row 1 holds the names; blank rows stay, so that each row can be found again in its part.
 */
export async function joinParts(
  opened: readonly OpenPart[],
  onAlive: () => void,
): Promise<JoinedParts> {
  const names = opened.map(({ part }) => part);
  const { headers, places } = alignHeaders(opened.map((one) => one.headers));
  const head = createCsvWriter();
  head.row([...headers, freeName(headers, labelName(names))]);

  const blobs = head.parts();
  const parts: TablePart[] = [];
  const notices: string[] = [];
  let firstRow = 2;
  let quoteProblems = 0;
  for (const [index, one] of opened.entries()) {
    const label = partLabel(one.part, names);
    const copy = (options: TableOptions) =>
      copyRows(
        { ...one, options },
        places[index] ?? [],
        headers.length,
        label,
        onAlive,
      );
    let { options } = one;
    let copied;
    try {
      copied = await copy(options);
    } catch (error) {
      // Read again once with the encoding that is left; it takes any byte.
      if (!(error instanceof NotUtf8Error)) throw error;
      options = { ...options, encoding: error.encoding };
      copied = await copy(options);
      notices.push(TABLE_NOTICES.partNotUtf8(label));
    }
    blobs.push(...copied.blobs);
    const has = new Set(places[index]);
    const lacks = columnRanges(
      headers.flatMap((_, column) => (has.has(column) ? [] : [column])),
    );
    parts.push({
      ...partOf(one.part, options),
      firstRow,
      ...(lacks.length > 0 && { lacks }),
    });
    firstRow += copied.rows;
    quoteProblems += copied.quoteProblems;
  }
  if (parts.some(({ lacks }) => lacks)) {
    notices.push(TABLE_NOTICES.lackingColumns);
  }
  return { table: canonicalBlob(blobs), parts, notices, quoteProblems };
}

/** A part with all that is needed to read it again the same way. */
export function partOf(
  { file, sheet }: Pick<TablePart, "file" | "sheet">,
  { headerRow, encoding, delimiter, quotes }: TableOptions,
): TablePart {
  const text = sheet === null ? { encoding, delimiter, quotes } : {};
  return { file, sheet, headerRow, ...text };
}

async function copyRows(
  { table, options, headers }: OpenPart,
  places: readonly number[],
  width: number,
  label: string,
  onAlive: () => void,
): Promise<{ blobs: Blob[]; rows: number; quoteProblems: number }> {
  const writer = createCsvWriter();
  let rows = 0;
  let quoteProblems = 0;
  for await (const chunk of readTable(table, options)) {
    onAlive();
    quoteProblems += chunk.quoteProblems;
    const start = Math.max(0, options.headerRow + 1 - chunk.firstRowNumber);
    for (const cells of chunk.rows.slice(start)) {
      rows += 1;
      if (cells.every((cell) => cell === "")) {
        writer.row([]);
        continue;
      }
      const out = new Array<string>(width).fill("");
      for (const [column, place] of places.entries()) {
        out[place] = cells[column] ?? "";
      }
      // Cells beyond the header stay beyond it, so that the row is reported.
      const extra = cells.slice(headers.length);
      const isLong = extra.some((cell) => cell !== "");
      writer.row([...out, label, ...(isLong ? extra : [])]);
    }
  }
  return { blobs: writer.parts(), rows, quoteProblems };
}

/** All names in the order they first come; a name that repeats in one part keeps its turn. */
function alignHeaders(parts: readonly (readonly string[])[]): {
  headers: string[];
  places: number[][];
} {
  const headers: string[] = [];
  const known = new Map<string, number>();
  const places = parts.map((names) => {
    const turns = new Map<string, number>();
    return names.map((name) => {
      const visible = visibleText(name);
      const turn = turns.get(visible) ?? 0;
      turns.set(visible, turn + 1);
      const key = `${turn}:${visible}`;
      let place = known.get(key);
      if (place === undefined) {
        place = headers.length;
        known.set(key, place);
        headers.push(name);
      }
      return place;
    });
  });
  return { headers, places };
}

function labelName(
  parts: readonly Pick<TablePart, "file" | "sheet">[],
): string {
  const files = new Set(parts.map(({ file }) => file));
  return files.size === 1 && parts[0]?.sheet !== null ? "Sheet" : "File";
}

function freeName(headers: readonly string[], wanted: string): string {
  const taken = new Set(headers.map((name) => visibleText(name).toLowerCase()));
  if (!taken.has(wanted.toLowerCase())) return wanted;
  for (let number = 2; ; number++) {
    const name = `${wanted} ${number}`;
    if (!taken.has(name.toLowerCase())) return name;
  }
}
