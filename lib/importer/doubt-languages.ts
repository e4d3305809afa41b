import type { LanguageTexts } from "./collect-language-texts";
import {
  areRelated,
  detectableLanguage,
  type DetectLanguage,
} from "./detect-language";

/** Texts of a property that do not look like their language. */
export type LanguageDoubt = {
  id: string;
  /** As declared by the file. */
  language: string;
  /** ISO 639-1. */
  looksLike: string;
  /** Texts that look like it, of those looked at. */
  alike: number;
  looked: number;
  /** Row of the first such text. */
  row: number;
};

const TEXTS_MIN = 3;
/** Texts are judged together too: one short text says little. */
const CHUNK_CHARS = 250;
const SHARE_MIN = 0.8;

/**
 * Properties whose texts look like another language than the file says. Speaks
 * up only where four in five of the texts read together look like the same
 * other language and none like the declared one; a single text, a name or a
 * number proves nothing. Advice: it is wrong now and then.
 */
export function doubtLanguages(
  samples: readonly LanguageTexts[],
  detect: DetectLanguage,
): LanguageDoubt[] {
  return samples.flatMap((sample) => doubtOf(sample, detect) ?? []);
}

function doubtOf(
  { id, language, texts }: LanguageTexts,
  detect: DetectLanguage,
): LanguageDoubt | undefined {
  const declared = detectableLanguage(language);
  if (declared === undefined || texts.length < TEXTS_MIN) return undefined;

  const chunks = chunksOf(texts.map(({ text }) => text)).map(detect);
  const looksLike = mostFrequent(chunks);
  if (looksLike === "" || areRelated(looksLike, declared)) return undefined;
  const share = countOf(chunks, looksLike) / chunks.length;
  if (share < SHARE_MIN || chunks.includes(declared)) return undefined;

  const single = texts.map(({ text }) => detect(text));
  const alike = countOf(single, looksLike);
  const asDeclared = single.filter((code) => areRelated(code, declared)).length;
  const first = single.indexOf(looksLike);
  if (alike < TEXTS_MIN || alike < asDeclared * 3) return undefined;
  return {
    ...{ id, language, looksLike, alike },
    looked: texts.length,
    row: texts[first]?.rowNumber ?? 0,
  };
}

function chunksOf(texts: readonly string[]): string[] {
  const chunks: string[] = [];
  let open = "";
  for (const text of texts) {
    open = open === "" ? text : `${open}. ${text}`;
    if (open.length < CHUNK_CHARS) continue;
    chunks.push(open);
    open = "";
  }
  // What is left would be the shortest of all.
  return chunks.length === 0 ? [open] : chunks;
}

function mostFrequent(codes: readonly string[]): string {
  return codes.reduce(
    (best, code) => (countOf(codes, code) > countOf(codes, best) ? code : best),
    codes[0] ?? "",
  );
}

function countOf(codes: readonly string[], wanted: string): number {
  return codes.filter((code) => code === wanted).length;
}
