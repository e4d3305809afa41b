import { IDENTIFIER_LIMITS } from "./limits";
import { visibleText } from "./visible-text";

// Letters that Unicode does not take apart into a plain letter and a mark.
const LETTERS = new Map<string, string>(
  Object.entries({
    ß: "ss",
    æ: "ae",
    Æ: "AE",
    ø: "o",
    Ø: "O",
    œ: "oe",
    Œ: "OE",
    đ: "d",
    Đ: "D",
    ð: "d",
    Ð: "D",
    þ: "th",
    Þ: "Th",
    ł: "l",
    Ł: "L",
    ı: "i",
    ĸ: "k",
    "№": "No",
    "%": "percent",
    "&": "and",
  }),
);

const CYRILLIC_AND_GREEK = new Map<string, string>([
  ...pairs(
    "абвгдеёзийклмнопрстуфхыэі",
    "a b v g d e e z i y k l m n o p r s t u f h y e i",
  ),
  ...pairs("жцчшщъьюяїєґ", "zh ts ch sh sch - - yu ya yi ye g"),
  ...pairs(
    "αβγδεζηθικλμνξοπρσςτυφχψω",
    "a v g d e z i th i k l m n x o p r s s t y f ch ps o",
  ),
]);

/**
 * A legal property id made from a header: letters are written in A-Z, case is
 * kept, everything else becomes `_`. Empty when nothing is left of the header.
 */
export function suggestPropertyId(header: string): string {
  const letters = Array.from(
    visibleText(header).normalize("NFKD"),
    toPlain,
  ).join("");
  return letters
    .replace(/[^A-Za-z0-9_-]+/g, "_")
    .replace(/__+/g, (run) => (header.includes("__") ? run : "_"))
    .replace(/^_+(?=[^_])|(?<=[^_])_+$/g, (edge) =>
      header.startsWith("_") || header.endsWith("_") ? edge : "",
    )
    .slice(0, IDENTIFIER_LIMITS.propertyIdCharsMax);
}

function toPlain(char: string): string {
  if (char >= "\u0300" && char <= "\u036f") return "";
  const known = LETTERS.get(char);
  if (known !== undefined) return known;
  const plain = CYRILLIC_AND_GREEK.get(char.toLowerCase());
  if (plain === undefined) return char;
  if (plain === "-") return "";
  return char === char.toLowerCase()
    ? plain
    : plain.charAt(0).toUpperCase() + plain.slice(1);
}

function pairs(letters: string, plain: string): [string, string][] {
  const written = plain.split(" ");
  return Array.from(letters, (letter, index) => [letter, written[index] ?? ""]);
}
