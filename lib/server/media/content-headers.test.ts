import { describe, expect, test } from "vitest";

import { readSharedCases, readSharedData } from "@/lib/testing/shared-data";

import { contentHeaders } from "./content-headers";

const headersOf = (
  mimeType: string | null,
  filename = "name.ext",
  hasMediaInfo = true,
) => contentHeaders({ mimeType, filename, extension: "ext", hasMediaInfo });

describe("what a browser may do", () => {
  test.each(["image/jpeg", "image/png", "image/webp", "image/gif"])(
    "shows %s, and only when it could be read as such",
    (type) => {
      expect(headersOf(type)).toMatchObject({
        "content-type": type,
        "content-disposition": expect.stringMatching(/^inline;/) as string,
      });
      expect(headersOf(type, "a.png", false)).toMatchObject({
        "content-type": "application/octet-stream",
        "content-disposition": expect.stringMatching(/^attachment;/) as string,
      });
    },
  );

  test.each([
    ...["image/svg+xml", "text/html", "application/xhtml+xml", "text/xml"],
    ...["text/javascript", "text/plain", "text/html;image/png", "", null],
    ...["IMAGE/PNG", "image/png; charset=x", "constructor", "__proto__"],
  ])("saves %s as bytes of no type", (type) => {
    expect(headersOf(type)).toMatchObject({
      "content-type": "application/octet-stream",
      "content-disposition": expect.stringMatching(/^attachment;/) as string,
    });
  });

  test("saves a PDF as what it is", () => {
    expect(headersOf("application/pdf", "a.pdf")).toMatchObject({
      "content-type": "application/pdf",
      "content-disposition":
        "attachment; filename=\"a.pdf\"; filename*=UTF-8''a.pdf",
    });
  });

  test("plays a video that is opened by its address, and runs nothing in it", () => {
    expect(headersOf("video/webm")).toMatchObject({
      "content-type": "video/webm",
      "content-disposition": expect.stringMatching(/^inline;/) as string,
      "x-content-type-options": "nosniff",
      "content-security-policy":
        "sandbox allow-same-origin; default-src 'none'; media-src 'self'",
    });
  });

  test("never sniffs, and runs nothing", () => {
    for (const type of ["image/png", "text/html", null]) {
      expect(headersOf(type)).toMatchObject({
        "x-content-type-options": "nosniff",
        "content-security-policy": "sandbox; default-src 'none'",
        "cross-origin-resource-policy": "cross-origin",
      });
    }
  });
});

describe("the name of a download", () => {
  const nameOf = (filename: string) =>
    headersOf("image/png", filename)["content-disposition"]?.replace(
      /^inline; /,
      "",
    );

  test.each([
    ["a b.png", "filename=\"a b.png\"; filename*=UTF-8''a%20b.png"],
    [
      "grön'(1).png",
      "filename=\"gr_n'(1).png\"; filename*=UTF-8''gr%C3%B6n%27%281%29.png",
    ],
    ['a"b\\c/d.png', "filename=\"a_b_c_d.png\"; filename*=UTF-8''a_b_c_d.png"],
    [
      "photo\u202egpj.exe",
      "filename=\"photo_gpj.exe\"; filename*=UTF-8''photo_gpj.exe",
    ],
    ["", "filename=\"file.ext\"; filename*=UTF-8''file.ext"],
    ["..", "filename=\"file.ext\"; filename*=UTF-8''file.ext"],
    ["\ud800", "filename=\"_\"; filename*=UTF-8''%EF%BF%BD"],
  ])("%j becomes %s", (filename, parameters) => {
    expect(nameOf(filename)).toBe(parameters);
  });

  const hostile = [
    ...readSharedCases<{ filename: string }>("hostile/file-names.jsonl").map(
      ({ filename }) => filename,
    ),
    ...(JSON.parse(readSharedData("hostile/naughty-strings.json")) as string[]),
  ];

  test("is quoted and one line, whatever was sent", () => {
    for (const filename of hostile) {
      expect(nameOf(filename)).toMatch(
        /^filename="[^"\\\p{Cc}%/:]*"; filename\*=UTF-8''(?:[A-Za-z0-9!#$&+.^_`|~-]|%[0-9A-F]{2})+$/u,
      );
    }
  });
});
