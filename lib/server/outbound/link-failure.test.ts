import { describe, expect, it } from "vitest";

import { LINK_FAILURES } from "@/lib/domain/media";

import { LinkFailure, readRetryAfter } from "./link-failure";

const NOW = Date.parse("2026-11-22T10:00:00Z");

describe("readRetryAfter", () => {
  it.each([
    ["2", 2_000],
    [" 120 ", 120_000],
    ["86400", 300_000],
    ["99999999999999999999", 300_000],
    ["Sun, 22 Nov 2026 10:00:30 GMT", 30_000],
    ["Mon, 23 Nov 2026 10:00:00 GMT", 300_000],
    ["Sun, 22 Nov 2026 09:59:00 GMT", undefined],
    ["0", undefined],
    ["-5", undefined],
    ["1.5", undefined],
    ["2026", 300_000],
    ["2027-01-01", undefined],
    ["soon GMT", undefined],
    ["", undefined],
    [["1", "2"], undefined],
    [undefined, undefined],
  ])("reads %j as %j", (value, ms) => {
    expect(readRetryAfter(value, NOW)).toBe(ms);
  });
});

describe("LinkFailure", () => {
  it("may be tried again after failures of the network and busy servers only", () => {
    const codes = LINK_FAILURES.filter(
      (code) => new LinkFailure(code).isRetryable,
    );
    expect(codes).toEqual(["unreachable", "too_slow", "cut_off"]);

    const statuses = [206, 302, 400, 401, 404, 408, 410, 429, 500, 503, 599];
    const again = statuses.filter(
      (status) => new LinkFailure("remote_status", { status }).isRetryable,
    );
    expect(again).toEqual([408, 429, 500, 503, 599]);
  });
});
