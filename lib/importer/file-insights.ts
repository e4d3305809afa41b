import type { FileCoverage } from "@/lib/domain/language-coverage";
import type { ColumnMapping } from "@/lib/domain/mapping";
import { headersAfter } from "@/lib/domain/table-steps";

import { createCoverageCollector } from "./collect-coverage";
import {
  createIllegalKeyCollector,
  type KeyRepair,
} from "./collect-illegal-keys";
import {
  createLanguageTextCollector,
  type LanguageTexts,
} from "./collect-language-texts";
import { createNameCollector, type PropertyName } from "./collect-names";
import { createRepeatedKeyCollector } from "./collect-repeated-keys";
import {
  createLineBreakCounter,
  type CellLineBreaks,
} from "./collect-line-breaks";
import { createColumnProfiler, type ColumnProfile } from "./column-profile";
import { loadLanguageDetector } from "./detect-language";
import { doubtLanguages, type LanguageDoubt } from "./doubt-languages";
import type { FileChanges } from "./file-changes";
import { describeKeyGroups, type RepeatedKeys } from "./key-groups";
import { lookAtRows } from "./look-at-rows";
import type { ImportPass, RowObserver } from "./run-import";

/** What the check learns of a whole file beside its problems; for the panels of the check step. */
export type FileInsights = {
  /** One for each column of the mapping, in its order. */
  columns: ColumnProfile[];
  /** What would make illegal keys legal, when something does. */
  keyRepair: KeyRepair | null;
  /** What is filled for which property in which language. */
  coverage: FileCoverage;
  /** Texts that do not look like their language; advice, after a look at the whole file. */
  doubts: LanguageDoubt[];
  /** Names of properties in cells, for files whose rows name them. */
  names: PropertyName[];
  /** Rows that have the key of another, and what tells them apart. */
  repeatedKeys: RepeatedKeys;
  /** How the file differs from the last one of its recipe; `null` where there is none to compare with. */
  changes?: FileChanges | null;
  lineBreaks: CellLineBreaks;
};

/**
 * Observers for one pass over a file, and what they found when it is over:
 * `result` at once, `readOn` after a look at some rows that only the end of the
 * pass could name.
 */
export function createFileInsights(args: {
  mapping: ColumnMapping;
  headers: readonly string[];
}): {
  observers: RowObserver[];
  result: () => FileInsights;
  readOn: (pass: ImportPass, rowCount: number) => Promise<FileInsights>;
} {
  const headers = headersAfter(args.mapping.steps, args.headers);
  const profiler = createColumnProfiler(headers.length);
  const illegalKeys = createIllegalKeyCollector(args.mapping);
  const coverage = createCoverageCollector();
  const texts = createLanguageTextCollector();
  const names = createNameCollector(args.mapping);
  const repeats = createRepeatedKeyCollector(args.mapping);
  const lineBreaks = createLineBreakCounter();

  function result(
    cellsByRow: ReadonlyMap<number, readonly string[]> = new Map(),
    rowCount = 0,
    doubts: LanguageDoubt[] = [],
  ): FileInsights {
    const columns = profiler.result();
    const { groups, ...counts } = repeats.result();
    return {
      columns,
      coverage: coverage.result(),
      doubts,
      names: names.result(),
      keyRepair: illegalKeys.result(),
      lineBreaks: lineBreaks.result(),
      repeatedKeys: describeKeyGroups({
        ...{ mapping: args.mapping, counts, cellsByRow, rowCount },
        groups: cellsByRow.size > 0 ? groups : [],
        filled: columns.map(({ filled }) => filled),
      }),
    };
  }

  return {
    observers: [
      coverage,
      texts,
      names,
      profiler,
      illegalKeys,
      repeats,
      lineBreaks,
    ],
    result: () => result(),
    async readOn(pass, rowCount) {
      const rows = repeats.result().groups.flatMap((group) => group.rowNumbers);
      return result(
        await lookAtRows(pass, rows),
        rowCount,
        await doubtTexts(texts.result()),
      );
    },
  };
}

/** Nothing when the detector cannot be had: it only gives advice. */
async function doubtTexts(texts: LanguageTexts[]): Promise<LanguageDoubt[]> {
  if (texts.length === 0) return [];
  try {
    return doubtLanguages(texts, await loadLanguageDetector());
  } catch {
    return [];
  }
}
