import { describe, expect, it } from "vitest";

import { readSharedCases } from "@/lib/testing/shared-data";

import { MEDIA_LIMITS } from "./limits";
import {
  checkLinkText,
  filenameProblem,
  isPageName,
  uniqueIdentifierProblem,
} from "./media-link";

describe("checkLinkText", () => {
  it.each([
    "http://host/pic ä.jpg?x=1",
    "https://cdn.example.com/a/b.jpg#part",
    "HTTPS://EXAMPLE.com",
    "http://bücher.example/å.png",
    " http://example.com/a.jpg ",
    "http://example.com/a@b.jpg?mail=c@d\\e",
    "http://[2606:4700::1]:8080/x",
    "http://10.0.0.1/intranet.jpg",
  ])("takes %s", (link) => {
    expect(checkLinkText(link)).toBeUndefined();
  });

  it.each([
    ["", /empty/],
    ["   ", /empty/],
    ["ftp://host/a.jpg", /http:\/\/ or https:\/\//],
    ["data:image/png;base64,iVBORw0KGgo=", /http:\/\/ or https:\/\//],
    ["s3://bucket/key", /http:\/\/ or https:\/\//],
    ["//host/a.jpg", /http:\/\/ or https:\/\//],
    ["a.jpg", /http:\/\/ or https:\/\//],
    ["http:127.0.0.1/", /http:\/\/ or https:\/\//],
    ["http://user:pass@host/a.jpg", /user name/],
    ["http://@host/a.jpg", /user name/],
    ["http://public.test\\@127.0.0.1/", /backslash/],
    ["http:///a.jpg", /no host/],
    ["http://[", /no host/],
    ["http://[::1", /no host/],
    ["http://host:99999/", /no host/],
    ["http://exa mple.com/", /no host/],
    ["http://host/a\nb.jpg", /line break/],
    ["http://host/a.jpg\n", /line break/],
    ["http://host/\u0000", /control character/],
    ["http://host/\ud800.jpg", /half of a character/],
    [`http://host/${"a".repeat(2_037)}`, /2,048 characters/],
  ])("refuses %j", (link, reason) => {
    expect(checkLinkText(link)).toMatch(reason);
  });
});

describe("names and identifiers", () => {
  const limits = MEDIA_LIMITS;

  it("keeps every hostile file name as text, or says what is wrong with it", () => {
    const cases = readSharedCases<{ filename: string }>(
      "hostile/file-names.jsonl",
    );
    const refused = cases
      .map(({ filename }) => filename)
      .filter((filename) => filenameProblem(filename) !== undefined);

    expect(refused).toEqual(["x.png\u0000.html", ".", ""]);
  });

  it("takes hostile unique identifiers but for control characters", () => {
    const cases = readSharedCases<{ uniqueIdentifier: string }>(
      "hostile/media-identifiers.jsonl",
    );
    const refused = cases
      .map(({ uniqueIdentifier }) => uniqueIdentifier)
      .filter((text) => uniqueIdentifierProblem(text) !== undefined);

    expect(refused).toEqual(["\u0000", "a\nb"]);
  });

  it("allows each to be as long as its limit and no longer", () => {
    const name = "ä".repeat(limits.filenameCharsMax);
    expect(filenameProblem(name)).toBeUndefined();
    expect(filenameProblem(`${name}x`)).toMatch(/255 characters/);

    const identifier = " ".repeat(limits.uniqueIdentifierCharsMax);
    expect(uniqueIdentifierProblem(identifier)).toBeUndefined();
    expect(uniqueIdentifierProblem(`${identifier} `)).toMatch(/512 characters/);
    expect(uniqueIdentifierProblem("")).toMatch(/leave it out/);
  });

  it("refuses half characters", () => {
    expect(filenameProblem("a\udc00.jpg")).toMatch(/half of a character/);
    expect(uniqueIdentifierProblem("a\ud83d")).toMatch(/half of a character/);
  });

  it("knows the names of web pages", () => {
    expect(["a.html", "A.HTM", "b.xhtml"].every(isPageName)).toBe(true);
    expect(["html", "a.html.jpg", "a.jpg", ""].some(isPageName)).toBe(false);
  });
});
