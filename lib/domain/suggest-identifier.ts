const SUGGESTION_CHARS_MAX = 60;

// Letters that Unicode does not take apart into a base letter and a mark.
const LATIN: [string, string][] = [
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
  ["ŋ", "ng"],
  ["&", " and "],
];
const CYRILLIC =
  "а a б b в v г g ґ g д d е e є ye ж zh з z и i і i ј j к k л l љ lj м m н n њ nj о o п p р r с s т t ћ c у u ф f х h ц ts ч ch џ dz ш sh щ shch ъ  ы y ь  э e ю yu я ya";
const GREEK =
  "α a β v γ g δ d ε e ζ z η i θ th ι i κ k λ l μ m ν n ξ x ο o π p ρ r σ s ς s τ t υ y φ f χ ch ψ ps ω o";

const SPELLINGS = new Map<string, string>([
  ...LATIN,
  ...pairs(CYRILLIC),
  ...pairs(GREEK),
]);

/**
 * An identifier to start from, made of a name: letters spelled in a-z, all other
 * characters a single `-`. At most 60 characters. Empty when the name holds no
 * letter or digit that can be spelled, such as one in Chinese.
 */
export function suggestIdentifier(name: string): string {
  const plain = name.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
  return [...plain]
    .map((letter) => SPELLINGS.get(letter) ?? letter)
    .join("")
    .replace(/['’]/g, "")
    .replace(/[^a-z0-9_]+/g, "-")
    .slice(0, SUGGESTION_CHARS_MAX)
    .replace(/^[-_]+|[-_]+$/g, "");
}

function pairs(text: string): [string, string][] {
  const words = text.split(" ");
  return words.flatMap((letter, index): [string, string][] =>
    index % 2 === 0 ? [[letter, words[index + 1] ?? ""]] : [],
  );
}
