/** How values are told to look alike: by their words, or by their pairs of letters. */
export const CLUSTER_METHODS = ["fingerprint", "ngram"] as const;
export type ClusterMethod = (typeof CLUSTER_METHODS)[number];

export type ValueCount = { value: string; rows: number };

/** Values that look alike; the one in most rows first. */
export type ValueCluster = { values: ValueCount[]; rows: number };

const CLUSTERS_MAX = 300;
const VALUES_MAX = 100;
/** Longer texts are no names of things. */
const CHARS_MAX = 300;
const GRAM_CHARS = 2;

/**
 * Groups of at least two values that look alike, the group of most rows first:
 * at most 300 groups of at most 100 values. The key collision methods are those
 * that OpenRefine made known: `fingerprint` takes no notice of case, accents,
 * punctuation and the order and number of words, `ngram` none of blanks and of
 * repeated pairs of letters either, so it finds more and errs more.
 */
export function clusterValues(
  counts: Iterable<ValueCount>,
  method: ClusterMethod,
): ValueCluster[] {
  const keyOf = method === "fingerprint" ? fingerprint : ngramKey;
  const groups = new Map<string, ValueCount[]>();
  for (const count of counts) {
    if (count.value.length > CHARS_MAX || count.value.includes("\0")) continue;
    const key = keyOf(count.value);
    if (key === "") continue;
    const group = groups.get(key);
    if (group) group.push(count);
    else groups.set(key, [count]);
  }
  return [...groups.values()]
    .filter((values) => values.length > 1)
    .map((values) => ({
      values: values.sort((a, b) => b.rows - a.rows).slice(0, VALUES_MAX),
      rows: values.reduce((sum, { rows }) => sum + rows, 0),
    }))
    .sort((a, b) => b.rows - a.rows)
    .slice(0, CLUSTERS_MAX);
}

/** The words of a text in plain small letters, each once, in order of the alphabet. */
export function fingerprint(text: string): string {
  const words = plain(text)
    .replace(/['’.]/g, "")
    .split(/[^\p{L}\p{N}+#%]+/u)
    .filter((word) => word !== "");
  return [...new Set(words)].sort().join(" ");
}

/** The pairs of letters and digits of a text, each once, in order of the alphabet. */
export function ngramKey(text: string): string {
  const letters = Array.from(plain(text).replace(/[^\p{L}\p{N}]+/gu, ""));
  if (letters.length < GRAM_CHARS) return letters.join("");
  const grams = new Set<string>();
  for (let at = 0; at + GRAM_CHARS <= letters.length; at++) {
    grams.add(letters.slice(at, at + GRAM_CHARS).join(""));
  }
  return [...grams].sort().join("");
}

function plain(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/ß/g, "ss");
}
