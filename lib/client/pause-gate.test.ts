import { expect, test } from "vitest";

import { createPauseGate } from "./pause-gate";

test("holds back while closed, and lets everyone go when opened", async () => {
  const gate = createPauseGate();
  await gate.untilOpen();
  gate.close();
  gate.close();
  const passed: number[] = [];
  const both = Promise.all(
    [1, 2].map((n) => gate.untilOpen().then(() => passed.push(n))),
  );
  await Promise.resolve();
  expect(passed).toEqual([]);
  gate.open();
  await both;
  expect(passed).toEqual([1, 2]);
  await gate.untilOpen();
});
