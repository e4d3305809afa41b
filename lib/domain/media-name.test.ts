import { describe, expect, test } from "vitest";

import { filenameProblem } from "./media-link";
import { filenameFromLink, suggestFreeIdentifier } from "./media-name";

describe("filenameFromLink", () => {
  test.each([
    ["https://a.example/img/chair.jpg", "chair.jpg"],
    ["https://a.example/img/chair.jpg?w=3#top", "chair.jpg"],
    ["https://a.example/img/Gr%C3%B6n%20stol.jpg", "Grön stol.jpg"],
    ["https://a.example/a%2Fb%5Cc.jpg", "a_b_c.jpg"],
    ["https://a.example/50%.jpg", "50%.jpg"],
    ["https://a.example/img/", "img"],
    ["https://a.example", "file"],
    ["https://a.example/%2e%2e%2f.htaccess", "_.htaccess"],
    ["https://a.example/%0d%0aa.jpg", "_a.jpg"],
    ["no link", "file"],
  ])("makes of %s the name %s", (link, name) => {
    expect(filenameFromLink(link)).toBe(name);
    expect(filenameProblem(name)).toBeUndefined();
  });

  test("cuts a long name before its extension", () => {
    const name = filenameFromLink(`https://a.example/${"n".repeat(400)}.jpeg`);
    expect(name).toHaveLength(255);
    expect(name).toMatch(/n\.jpeg$/);
  });
});

describe("suggestFreeIdentifier", () => {
  const free =
    (...taken: string[]) =>
    (id: string) =>
      !taken.includes(id);

  test("puts the first free number behind", () => {
    expect(suggestFreeIdentifier("chair", free())).toBe("chair-2");
    expect(suggestFreeIdentifier("chair", free("chair-2", "chair-3"))).toBe(
      "chair-4",
    );
  });

  // `chair-1` is mostly the first of several chairs: `chair-2` would be another.
  test("leaves a number alone that is there", () => {
    expect(suggestFreeIdentifier("chair-1", free())).toBe("chair-1-2");
  });

  test("stays within the allowed length", () => {
    const id = suggestFreeIdentifier("n".repeat(512), free());
    expect(id).toHaveLength(512);
    expect(id).toMatch(/n-2$/);
  });
});
