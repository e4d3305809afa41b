const bySource = new Map<string, ReadonlySet<string>>();

/**
 * The new properties of a source that a person chose to keep as they are, for
 * as long as the page is open: each check of a file draws its panels anew.
 * Gives the set with `added` in it.
 */
export function keptProperties(
  sourceId: string,
  added?: string,
): ReadonlySet<string> {
  const kept = bySource.get(sourceId) ?? new Set<string>();
  if (added === undefined) return kept;
  const next = new Set([...kept, added]);
  bySource.set(sourceId, next);
  return next;
}
