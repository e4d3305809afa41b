import { expect, test } from "vitest";

import {
  hasHiddenCharacters,
  showHiddenCharacters,
  visibleText,
} from "./visible-text";

test("removes what cannot be seen and makes odd spaces plain", () => {
  expect(visibleText("\u00a0key\u200b ")).toBe("key");
  expect(visibleText("unit\u2003price")).toBe("unit price");
  expect(visibleText("\ufeff\u200b")).toBe("");
});

test("shows invisible characters by their code", () => {
  expect(hasHiddenCharacters("name")).toBe(false);
  expect(hasHiddenCharacters("na\u00adme")).toBe(true);
  expect(showHiddenCharacters("na\u00adme\u200b")).toBe("na[U+00AD]me[U+200B]");
});
