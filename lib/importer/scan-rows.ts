import type { IssueCode } from "@/lib/domain/import-run";
import { createStepRunner } from "@/lib/domain/step-runner";
import { headersAfter } from "@/lib/domain/table-steps";

import { readTable } from "./read-table";
import type { AskContext, Table } from "./row-desk";
import { createNumberList } from "./row-list";
import type { RowView } from "./row-messages";
import { runImport } from "./run-import";

/** Rows of a view by their number, in order. */
export type FoundRows = {
  rows: Uint32Array;
  /** Those that are rejected only because another row has their key. */
  repeats?: Uint32Array;
  /** Those of them whose key cells are others than that row's. */
  collapses?: Uint32Array;
};

const REPEATS = new Set<IssueCode>([
  ...(["key_repeated", "key_replaced", "key_collapsed"] as const),
]);

type Scan = Table & AskContext;

/** Goes through all rows below the header, after the steps, in file order. */
export async function scanRows(
  scan: Scan,
  onRow: (
    cells: readonly string[],
    rowNumber: number,
    inFile: readonly string[],
  ) => void,
): Promise<void> {
  const { file, options, mapping, headers, signal } = scan;
  const run = createStepRunner(mapping.steps, headers);
  for await (const chunk of readTable(file, options)) {
    signal.throwIfAborted();
    const { rows, firstRowNumber } = chunk;
    const start = Math.max(0, options.headerRow + 1 - firstRowNumber);
    for (let at = start; at < rows.length; at++) {
      const inFile = rows[at] as string[];
      const rowNumber = firstRowNumber + at;
      onRow(run(inFile, rowNumber), rowNumber, inFile);
    }
    scan.onProgress(chunk.bytesRead / file.size);
  }
}

/** The rows of a view, by one pass over the file; 4 bytes a row. */
export async function findRows(
  scan: Scan,
  view: Exclude<RowView, { is: "all" }>,
): Promise<FoundRows> {
  if (view.is === "problems") return findProblems(scan);
  const rows = createNumberList();
  const isWanted = matcher(scan, view);
  await scanRows(scan, (cells, rowNumber, inFile) => {
    if (isWanted(cells, rowNumber, inFile)) rows.push(rowNumber);
  });
  return { rows: rows.finish() };
}

function matcher(
  { headers, mapping }: Scan,
  view: Exclude<RowView, { is: "all" | "problems" }>,
): (
  cells: readonly string[],
  rowNumber: number,
  inFile: readonly string[],
) => boolean {
  switch (view.is) {
    case "changed":
      return (cells, _rowNumber, inFile) =>
        cells !== inFile &&
        headers.some(
          (_, column) => (cells[column] ?? "") !== (inFile[column] ?? ""),
        );
    case "value":
      return (cells) =>
        (cells[view.column] ?? "") === view.value &&
        (view.value !== "" || cells.some((cell) => cell !== ""));
    case "hits": {
      const next = createStepRunner(
        [view.step],
        headersAfter(mapping.steps, headers),
      );
      return (cells, rowNumber) => next(cells, rowNumber) !== cells;
    }
  }
}

/** The same pass as the check, so that the rows are those that it rejects. */
async function findProblems(scan: Scan): Promise<FoundRows> {
  const rows = createNumberList();
  const repeats = createNumberList();
  const collapses = createNumberList();
  const { file, options, mapping, headers, signal } = scan;
  await runImport({
    ...{ file, options, mapping, headers, signal },
    onRejected: (_cells, rowNumber, issues) => {
      rows.push(rowNumber);
      const code = issues[0]?.code;
      if (code !== undefined && REPEATS.has(code)) repeats.push(rowNumber);
      if (code === "key_collapsed") collapses.push(rowNumber);
    },
    onProgress: (_rows, bytes) => scan.onProgress(bytes / file.size),
  });
  return {
    rows: rows.finish(),
    repeats: repeats.finish(),
    collapses: collapses.finish(),
  };
}
