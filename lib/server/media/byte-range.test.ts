import { expect, test } from "vitest";

import { readByteRange } from "./byte-range";

const range = (start: number, endInclusive: number) => ({
  start,
  endInclusive,
});

test.each([
  [undefined, "whole"],
  ["bytes=0-0", range(0, 0)],
  ["bytes=0-", range(0, 9)],
  ["bytes=9-", range(9, 9)],
  ["bytes=2-5", range(2, 5)],
  ["Bytes=2-99999999", range(2, 9)],
  ["bytes=-3", range(7, 9)],
  ["bytes=-99", range(0, 9)],
  ["bytes=10-", "unsatisfiable"],
  ["bytes=99999999999-", "unsatisfiable"],
  ["bytes=-0", "unsatisfiable"],
  ["bytes=5-2", "whole"],
  ["bytes=-", "whole"],
  ["bytes=0-1,3-4", "whole"],
  ["bytes=a-b", "whole"],
  ["bytes=-1-2", "whole"],
  ["lines=0-1", "whole"],
  [`bytes=${"9".repeat(400)}-`, "whole"],
] as const)("of ten bytes %j asks for %j", (header, asked) => {
  expect(readByteRange(header, 10)).toEqual(asked);
});

test("of an empty file every range is too much", () => {
  expect(readByteRange("bytes=0-", 0)).toBe("unsatisfiable");
  expect(readByteRange("bytes=-1", 0)).toBe("unsatisfiable");
});
