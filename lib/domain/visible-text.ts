/** Zero-width and other characters that cannot be seen, and spaces that are no plain space. */
const HIDDEN =
  /[\u0000-\u0008\u000e-\u001f\u007f-\u00a0\u00ad\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]/g;
const ODD_SPACES = /[\u00a0\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/g;

/** A text as a person sees it: invisible characters removed, spaces made plain and trimmed. */
export function visibleText(text: string): string {
  return text.replace(ODD_SPACES, " ").replace(HIDDEN, "").trim();
}

/** Whether a text holds characters that a person cannot see. */
export function hasHiddenCharacters(text: string): boolean {
  return text.search(HIDDEN) >= 0;
}

/** The text with each invisible character written as its code, such as `[U+200B]`. */
export function showHiddenCharacters(text: string): string {
  return text.replace(HIDDEN, (char) => {
    const code = char.charCodeAt(0).toString(16).toUpperCase();
    return `[U+${code.padStart(4, "0")}]`;
  });
}
