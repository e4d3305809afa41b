import { expect, test } from "vitest";

import { clusterValues, fingerprint, ngramKey } from "./cluster-values";

const counts = (values: Record<string, number>) =>
  Object.entries(values).map(([value, rows]) => ({ value, rows }));

test("fingerprints take no notice of case, accents, punctuation and the order of words", () => {
  for (const text of ["Côte d'Azur", "azur, COTE d’", " cote  dAzur "]) {
    expect([fingerprint("azur cote d"), fingerprint("cote dazur")]).toContain(
      fingerprint(text),
    );
  }
  expect(fingerprint("Straße, große")).toBe("grosse strasse");
  expect(fingerprint("C++")).not.toBe(fingerprint("C"));
  expect(fingerprint("木製")).not.toBe(fingerprint("鉄製"));
  expect(fingerprint(" .,- ")).toBe("");
});

test("pairs of letters find what differs in blanks", () => {
  expect(ngramKey("stain less")).toBe(ngramKey("Stainless"));
  expect(fingerprint("stain less")).not.toBe(fingerprint("Stainless"));
  expect(ngramKey("x")).toBe("x");
});

test("clusters have at least two values, most rows first, and leave errors and long texts out", () => {
  const made = clusterValues(
    counts({
      "Oak, white": 3,
      "white oak": 40,
      "WHITE OAK": 2,
      birch: 9,
      Birch: 1,
      Pine: 5,
      __proto__: 1,
      "\0#N/A": 8,
      "#N/A": 8,
      ["a".repeat(400)]: 2,
      ["A".repeat(400)]: 2,
    }),
    "fingerprint",
  );
  expect(made).toEqual([
    {
      rows: 45,
      values: [
        { value: "white oak", rows: 40 },
        { value: "Oak, white", rows: 3 },
        { value: "WHITE OAK", rows: 2 },
      ],
    },
    {
      rows: 10,
      values: [
        { value: "birch", rows: 9 },
        { value: "Birch", rows: 1 },
      ],
    },
  ]);
});
