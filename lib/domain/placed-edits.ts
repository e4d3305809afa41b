import type { ColumnMapping } from "./mapping";
import { columnLabels, type NotedEdit } from "./row-notes";
import {
  headersAfter,
  STEP_LIMITS,
  tableStepsSchema,
  withoutEdits,
  type TableStep,
} from "./table-steps";

/** An edit that the status of a rejected row notes, with the row's number in the file that is dropped again. */
export type PlacedEdit = NotedEdit & { row: number; value: string };

/**
 * The mapping for a file of rejected rows, with the edits that were made of
 * those rows done again; see `placeEdits`. `undefined` when there are more than
 * a mapping can hold.
 */
export function withPlacedEdits(
  mapping: ColumnMapping,
  fileHeaders: readonly string[],
  edits: readonly PlacedEdit[],
): ColumnMapping | undefined {
  const { steps = [], ...rest } = mapping;
  const placed = placeEdits(steps, fileHeaders, edits);
  if (placed.length === 0) return rest;
  const parsed = tableStepsSchema.safeParse(placed);
  return parsed.success ? { ...rest, steps: parsed.data } : undefined;
}

/**
 * Steps with other edits than their own: each after as many of the other steps
 * as it says. Edits of columns that are not there at that place are left out.
 */
export function placeEdits(
  steps: readonly TableStep[],
  fileHeaders: readonly string[],
  edits: readonly PlacedEdit[],
): TableStep[] {
  const plain = withoutEdits(steps);
  const labels = columnLabels(headersAfter(plain, fileHeaders));
  const columns = new Map(labels.map((label, column) => [label, column]));
  const byPlace = Array.from({ length: plain.length + 1 }, (_, at) => ({
    width: headersAfter(plain.slice(0, at), fileHeaders).length,
    cells: [] as EditStep["cells"],
  }));
  for (const { row, column: label, after, value } of edits) {
    const column = columns.get(label);
    const place = byPlace[Math.min(after, plain.length)];
    if (column === undefined || !place || column >= place.width) continue;
    place.cells.push({ row, column, value });
  }
  return byPlace.flatMap(({ cells }, at) => {
    const step = plain[at];
    return [...editSteps(cells), ...(step ? [step] : [])];
  });
}

type EditStep = Extract<TableStep, { do: "edit" }>;

function editSteps(cells: EditStep["cells"]): EditStep[] {
  const max = STEP_LIMITS.editsPerStepMax;
  return Array.from({ length: Math.ceil(cells.length / max) }, (_, at) => ({
    do: "edit",
    cells: cells.slice(at * max, (at + 1) * max),
  }));
}
