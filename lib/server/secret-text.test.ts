import { describe, expect, test } from "vitest";

import { hashSecretText, isSecretText, makeSecretText } from "./secret-text";

describe("a secret text", () => {
  test("has prefix, 32 random and 6 check characters", () => {
    expect(makeSecretText("sps_")).toMatch(/^sps_[0-9A-Za-z]{38}$/);
    expect(isSecretText(makeSecretText("sat_"), "sat_")).toBe(true);
  });

  test("of one kind is not taken for the other", () => {
    expect(isSecretText(makeSecretText("sps_"), "sat_")).toBe(false);
  });

  test("is never made twice", () => {
    const made = Array.from({ length: 1_000 }, () => makeSecretText("sps_"));
    expect(new Set(made).size).toBe(1_000);
  });

  test("is known to be mistyped without a look-up", () => {
    const secret = makeSecretText("sps_");
    for (let at = 4; at < secret.length; at += 1) {
      const typed = secret.charAt(at) === "a" ? "b" : "a";
      const typo = secret.slice(0, at) + typed + secret.slice(at + 1);
      expect(isSecretText(typo, "sps_")).toBe(false);
      const swapped =
        secret.slice(0, at - 1) +
        secret.charAt(at) +
        secret.charAt(at - 1) +
        secret.slice(at + 1);
      expect(isSecretText(swapped, "sps_")).toBe(swapped === secret);
    }
  });

  test("is stored as a digest that does not show it", () => {
    const secret = makeSecretText("sps_");
    expect(hashSecretText(secret)).toMatch(/^[0-9a-f]{64}$/);
    expect(hashSecretText(secret)).toBe(hashSecretText(secret));
  });
});
