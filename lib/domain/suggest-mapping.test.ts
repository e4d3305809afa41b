import { describe, expect, test } from "vitest";

import { mappingProblems, ROW_LANGUAGE } from "./mapping";
import {
  suggestMapping,
  withRowLanguage,
  type KnownProperty,
} from "./suggest-mapping";

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
    ["name-sv", "name:sv"],
    ["name.sv", "name:sv"],
    ["name@sv", "name:sv"],
    ["name|sv", "name:sv"],
    ["name {sv}", "name:sv"],
    ["Name Swedish", "Name:sv"],
    ["name_svenska", "name:sv"],
    ["label-en_US", "label:en_US"],
    ["label-en-US", "label:en-US"],
    ["label.en_US", "label:en_US"],
    ["label[en_US]", "label:en_US"],
    ["label en-US", "label:en-US"],
    ["meta_title_pt_BR", "meta_title:pt_BR"],
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

  test.each([
    [
      ["nameSv", "nameDE", "nameNo"],
      ["name:sv", "name:de", "name:no"],
    ],
    [
      ["name", "nameSv"],
      ["name", "name:sv"],
    ],
    [
      ["Swedish name", "German name", "Polish name"],
      ["name:sv", "name:de", "name:pl"],
    ],
    [["nameSv"], ["nameSv"]],
    [
      ["item", "itemId", "itemNo"],
      ["item", "itemId", "itemNo"],
    ],
    [["Polish remover"], ["Polish_remover"]],
  ])("lets the columns %s agree on what is a language", (headers, wanted) => {
    expect(suggest(["sku", ...headers]).slice(1)).toEqual(wanted);
  });

  test("takes an ending without a separator for a language of a property that the source has", () => {
    const known = [{ id: "name", languages: ["de"] }];
    expect(suggest(["sku", "nameSv"], [], known)[1]).toBe("name:sv");
  });

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

  test("writes a locale as the source writes it, and as it stands when the source has none", () => {
    const known = [{ id: "label", languages: ["en-US", "sv"] }];
    expect(suggest(["sku", "label-en_US", "label SV"], [], known)).toEqual([
      "key",
      "label:en-US",
      "label:sv",
    ]);
    const rows = [["A", "en_US", "Chair"]];
    expect(
      suggestMapping(["sku", "locale", "label"], rows, known).columns[1],
    ).toEqual({ as: "language", codes: [["en_US", "en-US"]] });
    expect(suggestMapping(["sku", "locale", "label"], rows).columns[1]).toEqual(
      { as: "language" },
    );
  });

  test("lets the texts take their language from a column that a person made the language", () => {
    const rows = [
      ["A", "2", "Stol", "7"],
      ["A", "3", "Stuhl", "7"],
    ];
    const suggested = suggestMapping(["sku", "shop", "name", "stock"], rows);
    const columns = suggested.columns.with(1, { as: "language" });
    const uses = (rows: string[][]) =>
      withRowLanguage({ ...suggested, columns }, rows).columns.map((use) =>
        use.as === "property" ? use.language : use.as,
      );
    expect(uses(rows)).toEqual(["key", "language", ROW_LANGUAGE, ""]);
    expect(uses(rows.slice(1))).toEqual([
      ...["key", "language", ROW_LANGUAGE, ROW_LANGUAGE],
    ]);
    expect(withRowLanguage(suggested, rows)).toBe(suggested);
  });

  test("says what names and country codes in a language column mean", () => {
    const cells = (...languages: string[]) =>
      suggestMapping(
        ["sku", "language", "name"],
        languages.map((language, row) => [`A${row}`, language, `text ${row}`]),
      ).columns[1];
    expect(cells("Swedish", "Deutsch", "fr")).toEqual({
      as: "language",
      codes: [
        ["Swedish", "sv"],
        ["Deutsch", "de"],
      ],
    });
    expect(cells("cn", "de")).toEqual({
      as: "language",
      codes: [["cn", "zh"]],
    });
    expect(cells("se", "de")).toEqual({
      as: "language",
      codes: [["se", "sv"]],
    });
    expect(cells("se", "sv")).toEqual({ as: "language" });
    expect(cells("se")).toEqual({ as: "language" });
  });

  test("finds the columns of a file with a row a value", () => {
    const rows = [
      ["A-1", "name", "sv", "Stol", "text"],
      ["A-1", "name", "de", "Stuhl", "text"],
      ["A-1", "weight", "", "7", "number"],
    ];
    expect(
      suggest(["sku", "attribute", "locale", "value", "type"], rows),
    ).toEqual(["key", "pivotProperty", "language", "pivotValue", "ignore"]);
    expect(
      suggestMapping(["sku", "attribute", "locale", "value", "type"], rows)
        .columns[3],
    ).toEqual({ as: "pivotValue", language: ROW_LANGUAGE, emptyCell: "skip" });
  });

  test("finds a value column a language, and writes names as ids when some are none", () => {
    const headers = ["id", "Property name", "value_sv", "value_de", "brand"];
    const rows = [
      ["1", "Net weight", "7 kg", "7 kg", "Acme"],
      ["1", "Colour", "röd", "rot", "Acme"],
      ["2", "Colour", "blå", "blau", "Acme"],
    ];
    expect(suggestMapping(headers, rows).columns).toEqual([
      { as: "key", property: null },
      { as: "pivotProperty", illegal: "clean" },
      { as: "pivotValue", language: "sv", emptyCell: "skip" },
      { as: "pivotValue", language: "de", emptyCell: "skip" },
      { as: "property", id: "brand", language: "", emptyCell: "skip" },
    ]);
  });

  test("takes no file for one with a row a value for a single such header", () => {
    expect(suggest(["sku", "attribute", "name"])).not.toContain(
      "pivotProperty",
    );
    expect(suggest(["sku", "value", "name"])).not.toContain("pivotValue");
    const rows = [["A", "12", "x"]];
    expect(suggest(["sku", "attribute_id", "value"], rows)).not.toContain(
      "pivotProperty",
    );
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
