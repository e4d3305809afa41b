import "server-only";

import type { EntryFilter } from "@/lib/domain/entry";
import { isEntryKey } from "@/lib/domain/identifiers";
import { hasWords, wordsAsked } from "@/lib/domain/search-words";

import type { PresenceFilter } from "./entry-filter";
import { allOf, presenceTerm, wordTerm } from "./search-query";
import {
  findByWords,
  inOrder,
  walkEntries,
  walkKeyPrefix,
  walkWords,
  type Place,
  type Presence,
  type SourceRef,
  type Stretch,
} from "./search-store";

/** Entries read at once: the first look, and the bounds of the later ones. */
const WINDOW = { first: 200, min: 20, max: 4_000, msWanted: 15 } as const;
/** How long the word index may take before the search reads on in key order. */
const INDEX_MS_MAX = 45;
/** Matches that the index gives in that time. */
const INDEX_MATCHES_MAX = 4_000;
/** A word in more of the sample than this is checked, not looked up. */
const COMMON_SHARE = 0.05;
const SAMPLED_TERMS_MAX = 8;
/** A value that fewer entries have is found by the index, others by reading on. */
const SPARSE_ENTRIES_MAX = 5_000;

/** Keys waiting for the word index, few enough to be looked at one by one: each with what it has now. */
export type Pending = Map<string, Record<string, string> | null>;

/**
 * One way of finding entries: `k` keys that begin with the text, `w` everything
 * else. `next` gives the keys of the stretch after a place, at most `keysMax`;
 * whether they exist and pass the presence filter is for the caller to check.
 */
export type Phase = {
  id: "k" | "w";
  next(place: Place, keysMax: number): Promise<Stretch>;
};

export type Finder = {
  phases: Phase[];
  /** All matches, once the index has told. */
  countFound(): number | null;
  /** Whether the index was asked and could not answer in time. */
  isReadingOn(): boolean;
};

/**
 * Makes the ways to find what a filter asks. `pending` is `null` when too many
 * keys wait to look at them one by one. `isReadingOn`: the index has failed
 * before in this search.
 */
export function entryFinder(
  ref: SourceRef,
  filter: EntryFilter,
  { presence, count, total }: PresenceFilter,
  more: { pending: Pending | null; isReadingOn: boolean },
): Finder {
  const asked = wordsAsked(filter.text);
  // The tracked counts are exact: nothing passes.
  if (presence && count === 0) return quiet([]);
  if (asked.length === 0) {
    // Only what can be no word at all, such as a lone combining mark.
    if (filter.text !== "") return quiet([]);
    return presenceFinder(ref, presence, count, more);
  }

  const words = wordFinder(ref, asked, { presence, total }, more);
  if (!isEntryKey(filter.text)) return words;
  const [wordPhase] = words.phases;
  const isPrefixed = (key: string) => key.startsWith(filter.text);
  return {
    ...words,
    phases: [
      keyPhase(ref, filter.text, presence),
      ...(wordPhase ? [without(wordPhase, isPrefixed)] : []),
    ],
  };
}

function keyPhase(
  ref: SourceRef,
  prefix: string,
  presence: Presence | null,
): Phase {
  const windows = windowSizes(presence);
  return {
    id: "k",
    next: (place, keysMax) =>
      windows.timed(async (size) =>
        first(await walkKeyPrefix(ref, place, prefix, presence, size), keysMax),
      ),
  };
}

function presenceFinder(
  ref: SourceRef,
  presence: Presence | null,
  count: number | null,
  { pending, isReadingOn }: { pending: Pending | null; isReadingOn: boolean },
): Finder {
  const windows = windowSizes(presence);
  const isSparse =
    presence?.isPresent === true &&
    count !== null &&
    count <= SPARSE_ENTRIES_MAX &&
    pending !== null &&
    !isReadingOn;
  let canAsk = isSparse;
  const next: Phase["next"] = async (place, keysMax) => {
    if (canAsk && presence && pending) {
      const rare = presenceTerm(ref.sourceId, presence.names);
      const found = await findByWords(
        ref,
        place,
        { rare, common: null, presence },
        { keysMax, msMax: INDEX_MS_MAX },
      );
      if (found) {
        const has = (own: Record<string, string>) =>
          presence.names.some((name) => Object.hasOwn(own, name));
        return withPending(
          answer(found.keys, keysMax),
          place,
          pending,
          (_, own) => has(own),
        );
      }
      canAsk = false;
    }
    // Without a filter every entry is one.
    if (!presence) return walkEntries(ref, place, null, keysMax);
    return windows.timed(async (size) =>
      first(await walkEntries(ref, place, presence, size), keysMax),
    );
  };
  return {
    phases: [{ id: "w", next }],
    countFound: () => count,
    isReadingOn: () => isSparse && !canAsk,
  };
}

