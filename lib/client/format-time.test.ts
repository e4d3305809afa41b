import { describe, expect, test } from "vitest";

import { formatDuration, formatRelativeTime } from "./format-time";

describe("formatRelativeTime", () => {
  const now = Date.UTC(2026, 10, 22, 12);
  test.each([
    [0, "just now"],
    [9, "just now"],
    [45, "45 seconds ago"],
    [60, "1 minute ago"],
    [3_599, "59 minutes ago"],
    [7_200, "2 hours ago"],
    [86_400, "yesterday"],
    [8 * 86_400, "last week"],
    [65 * 86_400, "2 months ago"],
    [800 * 86_400, "2 years ago"],
  ])("%i seconds before is %j", (seconds, text) => {
    expect(formatRelativeTime(new Date(now - seconds * 1_000), now)).toBe(text);
  });
});

describe("formatDuration", () => {
  test.each([
    [0.2, "0 s"],
    [59, "59 s"],
    [60, "1 min"],
    [200, "3 min 20 s"],
    [7_500, "2 h 5 min"],
  ])("%f seconds are %j", (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});
