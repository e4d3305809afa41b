import type { ColumnMapping, ColumnUse } from "./mapping";
import type { Recipe } from "./recipe";
import { matchHeaders, normalisedHeader } from "./recipe-fit";
import { addedHeader, withMovedColumns } from "./table-steps";

const RENAME_SCORE_MIN = 0.5;
/** Names worth comparing: the guess is for people to look at, a few hundred are not looked at. */
const GUESSED_MAX = 100;

export type DriftColumn = { column: number; header: string };

/** How the columns of a file differ from those that a recipe was made for. */
export type ColumnDrift = {
  /** For each column of the recipe the file's, renamed ones among them, or -1. */
  columns: number[];
  /** `from` is the recipe's. A guess. */
  renamed: { from: DriftColumn; to: DriftColumn }[];
  /** Columns of the recipe that the file lacks. */
  gone: DriftColumn[];
  /** Columns of the file that the recipe does not know. */
  added: DriftColumn[];
  /** Columns that are there, in another order. */
  isReordered: boolean;
};

export type DriftInput = {
  recipe: Recipe;
  headers: readonly string[];
  /** What the headers of the file suggest, for the language of each column. */
  suggested: ColumnMapping;
  /** Some cells of each column of the file. */
  samples?: readonly (readonly string[])[];
  /** Values that each column of the recipe had in the last file. */
  remembered?: readonly (readonly string[])[];
};

/** Compares a file's columns with those of a recipe, by name, and guesses which were renamed. */
export function columnDrift(input: DriftInput): ColumnDrift {
  const { recipe, headers } = input;
  const columns = matchHeaders(recipe.headers, headers);
  const found = columns.filter((column) => column >= 0);
  const isReordered = found.some(
    (column, index) => index > 0 && column < (found[index - 1] ?? 0),
  );
  const renamed = guessRenames(input, columns);
  for (const { from, to } of renamed) columns[from.column] = to.column;

  const taken = new Set(columns);
  return {
    columns,
    renamed,
    gone: recipe.headers.flatMap((header, column) =>
      columns[column] === -1 ? [{ column, header }] : [],
    ),
    added: headers.flatMap((header, column) =>
      taken.has(column) ? [] : [{ column, header }],
    ),
    isReordered,
  };
}

/** Whether a file has the recipe's columns and no other. */
export function hasDrifted(drift: ColumnDrift): boolean {
  return drift.renamed.length + drift.gone.length + drift.added.length > 0;
}

/** A recipe's mapping for a file, and how many of its steps need a column that the file lacks. */
export type MovedMapping = { mapping: ColumnMapping; stepsLost: number };

/**
 * The recipe's mapping for a file whose columns have moved: each use and each
 * step goes with its column, and columns that the recipe does not know are
 * ignored. A step whose column is gone is left out, with what it would add.
 */
export function mappingForFile(
  recipe: Recipe,
  drift: Pick<ColumnDrift, "columns">,
  width: number,
): MovedMapping {
  const uses = Array.from({ length: width }, (): ColumnUse => ({
    as: "ignore",
  }));
  const places = new Map<number, number>();
  for (const [from, to] of drift.columns.entries()) {
    const use = recipe.mapping.columns[from];
    if (to < 0 || !use) continue;
    uses[to] = use;
    places.set(from, to);
  }
  const { steps: before = [], ...rest } = recipe.mapping;
  let added = recipe.headers.length;
  const steps = before.flatMap((step) => {
    const moved = withMovedColumns(step, (column) => places.get(column));
    if (addedHeader(step) !== undefined) {
      const use = recipe.mapping.columns[added];
      if (moved && use) {
        places.set(added, uses.length);
        uses.push(use);
      }
      added += 1;
    }
    return moved ?? [];
  });
  const mapping: ColumnMapping = { ...rest, columns: uses };
  if (steps.length > 0) mapping.steps = steps;
  return { mapping, stepsLost: before.length - steps.length };
}

function guessRenames(
  input: DriftInput,
  columns: readonly number[],
): ColumnDrift["renamed"] {
  const { recipe, headers } = input;
  const taken = new Set(columns);
  const gone = recipe.headers
    .map((header, column) => ({ header, column }))
    .filter(({ column }) => columns[column] === -1)
    .slice(0, GUESSED_MAX);
  const added = headers
    .map((header, column) => ({ header, column }))
    .filter(({ column }) => !taken.has(column))
    .slice(0, GUESSED_MAX);

  const pairs = gone.flatMap((from) =>
    added.map((to) => ({ from, to, score: renameScore(input, from, to) })),
  );
  pairs.sort((a, b) => b.score - a.score);
  const renamed: ColumnDrift["renamed"] = [];
  const used = new Set<DriftColumn>();
  for (const { from, to, score } of pairs) {
    if (score < RENAME_SCORE_MIN) break;
    if (used.has(from) || used.has(to)) continue;
    used.add(from).add(to);
    renamed.push({ from, to });
  }
  return renamed;
}

/** 0 to 1: how likely a column of the file is the recipe's under another name. */
function renameScore(
  { recipe, headers, suggested, samples, remembered }: DriftInput,
  from: DriftColumn,
  to: DriftColumn,
): number {
  const before = languageOf(recipe.mapping.columns[from.column]);
  const now = languageOf(suggested.columns[to.column]);
  // Another language is another column, however alike the names are.
  if (before !== "" && now !== "" && before !== now) return 0;

  const name = likeness(from.header, to.header);
  const widest = Math.max(recipe.headers.length, headers.length, 2) - 1;
  const position = 1 - Math.abs(from.column - to.column) / widest;
  const values = overlap(remembered?.[from.column], samples?.[to.column]);
  return values === undefined
    ? 0.85 * name + 0.15 * position
    : 0.45 * name + 0.1 * position + 0.45 * values;
}

function languageOf(use: ColumnUse | undefined): string {
  return use?.as === "property" ? use.language : "";
}

/** Share of common letter pairs of two names (Dice). */
function likeness(one: string, other: string): number {
  const pairs = pairsOf(one);
  const others = pairsOf(other);
  const total = pairs.length + others.length;
  if (total === 0) return 0;
  const left = new Map<string, number>();
  for (const pair of pairs) left.set(pair, (left.get(pair) ?? 0) + 1);
  let common = 0;
  for (const pair of others) {
    const n = left.get(pair) ?? 0;
    if (n > 0) common += 1;
    left.set(pair, n - 1);
  }
  return (2 * common) / total;
}

function pairsOf(header: string): string[] {
  const letters = normalisedHeader(header)
    .normalize("NFD")
    .replace(/[^\p{L}\p{N}]/gu, "")
    .slice(0, 100);
  return Array.from({ length: Math.max(0, letters.length - 1) }, (_, at) =>
    letters.slice(at, at + 2),
  );
}

/** Share of the sampled cells that the column had before; undefined when one of the two has none. */
function overlap(
  remembered: readonly string[] = [],
  sample: readonly string[] = [],
): number | undefined {
  const filled = sample.filter((cell) => cell !== "");
  if (remembered.length === 0 || filled.length === 0) return undefined;
  const known = new Set(remembered);
  return filled.filter((cell) => known.has(cell)).length / filled.length;
}
