import { keyCellsOf } from "@/lib/domain/key-cells";
import type { EntityRow } from "@/lib/domain/map-row";
import { ROW_LANGUAGE, type ColumnMapping } from "@/lib/domain/mapping";

/** What tells the rows of one entry apart. */
export type RowIdentity = {
  /** Whether different key cells can make one key: when keys are cleaned, or joined of several cells. */
  canCollapse: boolean;
  /** The key as it stands in the file, in a form that no two different ones share. */
  raw: (cells: readonly string[]) => string;
  /** The key with what makes a further row of it no repetition: another language, another property. */
  scope: (cells: readonly string[], mapped: EntityRow) => string;
  /** The same as a list, the key first. */
  says: (cells: readonly string[], mapped: EntityRow) => string[];
};

export function createRowIdentity(mapping: ColumnMapping): RowIdentity {
  const keyCells = keyCellsOf(mapping);
  const keys = mapping.columns.filter(({ as }) => as === "key").length;
  const telling = tellingCells(mapping);
  return {
    canCollapse: keys > 1 || (mapping.keyRules ?? []).length > 0,
    // No key has a NUL, so it cannot be mistaken for a part of one.
    raw: (cells) => keyCells(cells).join("\0"),
    scope:
      telling.length === 0
        ? (_cells, { row }) => row[0]
        : (cells, { row }) =>
            `${row[0]}\0${telling.map((read) => read(cells)).join("\0")}`,
    says: (cells, { row }) => [row[0], ...telling.map((read) => read(cells))],
  };
}

/** What makes a further row of a key say something new: its language, where a column takes one from the row, and the property it names. */
function tellingCells(
  mapping: ColumnMapping,
): ((cells: readonly string[]) => string)[] {
  const needsLanguage = mapping.columns.some(
    (use) => "language" in use && use.language === ROW_LANGUAGE,
  );
  return mapping.columns.flatMap((use, column) => {
    const read = (cells: readonly string[]) => cells[column] ?? "";
    if (use.as === "pivotProperty") return [read];
    if (use.as !== "language" || !needsLanguage) return [];
    const codes = new Map(use.codes);
    return [
      (cells: readonly string[]) => codes.get(read(cells)) ?? read(cells),
    ];
  });
}
