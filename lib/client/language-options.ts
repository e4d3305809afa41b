import type { SourceProperty } from "@/lib/domain/source";
import { LANGUAGE_WORDS } from "@/lib/wording/languages";

export type LanguageOption = { value: string; label: string; hint?: string };

// ISO 639-1.
const CODES =
  "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

const NAMES = new Intl.DisplayNames(["en"], {
  type: "language",
  fallback: "none",
});

/** Language codes to choose from: those the source has first, with their number of entries, then all of ISO 639-1 by name. */
export function languageOptions(
  properties: readonly SourceProperty[],
): LanguageOption[] {
  const own = new Map<string, number>();
  for (const { languages } of properties) {
    for (const { language, entryCount } of languages) {
      if (language === null) continue;
      own.set(language, Math.max(own.get(language) ?? 0, entryCount));
    }
  }
  const first = [...own]
    .sort((a, b) => b[1] - a[1])
    .map(([code]) => ({ ...optionOf(code), hint: LANGUAGE_WORDS.inSource }));
  const rest = CODES.split(" ")
    .filter((code) => !own.has(code))
    .map(optionOf)
    .sort((a, b) => a.label.localeCompare(b.label));
  return [...first, ...rest];
}

/** "Swedish" for sv, "British English" for en-GB; `undefined` for a code that has no name. */
export function languageName(code: string): string | undefined {
  try {
    return NAMES.of(code.replace("_", "-"));
  } catch {
    return undefined; // Legal for us, such as `cn-1_x`, but no language tag.
  }
}

function optionOf(code: string): LanguageOption {
  const name = languageName(code);
  return { value: code, label: name ? `${name} (${code})` : code };
}
