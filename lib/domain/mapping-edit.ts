import { createKeyCleaner } from "./clean-key";
import { isEntryKey } from "./identifiers";
import type { KeyRule } from "./key-rules";
import {
  ROW_LANGUAGE,
  type ColumnMapping,
  type ColumnUse,
  type EmptyCell,
} from "./mapping";

/** The same mapping with another use of one column. */
export function withColumn(
  mapping: ColumnMapping,
  column: number,
  use: ColumnUse,
): ColumnMapping {
  return { ...mapping, columns: mapping.columns.with(column, use) };
}

/**
 * The use a column gets when a person chooses its kind; `propertyId` is what
 * its header suggests. A column of marked cells stays one, whatever it is used for.
 */
export function startUse(
  as: ColumnUse["as"],
  propertyId: string,
  suggested: ColumnUse | undefined,
  hasLanguageColumn = false,
): ColumnUse {
  if (suggested?.as === as) return suggested;
  const mark =
    suggested && "isMarked" in suggested && suggested.isMarked
      ? { isMarked: true }
      : {};
  switch (as) {
    case "key":
      return { as, property: null, ...mark };
    case "property":
      return { as, id: propertyId, language: "", emptyCell: "skip", ...mark };
    case "pivotProperty":
      return { as, illegal: "reject" };
    case "pivotValue": {
      const language = hasLanguageColumn ? ROW_LANGUAGE : "";
      return { as, language, emptyCell: "skip" };
    }
    default:
      return { as };
  }
}

/** Every column of values leaves, clears or blanks on an empty cell. */
export function withEmptyCells(
  mapping: ColumnMapping,
  emptyCell: EmptyCell,
): ColumnMapping {
  return mapEach(mapping, (use) =>
    use.as === "property" || use.as === "pivotValue"
      ? { ...use, emptyCell }
      : use,
  );
}

/** Property columns for which `isIgnored` says yes are ignored. */
export function withIgnored(
  mapping: ColumnMapping,
  isIgnored: (propertyId: string, column: number) => boolean,
): ColumnMapping {
  return mapEach(mapping, (use, column) =>
    use.as === "property" && isIgnored(use.id, column) ? { as: "ignore" } : use,
  );
}

/** Ignored columns become properties: as suggested, or under the id their header gives. */
export function withAllAsProperties(
  mapping: ColumnMapping,
  suggested: ColumnMapping,
  propertyIds: readonly string[],
): ColumnMapping {
  return mapEach(mapping, (use, column) =>
    use.as === "ignore"
      ? startUse(
          "property",
          propertyIds[column] ?? "",
          suggested.columns[column],
        )
      : use,
  );
}

/** Keys are cleaned by these rules too, after those there are. */
export function withKeyRules(
  mapping: ColumnMapping,
  rules: readonly KeyRule[],
): ColumnMapping {
  return { ...mapping, keyRules: [...(mapping.keyRules ?? []), ...rules] };
}

/** As suggested for the columns of the file; steps, and the columns they add, stay as they are. */
export function withSuggestedUses(
  { steps, columns }: ColumnMapping,
  suggested: ColumnMapping,
): ColumnMapping {
  const added = columns.slice(suggested.columns.length);
  return {
    ...suggested,
    ...(steps ? { steps } : {}),
    columns: [...suggested.columns, ...added],
  };
}

/** Whether two uses say the same. */
export function isSameUse(a: ColumnUse, b: ColumnUse | undefined): boolean {
  return b !== undefined && inOrder(a) === inOrder(b);
}

/** The key that a row of cells gets, as it stands in the file and cleaned, and whether it may be one; `undefined` without a key column. */
export function exampleKey(
  mapping: ColumnMapping,
  cells: readonly string[],
): { key: string; raw: string; isLegal: boolean } | undefined {
  const raw = mapping.columns.flatMap((use, column) =>
    use.as === "key" ? [cells[column] ?? ""] : [],
  );
  if (raw.length === 0) return undefined;
  const clean = createKeyCleaner(mapping.keyRules);
  const parts = clean ? raw.map(clean) : raw;
  const key = parts.join(mapping.keySeparator);
  return {
    key,
    raw: raw.join(mapping.keySeparator),
    isLegal: isEntryKey(key) && parts.every((part) => part !== ""),
  };
}

/** Members in the order of their names: a stored mapping may have another. */
function inOrder(use: ColumnUse): string {
  return JSON.stringify(
    Object.entries(use)
      .filter(([, value]) => value !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function mapEach(
  mapping: ColumnMapping,
  change: (use: ColumnUse, column: number) => ColumnUse,
): ColumnMapping {
  return { ...mapping, columns: mapping.columns.map(change) };
}

const PART_NAMES = /^(?:Sheet|File)(?: \d+)?$/;

/**
 * A table of several parts has a last column that names them. It is made by the
 * reader, so nothing of it is sent unless somebody asks for it.
 */
export function withoutPartNames(
  mapping: ColumnMapping,
  headers: readonly string[],
  parts: readonly unknown[] | undefined,
): ColumnMapping {
  if (!parts || parts.length < 2) return mapping;
  const column = headers.findLastIndex((header) => PART_NAMES.test(header));
  if (mapping.columns[column]?.as !== "property") return mapping;
  return withColumn(mapping, column, { as: "ignore" });
}
