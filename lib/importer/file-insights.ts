import type { ColumnMapping } from "@/lib/domain/mapping";

import { createColumnProfiler, type ColumnProfile } from "./column-profile";
import type { RowObserver } from "./run-import";

/** What the check learns of a whole file beside its problems; for the panels of the check step. */
export type FileInsights = {
  /** One for each column of the file, in its order. */
  columns: ColumnProfile[];
};

/** Observers for one pass over a file, and what they found when it is over. */
export function createFileInsights(args: {
  mapping: ColumnMapping;
  headers: readonly string[];
}): { observers: RowObserver[]; result: () => FileInsights } {
  const profiler = createColumnProfiler(args.headers.length);
  return {
    observers: [profiler],
    result: () => ({ columns: profiler.result() }),
  };
}
