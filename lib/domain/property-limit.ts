import { valueName } from "./identifiers";
import type { FileCoverage } from "./language-coverage";
import { ACCEPT_LIMITS } from "./limits";
import type { SourceProperty } from "./source";

/** What others may add to the source meanwhile. */
const MARGIN = 1_000;

/**
 * Whether a file may bring a source to its limit of properties, so that which
 * entries are refused depends on the order in which they come.
 */
export function isNearPropertyLimit(
  known: readonly Pick<SourceProperty, "id" | "languages">[],
  { values }: FileCoverage,
): boolean {
  const names = new Set(
    known.flatMap(({ id, languages }) =>
      languages.map(({ language }) => valueName(id, language)),
    ),
  );
  for (const { id, language, filled } of values) {
    if (filled > 0) names.add(valueName(id, language));
  }
  return names.size + MARGIN > ACCEPT_LIMITS.propertiesPerSourceMax;
}
