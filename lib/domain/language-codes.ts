/** ISO 639-1, all 183 codes. */
const ISO_639_1 =
  "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";
const CODES = new Set(ISO_639_1.split(" "));

/** Codes that are also words or abbreviations of catalogues: `order_no`, `parent_id`, `made_in`. */
const AMBIGUOUS = new Set(
  "aa am an as at av ay ba be ch co cr cs cu ee el es ha he hi ho ht id ie ii ik in io is it ki kg kr kw la li ln lo lt lu ma me mg mh mi ml mn mr ms mt my na nd ne ng no nr nv ny oc of om on or os pa pi ps qu rm rn ro sa sc sd se sg si sk sl sm sn so ss st su ta te ti tk tl tn to ts tt tw ty ve vi vo wa wo za".split(
    " ",
  ),
);

/** Country codes taken for language codes, and what was meant. */
const MISTAKEN = new Map<string, string>([
  ["cn", "zh"],
  ["jp", "ja"],
  ["dk", "da"],
  ["se", "sv"],
  ["gr", "el"],
  ["ua", "uk"],
  ["kr", "ko"],
  ["cz", "cs"],
  ["gb", "en"],
  ["at", "de"],
  ["ee", "et"],
  ["si", "sl"],
]);

const NAMES = new Map<string, string>(
  "english en|german de|deutsch de|french fr|français fr|spanish es|español es|italian it|italiano it|swedish sv|svenska sv|norwegian no|norsk no|danish da|dansk da|finnish fi|suomi fi|dutch nl|nederlands nl|portuguese pt|português pt|polish pl|polski pl|czech cs|russian ru|ukrainian uk|chinese zh|japanese ja|korean ko|arabic ar|greek el|turkish tr|hungarian hu|romanian ro|bulgarian bg|croatian hr|slovak sk|slovenian sl|estonian et|latvian lv|lithuanian lt|icelandic is|hebrew he|hindi hi|thai th|vietnamese vi|indonesian id"
    .split("|")
    .map((pair) => pair.split(" ") as [string, string]),
);

export type LanguageReading = {
  /** The code as it would be imported. */
  code: string;
  /**
   * `likely` stands on its own; `glued` (`nameSv`) needs another column of the
   * same property, or the source to know it; `unsure` needs sure siblings or
   * the source to know it in that language.
   */
  certainty: "likely" | "glued" | "unsure";
};

/**
 * Reads a piece of a header as a language: `sv`, `sv-SE`, `sv_SE`, `zh-Hans`,
 * or the name of a language in English or in itself. `undefined` when it is none.
 */
export function readLanguage(text: string): LanguageReading | undefined {
  const match = /^([A-Za-z]{2})(?:[-_]([A-Za-z]{2}|[A-Za-z]{4}|\d{3}))?$/.exec(
    text,
  );
  const primary = match?.[1]?.toLowerCase();
  if (match && primary !== undefined) {
    const region = match[2];
    const isShouted = text === text.toUpperCase() && region === undefined;
    if (CODES.has(primary)) {
      const isPlain = region === undefined && AMBIGUOUS.has(primary);
      return {
        code: isShouted ? primary : text,
        certainty: isPlain ? "unsure" : "likely",
      };
    }
    const meant = MISTAKEN.get(primary);
    return meant && region === undefined
      ? { code: meant, certainty: "unsure" }
      : undefined;
  }
  const named = NAMES.get(text.toLowerCase());
  return named ? { code: named, certainty: "likely" } : undefined;
}

/** What a code that stands for a country most likely meant as a language; `se` beside `de` and `fr` is Swedish. */
export function correctLanguage(code: string): string {
  return MISTAKEN.get(code.toLowerCase()) ?? code;
}

/** Whether a cell holds a language code as a language column does. */
export function looksLikeLanguage(cell: string): boolean {
  const match = /^([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{2,4})?$/.exec(cell);
  const primary = match?.[1]?.toLowerCase();
  return (
    primary !== undefined &&
    (CODES.has(primary) || MISTAKEN.has(primary)) &&
    cell.length <= 10
  );
}
