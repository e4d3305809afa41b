import { expect, test } from "vitest";

import type { WorkerEvent } from "@/lib/importer/messages";

import { createOpenWatchdog, SILENT_MS_MAX } from "./open-watchdog";

/** A watchdog whose clock goes as the test wants. */
function setUp() {
  const dead: WorkerEvent[] = [];
  let pending: (() => void) | undefined;
  let set = 0;
  const dog = createOpenWatchdog((event) => dead.push(event), {
    set: (run, ms) => {
      expect(ms).toBe(SILENT_MS_MAX);
      pending = run;
      set += 1;
      return set;
    },
    clear: () => (pending = undefined),
  });
  dog.onPost({ type: "open", files: [], options: {} });
  return { dog, dead, pass: () => pending?.(), times: () => set };
}

test("ends a worker that gives no sign of life while it opens a file", () => {
  const { dead, pass } = setUp();
  pass();
  expect(dead).toEqual([
    expect.objectContaining({ type: "failed", canRetry: false }),
  ]);
});

test("waits on while there are signs, and not after the answer", () => {
  const { dog, dead, pass, times } = setUp();
  dog.onEvent({ type: "alive" });
  expect(times()).toBe(2);
  dog.onEvent({ type: "failed", message: "No table.", canRetry: false });
  pass();
  expect(dead).toEqual([]);
});

test("leaves other jobs alone, however long they take", () => {
  const { dog, dead, pass } = setUp();
  dog.onEvent({ type: "failed", message: "No table.", canRetry: false });
  dog.onPost({ type: "stop" });
  pass();
  expect(dead).toEqual([]);
});
