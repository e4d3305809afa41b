import { createNameReader } from "./map-pivot-row";
import type { ColumnMapping, ColumnUse } from "./mapping";

export type PropertyRename = {
  from: string;
  to: string;
  /** Given to values of `from` that have none; `""` for none. */
  language: string;
};

/**
 * A mapping that fills another property wherever it fills one now. `names` are
 * cells of the `pivotProperty` column, for files whose rows name their property;
 * those that are read as `from` are renamed. The mapping may have problems
 * then: two columns may fill the same value.
 */
export function withPropertyRenamed(
  mapping: ColumnMapping,
  { from, to, language }: PropertyRename,
  names: readonly string[] = [],
): ColumnMapping {
  const readName = createNameReader(mapping);
  const cells = [...new Set([from, ...names])].filter(
    (cell) => readName(cell)?.id === from,
  );

  function renamed(use: ColumnUse): ColumnUse {
    if (use.as === "key") {
      return use.property === from ? { ...use, property: to } : use;
    }
    if (use.as === "pivotProperty") {
      const others = (use.renames ?? []).filter(
        ([cell]) => !cells.includes(cell),
      );
      const added = cells.map((cell): [string, string, string] => [
        cell,
        to,
        language,
      ]);
      const renames = [...others, ...added];
      return renames.length > 0 ? { ...use, renames } : use;
    }
    if (use.as !== "property") return use;
    const own =
      use.id === from
        ? { ...use, id: to, language: use.language || language }
        : use;
    return own.media?.idProperty === from
      ? { ...own, media: { ...own.media, idProperty: to } }
      : own;
  }

  return { ...mapping, columns: mapping.columns.map(renamed) };
}
