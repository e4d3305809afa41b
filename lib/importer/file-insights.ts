import type { ColumnMapping } from "@/lib/domain/mapping";
import { headersAfter } from "@/lib/domain/table-steps";

import {
  createIllegalKeyCollector,
  type KeyRepair,
} from "./collect-illegal-keys";
import { createColumnProfiler, type ColumnProfile } from "./column-profile";
import type { RowObserver } from "./run-import";

/** What the check learns of a whole file beside its problems; for the panels of the check step. */
export type FileInsights = {
  /** One for each column of the mapping, in its order. */
  columns: ColumnProfile[];
  /** What would make illegal keys legal, when something does. */
  keyRepair: KeyRepair | null;
};

/** Observers for one pass over a file, and what they found when it is over. */
export function createFileInsights(args: {
  mapping: ColumnMapping;
  headers: readonly string[];
}): { observers: RowObserver[]; result: () => FileInsights } {
  const headers = headersAfter(args.mapping.steps, args.headers);
  const profiler = createColumnProfiler(headers.length);
  const illegalKeys = createIllegalKeyCollector(args.mapping);
  return {
    observers: [profiler, illegalKeys],
    result: () => ({
      columns: profiler.result(),
      keyRepair: illegalKeys.result(),
    }),
  };
}
