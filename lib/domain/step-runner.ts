import { TABLE_LIMITS } from "./limits";
import type { Cleaning, TableStep } from "./table-steps";

/** One more than a cell may have: what steps make longer is refused by the mapper and never cut unseen. */
const CHARS_KEPT = TABLE_LIMITS.cellCharsMax + 1;
/** Begins the cell that stands for an error in a workbook, such as `#N/A`. */
const ERROR_MARK = "\0";

export type StepRunner = (
  cells: readonly string[],
  rowNumber: number,
) => readonly string[];

/** A row on its way through the steps: a copy is made at the first change. */
type Row = {
  cells: readonly string[];
  number: number;
  isOwn: boolean;
  /** Every cell is empty. Only an edit changes such a row: it is no entity. */
  isBlank: boolean;
  /** Cells beyond the last column of the file; they stay beyond it. */
  extra: readonly string[];
};

type RunStep = (row: Row) => void;

/**
 * Makes the function that takes the cells of a row through all steps, in
 * order. It never changes the cells it is given: a row that no step changes
 * comes back as the very same array.
 *
 * Expects steps without `stepProblems`; `headers` are those of the file. A
 * column that is added stands behind the file's own, also in rows that are
 * short or have cells too many. Blank rows are left blank but for edits.
 */
export function createStepRunner(
  steps: readonly TableStep[] | undefined,
  headers: readonly string[],
): StepRunner {
  if (!steps || steps.length === 0) return (cells) => cells;
  let width = headers.length;
  const run = steps.map((step): RunStep => {
    if (step.do !== "constant" && step.do !== "join") {
      return compile(step, width);
    }
    width += 1;
    return compileAdding(step, width - 1);
  });
  const isWider = width > headers.length;
  const onlyEdits = steps.every((step) => step.do === "edit");
  const edited = onlyEdits ? editedRows(steps) : undefined;

  return (cells, rowNumber) => {
    if (edited && !edited.has(rowNumber)) return cells;
    const row: Row = {
      ...{ cells, number: rowNumber, isOwn: false, extra: [] },
      isBlank: cells.every((cell) => cell === ""),
    };
    if (isWider && cells.length > headers.length) {
      row.extra = cells.slice(headers.length);
      row.cells = cells.slice(0, headers.length);
      row.isOwn = true;
    }
    for (const step of run) step(row);
    if (row.extra.length > 0) {
      // Of a blank row nothing is made, so that it comes back as it was.
      if (row.isBlank) return cells;
      for (let at = row.cells.length; at < width; at++) setCell(row, at, "");
      row.cells = [...row.cells, ...row.extra];
    }
    return row.cells;
  };
}

function editedRows(steps: readonly TableStep[]): ReadonlySet<number> {
  return new Set(
    steps.flatMap((step) =>
      step.do === "edit" ? step.cells.map(({ row }) => row) : [],
    ),
  );
}

function setCell(row: Row, column: number, value: string): void {
  const before = row.cells[column];
  if (before === value) return;
  if (!row.isOwn) {
    row.cells = row.cells.slice();
    row.isOwn = true;
  }
  const cells = row.cells as string[];
  while (cells.length < column) cells.push("");
  cells[column] = value;
  if (value !== "") row.isBlank = false;
}

function compile(
  step: Exclude<TableStep, { do: "constant" | "join" }>,
  width: number,
): RunStep {
  switch (step.do) {
    case "edit":
      return compileEdit(step);
    case "fill": {
      const { column, value } = step;
      return (row) => {
        if (!row.isBlank && (row.cells[column] ?? "") === "") {
          setCell(row, column, value);
        }
      };
    }
    default: {
      const change = cellChange(step);
      const { column } = step;
      return column === null
        ? onEveryCell(change, width)
        : onCell(change, column);
    }
  }
}

function onCell(change: CellChange, column: number): RunStep {
  return (row) => {
    if (row.isBlank) return;
    // A cell that is missing at the end of a short row is an empty one.
    const before = row.cells[column] ?? "";
    const after = change(before);
    if (after !== before) setCell(row, column, after);
  };
}

