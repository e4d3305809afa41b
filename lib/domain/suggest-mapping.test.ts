import { describe, expect, test } from "vitest";

import { mappingProblems } from "./mapping";
import { suggestMapping, type KnownProperty } from "./suggest-mapping";

/** Each column as `key`, `language`, `delete`, `ignore`, `id` or `id:language`. */
function suggest(
  headers: string[],
  rows: string[][] = [],
  known: KnownProperty[] = [],
): string[] {
  const mapping = suggestMapping(headers, rows, known);
  return mapping.columns.map((use) => {
    if (use.as !== "property") return use.as;
    return use.language === "" ? use.id : `${use.id}:${use.language}`;
  });
}

describe("suggestMapping", () => {
  test.each([
    ["name_sv", "name:sv"],
    ["name-sv-SE", "name:sv-SE"],
    ["name_sv_SE", "name:sv_SE"],
    ["Name (sv)", "Name:sv"],
    ["Name (sv-SE)", "Name:sv-SE"],
    ["name:sv", "name:sv"],
    ["name[sv]", "name:sv"],
    ["sv:name", "name:sv"],
    ["Name (Swedish)", "Name:sv"],
    ["description_zh-Hans", "description:zh-Hans"],
    ["NAME_DE", "NAME:de"],
  ])("reads the language in %s", (header, wanted) => {
    expect(suggest(["sku", header])).toEqual(["key", wanted]);
  });

  test.each([
    "order_no",
    "parent_id",
    "made_in",
    "check_it",
    "valid_to",
    "is_so",
  ])(
    "does not take the ending of %s for a language when it stands alone",
    (header) => {
      expect(suggest(["sku", header])[1]).toBe(header);
    },
  );

  test("takes an ambiguous ending for a language beside a sure one", () => {
    expect(suggest(["sku", "name_sv", "name_no", "name_is"])).toEqual([
      "key",
      "name:sv",
      "name:no",
      "name:is",
    ]);
  });

  test("takes an ambiguous ending for a language that the source knows", () => {
    const known = [{ id: "name", languages: ["it", null] }];
    expect(suggest(["sku", "name_it"], [], known)[1]).toBe("name:it");
  });

  test("corrects country codes that stand for languages beside siblings", () => {
    const headers = [
      "sku",
      "t_de",
      "t_cn",
      "t_jp",
      "t_dk",
      "t_se",
      "t_gr",
      "t_ua",
      "t_kr",
    ];
    expect(suggest(headers).slice(1)).toEqual(
      ["de", "zh", "ja", "da", "sv", "el", "uk", "ko"].map(
        (code) => `t:${code}`,
      ),
    );
  });

  test("keeps a country code that stands alone as a part of the name", () => {
    expect(suggest(["sku", "price_se", "stock_cn"])).toEqual([
      "key",
      "price_se",
      "stock_cn",
    ]);
  });

  test("finds a language column and gives it to the columns that differ by it", () => {
    const rows = [
      ["A", "de", "Stuhl", "7"],
      ["A", "fr", "Chaise", "7"],
    ];
    expect(suggest(["sku", "locale", "name", "stock"], rows)).toEqual([
      "key",
      "language",
      "name:*",
      "stock",
    ]);
  });

  test("does not take numbers in a column called languageId for languages", () => {
    expect(suggest(["sku", "language"], [["A", "2"]])[1]).toBe("language");
    expect(
      suggestMapping(["sku", "language"], [["A", "2"]]).columns[1]?.as,
    ).toBe("property");
  });

  test("finds a delete column by name and by what its cells say", () => {
    expect(
      suggest(
        ["sku", "deleted"],
        [
          ["A", "no"],
          ["B", ""],
        ],
      )[1],
    ).toBe("delete");
    expect(
      suggestMapping(["sku", "deleted"], [["A", "2026-01-01"]]).columns[1]?.as,
    ).toBe("property");
  });

  test("chooses the key by name, and only where its cells could be keys", () => {
    const rows = [
      ["A 1", "1"],
      ["A 2", "2"],
      ["A 3", "3"],
    ];
    expect(suggest(["id", "article_number"], rows)).toEqual(["id", "key"]);
  });

  test("offers no key when no column looks like one", () => {
    expect(
      suggest(
        ["colour", "size"],
        [
          ["red", "L"],
          ["red", "M"],
          ["red", "M"],
        ],
      ),
    ).not.toContain("key");
  });

  test("makes legal ids: letters in A-Z, case kept, the rest underscores", () => {
    expect(
      suggest([
        "sku",
        "Färg & mått",
        "na me",
        "precí",
        "a/b",
        "Straße",
        "Цвет",
      ]),
    ).toEqual([
      "key",
      "Farg_and_matt",
      "na_me",
      "preci",
      "a_b",
      "Strasse",
      "Tsvet",
    ]);
  });

  test("cleans invisible characters and odd spaces", () => {
    expect(suggest(["key\u200b", "na\u00adme", "\u00a0size "])).toEqual([
      "key",
      "name",
      "size",
    ]);
  });

  test("offers the known id when it is only written differently", () => {
    const known = [{ id: "metaTitle", languages: [] }];
    expect(suggest(["sku", "meta_title"], [], known)[1]).toBe("metaTitle");
  });

  test("never fills one value from two columns", () => {
    const headers = [
      "sku",
      "name",
      "name",
      "na me",
      "na-me",
      "name_sv",
      "Name (sv)",
      "name (sv)",
    ];
    const mapping = suggestMapping(headers, []);
    expect(mappingProblems(mapping, headers)).toEqual([]);
    expect(suggest(headers)[2]).toBe("name_2");
  });

  test("stays quick with a thousand equal headers", () => {
    const headers = ["sku", ...Array.from({ length: 999 }, () => "name")];
    const mapping = suggestMapping(headers, []);
    expect(mappingProblems(mapping, headers)).toEqual([]);
  });

  test("ignores the two columns that the rejected rows came back with", () => {
    const rows = [["A", "x", "rejected", "Column “sku”: …"]];
    expect(suggest(["sku", "name", "status", "reason"], rows)).toEqual([
      "key",
      "name",
      "ignore",
      "ignore",
    ]);
  });

  test("keeps headers that are names of object members", () => {
    expect(suggest(["sku", "__proto__", "constructor", "toString"])).toEqual([
      "key",
      "__proto__",
      "constructor",
      "toString",
    ]);
  });
});
