import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { hideKnown } from "./hide-known";

const SECRET = `p+/=&<"'>å ß%41\\-tail`;
const ENTITY = (text: string) =>
  [...text].map((char) => `&#x${char.codePointAt(0)?.toString(16)};`).join("");
const UNICODE = (text: string) =>
  [...text]
    .map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("hideKnown", () => {
  test.each<[string, string]>([
    ["as it is", SECRET],
    ["in JSON", JSON.stringify(SECRET).slice(1, -1)],
    ["in an address", encodeURIComponent(SECRET)],
    ["in hexadecimal digits", Buffer.from(SECRET).toString("hex")],
  ])("marks a secret that is written %s", (_, written) => {
    const clean = hideKnown(`The secret ${written} is wrong.`, [SECRET]);
    expect(clean).toBe("The secret [hidden] is wrong.");
  });

  test("marks a secret within what is in base64, wherever it stands", () => {
    for (const before of ["", "i", "id", "id:"]) {
      const whole = base64(`${before}${SECRET} and on`);
      expect(hideKnown(`Basic ${whole}`, [SECRET])).toContain("[hidden]");
      const url = whole.replaceAll("+", "-").replaceAll("/", "_");
      expect(hideKnown(`Basic ${url}`, [SECRET])).toContain("[hidden]");
    }
  });

  test.each<[string, string]>([
    ["entities", ENTITY(SECRET)],
    ["unicode escapes", UNICODE(SECRET)],
    [
      "an address in an address",
      encodeURIComponent(encodeURIComponent(SECRET)),
    ],
    ["entities in JSON", JSON.stringify(ENTITY(SECRET))],
    ["base64 with entities", ENTITY(base64(SECRET))],
  ])("says nothing where a secret is written in %s", (_, written) => {
    expect(hideKnown(`It was ${written}.`, [SECRET])).toBe("");
  });

  test("says nothing of a text that holds a short secret, for the marks would spell it", () => {
    expect(hideKnown("Request refused", ["e"])).toBe("");
    expect(hideKnown("Nothing", ["e", ""])).toBe("Nothing");
  });

  test("leaves texts without a secret as they are", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(hideKnown(text, ["never-in-there-8f2c"])).toBe(text);
      }),
    );
  });

  test("leaves no secret in any text", () => {
    const secrets = fc.string({ unit: "grapheme", minLength: 1 });
    fc.assert(
      fc.property(secrets, fc.string(), fc.string(), (secret, a, b) => {
        const clean = hideKnown(a + secret + b, [secret]);
        expect(clean === "" || !clean.includes(secret)).toBe(true);
      }),
    );
  });
});
