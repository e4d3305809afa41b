import { describe, expect, test } from "vitest";

import { passwordWeakness } from "./password";

describe("passwordWeakness", () => {
  // Of the passwords of 12 characters and more that leaked lists have most.
  test.each([
    ...["123456789012", "1234567890123", "aaaaaaaaaaaa", "abcdefghijkl"],
    ...["password1234", "Password123!", "P@ssw0rd1234", "passwordpassword"],
    ...["qwertyuiop12", "qwertyuiop[]", "qwerty123456", "1q2w3e4r5t6y"],
    ...["1qaz2wsx3edc", "q1w2e3r4t5y6", "zaq12wsxcde3", "asdfghjkl123"],
    ...["iloveyou1234", "mypassword123", "adminadmin123", "administrator"],
    ...["unbelievable", "welcome12345", "Welcome2026!", "Summer2026!!"],
    ...["changeme1234", "abcabcabcabc", "xk2xk2xk2xk2", "121212121212"],
    ...["qwertz123456", "SourceStudio1", "letmein12345", "098765432109"],
  ])("refuses %s", (password) => {
    expect(passwordWeakness(password)).toMatch(/unrelated words/);
  });

  test.each([
    ...[
      "correct horse battery staple",
      "olive tractor 9 moon",
      "pass 7f3a9c1e",
    ],
    ...["kaffe i stora lass", "tR9#vq2Lm8!z", "my dog ate the invoice"],
    ...["пароль из слов", "静かな湖のほとりで歩く犬"],
  ])("takes %s", (password) => {
    expect(passwordWeakness(password)).toBeUndefined();
  });

  test.each(["anna.lindqvist@example.com", "AnnaLindqvist1", "lindqvist2026"])(
    "refuses %s of anna.lindqvist@example.com, and only of her",
    (password) => {
      const email = "anna.lindqvist@example.com";
      expect(passwordWeakness(password, email)).toMatch(/e-mail address/);
      expect(passwordWeakness(password, "bo@other.net")).toBeUndefined();
    },
  );

  test("answers at once for the longest password", () => {
    const begun = performance.now();
    for (const sign of ["a", "ab", "1q", "x!"])
      passwordWeakness(sign.repeat(256).slice(0, 256), "a@b.example");
    expect(performance.now() - begun).toBeLessThan(500);
  });
});
