import "server-only";

import { presenceWord } from "@/lib/domain/search-words";

/**
 * How a source's words stand in the index. The index knows neither tenants nor
 * sources, so each word begins with a mark of its source: else a word that is
 * common elsewhere would make every search read the other sources' entries.
 * Two sources may share a mark; statements filter by tenant and source as well.
 */
export function indexedWord(sourceId: string, word: string): string {
  return `${sourceId.slice(-5)}w${word}`;
}

/** The indexed form of "this entry has a value of that name". */
export function indexedPresence(sourceId: string, name: string): string {
  return `${sourceId.slice(-5)}p${presenceWord(name)}`;
}

/** A tsquery term: some word begins with this one. */
export function wordTerm(sourceId: string, word: string): string {
  return `${quoted(indexedWord(sourceId, word))}:*`;
}

/** A tsquery term: a value of one of these names is there. */
export function presenceTerm(sourceId: string, names: string[]): string {
  const any = names.map((name) => quoted(indexedPresence(sourceId, name)));
  return `(${any.join("|")})`;
}

/** All of the terms. Expects at least one. */
export function allOf(terms: string[]): string {
  return terms.join("&");
}

function quoted(lexeme: string): string {
  return `'${lexeme.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}
