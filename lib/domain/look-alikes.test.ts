import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { findLookAlikes, likeness, likenessKeys } from "./look-alikes";

describe("findLookAlikes", () => {
  test("finds ids that differ only in case", () => {
    expect(findLookAlikes(["color", "Color", "size"])).toEqual(
      new Map([
        ["color", [{ id: "Color", differsBy: "case" }]],
        ["Color", [{ id: "color", differsBy: "case" }]],
      ]),
    );
  });

  test("finds ids that differ by - and _, also together with case", () => {
    const found = findLookAlikes(["item-no", "item_no", "ItemNo"]);
    expect(found.get("ItemNo")).toEqual([
      { id: "item-no", differsBy: "both" },
      { id: "item_no", differsBy: "both" },
    ]);
    expect(found.get("item-no")?.[0]).toEqual({
      id: "item_no",
      differsBy: "separators",
    });
    expect(found.size).toBe(3);
  });

  test("takes ids of separators only, and prototype names, as they are", () => {
    expect(findLookAlikes(["-", "_", "--"]).size).toBe(0);
    expect(findLookAlikes(["__proto__", "constructor"]).size).toBe(0);
    expect(findLookAlikes(["__proto__", "proto"]).get("proto")).toEqual([
      { id: "__proto__", differsBy: "separators" },
    ]);
  });
});

describe("likeness", () => {
  test.each([
    ["color", "Color", "case"],
    ["item_no", "itemno", "separators"],
    ["item-no", "ItemNo", "both"],
    ["farg", "faerg", "accents"],
    ["Groesse", "grosse", "accents"],
    ["image", "images", "plural"],
    ["box", "Boxes", "plural"],
    ["category", "categories", "plural"],
    ["name", "nameSv", "language"],
    ["name", "name_sv", "language"],
    ["name", "NAME-sv-SE", "language"],
    ["shortName", "short_name_en_US", "language"],
    ["name", "name_swedish", "language"],
  ])("%s looks like %s by %s", (a, b, by) => {
    expect(likeness(a, b)).toBe(by);
  });

  test.each([
    ["name", "names_list"],
    ["item", "item_no"],
    ["name_sv", "name_de"],
    ["width", "height"],
    ["-", "_"],
    ["s", "ss"],
    ["proto", "constructor"],
  ])("%s does not look like %s", (a, b) => {
    expect(likeness(a, b)).toBeUndefined();
  });

  const word = fc.constantFrom(
    ...["name", "Name", "box", "category", "farg", "faerg", "size", "a", "s"],
    ...["__proto__", "-", "item"],
  );
  const ending = fc.constantFrom(
    ...["", "s", "es", "ies", "Sv", "_sv", "-sv-SE", "_no", "_swedish", "-"],
  );
  const id = fc.oneof(
    fc.tuple(word, ending).map((parts) => parts.join("")),
    fc.string({
      unit: fc.constantFrom(..."aeoSsv_-ie"),
      minLength: 1,
      maxLength: 6,
    }),
  );

  test("is the same both ways, and nothing looks like itself", () => {
    fc.assert(
      fc.property(id, id, (a, b) => {
        expect(likeness(a, b)).toBe(likeness(b, a));
        expect(likeness(a, a)).toBeUndefined();
      }),
      { numRuns: 3_000 },
    );
  });

  test("is found by keys: ids that are alike share one", () => {
    fc.assert(
      fc.property(id, id, (a, b) => {
        if (likeness(a, b) === undefined) return;
        const keys = new Set(likenessKeys(a));
        expect(likenessKeys(b).some((key) => keys.has(key))).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });
});
