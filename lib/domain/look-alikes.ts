import { readHeader } from "./read-header";

/** How two different ids are alike, the most alike first. */
export const LIKENESSES = [
  "case",
  "separators",
  "both",
  "accents",
  "plural",
  "language",
] as const;
/**
 * `both`: case and separators. `accents`: ä written as a or as ae. `language`:
 * one of the two has a language at its end or beginning (`nameSv`, `name_sv`).
 */
export type Likeness = (typeof LIKENESSES)[number];

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

/**
 * How one id looks like another, for a person who may mean the same; the same
 * whichever comes first, and nothing between an id and itself.
 */
export function likeness(a: string, b: string): Likeness | undefined {
  if (a === b) return undefined;
  const [bareA, bareB] = [bareId(a), bareId(b)];
  if (bareA === "" || bareB === "") return undefined;
  if (bareA === bareB) return difference(a, b);
  const [plainA, plainB] = [plainId(bareA), plainId(bareB)];
  if (plainA === plainB) return "accents";
  if (isPluralOf(plainA, plainB) || isPluralOf(plainB, plainA)) return "plural";
  return baseOf(a) === bareB || baseOf(b) === bareA ? "language" : undefined;
}

/** Keys under which an id finds all ids that are alike, for a search among many. */
export function likenessKeys(id: string): string[] {
  const bare = bareId(id);
  if (bare === "") return [];
  const plain = plainId(bare);
  const base = baseOf(id);
  return [
    ...new Set([
      ...[`s${plain}`, `b${bare}`],
      ...singulars(plain).map((one) => `s${one}`),
      ...(base === undefined ? [] : [`b${base}`]),
    ]),
  ];
}

function bareId(id: string): string {
  return withoutSeparators(id.toLowerCase());
}

/** Letters with marks are written with one letter by some and with two by others. */
function plainId(bare: string): string {
  return bare.replace(/a[ae]|oe|ue/g, (pair) => pair.charAt(0));
}

function isPluralOf(many: string, one: string): boolean {
  return singulars(many).includes(one);
}

/** What an id would be in the singular, if it were an English plural. */
function singulars(plain: string): string[] {
  const match = /^(.{2,}?)(ies|es|s)$/.exec(plain);
  const stem = match?.[1];
  if (stem === undefined) return [];
  if (match?.[2] === "ies") return [`${stem}y`, `${stem}ie`];
  return match?.[2] === "es" ? [stem, `${stem}e`] : [stem];
}

/** The id without the language in it, bare; `undefined` when it has none for sure. */
function baseOf(id: string): string | undefined {
  const { id: base, language } = readHeader(id);
  return language === undefined || language.certainty === "unsure"
    ? undefined
    : bareId(base);
}

const withoutSeparators = (id: string) => id.replace(/[-_]/g, "");