function onEveryCell(change: CellChange, width: number): RunStep {
  return (row) => {
    if (row.isBlank) return;
    const end = Math.min(width, row.cells.length);
    for (let column = 0; column < end; column++) {
      const before = row.cells[column] as string;
      const after = change(before);
      if (after !== before) setCell(row, column, after);
    }
  };
}

function compileEdit(step: Extract<TableStep, { do: "edit" }>): RunStep {
  const byRow = new Map<number, [column: number, value: string][]>();
  for (const { row, column, value } of step.cells) {
    const cells = byRow.get(row) ?? [];
    cells.push([column, value]);
    byRow.set(row, cells);
  }
  return (row) => {
    const cells = byRow.get(row.number);
    if (!cells) return;
    for (const [column, value] of cells) {
      if ((row.cells[column] ?? "") !== value) setCell(row, column, value);
    }
    if (row.cells.every((cell) => cell === "")) row.isBlank = true;
  };
}

function compileAdding(
  step: Extract<TableStep, { do: "constant" | "join" }>,
  column: number,
): RunStep {
  return (row) => {
    if (row.isBlank) return;
    const value = step.do === "constant" ? step.value : join(step, row.cells);
    for (let at = row.cells.length; at < column; at++) setCell(row, at, "");
    setCell(row, column, value);
  };
}

function join(
  step: Extract<TableStep, { do: "join" }>,
  cells: readonly string[],
): string {
  const parts = step.columns.map((column) => cells[column] ?? "");
  const used = step.isEmptySkipped
    ? parts.filter((part) => part !== "")
    : parts;
  return bounded(used.join(step.separator));
}

export type CellChange = (cell: string) => string;

/**
 * What a step does to one cell, for those that change each cell by itself.
 * Takes time linear in the length of the cell.
 */
export function cellChange(
  step: Extract<TableStep, { do: "replace" | "map" | "clean" | "split" }>,
): CellChange {
  switch (step.do) {
    case "replace":
      return replacing(step);
    case "map": {
      const to = new Map<string, string>();
      for (const { from, to: value } of step.values) {
        to.set(from, value);
        if (from.startsWith("#")) to.set(ERROR_MARK + from, value);
      }
      return (cell) => to.get(cell) ?? cell;
    }
    case "clean":
      return CLEAN[step.how];
    case "split":
      return (cell) =>
        cell.includes(step.separator)
          ? cell
              .split(step.separator)
              .map((part) => part.trim())
              .filter((part) => part !== "")
              .join("|")
          : cell;
  }
}

const CLEAN: Record<Cleaning, CellChange> = {
  trim: (cell) => cell.trim(),
  collapse: (cell) => cell.replace(/\s{2,}|[^\S ]/g, " ").trim(),
  lower: (cell) => bounded(cell.toLowerCase()),
  upper: (cell) => bounded(cell.toUpperCase()),
  title: (cell) =>
    bounded(
      cell
        .toLowerCase()
        .replace(/(?<![\p{L}\p{N}'’])\p{L}/gu, (letter) =>
          letter.toUpperCase(),
        ),
    ),
};

function replacing(step: Extract<TableStep, { do: "replace" }>): CellChange {
  const { find, replaceWith, isWhole, isCaseMatched } = step;
  if (isWhole && isCaseMatched) {
    return (cell) => (cell === find ? replaceWith : cell);
  }
  const literal = find.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  const flags = isCaseMatched ? "gu" : "giu";
  // Without the m flag the two anchors are the ends of the cell.
  const pattern = new RegExp(isWhole ? `^${literal}$` : literal, flags);
  const growth = replaceWith.length / find.length;

  return (cell) => {
    if (isCaseMatched && !cell.includes(find)) return cell;
    if (cell.length * Math.max(1, growth) + replaceWith.length < CHARS_KEPT) {
      return cell.replace(pattern, () => replaceWith);
    }
    let text = "";
    let at = 0;
    for (const match of cell.matchAll(pattern)) {
      text += cell.slice(at, match.index) + replaceWith;
      at = match.index + match[0].length;
      if (text.length > CHARS_KEPT) break;
    }
    return at === 0 ? cell : bounded(text + cell.slice(at));
  };
}

function bounded(text: string): string {
  return text.length > CHARS_KEPT ? text.slice(0, CHARS_KEPT) : text;
}
