import { describe, expect, test } from "vitest";

import type { ColumnMapping, ColumnUse } from "./mapping";
import { freshProperties } from "./property-guard";
import { withPropertyRenamed } from "./rename-property";

const known = [
  { id: "name", languages: ["sv", "no", null] },
  { id: "color", languages: [null] },
  { id: "image", languages: [null] },
  { id: "item", languages: [null] },
];

describe("freshProperties", () => {
  test("lists what the source has never seen, with what may be meant", () => {
    expect(
      freshProperties(
        ["name", "Color", "images", "nameDe", "weight", "constructor"],
        known,
      ),
    ).toEqual([
      { id: "Color", alike: [{ id: "color", by: "case", language: "" }] },
      { id: "images", alike: [{ id: "image", by: "plural", language: "" }] },
      { id: "nameDe", alike: [{ id: "name", by: "language", language: "de" }] },
      { id: "weight", alike: [] },
      { id: "constructor", alike: [] },
    ]);
  });

  test("takes an ending that is also a word for a language that the source has", () => {
    expect(freshProperties(["name_no", "item_no"], known)).toEqual([
      {
        id: "name_no",
        alike: [{ id: "name", by: "language", language: "no" }],
      },
      { id: "item_no", alike: [] },
    ]);
  });

  test("does not move a plain id into the language of a known one", () => {
    expect(
      freshProperties(["title"], [{ id: "title_sv", languages: [null] }]),
    ).toEqual([
      {
        id: "title",
        alike: [{ id: "title_sv", by: "language", language: "" }],
      },
    ]);
  });

  test("stays quick with many ids on both sides", () => {
    const many = Array.from({ length: 5_000 }, (_, i) => `property_${i}`);
    const fresh = many.map((id) => `${id}s`);
    const found = freshProperties(
      fresh,
      many.map((id) => ({ id, languages: [] })),
    );
    expect(found.every(({ alike }) => alike.length === 1)).toBe(true);
  });
});

describe("withPropertyRenamed", () => {
  const mappingOf = (...columns: ColumnUse[]): ColumnMapping => ({
    ...{ columns, keySeparator: "-", repeatedKeys: "merge" },
  });
  const property = (id: string, language = ""): ColumnUse => ({
    ...{ as: "property", id, language, emptyCell: "skip" },
  });

  test("fills the other property, in the language that was in the id", () => {
    const mapping = mappingOf(
      { as: "key", property: "Sku" },
      property("nameSv"),
      property("nameSv", "de"),
      property("other"),
    );
    const rename = { from: "nameSv", to: "name", language: "sv" };
    expect(withPropertyRenamed(mapping, rename).columns).toEqual([
      { as: "key", property: "Sku" },
      property("name", "sv"),
      property("name", "de"),
      property("other"),
    ]);
    expect(
      withPropertyRenamed(mapping, { from: "Sku", to: "sku", language: "" })
        .columns[0],
    ).toEqual({ as: "key", property: "sku" });
  });

  test("renames every name in the cells that is read as the property", () => {
    const mapping = mappingOf({ as: "pivotProperty", illegal: "clean" });
    const once = withPropertyRenamed(
      mapping,
      { from: "Net_weight", to: "weight", language: "" },
      ["Net weight", "Net_weight", "Gross weight"],
    );
    expect(once.columns).toEqual([
      {
        ...{ as: "pivotProperty", illegal: "clean" },
        renames: [
          ["Net_weight", "weight", ""],
          ["Net weight", "weight", ""],
        ],
      },
    ]);
    expect(
      withPropertyRenamed(
        once,
        { from: "weight", to: "netWeight", language: "" },
        ["Net weight", "Net_weight"],
      ).columns,
    ).toMatchObject([
      {
        renames: [
          ["weight", "netWeight", ""],
          ["Net weight", "netWeight", ""],
          ["Net_weight", "netWeight", ""],
        ],
      },
    ]);
  });
});
