import { expect, test } from "vitest";

import { createKeySet } from "./key-set";

test("tells 300,000 keys apart, however alike, and finds each again", () => {
  const keys = createKeySet();
  const made = Array.from({ length: 300_000 }, (_, i) =>
    i % 3 === 0 ? `SKU-${i}` : i % 3 === 1 ? `${i}` : `${i}-${i}-x`,
  );
  expect(made.filter((key) => keys.add(key))).toEqual([]);
  expect(made.filter((key) => !keys.has(key))).toEqual([]);
  expect(keys.add("SKU-0")).toBe(true);
});

test("knows names of object members only when they were added", () => {
  const keys = createKeySet();
  expect(keys.has("__proto__")).toBe(false);
  expect(keys.add("__proto__")).toBe(false);
  expect(keys.add("__proto__")).toBe(true);
  expect(keys.has("constructor")).toBe(false);
});
