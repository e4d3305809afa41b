import { expect, test } from "vitest";

import { createColumnProfiler } from "./column-profile";

test("counts the filled cells of each column, whatever the length of the rows", () => {
  const profiler = createColumnProfiler(3);
  const blank = { kind: "blank" } as const;
  profiler.row(["a", "", "c"], 2, blank);
  profiler.row(["a"], 3, blank);
  profiler.row(["", " ", "c", "beyond the last column"], 4, blank);
  expect(profiler.result()).toEqual([
    { filled: 2 },
    { filled: 1 },
    { filled: 2 },
  ]);
});
