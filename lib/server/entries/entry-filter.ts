import "server-only";

import {
  ANY_LANGUAGE,
  hasPropertyFilter,
  type EntryFilter,
} from "@/lib/domain/entry";
import { splitValueName } from "@/lib/domain/identifiers";

import type { Presence, TrackedNames } from "./search-store";

export type PresenceFilter = {
  /** `null` when every entry passes. */
  presence: Presence | null;
  /** Entries that pass, when the tracked counts tell. */
  count: number | null;
  /** Entries of the source. */
  total: number;
};

/**
 * What a filter asks of the stored value names. The tracked counts are exact,
 * so a filter that nothing or everything passes is answered without reading an
 * entry.
 */
export function presenceFilter(
  filter: EntryFilter,
  { total, names }: TrackedNames,
): PresenceFilter {
  if (!hasPropertyFilter(filter))
    return { presence: null, count: total, total };
  const { property, language } = filter;
  const isPresent = filter.presence === "present";

  const matching = names.filter(({ prop }) => {
    if (prop.endsWith(":*")) return false;
    const name = splitValueName(prop);
    return (
      (property === null || name.id === property) &&
      (language === ANY_LANGUAGE || (name.language ?? "") === language)
    );
  });
  if (matching.length === 0) {
    return isPresent
      ? { presence: { names: [], isPresent }, count: 0, total }
      : { presence: null, count: total, total };
  }

  const having = countHaving(filter, names, matching);
  const count =
    having === null ? null : isPresent ? having : Math.max(0, total - having);
  return {
    presence: { names: matching.map(({ prop }) => prop), isPresent },
    count,
    total,
  };
}

function countHaving(
  { property, language }: EntryFilter,
  names: TrackedNames["names"],
  matching: TrackedNames["names"],
): number | null {
  if (property !== null && language === ANY_LANGUAGE) {
    const any = names.find(({ prop }) => prop === `${property}:*`);
    if (any) return any.entries;
  }
  const [only, ...others] = matching;
  return only && others.length === 0 ? only.entries : null;
}

const TELLING = /name|title|label|heading|benennung|bezeichnung|namn|nom\b/i;
const COLUMNS_DEFAULT = 4;

/** The value names a list shows when nobody has chosen: names of things first, then the most common. */
export function tellingColumns({ names }: TrackedNames): string[] {
  const values = names.filter(({ prop }) => !prop.endsWith(":*"));
  const most = values[0]?.entries ?? 0;
  const rank = ({ prop, entries }: { prop: string; entries: number }) =>
    entries / most + (TELLING.test(splitValueName(prop).id) ? 0.5 : 0);
  return values
    .map((value, at) => ({ ...value, at, rank: rank(value) }))
    .sort((a, b) => b.rank - a.rank || a.at - b.at)
    .slice(0, COLUMNS_DEFAULT)
    .map(({ prop }) => prop);
}
