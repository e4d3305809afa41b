import { valueName } from "@/lib/domain/identifiers";
import type { RowColumns } from "@/lib/domain/map-row";
import { ownText } from "@/lib/domain/own-text";

import { detectableLanguage } from "./detect-language";
import type { RowObserver } from "./run-import";

/** Texts of one property in one language, from all over the file. */
export type LanguageTexts = {
  id: string;
  language: string;
  texts: { text: string; rowNumber: number }[];
};

const TEXTS_MAX = 40;
const TEXT_CHARS_MAX = 300;
/** A cell may be long and full of mark-up; its beginning says enough. */
const CELL_CHARS_READ = 2_000;
const LETTERS_MIN = 8;
/** Signs of Chinese, Japanese and Korean say more each. */
const IDEOGRAPHS_MIN = 4;
const PROPERTIES_MAX = 300;
const TRIES_MAX = 500;

/**
 * Keeps texts to judge their language by: of each property with a language up
 * to 40, spread evenly over the file, of at most 300 characters. Only texts
 * with words in them, without mark-up.
 */
export function createLanguageTextCollector(): RowObserver & {
  result: () => LanguageTexts[];
} {
  const samplers = new Map<string, Sampler>();
  const slots = new WeakMap<RowColumns, Slot[]>();

  function slotsOf(columns: RowColumns): Slot[] {
    const found: Slot[] = [];
    for (const [at, [id, language]] of columns.columns.entries()) {
      if (language === "" || !detectableLanguage(language)) continue;
      const name = valueName(id, language);
      let sampler = samplers.get(name);
      if (!sampler) {
        if (samplers.size >= PROPERTIES_MAX) continue;
        sampler = createSampler(ownText(id), language);
        samplers.set(name, sampler);
      }
      found.push({ at: at + 2, sampler });
    }
    slots.set(columns, found);
    return found;
  }

  return {
    row: (_, rowNumber, mapped) => {
      if (mapped.kind !== "entity") return;
      const { row, columns } = mapped;
      for (const { at, sampler } of slots.get(columns) ?? slotsOf(columns)) {
        const cell = row[at];
        if (typeof cell === "string" && cell !== "") {
          sampler.offer(cell, rowNumber);
        }
      }
    },
    result: () => [...samplers.values()].map((sampler) => sampler.texts()),
  };
}

type Slot = { at: number; sampler: Sampler };
type Sampler = {
  offer: (cell: string, rowNumber: number) => void;
  texts: () => LanguageTexts;
};

/** Takes every text at first, and half as many each time it has too many. */
function createSampler(id: string, language: string): Sampler {
  let texts: LanguageTexts["texts"] = [];
  let every = 1;
  let seen = 0;
  let tried = 0;
  return {
    offer: (cell, rowNumber) => {
      seen += 1;
      if (seen % every !== 0) return;
      tried += 1;
      // A column without words is not searched for them to its end.
      if (tried % TRIES_MAX === 0) every *= 2;
      const text = wordsOf(cell);
      if (text === undefined) return;
      texts.push({ text: ownText(text), rowNumber });
      if (texts.length <= TEXTS_MAX) return;
      texts = texts.filter((_, index) => index % 2 === 1);
      every *= 2;
    },
    texts: () => ({ id, language, texts }),
  };
}

/** The text without mark-up; `undefined` when it is an address, a code or hardly a word. */
function wordsOf(cell: string): string | undefined {
  const text = cell
    .slice(0, CELL_CHARS_READ)
    .replace(/<[^<>]*>|&\w{2,8};/g, " ")
    .trim()
    .slice(0, TEXT_CHARS_MAX);
  if (/^\S+:\/\/|\S@\S/.test(text)) return undefined;
  const letters = text.replace(/[^\p{L}\p{M}]/gu, "");
  const isIdeographic = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/.test(text);
  const wanted = isIdeographic ? IDEOGRAPHS_MIN : LETTERS_MIN;
  return letters.length >= wanted ? text : undefined;
}
