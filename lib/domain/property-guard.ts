import {
  LIKENESSES,
  likeness,
  likenessKeys,
  type Likeness,
} from "./look-alikes";
import { readHeader } from "./read-header";

export type FreshProperty = {
  id: string;
  /** Properties of the source that may be meant, the most alike first; at most three. */
  alike: {
    id: string;
    by: Likeness;
    /** The language that the fresh id has in its name; `""` when it has none. */
    language: string;
  }[];
};

const ALIKE_SHOWN = 3;

/**
 * The property ids that a source has never seen, in their order, with those of
 * the source that look like them. Ids of the source itself are not asked about.
 */
export function freshProperties(
  ids: readonly string[],
  known: readonly { id: string; languages: readonly (string | null)[] }[],
): FreshProperty[] {
  const knownIds = new Map(known.map((property) => [property.id, property]));
  const byKey = new Map<string, Set<string>>();
  for (const { id } of known) {
    for (const key of likenessKeys(id)) {
      byKey.set(key, (byKey.get(key) ?? new Set<string>()).add(id));
    }
  }
  const fresh = [...new Set(ids)].filter((id) => !knownIds.has(id));
  return fresh.map((id) => {
    const { id: base, language } = readHeader(id);
    // "name_no" is Norwegian only where the source has names in Norwegian.
    const inKnownLanguage =
      language && knownIds.get(base)?.languages.includes(language.code)
        ? base
        : undefined;
    const candidates = new Set(
      likenessKeys(id).flatMap((key) => [...(byKey.get(key) ?? [])]),
    );
    if (inKnownLanguage !== undefined) candidates.add(inKnownLanguage);
    const alike = [...candidates].flatMap((other) => {
      const by =
        likeness(id, other) ??
        (other === inKnownLanguage ? "language" : undefined);
      // Of a known "name_sv" and a fresh "name" nothing is glued to the fresh one.
      const own = by === "language" && language ? language.code : "";
      return by === undefined ? [] : [{ id: other, by, language: own }];
    });
    alike.sort((a, b) => LIKENESSES.indexOf(a.by) - LIKENESSES.indexOf(b.by));
    return { id, alike: alike.slice(0, ALIKE_SHOWN) };
  });
}