function wordFinder(
  ref: SourceRef,
  asked: string[],
  { presence, total }: { presence: Presence | null; total: number },
  more: { pending: Pending | null; isReadingOn: boolean },
): Finder {
  // Longest first: they are the rarest, and only some are worth a sample.
  const terms = asked
    .toSorted((a, b) => b.length - a.length)
    .map((word) => wordTerm(ref.sourceId, word));
  if (presence?.isPresent) {
    terms.unshift(presenceTerm(ref.sourceId, presence.names));
  }
  const query = allOf(terms);
  const pending: Pending = more.pending ?? new Map<string, never>();
  const windows = windowSizes(null);
  let isReadingOn = more.isReadingOn;
  let isFirst = true;
  let count: number | null = null;

  const matches = (key: string, own: Record<string, string>) =>
    hasWords(asked, key, Object.values(own));

  const next: Phase["next"] = async (place, keysMax) => {
    const walked = await windows.timed((size) =>
      walkWords(
        ref,
        place,
        query,
        isFirst ? terms.slice(0, SAMPLED_TERMS_MAX) : [],
        size,
      ),
    );
    // So many that reading on in key order is quicker than sorting them all.
    const isCommon =
      (walked.keys.length / Math.max(1, walked.scanned)) * total >
      INDEX_MATCHES_MAX;
    const isEnough = walked.isEnd || walked.keys.length >= keysMax || isCommon;
    if (isFirst && !isEnough && !isReadingOn) {
      const found = await findByWords(
        ref,
        place,
        { ...rareAndCommon(terms, walked), presence },
        { keysMax, msMax: INDEX_MS_MAX },
      );
      if (found) {
        count = more.pending?.size === 0 ? found.count : null;
        return withPending(
          answer(found.keys, keysMax),
          place,
          pending,
          matches,
        );
      }
      isReadingOn = true;
    }
    isFirst = isFirst && !isReadingOn;
    return withPending(first(walked, keysMax), place, pending, matches);
  };
  return {
    phases: [{ id: "w", next }],
    countFound: () => count,
    isReadingOn: () => isReadingOn,
  };
}

/** Parts the terms by how common they are in the sample; at least one is looked up. */
function rareAndCommon(
  terms: string[],
  { scanned, termHits }: { scanned: number; termHits: number[] },
): { rare: string; common: string | null } {
  const limit = Math.max(COMMON_SHARE * scanned, Math.min(...termHits));
  const isRare = terms.map((_, at) => (termHits[at] ?? Infinity) <= limit);
  const common = terms.filter((_, at) => !isRare[at]);
  return {
    rare: allOf(terms.filter((_, at) => isRare[at])),
    common: common.length > 0 ? allOf(common) : null,
  };
}

/** Grows and shrinks the windows so that one takes about `WINDOW.msWanted`. */
function windowSizes(presence: Presence | null) {
  // Each name asked is one look into each entry.
  const max = Math.max(
    WINDOW.min,
    Math.min(WINDOW.max, Math.floor(40_000 / (presence?.names.length || 1))),
  );
  let size = Math.min(WINDOW.first, max);
  return {
    async timed<T>(read: (size: number) => Promise<T>): Promise<T> {
      const startedAt = performance.now();
      const result = await read(size);
      const ms = Math.max(1, performance.now() - startedAt);
      const wanted = (size * WINDOW.msWanted) / ms;
      size = Math.round(Math.min(max, size * 10, Math.max(WINDOW.min, wanted)));
      return result;
    },
  };
}

/** The beginning of a stretch; what is cut off is read again. */
function first(stretch: Stretch, keysMax: number): Stretch {
  if (stretch.keys.length <= keysMax) return stretch;
  const keys = stretch.keys.slice(0, keysMax);
  return { keys, scannedTo: keys.at(-1) ?? null, isEnd: false };
}

function answer(keys: string[], keysMax: number): Stretch {
  return {
    keys,
    scannedTo: keys.at(-1) ?? null,
    isEnd: keys.length < keysMax,
  };
}

/** What the index says of a waiting key is old: it is left out, and added if it matches now. */
function withPending(
  stretch: Stretch,
  place: Place,
  pending: Pending,
  matches: (key: string, properties: Record<string, string>) => boolean,
): Stretch {
  if (pending.size === 0) return stretch;
  const compare = inOrder(place);
  const { scannedTo, isEnd } = stretch;
  const keys = stretch.keys.filter((key) => !pending.has(key));
  for (const [key, properties] of pending) {
    const isInside =
      (place.key === null || compare(place.key, key) < 0) &&
      (isEnd || (scannedTo !== null && compare(key, scannedTo) <= 0));
    if (isInside && properties && matches(key, properties)) keys.push(key);
  }
  return { ...stretch, keys: keys.sort(compare) };
}

function without(phase: Phase, isLeftOut: (key: string) => boolean): Phase {
  return {
    ...phase,
    async next(place, keysMax) {
      const found = await phase.next(place, keysMax);
      return { ...found, keys: found.keys.filter((key) => !isLeftOut(key)) };
    },
  };
}

function quiet(phases: Phase[]): Finder {
  return { phases, countFound: () => 0, isReadingOn: () => false };
}
