import { describe, expect, test } from "vitest";

import type { LoggedImport } from "./import-log";
import type { RunSummary } from "./import-run";
import { mergeTimeline } from "./import-timeline";

const at = (minute: number) => new Date(minute * 60_000).toISOString();
// Only what the list is ordered by matters here.
const run = (minute: number) => ({ startedAt: at(minute) }) as RunSummary;
const push = (minute: number) => ({ at: at(minute) }) as LoggedImport;

function minutes(feeds: {
  runs: number[];
  pushes: number[];
  hasMoreRuns?: boolean;
  hasMorePushes?: boolean;
}): string[] {
  const items = mergeTimeline({
    runs: feeds.runs.map(run),
    pushes: feeds.pushes.map(push),
    hasMoreRuns: feeds.hasMoreRuns ?? false,
    hasMorePushes: feeds.hasMorePushes ?? false,
  });
  return items.map(({ kind, at: time }) => `${kind} ${Date.parse(time) / 6e4}`);
}

describe("mergeTimeline", () => {
  test("orders both kinds by time, newest first", () => {
    expect(minutes({ runs: [9, 3], pushes: [7, 5] })).toEqual([
      "run 9",
      "push 7",
      "push 5",
      "run 3",
    ]);
  });

  test("holds back what is older than a feed that goes on", () => {
    const feeds = { runs: [9, 3], pushes: [8, 7] };
    expect(minutes({ ...feeds, hasMorePushes: true })).toEqual([
      "run 9",
      "push 8",
      "push 7",
    ]);
    expect(minutes({ ...feeds, hasMoreRuns: true })).toHaveLength(4);
  });

  test("is empty without imports", () => {
    expect(minutes({ runs: [], pushes: [] })).toEqual([]);
  });
});
