/** Another property id that a person may take for this one. */
export type LookAlike = {
  id: string;
  /** What tells them apart. */
  differsBy: "case" | "separators" | "both";
};

/**
 * Property ids that differ only in case or by `-` and `_`. They are stored as
 * different properties (contract 6), which is seldom meant. Ids without a
 * look-alike are not in the result.
 */
export function findLookAlikes(ids: string[]): Map<string, LookAlike[]> {
  const groups = new Map<string, string[]>();
  for (const id of ids) {
    const folded = withoutSeparators(id.toLowerCase());
    const group = groups.get(folded);
    // An id of separators only folds to nothing, and is like nothing.
    if (folded === "") continue;
    if (group) group.push(id);
    else groups.set(folded, [id]);
  }
  const found = new Map<string, LookAlike[]>();
  for (const group of groups.values()) {
    if (group.length < 2) continue;
    for (const id of group) {
      const others = group.filter((other) => other !== id);
      found.set(
        id,
        others.map((other) => ({
          id: other,
          differsBy: difference(id, other),
        })),
      );
    }
  }
  return found;
}

function difference(a: string, b: string): LookAlike["differsBy"] {
  if (a.toLowerCase() === b.toLowerCase()) return "case";
  return withoutSeparators(a) === withoutSeparators(b) ? "separators" : "both";
}

const withoutSeparators = (id: string) => id.replace(/[-_]/g, "");
