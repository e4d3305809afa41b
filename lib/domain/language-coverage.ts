import type { KnownProperty } from "./suggest-mapping";

/** Values of one property in one language, over the entries of a file. */
export type ValueCoverage = {
  id: string;
  /** `""` for none. */
  language: string;
  /** Entries whose value is set; an empty text counts. */
  filled: number;
  /** Entries whose stored value is cleared. */
  cleared: number;
};

/** What a file has for which property in which language. */
export type FileCoverage = {
  /** Entries that are not deleted. One that is sent in two batches counts twice. */
  entities: number;
  /** In the order in which they come; at most as many as a source may have. */
  values: ValueCoverage[];
};

export type CoverageGrid = {
  /** `""` (no language) first when it is there, the others by how many values they have. */
  languages: { language: string; filled: number; properties: number }[];
  rows: { id: string; byLanguage: ReadonlyMap<string, ValueCoverage> }[];
};

/** Coverage as property x language. Pairs without any value are left out. */
export function coverageGrid(coverage: FileCoverage): CoverageGrid {
  const rows = new Map<string, Map<string, ValueCoverage>>();
  const languages = new Map<string, { filled: number; properties: number }>();
  for (const value of coverage.values) {
    if (value.filled + value.cleared === 0) continue;
    const row = rows.get(value.id) ?? new Map<string, ValueCoverage>();
    rows.set(value.id, row.set(value.language, value));
    const sum = languages.get(value.language) ?? { filled: 0, properties: 0 };
    sum.filled += value.filled;
    sum.properties += 1;
    languages.set(value.language, sum);
  }
  return {
    languages: [...languages]
      .map(([language, sum]) => ({ language, ...sum }))
      .sort(
        (a, b) =>
          Number(b.language === "") - Number(a.language === "") ||
          b.filled - a.filled ||
          (a.language < b.language ? -1 : 1),
      ),
    rows: [...rows].map(([id, byLanguage]) => ({ id, byLanguage })),
  };
}

export type MissingLanguage = {
  language: string;
  /** Properties of the file that the source has in this language and the file has not. */
  ids: string[];
};

/**
 * Languages that a source has for properties of the file and the file has not,
 * the one with the most properties first. Nothing is wrong with that; but a
 * column may have been forgotten, or a language lost on the way.
 */
export function missingLanguages(
  grid: CoverageGrid,
  known: readonly KnownProperty[],
): MissingLanguage[] {
  const rows = new Map(grid.rows.map((row) => [row.id, row.byLanguage]));
  const missing = new Map<string, string[]>();
  for (const { id, languages } of known) {
    const own = rows.get(id);
    if (!own) continue;
    for (const language of languages) {
      if (language === null || own.has(language)) continue;
      missing.set(language, [...(missing.get(language) ?? []), id]);
    }
  }
  return [...missing]
    .map(([language, ids]) => ({ language, ids }))
    .sort(
      (a, b) =>
        b.ids.length - a.ids.length || (a.language < b.language ? -1 : 1),
    );
}
