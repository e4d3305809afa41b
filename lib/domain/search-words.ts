/** What the search index keeps of a text, and what one search may ask. */
export const SEARCH_LIMITS = {
  /** Longer words are cut, in the index and in the search alike. */
  wordCharsMax: 40,
  /** UTF-8 bytes of the distinct words of one entry; PostgreSQL ends at 1 MB a row. Words past it are not found. */
  entryWordBytesMax: 400_000,
  textCharsMax: 500,
  wordsAskedMax: 100,
} as const;

// Written without spaces between words: indexed as pairs of neighbours.
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const RUN = /[\p{L}\p{N}\p{M}]+|\p{Extended_Pictographic}|\p{S}/gu;
const ASCII_RUN = /[a-z0-9]+|[$+<=>^`|~]/g;

const IS_ASCII = /^[\x00-\x7f]*$/;

const IS_LATIN = /^[\x00-\u024f]*$/;
const LATIN_LETTER = /[\u0080-\u024f]/g;

// Accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic, and what
// nobody sees or types. Vowel signs of Indic scripts are letters to a reader and stay.
const FOLDED_AWAY =
  /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\p{Default_Ignorable_Code_Point}\p{Cf}]/gu;

// Letters that Unicode does not take apart.
const SPELLED_OUT = new Map([
  ["ß", "ss"],
  ["æ", "ae"],
  ["œ", "oe"],
  ["ø", "o"],
  ["đ", "d"],
  ["ð", "d"],
  ["þ", "th"],
  ["ł", "l"],
  ["ħ", "h"],
  ["ı", "i"],
  ["ς", "σ"],
]);
const SPELLED = /[ßæœøđðþłħıς]/g;

/**
 * The words of a text as the index keeps them: compatibility forms, case and
 * accents folded; runs of letters and digits; symbols and pictures one by one;
 * pairs of neighbours in scripts without spaces; and a stretch of nothing but
 * punctuation as it is. In order, with repeats.
 */
export function searchWords(text: string): string[] {
  if (IS_ASCII.test(text)) return asciiWords(text.toLowerCase());
  // Most of the rest is Latin script, where a letter folds on its own; the
  // normalisation of a whole text costs four times as much.
  const folded = IS_LATIN.test(text)
    ? text.toLowerCase().replace(LATIN_LETTER, foldedLatin)
    : fold(text);
  return IS_ASCII.test(folded) && folded.trim() !== ""
    ? asciiWords(folded)
    : foldedWords(folded, text);
}

/** The words of a key: its parts, and the whole so that typing goes on past a dash. */
export function keySearchWords(key: string): string[] {
  const lower = key.toLowerCase();
  const parts = lower.match(/[a-z]+|[0-9]+/g) ?? [];
  return [cut(lower), ...asciiWords(lower), ...parts.map(cut)];
}

/**
 * The words somebody asks for, each once. An entry is found when each of them
 * begins one of its words.
 */
export function wordsAsked(text: string): string[] {
  return [...new Set(searchWords(text))];
}

/** Whether every asked word begins a word of the key or of a value: what the index answers, without it. */
export function hasWords(
  asked: readonly string[],
  key: string,
  values: Iterable<string>,
): boolean {
  const missing = new Set(asked);
  const take = (words: string[]) => {
    for (const word of missing) {
      if (words.some((own) => own.startsWith(word))) missing.delete(word);
    }
  };
  take(keySearchWords(key));
  for (const value of values) {
    if (missing.size === 0) break;
    take(searchWords(value));
  }
  return missing.size === 0;
}

/** Everything the index keeps of one entry, each word once, within `entryWordBytesMax`. */
export function entrySearchWords(
  key: string,
  values: Iterable<string>,
): Set<string> {
  const words = new Set(keySearchWords(key));
  let bytesLeft: number = SEARCH_LIMITS.entryWordBytesMax;
  for (const value of values) {
    for (const word of searchWords(value)) {
      if (words.has(word)) continue;
      // At most 3 bytes a UTF-16 unit.
      bytesLeft -= word.length * 3 + 6;
      if (bytesLeft < 0) return words;
      words.add(word);
    }
  }
  return words;
}

const NAME_CHARS_MAX = 20;

/**
 * How the index says that an entry has a value. A long name is cut and given a
 * hash, so an answer from the index is checked against the entry.
 */
export function presenceWord(name: string): string {
  if (name.length <= NAME_CHARS_MAX) return name;
  return `${name.slice(0, 8)}~${hash53(name).toString(36)}`;
}

function asciiWords(lower: string): string[] {
  const words = (lower.match(ASCII_RUN) ?? []).map(cut);
  // Rare: a stretch without any letter, digit or symbol.
  for (const stretch of lower.match(/(?<!\S)[^\sa-z0-9$+<=>^`|~]+(?!\S)/g) ??
    []) {
    words.push(cut(stretch));
  }
  return words;
}

function foldedWords(folded: string, original: string): string[] {
  const words: string[] = [];
  for (const run of folded.match(RUN) ?? []) {
    if (UNSPACED.test(run)) pushPairs(run, words);
    else words.push(cut(run));
  }
  for (const stretch of folded.match(
    /(?<!\S)[^\s\p{L}\p{N}\p{M}\p{S}\p{Extended_Pictographic}]+(?!\S)/gu,
  ) ?? []) {
    words.push(cut(stretch));
  }
  // Nothing but invisible characters: still a text that somebody may paste.
  if (words.length === 0 && original.trim() !== "") {
    words.push(cut(original.trim().replaceAll(/\s+/g, " ")));
  }
  return words;
}

function fold(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .normalize("NFD")
    .replace(FOLDED_AWAY, "")
    .replace(SPELLED, (letter) => SPELLED_OUT.get(letter) ?? letter)
    .normalize("NFC");
}

const latinFolds = new Map<string, string>();

function foldedLatin(letter: string): string {
  let folded = latinFolds.get(letter);
  if (folded === undefined) {
    folded = fold(letter);
    latinFolds.set(letter, folded);
  }
  return folded;
}

function pushPairs(run: string, words: string[]): void {
  const letters = [...run];
  for (const [at, letter] of letters.entries()) {
    words.push(letter + (letters[at + 1] ?? ""));
  }
}

/** Cut between whole characters: half of a surrogate pair cannot be stored. */
function cut(word: string): string {
  const { wordCharsMax } = SEARCH_LIMITS;
  if (word.length <= wordCharsMax) return word;
  const head = word.slice(0, wordCharsMax);
  return head.isWellFormed() ? head : head.slice(0, -1);
}

/** 53 bits, spread well enough that names of one source do not meet (cyrb53). */
function hash53(text: string): number {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a =
    Math.imul(a ^ (a >>> 16), 2246822507) ^
    Math.imul(b ^ (b >>> 13), 3266489909);
  b =
    Math.imul(b ^ (b >>> 16), 2246822507) ^
    Math.imul(a ^ (a >>> 13), 3266489909);
  return 4294967296 * (2097151 & b) + (a >>> 0);
}
