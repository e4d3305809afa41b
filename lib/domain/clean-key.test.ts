import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { createKeyCleaner } from "./clean-key";
import { isEntryKey } from "./identifiers";
import { KEY_LETTERS, keyRulesSchema, type KeyRule } from "./key-rules";

const clean = (cell: string, ...rules: KeyRule[]) =>
  createKeyCleaner(rules)?.(cell) ?? cell;

const illegal: KeyRule = { rule: "illegal", by: "-" };
const latin: KeyRule = { rule: "transliterate" };

describe("createKeyCleaner", () => {
  test("gives no function for no rules", () => {
    expect(createKeyCleaner([])).toBeUndefined();
    expect(createKeyCleaner(undefined)).toBeUndefined();
  });

  test.each<[string, string, KeyRule[]]>([
    ["  A 1\u00a0", "A 1", [{ rule: "trim" }]],
    ["SW-A", "sw-a", [{ rule: "lower" }]],
    ["Größe", "Groesse", [latin]],
    ["Räksmörgås", "Raksmorgas", [{ rule: "transliterate", letters: "sv" }]],
    ["o\u0308l", "oel", [latin]],
    ["Ключ^`", "Klyuch^`", [latin]],
    ["SW10002.1", "SW10002-1", [illegal]],
    ["a👍b", "a_b", [{ rule: "illegal", by: "_" }]],
    ["a.*b.*", "a-b-", [{ rule: "replace", find: ".*", by: "-" }]],
    ["a+b", "a$&b", [{ rule: "replace", find: "+", by: "$&" }]],
    ["a--_b__-c", "a-_b_-c", [{ rule: "collapse" }]],
    [
      " Böx / 1 ",
      "boex-1",
      [
        { rule: "trim" },
        latin,
        illegal,
        { rule: "collapse" },
        { rule: "lower" },
      ],
    ],
  ])("cleans %j to %j", (cell, cleaned, rules) => {
    expect(clean(cell, ...rules)).toBe(cleaned);
  });

  test("runs the rules in their order", () => {
    const dot: KeyRule = { rule: "replace", find: ".", by: "_" };
    expect(clean("a.b c", dot, illegal)).toBe("a_b-c");
    expect(clean("a.b c", illegal, dot)).toBe("a-b-c");
  });

  test("leaves a cell with NUL alone, so that an error of a spreadsheet becomes no key", () => {
    expect(clean("\0#N/A", illegal)).toBe("\0#N/A");
  });

  test("grows no cell without a bound", () => {
    const grow: KeyRule = { rule: "replace", find: "a", by: "a".repeat(50) };
    const rules = Array.from({ length: 20 }, () => grow);
    expect(clean("a".repeat(2_000), ...rules).length).toBe(100_000);
    expect(clean("a".repeat(1_000_000), ...rules).length).toBe(1_000_000);
  });

  const text = fc.string({ unit: "grapheme", maxLength: 40 });
  const steady = fc.oneof(
    fc.constantFrom<KeyRule>(
      { rule: "trim" },
      { rule: "lower" },
      { rule: "collapse" },
      illegal,
      { rule: "illegal", by: "_" },
      latin,
    ),
    fc
      .constantFrom(...KEY_LETTERS)
      .map((letters): KeyRule => ({ rule: "transliterate", letters })),
  );

  test("changes nothing when a rule other than a replacement runs twice", () => {
    fc.assert(
      fc.property(text, steady, (cell, rule) => {
        const once = clean(cell, rule);
        expect(clean(once, rule)).toBe(once);
      }),
    );
  });

  test("leaves legal keys as they are, but for capitals and repeats", () => {
    const legal = fc.stringMatching(/^[A-Za-z0-9_-]{1,40}$/);
    const keeping = steady.filter(
      ({ rule }) => rule !== "lower" && rule !== "collapse",
    );
    fc.assert(
      fc.property(legal, fc.array(keeping, { maxLength: 5 }), (key, rules) => {
        expect(clean(key, ...rules)).toBe(key);
      }),
    );
  });

  test("makes a legal key of every text that has some, when illegal characters are replaced last", () => {
    fc.assert(
      fc.property(text, fc.array(steady, { maxLength: 5 }), (cell, rules) => {
        const cleaned = clean(cell, ...rules, illegal);
        const hasNul = cell.includes("\0");
        expect(isEntryKey(cleaned) || cleaned === "" || hasNul).toBe(true);
      }),
    );
  });
});

describe("keyRulesSchema", () => {
  test("takes twenty rules and no more, and no replacement of nothing", () => {
    const trims = (count: number) =>
      Array.from({ length: count }, () => ({ rule: "trim" }));
    expect(keyRulesSchema.safeParse(trims(20)).success).toBe(true);
    expect(keyRulesSchema.safeParse(trims(21)).success).toBe(false);
    const nothing = [{ rule: "replace", find: "", by: "-" }];
    expect(keyRulesSchema.safeParse(nothing).success).toBe(false);
    expect(keyRulesSchema.safeParse([{ rule: "__proto__" }]).success).toBe(
      false,
    );
  });
});
