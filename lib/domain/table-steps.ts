import { z } from "zod";

import { TABLE_LIMITS } from "./limits";
import { visibleText } from "./visible-text";

/** A mapping with its steps travels in one request of at most 1 MB. */
export const STEP_LIMITS = {
  stepsMax: 200,
  editsPerStepMax: 5_000,
  valuesPerStepMax: 5_000,
  columnsPerJoinMax: 50,
  findCharsMax: 200,
  separatorCharsMax: 20,
  textCharsMax: 100_000,
  headerCharsMax: 300,
  rowNumberMax: TABLE_LIMITS.rowNumberMax,
  /** Of all steps together, as JSON. */
  totalCharsMax: 250_000,
} as const;

export const CLEANINGS = [
  "trim",
  "collapse",
  "lower",
  "upper",
  "title",
] as const;
export type Cleaning = (typeof CLEANINGS)[number];

const columnSchema = z.number().int().nonnegative().max(2_000);
/** `null`: every column there is when the step's turn comes. */
const columnOrAllSchema = columnSchema.nullable();

/** No NUL and no half of a character: such text cannot be stored. */
const textSchema = (charsMax: number) =>
  z
    .string()
    .max(charsMax)
    .refine((text) => !/[\0\p{Cs}]/u.test(text), {
      message: "The text holds a character that cannot be stored.",
    });
const cellSchema = textSchema(STEP_LIMITS.textCharsMax);
const headerSchema = textSchema(STEP_LIMITS.headerCharsMax).refine(
  (text) => visibleText(text) !== "",
  { message: "Give the new column a name." },
);

/**
 * One change of the table before its rows become entities. Columns are
 * positions among the columns that the steps before it leave; `constant` and
 * `join` add one at the end. Texts are plain: there are no expressions.
 */
export const tableStepSchema = z.discriminatedUnion("do", [
  /** Single cells, by the row's number in the file. Belongs to this very file. */
  z.object({
    do: z.literal("edit"),
    cells: z
      .array(
        z.object({
          row: z.number().int().positive().max(STEP_LIMITS.rowNumberMax),
          column: columnSchema,
          value: cellSchema,
        }),
      )
      .min(1)
      .max(STEP_LIMITS.editsPerStepMax),
  }),
  z.object({
    do: z.literal("replace"),
    column: columnOrAllSchema,
    find: textSchema(STEP_LIMITS.findCharsMax).min(1),
    replaceWith: cellSchema,
    /** The cell as a whole is what is looked for, not a part of it. */
    isWhole: z.boolean(),
    isCaseMatched: z.boolean(),
  }),
  /** Whole cells. An error cell of a workbook is named by its text, such as `#N/A`. */
  z.object({
    do: z.literal("map"),
    column: columnSchema,
    values: z
      .array(z.object({ from: cellSchema, to: cellSchema }))
      .min(1)
      .max(STEP_LIMITS.valuesPerStepMax),
  }),
  z.object({
    do: z.literal("clean"),
    column: columnOrAllSchema,
    how: z.enum(CLEANINGS),
  }),
  /** Into a list with `|`: parts are trimmed, empty ones left out. */
  z.object({
    do: z.literal("split"),
    column: columnSchema,
    separator: textSchema(STEP_LIMITS.separatorCharsMax).min(1),
  }),
  z.object({
    do: z.literal("fill"),
    column: columnSchema,
    value: cellSchema.min(1),
  }),
  z.object({
    do: z.literal("constant"),
    header: headerSchema,
    value: cellSchema,
  }),
  z.object({
    do: z.literal("join"),
    header: headerSchema,
    columns: z.array(columnSchema).min(1).max(STEP_LIMITS.columnsPerJoinMax),
    separator: textSchema(STEP_LIMITS.separatorCharsMax),
    isEmptySkipped: z.boolean(),
  }),
]);
export type TableStep = z.output<typeof tableStepSchema>;

export const tableStepsSchema = z
  .array(tableStepSchema)
  .max(STEP_LIMITS.stepsMax, "There are too many steps. Remove some.")
  .refine(
    (steps) => JSON.stringify(steps).length <= STEP_LIMITS.totalCharsMax,
    "The steps hold too much text. Change the file itself for so many cells.",
  );

/** The name of the column that a step adds at the end, if it adds one. */
export function addedHeader(step: TableStep): string | undefined {
  return step.do === "constant" || step.do === "join" ? step.header : undefined;
}

/** The columns of the table when all steps are done: those of the file, then the added ones. */
export function headersAfter(
  steps: readonly TableStep[] | undefined,
  headers: readonly string[],
): readonly string[] {
  if (!steps) return headers;
  const added = steps.flatMap((step) => addedHeader(step) ?? []);
  return added.length === 0 ? headers : [...headers, ...added];
}

/** The columns that a step names; none for one that means all of them. */
export function columnsOf(step: TableStep): number[] {
  switch (step.do) {
    case "edit":
      return [...new Set(step.cells.map(({ column }) => column))];
    case "join":
      return step.columns;
    case "constant":
      return [];
    default:
      return step.column === null ? [] : [step.column];
  }
}

/**
 * The same step with its columns at other positions, for a file with other
 * columns or after a column was removed. Undefined when a column it needs is
 * gone; cells of an `edit` whose column is gone are left out.
 */
export function withMovedColumns(
  step: TableStep,
  move: (column: number) => number | undefined,
): TableStep | undefined {
  switch (step.do) {
    case "constant":
      return step;
    case "edit": {
      const cells = step.cells.flatMap((cell) => {
        const column = move(cell.column);
        return column === undefined ? [] : [{ ...cell, column }];
      });
      return cells.length === 0 ? undefined : { ...step, cells };
    }
    case "join": {
      const columns = step.columns.map(move);
      return columns.every((column) => column !== undefined)
        ? { ...step, columns }
        : undefined;
    }
    default: {
      if (step.column === null) return step;
      const column = move(step.column);
      return column === undefined ? undefined : { ...step, column };
    }
  }
}

/** The steps that make sense for another file too: edits name rows of this one. */
export function withoutEdits(steps: readonly TableStep[]): TableStep[] {
  return steps.filter((step) => step.do !== "edit");
}

/** Why steps cannot be used on a table with these columns, as sentences; none when they can. */
export function stepProblems(
  steps: readonly TableStep[],
  headers: readonly string[],
): string[] {
  const problems: string[] = [];
  let width = headers.length;
  for (const [index, step] of steps.entries()) {
    const missing = columnsOf(step).find((column) => column >= width);
    if (missing !== undefined) {
      problems.push(
        `Step ${index + 1} of the changes to the rows needs column ${missing + 1}, but there are only ${width}. Remove the step.`,
      );
    }
    if (addedHeader(step) !== undefined) width += 1;
  }
  if (width > TABLE_LIMITS.columnsMax && width > headers.length) {
    problems.push(
      `With the added columns the table has ${width}; at most ${TABLE_LIMITS.columnsMax} can be imported. Remove a step that adds one.`,
    );
  }
  return problems;
}
