import { expect, test } from "vitest";

import { textParts } from "./text-parts";

test("marks what cannot be seen and names it", () => {
  expect(textParts("a\u00a0b ")).toEqual([
    { is: "text", text: "a" },
    { is: "mark", mark: "⍽", name: "no-break space" },
    { is: "text", text: "b" },
    { is: "mark", mark: "·", name: "space" },
  ]);
  expect(textParts("\u0001")).toEqual([
    { is: "mark", mark: "�", name: "U+0001" },
  ]);
});

test("leaves ordinary text whole, in any script", () => {
  const text = "Å ß 阿富汗 أفغانستان 👍";
  expect(textParts(text)).toEqual([{ is: "text", text }]);
  expect(textParts("")).toEqual([]);
});
