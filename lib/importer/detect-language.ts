/** The language of a text as a two-letter code of ISO 639-1; `""` when it cannot tell. */
export type DetectLanguage = (text: string) => string;

/** The languages that the detector knows. A text in any other looks like one of these. */
const DETECTABLE = new Set(
  "am ar az be bg bn ca cs da de el en es et eu fa fi fr gu he hi hr hu hy is it ja ka kn ko ku lo lt lv ml mr ms nl no or pa pl pt ro ru sk sl sq sr sv ta te th tl tr uk ur vi yo zh".split(
    " ",
  ),
);

/** Other codes for languages that the detector knows under one code. */
const SAME = new Map([
  ["nb", "no"],
  ["nn", "no"],
  ["id", "ms"],
  ["bs", "hr"],
  ["fil", "tl"],
  ["iw", "he"],
]);

/** Languages whose short texts are too alike to be told apart. */
const RELATED = [
  "da no",
  "hr sr sl",
  "cs sk",
  "es ca",
  "es pt",
  "ru be uk bg sr",
  "fa ur ku ar",
  "hi mr",
  "az tr",
].map((codes) => new Set(codes.split(" ")));

/**
 * The detector's code for a declared language (`nb` and `no-NO` are no);
 * `undefined` for a language that it does not know.
 */
export function detectableLanguage(declared: string): string | undefined {
  const primary = declared.toLowerCase().split(/[-_]/)[0] ?? "";
  const code = SAME.get(primary) ?? primary;
  return DETECTABLE.has(code) ? code : undefined;
}

/** Whether a text detected as one language may well be of the other. */
export function areRelated(a: string, b: string): boolean {
  return a === b || RELATED.some((codes) => codes.has(a) && codes.has(b));
}

/** Fetches the detector, which is one megabyte and so no part of the worker itself. */
export async function loadLanguageDetector(): Promise<DetectLanguage> {
  const { eld } = await import("eld/extrasmall");
  return (text) => eld.detect(text).language;
}
