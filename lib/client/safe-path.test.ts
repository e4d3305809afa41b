import { describe, expect, test } from "vitest";

import { safePath } from "./safe-path";

describe("safePath", () => {
  test("keeps a path of the Studio with its query", () => {
    expect(safePath("/sources/a%20b?q=x#top")).toBe("/sources/a%20b?q=x#top");
  });

  test.each([
    undefined,
    null,
    "",
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "/.//evil.example",
    "javascript:alert(1)",
    "/sign-in?next=/sign-in",
    "/api/auth/signout",
  ])("leads to the start instead of %j", (wanted) => {
    expect(safePath(wanted)).toBe("/");
  });
});
