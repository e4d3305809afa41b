import { readFileSync } from "node:fs";

import fc from "fast-check";
import { describe, expect, test } from "vitest";

import {
  entrySearchWords,
  hasWords,
  keySearchWords,
  presenceWord,
  SEARCH_LIMITS,
  searchWords,
  wordsAsked,
} from "./search-words";

const isFound = (asked: string, value: string, key = "k") =>
  hasWords(wordsAsked(asked), key, [value]);

describe("words of a text", () => {
  test.each([
    ["Steel chair, 12.5 mm", ["steel", "chair", "12", "5", "mm"]],
    ["Café NOIR", ["cafe", "noir"]],
    ["Straße Ærø Łódź", ["strasse", "aero", "lodz"]],
    ["ＦＵＬＬ width", ["full", "width"]],
    ["東京都", ["東京", "京都", "都"]],
    ["soft\u00adhyphen zero\u200bwidth", ["softhyphen", "zerowidth"]],
    ["مُحَمَّد", ["محمد"]],
    ["हिन्दी", ["हिन्दी"]],
    ["👍 ok €5", ["👍", "ok", "€", "5"]],
    ["...", ["..."]],
    ["  ", []],
  ])("%s", (text, words) => {
    expect(searchWords(text).toSorted()).toEqual(words.toSorted());
  });

  test("a composed and a decomposed letter give the same words", () => {
    expect(searchWords("re\u0301sume\u0301")).toEqual(searchWords("résumé"));
  });

  test("a word is cut between whole characters", () => {
    const long = "a".repeat(SEARCH_LIMITS.wordCharsMax - 1) + "𝒜𠀀𠀀";
    expect(searchWords(long).every((word) => word.isWellFormed())).toBe(true);
  });

  test("a value of 900 KB without a space gives one short word", () => {
    const [word] = searchWords("x".repeat(900_000));
    expect(word).toHaveLength(SEARCH_LIMITS.wordCharsMax);
    expect(isFound("x".repeat(500), "x".repeat(900_000))).toBe(true);
  });

  test("a word is well formed and holds neither blanks nor NUL, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        for (const word of searchWords(text.replaceAll("\0", ""))) {
          expect(word).not.toBe("");
          expect(word.isWellFormed()).toBe(true);
          expect(word).not.toMatch(/\n/);
          expect(word.length).toBeLessThanOrEqual(SEARCH_LIMITS.wordCharsMax);
        }
      }),
    );
  });
});

describe("what a search finds", () => {
  test("every word must begin a word, in any order", () => {
    expect(isFound("chai ste", "Steel chair")).toBe(true);
    expect(isFound("chair oak", "Steel chair")).toBe(false);
    expect(isFound("hair", "Steel chair")).toBe(false);
  });

  test("accents and case do not matter, on either side", () => {
    expect(isFound("malmo", "MALMÖ")).toBe(true);
    expect(isFound("MALMÖ", "malmo")).toBe(true);
  });

  test("a single character of a text without spaces", () => {
    for (const letter of "東京都") expect(isFound(letter, "東京都")).toBe(true);
    expect(isFound("京東", "東京都")).toBe(false);
  });

  test("parts of a key, and the key typed past its dashes", () => {
    expect(keySearchWords("SKU-12_AB34")).toEqual(
      expect.arrayContaining(["sku-12_ab34", "sku", "12", "ab34", "34"]),
    );
    for (const asked of ["sku-12", "ab34", "34", "SKU 12"]) {
      expect(isFound(asked, "", "SKU-12_AB34")).toBe(true);
    }
  });

  test("any text finds the value it was taken from", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", minLength: 1 }),
        fc.string({ unit: "grapheme" }),
        (text, more) => {
          const asked = wordsAsked(text);
          expect(hasWords(asked, "k", [`${more} ${text} ${more}`])).toBe(true);
        },
      ),
    );
  });

  test("the index and the direct look agree", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        fc.array(fc.string({ unit: "grapheme" }), { maxLength: 4 }),
        (text, values) => {
          const asked = wordsAsked(text);
          const kept = [...entrySearchWords("A-1", values)];
          const byIndex = asked.every((word) =>
            kept.some((own) => own.startsWith(word)),
          );
          expect(hasWords(asked, "A-1", values)).toBe(byIndex);
        },
      ),
    );
  });

  test("every naughty string is found by itself", () => {
    const file = "../shared/data/hostile/naughty-strings.json";
    const strings = JSON.parse(readFileSync(file, "utf8")) as string[];
    expect(strings.length).toBeGreaterThan(100);
    for (const text of strings.filter((own) => own.trim() !== "")) {
      const asked = wordsAsked(text);
      expect(asked, JSON.stringify(text)).not.toEqual([]);
      expect(hasWords(asked, "k", [text]), JSON.stringify(text)).toBe(true);
    }
  });
});

describe("what the index keeps of one entry", () => {
  test("stays below what PostgreSQL holds in a row, with 900 KB of different words", () => {
    let text = "";
    for (let at = 0; text.length < 900_000; at += 1) text += `ö${at} `;
    const words = entrySearchWords("k", [text]);
    const bytes = [...words].reduce(
      (sum, word) => sum + Buffer.byteLength(word) + 6,
      0,
    );
    expect(words.size).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThanOrEqual(SEARCH_LIMITS.entryWordBytesMax + 300);
  });

  test("long value names stay apart", () => {
    const base = "x".repeat(200);
    const words = Array.from({ length: 5_000 }, (_, at) =>
      presenceWord(`${base}${at}:sv`),
    );
    expect(new Set(words).size).toBe(5_000);
    expect(Math.max(...words.map((word) => word.length))).toBeLessThan(24);
    expect(presenceWord("__proto__:")).toBe("__proto__:");
  });
});
