import { describe, expect, test } from "vitest";

import { suggestLinkColumns } from "@/lib/domain/link-row";

import { openTable } from "./open-table";
import { readLinkRows } from "./read-link-rows";

async function read(bytes: BlobPart) {
  const file = new Blob([bytes]);
  const { options, headers, firstRows } = await openTable(file);
  const sample = firstRows
    .filter(({ rowNumber }) => rowNumber > options.headerRow)
    .map(({ cells }) => cells);
  const columns = suggestLinkColumns(headers, sample);
  return { columns, rows: await readLinkRows({ file, options, columns }) };
}

describe("readLinkRows", () => {
  test("finds the columns by their names and numbers rows as the spreadsheet does", async () => {
    const { rows } = await read(
      "SKU;Name;Bild-URL\r\nA-1;chair.jpg;https://a.example/1.jpg\r\n;;\r\nA-2;;https://a.example/2.jpg\r\n",
    );
    expect(rows).toEqual([
      {
        row: 2,
        link: "https://a.example/1.jpg",
        filename: "chair.jpg",
        uniqueIdentifier: "A-1",
      },
      {
        row: 4,
        link: "https://a.example/2.jpg",
        filename: "",
        uniqueIdentifier: "A-2",
      },
    ]);
  });

  test("finds the link column by what stands in it", async () => {
    const { columns } = await read(
      "Article\tPhoto at supplier\n1\thttps://a.example/1.jpg\n2\thttps://a.example/2.jpg\n",
    );
    expect(columns).toEqual({
      link: 1,
      filename: null,
      uniqueIdentifier: null,
    });
  });

  test("reads what is not UTF-8 as Windows-1252", async () => {
    const text = "name,link\nst\u00f6l.jpg,https://a.example/1.jpg\n";
    const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    const { rows } = await read(bytes);
    expect(rows[0]?.filename).toBe("st\u00f6l.jpg");
  });

  test("refuses more rows than a submission takes", async () => {
    const line = "https://a.example/1.jpg,n.jpg\n";
    await expect(
      read(`link,filename\n${line.repeat(10_001)}`),
    ).rejects.toMatchObject({ code: "too_large" });
  });
});
