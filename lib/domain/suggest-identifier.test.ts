import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { sourceIdentifierSchema } from "./identifiers";
import { suggestIdentifier } from "./suggest-identifier";

describe("suggestIdentifier", () => {
  test.each([
    ["Products", "products"],
    ["Products from SAP", "products-from-sap"],
    ["  Möbler & tillbehör  ", "mobler-and-tillbehor"],
    ["Ærø – Smørrebrød", "aero-smorrebrod"],
    ["Größe", "grosse"],
    ["Łódź", "lodz"],
    ["Товары", "tovary"],
    ["Щука й ёж", "shchuka-i-ezh"],
    ["Προϊόντα", "proionta"],
    ["Anna’s list", "annas-list"],
    ["price_list (2026)", "price_list-2026"],
    ["İstanbul", "istanbul"],
    ["__proto__", "proto"],
  ])("spells %j as %j", (name, identifier) => {
    expect(suggestIdentifier(name)).toBe(identifier);
  });

  test("suggests nothing for a name it cannot spell", () => {
    expect(suggestIdentifier("产品")).toBe("");
    expect(suggestIdentifier(" - ")).toBe("");
  });

  test("is always empty or a legal identifier of at most 60 characters", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (name) => {
        const identifier = suggestIdentifier(name);
        expect(identifier.length).toBeLessThanOrEqual(60);
        if (identifier !== "") sourceIdentifierSchema.parse(identifier);
      }),
    );
  });
});
