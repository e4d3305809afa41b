import type { Entity } from "@/lib/domain/entity";

/** A word in every entry, in one of a hundred, and in one of a hundred thousand. */
export const PLANTED = {
  common: "warranty",
  uncommon: "anodised",
  rare: "quokka",
} as const;

const WORDS = makeWords(8_000);
const BRANDS = WORDS.slice(200, 500);
const COLOURS = ["red", "green", "blue", "black", "white", "oak", "steel"];

/**
 * One made-up product of 20 or so values, about 1.3 KB: the same for the same
 * number. Words follow a curve like a language's: few are in most entries,
 * most in few.
 */
export function makeProduct(number: number): Entity {
  const random = createRandom(number + 1);
  const text = (count: number) =>
    Array.from({ length: count }, () => pickWord(random)).join(" ");
  const properties: Entity["properties"] = [
    { id: "name", language: "en", value: text(4) },
    { id: "name", language: "sv", value: text(4) },
    { id: "name", language: "de", value: text(4) },
    {
      id: "description",
      language: "en",
      value: `${text(20)} ${PLANTED.common}${number % 100 === 7 ? ` ${PLANTED.uncommon}` : ""}${number % 100_000 === 77 ? ` ${PLANTED.rare}` : ""}`,
    },
    { id: "description", language: "sv", value: text(20) },
    { id: "brand", language: null, value: pick(BRANDS, random) },
    { id: "colour", language: "en", value: pick(COLOURS, random) },
    { id: "ean", language: null, value: String(4e12 + number * 7_919) },
    { id: "price", language: null, value: (random() * 500).toFixed(2) },
    { id: "stock", language: null, value: String(Math.floor(random() * 900)) },
    { id: "weight", language: null, value: `${(random() * 30).toFixed(1)} kg` },
    { id: "width", language: null, value: `${Math.floor(random() * 2e3)} mm` },
    { id: "height", language: null, value: `${Math.floor(random() * 2e3)} mm` },
    { id: "depth", language: null, value: `${Math.floor(random() * 2e3)} mm` },
    { id: "material", language: "en", value: text(2) },
    {
      id: "category",
      language: "en",
      value: `${pick(BRANDS, random)} > ${text(1)}`,
    },
    { id: "supplier", language: null, value: `supplier-${number % 400}` },
    {
      id: "country",
      language: null,
      value: pick(["SE", "DE", "NO", "FR"], random),
    },
    { id: "updated", language: null, value: `2026-0${1 + (number % 9)}-11` },
  ];
  if (number % 10 !== 3) {
    properties.push({ id: "care", language: "en", value: text(6) });
  }
  if (number % 1_000 === 5) {
    properties.push({ id: "recall", language: null, value: text(8) });
  }
  return { key: keyOf(number), delete: false, properties };
}

/** Keys in a shuffled order, so that neighbours in the list were not made together. */
export function keyOf(number: number): string {
  const shuffled = (number * 7_368_787) % 9_999_991;
  return `SKU-${String(shuffled).padStart(7, "0")}`;
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1) | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A word of the vocabulary, the first ones far more often. */
export function pickWord(random: () => number): string {
  const at = Math.floor(WORDS.length ** random()) - 1;
  return WORDS[at] ?? "word";
}

function pick(list: readonly string[], random: () => number): string {
  return list[Math.floor(random() * list.length)] ?? "";
}

function makeWords(count: number): string[] {
  const random = createRandom(4_711);
  const starts = "b br d f fl g gr h j k kl l m n p pr r s sk st t tr v".split(
    " ",
  );
  const middles = "a e i o u y å ä ö".split(" ");
  const words = new Set<string>();
  while (words.size < count) {
    const syllables = 2 + Math.floor(random() * 3);
    let word = "";
    for (let at = 0; at < syllables; at += 1) {
      word += pick(starts, random) + pick(middles, random);
    }
    words.add(word);
  }
  return [...words];
}
