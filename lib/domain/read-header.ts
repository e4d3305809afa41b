import { readLanguage, type LanguageReading } from "./language-codes";
import { suggestPropertyId } from "./suggest-id";

/** A header taken for a property with a language in its name. */
export type HeaderReading = {
  id: string;
  language?: LanguageReading | undefined;
  /** The header with no language taken off. */
  wholeId: string;
  /** Nothing stands between the property and the language. */
  isGlued?: boolean;
};

/** Takes a language off a header or a property id, in the ways people write it. */
export function readHeader(name: string): HeaderReading {
  const wholeId = suggestPropertyId(name);
  const tries: [RegExp, idGroup: number, languageGroup: number][] = [
    [/^(.+?)\s*[([{]\s*([^()[\]{}]+?)\s*[)\]}]$/, 1, 2],
    [/^(.+?)\s*[:.@|/]\s*([A-Za-z]{2}(?:[-_][A-Za-z0-9]{2,4})?)$/, 1, 2],
    [/^([A-Za-z]{2}(?:[-_][A-Za-z0-9]{2,4})?)\s*[:|/]\s*(.+)$/, 2, 1],
    [/^(.+?)[_\s-]([A-Za-z]{2}[-_](?:[A-Za-z]{2}|[A-Za-z]{4}|\d{3}))$/, 1, 2],
    [/^(.+?)[_\s-]([A-Za-z]{2})$/, 1, 2],
    [/^(.+?)[_\s-](\p{L}{4,})$/u, 1, 2],
  ];
  for (const [pattern, idGroup, languageGroup] of tries) {
    const match = pattern.exec(name);
    const language = match && readLanguage(match[languageGroup] ?? "");
    const id = match && suggestPropertyId(match[idGroup] ?? "");
    if (language && id) return { id, language, wholeId };
  }
  const glued = /^(.*[a-z0-9])([A-Z][A-Za-z])$/.exec(name);
  const ending = glued && readLanguage(glued[2]?.toLowerCase() ?? "");
  const id = suggestPropertyId(glued?.[1] ?? "");
  if (ending && id) {
    const certainty = ending.certainty === "likely" ? "glued" : "unsure";
    const language = { ...ending, certainty } as const;
    return { id, wholeId, language, isGlued: true };
  }
  // "UNTERM Arabic Formal": the language is a word in the middle.
  const words = name.split(/[\s_]+/);
  const at = words.findIndex(
    (word) => word.length > 3 && readLanguage(word) !== undefined,
  );
  const found = words[at];
  if (found !== undefined && words.length > 1) {
    const id = suggestPropertyId(words.filter((_, i) => i !== at).join("_"));
    const language = readLanguage(found);
    // On its own a word such as "Polish" may mean the thing, so siblings decide.
    if (language && id) {
      return { id, language: { ...language, certainty: "unsure" }, wholeId };
    }
  }
  return { id: wholeId, wholeId };
}
