import { ROW_LANGUAGE, type ColumnMapping } from "./mapping";
import { withColumn } from "./mapping-edit";

/**
 * The column becomes the language of its row, and those of `textColumns` that
 * are properties without a language take theirs from it, but for those that
 * another column has in a language already.
 */
export function splitByLanguage(
  mapping: ColumnMapping,
  column: number,
  textColumns: readonly number[],
): ColumnMapping {
  const inLanguages = new Set(
    mapping.columns.flatMap((use) =>
      use.as === "property" && use.language !== "" ? [use.id] : [],
    ),
  );
  const columns = mapping.columns.map((use, at) =>
    use.as === "property" &&
    use.language === "" &&
    textColumns.includes(at) &&
    !inLanguages.has(use.id)
      ? { ...use, language: ROW_LANGUAGE }
      : use,
  );
  return withColumn({ ...mapping, columns }, column, { as: "language" });
}

/** The column becomes a part of the key; a property without a language that it was stays one too. */
export function withKeyColumn(
  mapping: ColumnMapping,
  column: number,
): ColumnMapping {
  const use = mapping.columns[column];
  const isKept = use?.as === "property" && use.language === "";
  return withColumn(mapping, column, {
    as: "key",
    property: isKept ? use.id : null,
    ...(use && "isMarked" in use && use.isMarked && { isMarked: true }),
  });
}
