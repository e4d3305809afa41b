import { expect, it } from "vitest";

import { failureText } from "./media-failure";
import { LINK_FAILURES } from "./media";

it("has two sentences at least for each failure: what happened, and what to do", () => {
  for (const code of LINK_FAILURES) {
    const text = failureText({ code, status: 404 });
    expect(text.match(/[.:] /g)?.length, code).toBeGreaterThanOrEqual(1);
    expect(text, code).toMatch(/\.$/);
  }
});

it.each([
  [403, /without signing in/],
  [404, /no file/],
  [429, /Try again later/],
  [503, /status 503.*Try again later/],
  [302, /redirects/],
  [206, /Open the link/],
  [null, /status unknown/],
])("advises on status %s", (status, text) => {
  expect(failureText({ code: "remote_status", status })).toMatch(text);
});
