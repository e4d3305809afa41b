import { placeEdits, type PlacedEdit } from "@/lib/domain/placed-edits";
import { columnLabels, type NotedEdit } from "@/lib/domain/row-notes";
import { createStepRunner, type StepRunner } from "@/lib/domain/step-runner";
import {
  headersAfter,
  STEP_LIMITS,
  withoutEdits,
  type TableStep,
} from "@/lib/domain/table-steps";

import { NotUtf8Error, readTable } from "./read-table";
import type { TablePreview } from "./messages";

/** More than the steps of a mapping can hold. */
const EDITS_MAX = 2 * STEP_LIMITS.editsPerStepMax;

type RowEdit = { column: number; after: number; value: string };

/**
 * Makes the function that gives a row as it goes into the file of rejected
 * rows, where all steps but the edits are done again: its cells with what a
 * person changed one by one, and what else must be noted so that the steps
 * then make of it what they made before. That is the place of an edit among the
 * steps, and the text of edits that the file has no column for. Where a step
 * needs a cell as it was before it was changed, the cells stay as they were,
 * and the edits are noted with their texts.
 */
export function createEditNotes(
  steps: readonly TableStep[] | undefined,
  headers: readonly string[],
): (
  cells: readonly string[],
  rowNumber: number,
) => { cells: readonly string[]; edits: NotedEdit[] } {
  const byRow = editsByRow(steps ?? []);
  if (byRow.size === 0) return (cells) => ({ cells, edits: [] });
  const width = headers.length;
  const labels = columnLabels(headersAfter(steps, headers));
  const runAll = createStepRunner(steps, headers);
  const runPlain = createStepRunner(withoutEdits(steps ?? []), headers);
  const lastOf = (edits: readonly RowEdit[]) =>
    edits.filter((edit) => isLastOf(edits, edit, width));
  const placed = [...byRow].flatMap(([row, edits]) =>
    lastOf(edits).map((edit) => ({
      ...{ ...edit, row, column: labels[edit.column] ?? "" },
    })),
  );
  const runShown = createStepRunner(
    placeEdits(steps ?? [], headers, placed),
    headers,
  );
  const noted = ({ column, after, value }: RowEdit, isInFile: boolean) => ({
    ...{ column: labels[column] ?? "", after },
    value: isInFile ? null : value,
  });

  return (cells, rowNumber) => {
    const edits = byRow.get(rowNumber);
    if (!edits) return { cells, edits: [] };
    const shown = [...cells];
    for (const { column, value } of edits) {
      if (column >= width) continue;
      while (shown.length < column) shown.push("");
      shown[column] = value;
    }
    const isRight = (run: StepRunner) =>
      isSameRow(run(shown, rowNumber), runAll(cells, rowNumber));
    if (isRight(runPlain)) return { cells: shown, edits: [] };
    if (isRight(runShown)) {
      return {
        cells: shown,
        edits: lastOf(edits).map((edit) => noted(edit, edit.column < width)),
      };
    }
    return { cells, edits: edits.map((edit) => noted(edit, false)) };
  };
}

/**
 * The edits that the statuses of a file of rejected rows note. At most somewhat
 * more than a mapping can hold; none where the text cannot be read to its end,
 * which the check tells.
 */
export async function readNotedEdits(
  file: Blob,
  { options, headers }: Pick<TablePreview, "options" | "headers">,
): Promise<PlacedEdit[]> {
  const columns = new Map(
    columnLabels(headers).map((label, column) => [label, column]),
  );
  const found: PlacedEdit[] = [];
  try {
    for await (const { rows, notes, firstRowNumber } of readTable(
      file,
      options,
    )) {
      for (const [at, note] of notes?.entries() ?? []) {
        for (const edit of note?.edits ?? []) {
          const cell = rows[at]?.[columns.get(edit.column) ?? -1] ?? "";
          const row = firstRowNumber + at;
          found.push({ ...edit, row, value: edit.value ?? cell });
        }
      }
      if (found.length > EDITS_MAX) break;
    }
  } catch (error) {
    // Read with another encoding later on; edits are then made by hand again.
    if (!(error instanceof NotUtf8Error)) throw error;
  }
  return found;
}

function editsByRow(steps: readonly TableStep[]): Map<number, RowEdit[]> {
  const byRow = new Map<number, RowEdit[]>();
  let after = 0;
  for (const step of steps) {
    if (step.do !== "edit") {
      after += 1;
      continue;
    }
    for (const { row, column, value } of step.cells) {
      const edits = byRow.get(row) ?? [];
      edits.push({ column, after, value });
      byRow.set(row, edits);
    }
  }
  return byRow;
}

/** Of a cell of the file the last edit says all; those of added columns all count. */
function isLastOf(
  edits: readonly RowEdit[],
  edit: RowEdit,
  width: number,
): boolean {
  if (edit.column >= width) return true;
  return edits.findLast(({ column }) => column === edit.column) === edit;
}

function isSameRow(a: readonly string[], b: readonly string[]): boolean {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    if ((a[at] ?? "") !== (b[at] ?? "")) return false;
  }
  return true;
}
