import { valueName } from "@/lib/domain/identifiers";
import type {
  FileCoverage,
  ValueCoverage,
} from "@/lib/domain/language-coverage";
import { ACCEPT_LIMITS } from "@/lib/domain/limits";
import { SKIP, type TableBatch } from "@/lib/domain/table-batch";

import type { RowObserver } from "./run-import";

/** Counts, per property and language, the entries that a file fills; with the batches, in which rows of one key are one. */
export function createCoverageCollector(): RowObserver & {
  result: () => FileCoverage;
} {
  const byName = new Map<string, ValueCoverage>();
  let entities = 0;

  function countsOf(id: string, language: string): ValueCoverage {
    const name = valueName(id, language);
    let counts = byName.get(name);
    if (!counts) {
      counts = { id, language, filled: 0, cleared: 0 };
      if (byName.size < ACCEPT_LIMITS.propertiesPerSourceMax) {
        byName.set(name, counts);
      }
    }
    return counts;
  }

  function batch({ columns, rows }: TableBatch): void {
    const counts = columns.map(([id, language]) => countsOf(id, language));
    for (const row of rows) {
      if (row[1] === 1) continue;
      entities += 1;
      for (let i = 2; i < row.length; i++) {
        const cell = row[i];
        const own = counts[i - 2];
        if (cell === SKIP || own === undefined) continue;
        if (cell === null) own.cleared += 1;
        else own.filled += 1;
      }
    }
  }

  return {
    row: () => undefined,
    batch,
    result: () => ({ entities, values: [...byName.values()] }),
  };
}
