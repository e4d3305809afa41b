import { languageCodeSchema, propertyIdSchema } from "./identifiers";
import {
  canFillSame,
  canMeet,
  ROW_LANGUAGE,
  rowMayHaveNoLanguage,
  targetsOf,
  type ColumnMapping,
  type ColumnUse,
} from "./mapping";

/** What is wrong with the use of one column, and which part of it. */
export type ColumnProblem = {
  part: "use" | "property" | "language";
  message: string;
  /** An id or a language that breaks its own rule; `mappingProblems` says only how columns go together. */
  isTyped: boolean;
};

/**
 * The problems of a mapping by column position, for the page that edits it; the
 * rules are those of `mappingProblems`, which says them for the mapping as a
 * whole. A missing key column is not among them: it is no column's fault.
 */
export function columnProblems(
  mapping: ColumnMapping,
  headers: readonly string[],
): Map<number, ColumnProblem> {
  const problems = new Map<number, ColumnProblem>();
  const hasLanguageColumn = mapping.columns.some(({ as }) => as === "language");
  const single = new Map<string, number>();
  const filled = new Map<string, { column: number; language: string }[]>();
  const pivoted: { column: number; language: string }[] = [];
  const canClash = rowMayHaveNoLanguage(mapping.columns)
    ? canMeet
    : canFillSame;

  for (const [column, use] of mapping.columns.entries()) {
    const problem =
      ownProblem(use, hasLanguageColumn) ??
      lonePivot(use, mapping) ??
      repeatedUse(use, column, single, headers) ??
      repeatedValue(use, column, pivoted, headers) ??
      repeatedTarget(use, column, filled, headers, canClash);
    if (problem) problems.set(column, problem);
  }
  return problems;
}

/** The property a column fills with its cells, or `undefined`. */
export function targetOf(
  use: ColumnUse,
): { id: string; language: string } | undefined {
  return targetsOf(use)[0];
}

function ownProblem(
  use: ColumnUse,
  hasLanguageColumn: boolean,
): ColumnProblem | undefined {
  if (use.as === "pivotValue") {
    return languageProblem(use.language, hasLanguageColumn);
  }
  if (use.as === "language") {
    const wrong = use.codes?.find(
      ([, code]) => code !== "" && !languageCodeSchema.safeParse(code).success,
    );
    return wrong && languageProblem(wrong[1], true);
  }
  const [target, ...more] = targetsOf(use);
  if (!target) return undefined;
  for (const { id } of [target, ...more]) {
    const checked = propertyIdSchema.safeParse(id);
    if (checked.success) continue;
    return {
      part: "property",
      message: firstMessage(checked.error),
      isTyped: true,
    };
  }
  return languageProblem(target.language, hasLanguageColumn);
}

function languageProblem(
  text: string,
  hasLanguageColumn: boolean,
): ColumnProblem | undefined {
  if (text === "") return undefined;
  if (text === ROW_LANGUAGE) {
    return hasLanguageColumn
      ? undefined
      : {
          part: "language",
          message:
            "No column is the language column. Choose one, or give a language here.",
          isTyped: false,
        };
  }
  const language = languageCodeSchema.safeParse(text);
  return language.success
    ? undefined
    : {
        part: "language",
        message: firstMessage(language.error),
        isTyped: true,
      };
}

function firstMessage(error: { issues: { message: string }[] }): string {
  return error.issues[0]?.message ?? "This is not valid.";
}

const SINGLE_USES = {
  language: "language column",
  delete: "delete flag",
  pivotProperty: "property name",
} as const;

/** A column that names properties needs one that holds their values, and the other way round. */
function lonePivot(
  use: ColumnUse,
  { columns }: ColumnMapping,
): ColumnProblem | undefined {
  if (use.as !== "pivotProperty" && use.as !== "pivotValue") return undefined;
  const wanted = use.as === "pivotValue" ? "pivotProperty" : "pivotValue";
  if (columns.some(({ as }) => as === wanted)) return undefined;
  return {
    part: "use",
    message:
      wanted === "pivotValue"
        ? "No column holds the value of the property that this one names. Choose one."
        : "No column names the property that this value is for. Choose one.",
    isTyped: false,
  };
}

/** Two value columns that a row may fill in one language. */
function repeatedValue(
  use: ColumnUse,
  column: number,
  pivoted: { column: number; language: string }[],
  headers: readonly string[],
): ColumnProblem | undefined {
  if (use.as !== "pivotValue") return undefined;
  const { language } = use;
  const clash = pivoted.find((other) => canMeet(other.language, language));
  pivoted.push({ column, language });
  return (
    clash && {
      part: "language",
      message: `${nameOf(clash.column, headers)} holds the value in this language already. Give another language, or ignore one.`,
      isTyped: false,
    }
  );
}

function repeatedUse(
  use: ColumnUse,
  column: number,
  single: Map<string, number>,
  headers: readonly string[],
): ColumnProblem | undefined {
  if (
    use.as !== "language" &&
    use.as !== "delete" &&
    use.as !== "pivotProperty"
  ) {
    return undefined;
  }
  const first = single.get(use.as);
  if (first === undefined) {
    single.set(use.as, column);
    return undefined;
  }
  return {
    part: "use",
    message: `${nameOf(first, headers)} is the ${SINGLE_USES[use.as]} already. Keep one.`,
    isTyped: false,
  };
}

function repeatedTarget(
  use: ColumnUse,
  column: number,
  filled: Map<string, { column: number; language: string }[]>,
  headers: readonly string[],
  canClash: (a: string, b: string) => boolean,
): ColumnProblem | undefined {
  let first: number | undefined;
  for (const { id, language } of targetsOf(use)) {
    const others = filled.get(id) ?? [];
    const clash = others.find((other) => canClash(other.language, language));
    first ??= clash?.column;
    filled.set(id, [...others, { column, language }]);
  }
  if (first === undefined) return undefined;
  return {
    part: "property",
    message:
      first === column
        ? "The ids of the files need a property of their own."
        : `${nameOf(first, headers)} fills the same value already. Use another id or language, or ignore one.`,
    isTyped: false,
  };
}

function nameOf(column: number, headers: readonly string[]): string {
  const header = (headers[column] ?? "").trim().slice(0, 60);
  return header ? `“${header}”` : `Column ${column + 1}`;
}
