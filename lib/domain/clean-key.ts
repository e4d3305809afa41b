import transliterate from "@sindresorhus/transliterate";

import type { KeyRule } from "./key-rules";

/** A key has 256 characters at most; a cell far above that stays as it is and is refused. */
const CLEANED_CHARS_MAX = 2_000;

const BEYOND_ASCII = /[^\0-\x7f]+/g;
const ILLEGAL = /[^A-Za-z0-9_-]/gu;
const REPEATS = /([-_])\1+/g;

export type CleanKey = (cell: string) => string;

/**
 * Makes the function that cleans one key cell by rules, in their order;
 * `undefined` when there are none. Cells are cleaned one by one, before several
 * are joined: so a cell that is empty, or of which nothing is left, is seen to
 * be missing, and no rule touches the separator.
 *
 * - `trim` takes white space off both ends.
 * - `lower` makes small letters, the same in every country.
 * - `transliterate` writes letters beyond ASCII in Latin ones; ASCII stays.
 * - `replace` replaces a plain text wherever it stands, not an expression.
 * - `illegal` replaces each character that a key may not hold.
 * - `collapse` makes one of several `-` or several `_` in a row.
 *
 * A cell with NUL stays as it is, and so stays illegal: it may be one that
 * holds an error of a spreadsheet. Each rule but `replace` changes nothing when
 * run twice. The table of letters is part of the program, so the same program
 * always makes the same keys.
 */
export function createKeyCleaner(
  rules: readonly KeyRule[] = [],
): CleanKey | undefined {
  if (rules.length === 0) return undefined;
  const steps = rules.map(stepOf);
  return (cell) => {
    if (cell.includes("\0")) return cell;
    let text = cell;
    for (const step of steps) {
      if (text.length > CLEANED_CHARS_MAX) return text;
      text = step(text);
    }
    return text;
  };
}

function stepOf(rule: KeyRule): CleanKey {
  switch (rule.rule) {
    case "trim":
      return (text) => text.trim();
    case "lower":
      return (text) => text.toLowerCase();
    case "transliterate": {
      const locale = rule.letters;
      const once = (letters: string) =>
        transliterate(letters, locale ? { locale } : {});
      // Twice: a letter that is in the table only without its accent loses that first.
      const inLatin = (letters: string) => once(once(letters));
      // Composed first: an accent that is a character of its own belongs to the letter before it.
      return (text) => text.normalize("NFC").replace(BEYOND_ASCII, inLatin);
    }
    case "replace": {
      const { find, by } = rule;
      // The empty text, while it is being typed, stands between all characters.
      return (text) => (find === "" ? text : text.replaceAll(find, () => by));
    }
    case "illegal": {
      const { by } = rule;
      return (text) => text.replace(ILLEGAL, by);
    }
    case "collapse":
      return (text) => text.replace(REPEATS, "$1");
  }
}
