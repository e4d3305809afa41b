import { beforeAll, describe, expect, test } from "vitest";

import { makeSetupCode } from "./setup-code";

const CODE = "7KQ2M-ABCDE-23456-XYZWV";
let requireSetupCode: typeof import("./setup-code").requireSetupCode;

describe("the setup code", () => {
  beforeAll(async () => {
    process.env.SETUP_CODE = CODE;
    ({ requireSetupCode } = await import("./setup-code"));
  });

  test.each([
    ["as it was printed", CODE],
    ["in small letters and without hyphens", "7kq2mabcde23456xyzwv"],
    ["with blanks around and between", " 7KQ2M ABCDE 23456 XYZWV "],
  ])("is taken %s", (_, typed) => {
    expect(() => requireSetupCode(new Headers(), typed)).not.toThrow();
  });

  test("is not asked for on the Studio's own machine", () => {
    const headers = new Headers({ "x-studio-setup-code": CODE });
    expect(() => requireSetupCode(headers, "")).not.toThrow();
  });

  test.each(["", "7KQ2M", "7KQ2M-ABCDE-23456-XYZWW"])(
    "refuses %j, and a header that somebody made up",
    (typed) => {
      const headers = new Headers({ "x-studio-setup-code": "1" });
      expect(() => requireSetupCode(headers, typed)).toThrow(/setup code/);
    },
  );

  test("is another one at each start, in signs that do not look alike", () => {
    const codes = new Set(Array.from({ length: 50 }, makeSetupCode));
    expect(codes.size).toBe(50);
    for (const code of codes)
      expect(code).toMatch(/^([2-9A-HJKMNP-Z]{5}-){3}[2-9A-HJKMNP-Z]{5}$/);
  });
});
