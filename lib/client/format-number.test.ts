import { describe, expect, test } from "vitest";

import { formatBytes, formatCount, formatPercent } from "./format-number";

describe("numbers", () => {
  test.each([
    [1, "1 entry"],
    [0, "0 entries"],
    [1_200_000, "1,200,000 entries"],
  ])("%i entries are %j", (count, text) => {
    expect(formatCount(count, "entry", "entries")).toBe(text);
  });

  test.each([
    [999, "999 bytes"],
    [1_536, "1.5 KB"],
    [20_000_000, "20 MB"],
  ])("%i bytes are %j", (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  test.each([
    [0, 0, "0 %"],
    [1, 1_000, "<1 %"],
    [999, 1_000, "99 %"],
    [1_000, 1_000, "100 %"],
  ])("%i of %i is %j", (part, whole, text) => {
    expect(formatPercent(part, whole)).toBe(text);
  });
});
