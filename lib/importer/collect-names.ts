import { createNameReader } from "@/lib/domain/map-pivot-row";
import type { ColumnMapping } from "@/lib/domain/mapping";
import { ownText } from "@/lib/domain/own-text";

import type { RowObserver } from "./run-import";

/** As many as a mapping may rename. */
const NAMES_MAX = 1_000;

/** A cell that names a property, and the id that it is written as. */
export type PropertyName = { cell: string; id: string };

/** The first 1,000 names of properties in the cells of a file whose rows name them. Nothing for other files. */
export function createNameCollector(mapping: ColumnMapping): RowObserver & {
  result: () => PropertyName[];
} {
  const column = mapping.columns.findIndex(({ as }) => as === "pivotProperty");
  const readName = createNameReader(mapping);
  const names = new Map<string, string>();
  return {
    row: (cells) => {
      const cell = cells[column];
      if (cell === undefined || names.has(cell)) return;
      if (names.size >= NAMES_MAX) return;
      const name = readName(cell);
      if (name) names.set(ownText(cell), ownText(name.id));
    },
    result: () => [...names].map(([cell, id]) => ({ cell, id })),
  };
}
