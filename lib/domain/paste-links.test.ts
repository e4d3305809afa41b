import { describe, expect, test } from "vitest";

import { parsePastedLinks } from "./paste-links";

/** Rows as `[row, link, filename, identifier]`. */
const read = (...lines: string[]) =>
  parsePastedLinks(lines.join("\n")).map(
    ({ row, link, filename, uniqueIdentifier }) => [
      row,
      link,
      filename,
      uniqueIdentifier,
    ],
  );

describe("parsePastedLinks", () => {
  test("takes a link a line and counts blank lines", () => {
    expect(
      read("https://a.example/1.jpg", "", "  https://a.example/2.jpg  "),
    ).toEqual([
      [1, "https://a.example/1.jpg", "", ""],
      [3, "https://a.example/2.jpg", "", ""],
    ]);
  });

  test("takes Windows, Unix and old Mac line ends, and a byte order mark", () => {
    const rows = parsePastedLinks(
      "\uFEFFhttps://a/1\r\nhttps://a/2\rhttps://a/3",
    );
    expect(rows.map(({ row, link }) => [row, link])).toEqual([
      [1, "https://a/1"],
      [2, "https://a/2"],
      [3, "https://a/3"],
    ]);
  });

  test.each([
    ["chair.jpg\thttps://a/1.jpg\tA-1"],
    ["chair.jpg, https://a/1.jpg, A-1"],
    ["chair.jpg,https://a/1.jpg,A-1"],
    ["chair.jpg;https://a/1.jpg;A-1"],
    ['"chair.jpg","https://a/1.jpg","A-1"'],
    ["https://a/1.jpg\tchair.jpg\tA-1"],
    ["https://a/1.jpg, chair.jpg, A-1"],
    ["https://a/1.jpg,chair.jpg,A-1"],
    ["chair.jpg\tA-1\thttps://a/1.jpg"],
  ])("reads %j as file name, link and identifier", (line) => {
    expect(read(line)).toEqual([[1, "https://a/1.jpg", "chair.jpg", "A-1"]]);
  });

  test("leaves empty cells empty", () => {
    expect(
      read("\thttps://a/1.jpg\tA-1", "chair.jpg, https://a/2.jpg"),
    ).toEqual([
      [1, "https://a/1.jpg", "", "A-1"],
      [2, "https://a/2.jpg", "chair.jpg", ""],
    ]);
  });

  test("keeps the commas and semicolons of a link in it", () => {
    const links = [
      "https://res.example/w_300,h_200/chair.jpg",
      "https://a/img?crop=1,2,3,4",
      "https://a/img?size=1,2",
      "https://a/a,b.jpg",
      "https://a/img;v=2",
    ];
    expect(read(...links).map(([, link]) => link)).toEqual(links);
    expect(read("chair.jpg, https://res.example/w_3,h_2/c.jpg, A-1")).toEqual([
      [1, "https://res.example/w_3,h_2/c.jpg", "chair.jpg", "A-1"],
    ]);
  });

  test("takes the order from a line of column names", () => {
    expect(
      read(
        "Unique identifier,URL,File name",
        "A-1,https://a/w_3,h_2/1.jpg,chair.jpg",
        "A-2,https://a/2.jpg,",
      ),
    ).toEqual([
      [2, "https://a/w_3,h_2/1.jpg", "chair.jpg", "A-1"],
      [3, "https://a/2.jpg", "", "A-2"],
    ]);
    expect(read("id\tlink", "A-1\thttps://a/1.jpg")).toEqual([
      [2, "https://a/1.jpg", "", "A-1"],
    ]);
  });

  test("keeps quotes, commas and line-like text inside quoted cells", () => {
    expect(read('"a ""b"", c.jpg",https://a/1.jpg,"x,y"')).toEqual([
      [1, "https://a/1.jpg", 'a "b", c.jpg', "x,y"],
    ]);
  });

  test("keeps a line without a link, so that the check can name it", () => {
    expect(read("chair.jpg", "chair.jpg, not a link, A-1")).toEqual([
      [1, "chair.jpg", "", ""],
      [2, "not a link", "chair.jpg", "A-1"],
    ]);
  });

  test("gives nothing for nothing", () => {
    expect(parsePastedLinks(" \n\t\n")).toEqual([]);
  });

  test("takes 10,000 lines within a moment", () => {
    const text = Array.from(
      { length: 10_000 },
      (_, i) => `name ${i}.jpg\thttps://a.example/${i}.jpg\tID-${i}`,
    ).join("\n");
    const begun = performance.now();
    expect(parsePastedLinks(text)).toHaveLength(10_000);
    expect(performance.now() - begun).toBeLessThan(2_000);
  });
});
