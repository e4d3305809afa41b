import type { ColumnMapping, ColumnUse } from "./mapping";
import { suggestPropertyId } from "./suggest-id";
import {
  addedHeader,
  columnsOf,
  headersAfter,
  STEP_LIMITS,
  stepProblems,
  tableStepsSchema,
  withMovedColumns,
  withoutEdits,
  type TableStep,
} from "./table-steps";

/** What a person asked for, or the sentence that says why it cannot be done. */
export type StepChange =
  { ok: true; steps: TableStep[] } | { ok: false; message: string };

/**
 * The same mapping with other steps. Columns of the file keep their use, added
 * columns that stay keep theirs; a new one becomes the property that its name
 * suggests, or is ignored where that one is filled already.
 */
export function withSteps(
  mapping: ColumnMapping,
  fileHeaders: readonly string[],
  steps: readonly TableStep[],
): ColumnMapping {
  const width = fileHeaders.length;
  const own = mapping.columns.slice(0, width);
  const kept = (mapping.steps ?? []).flatMap((step) => addedHeader(step) ?? []);
  const uses = mapping.columns.slice(width);
  const taken = new Set(
    own.flatMap((use) => (use.as === "property" ? [use.id] : [])),
  );
  const added = steps.flatMap((step): ColumnUse[] => {
    const header = addedHeader(step);
    if (header === undefined) return [];
    const at = kept.indexOf(header);
    if (at >= 0) kept.splice(at, 1);
    const [use] = at < 0 ? [] : uses.splice(at, 1);
    return [use ?? newUse(header, taken)];
  });
  const changed: ColumnMapping = { ...mapping, columns: [...own, ...added] };
  if (steps.length > 0) changed.steps = [...steps];
  else delete changed.steps;
  return changed;
}

/**
 * The mapping for another file with the same columns: without the edits, which
 * name rows of the file they were made in.
 */
export function mappingForOtherFile(mapping: ColumnMapping): ColumnMapping {
  const { steps, ...rest } = mapping;
  const kept = withoutEdits(steps ?? []);
  return kept.length > 0 ? { ...rest, steps: kept } : rest;
}

function newUse(header: string, taken: Set<string>): ColumnUse {
  const id = suggestPropertyId(header);
  if (id === "" || taken.has(id)) return { as: "ignore" };
  taken.add(id);
  return { as: "property", id, language: "", emptyCell: "skip" };
}

/**
 * One step more. Edits that follow each other are one step, in which the later
 * value of a cell wins.
 */
export function addStep(
  steps: readonly TableStep[],
  fileHeaders: readonly string[],
  step: TableStep,
): StepChange {
  const last = steps.at(-1);
  if (step.do === "edit" && last?.do === "edit") {
    const isSame = (a: { row: number; column: number }) =>
      step.cells.some(
        ({ row, column }) => a.row === row && a.column === column,
      );
    const cells = [
      ...last.cells.filter((cell) => !isSame(cell)),
      ...step.cells,
    ];
    if (cells.length <= STEP_LIMITS.editsPerStepMax) {
      return checked(
        [...steps.slice(0, -1), { do: "edit", cells }],
        fileHeaders,
      );
    }
  }
  return checked([...steps, step], fileHeaders);
}

/**
 * One step less, wherever it stands. Columns that later steps name keep their
 * meaning; a step whose column would be gone stands in the way.
 */
export function removeStep(
  steps: readonly TableStep[],
  fileHeaders: readonly string[],
  index: number,
): StepChange {
  const step = steps[index];
  if (!step) return { ok: false, message: "The step is gone already." };
  const rest = steps.slice(index + 1);
  if (addedHeader(step) === undefined) {
    return checked([...steps.slice(0, index), ...rest], fileHeaders);
  }
  const removed = headersAfter(steps.slice(0, index), fileHeaders).length;
  const user = rest.findIndex((later) => columnsOf(later).includes(removed));
  if (user >= 0) {
    return {
      ok: false,
      message: `Step ${index + user + 2} uses the column that this step adds. Remove that step first.`,
    };
  }
  const moved = rest.flatMap(
    (later) =>
      withMovedColumns(later, (column) =>
        column > removed ? column - 1 : column,
      ) ?? [],
  );
  return checked([...steps.slice(0, index), ...moved], fileHeaders);
}

function checked(
  steps: TableStep[],
  fileHeaders: readonly string[],
): StepChange {
  const parsed = tableStepsSchema.safeParse(steps);
  const message = parsed.success
    ? stepProblems(steps, fileHeaders)[0]
    : parsed.error.issues[0]?.message;
  return message === undefined ? { ok: true, steps } : { ok: false, message };
}
