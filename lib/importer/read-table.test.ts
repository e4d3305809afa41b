import { existsSync, readdirSync, readFileSync } from "node:fs";

import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";

import type { TableOptions } from "@/lib/domain/import-run";

import { openTable } from "./open-table";
import { createRowParser } from "./parse-rows";
import { NotUtf8Error, readTable } from "./read-table";

const DATA = "../shared/data";

beforeAll(() => {
  if (!existsSync(DATA)) throw new Error(`${DATA} is missing.`);
});

const plain: TableOptions = {
  encoding: "utf-8",
  delimiter: ",",
  headerRow: 1,
  quotes: "standard",
};

async function rowsOf(
  content: BlobPart,
  options: Partial<TableOptions> = {},
): Promise<string[][]> {
  const rows: string[][] = [];
  const table = readTable(new Blob([content]), { ...plain, ...options });
  for await (const chunk of table) {
    expect(chunk.firstRowNumber).toBe(rows.length + 1);
    for (const row of chunk.rows) rows.push(row);
  }
  return rows;
}

/** RFC 4180 in its plainest form: one character after the other. */
function scan(text: string, delimiter: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let isQuoted = false;
  let isRowOpen = false;
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    isRowOpen = true;
    if (isQuoted) {
      if (char !== '"') cell += char;
      else if (text[i + 1] === '"') {
        cell += '"';
        i += 1;
      } else isQuoted = false;
    } else if (char === '"' && cell === "") isQuoted = true;
    else if (char === delimiter) {
      row.push(cell);
      cell = "";
    } else if (char === "\n" || (char === "\r" && text[i + 1] === "\n")) {
      if (char === "\r") i += 1;
      rows.push([...row, cell]);
      [row, cell, isRowOpen] = [[], "", false];
    } else cell += char;
  }
  return isRowOpen ? [...rows, [...row, cell]] : rows;
}

describe("readTable", () => {
  test.each([
    ["country-codes-multilingual.csv", ","],
    ["shopware-article-translations.csv", ";"],
    ["spree-product-translations.csv", ","],
    ["spree-products.csv", ","],
    ["world-port-index.tsv", "\t"],
  ])(
    "reads every cell of %s as an independent reading does",
    async (name, delimiter) => {
      const bytes = readFileSync(`${DATA}/${name}`);
      const { options } = await openTable(new Blob([bytes]));
      expect(options.delimiter).toBe(delimiter);
      expect(await rowsOf(bytes, options)).toEqual(
        scan(bytes.toString("utf8"), delimiter),
      );
    },
  );

  test("reads csv-spectrum as its JSON says", async () => {
    const folder = `${DATA}/hostile/csv-spectrum`;
    for (const name of readdirSync(folder).filter((file) =>
      file.endsWith(".csv"),
    )) {
      const [header = [], ...rows] = await rowsOf(
        readFileSync(`${folder}/${name}`),
      );
      const objects = rows.map((row) =>
        Object.fromEntries(header.map((id, i) => [id, row[i]])),
      );
      const wanted = JSON.parse(
        readFileSync(`${folder}/${name.replace(".csv", ".json")}`, "utf8"),
      ) as unknown;
      // Its JSON has line breaks as \n where the file has \r\n inside a cell.
      const read = JSON.parse(
        JSON.stringify(objects).replaceAll("\\r\\n", "\\n"),
      ) as unknown;
      const want = JSON.parse(
        JSON.stringify(wanted).replaceAll("\\r\\n", "\\n"),
      ) as unknown;
      expect({ name, read }).toEqual({ name, read: want });
    }
  });

  test("takes every naughty string as a cell", async () => {
    const strings = JSON.parse(
      readFileSync(`${DATA}/hostile/naughty-strings.json`, "utf8"),
    ) as string[];
    const storable = strings.filter((text) => text.isWellFormed());
    const csv = storable
      .map((text, i) => `k${i},"${text.replaceAll('"', '""')}",x`)
      .join("\n");
    expect(await rowsOf(csv)).toEqual(
      storable.map((text, i) => [`k${i}`, text, "x"]),
    );
  });

  test("copes with line ends of all kinds, also mixed", async () => {
    const wanted = [
      ["a", "b"],
      ["1", "2"],
    ];
    for (const text of [
      "a,b\n1,2",
      "a,b\n1,2\n",
      "a,b\r\n1,2\r\n",
      "a,b\r\n1,2\n",
      "a,b\n1,2\r\n",
      "a,b\r1,2\r",
    ]) {
      expect(await rowsOf(text)).toEqual(wanted);
    }
  });

  test("counts blank rows, so that row numbers are those of the spreadsheet", async () => {
    expect(await rowsOf("a\n\n1\n\n")).toEqual([["a"], [""], ["1"], [""]]);
  });

  test("leaves out Excel's sep line", async () => {
    expect(await rowsOf("sep=;\r\na;b\r\n1;2\r\n", { delimiter: ";" })).toEqual(
      [
        ["a", "b"],
        ["1", "2"],
      ],
    );
  });

  test("keeps quotes as text when asked, but for the pair around a cell", async () => {
    const text = 'a,b\n5" tube,"x"\n"Alpha"x,"y\n';
    expect(await rowsOf(text, { quotes: "text" })).toEqual([
      ["a", "b"],
      ['5" tube', "x"],
      ['"Alpha"x', '"y'],
    ]);
  });

  const utf16 = (text: string, isBig: boolean) => {
    const bytes = Buffer.from(text, "utf16le");
    return isBig ? bytes.swap16() : bytes;
  };

  test("reads UTF-16 and Windows-1252 exactly", async () => {
    const text = "kéy,Š€’\n😀,ÿ\n";
    const wanted = [
      ["kéy", "Š€’"],
      ["😀", "ÿ"],
    ];
    expect(await rowsOf(utf16(text, false), { encoding: "utf-16le" })).toEqual(
      wanted,
    );
    expect(await rowsOf(utf16(text, true), { encoding: "utf-16be" })).toEqual(
      wanted,
    );
    const bytes = Buffer.from([
      0x61, 0x2c, 0x8a, 0x80, 0x92, 0x0a, 0xe5, 0x2c, 0xff,
    ]);
    expect(await rowsOf(bytes, { encoding: "windows-1252" })).toEqual([
      ["a", "Š€’"],
      ["å", "ÿ"],
    ]);
  });

  test("never breaks a character at the end of a slice", async () => {
    const row = "k,åäö😀☃\n";
    const text = `x${row.repeat(500_000)}`;
    const bytes = new TextEncoder().encode(text);
    expect(bytes.length).toBeGreaterThan(4 * 1024 * 1024);
    let rows = 0;
    for await (const chunk of readTable(new Blob([bytes]), plain)) {
      for (const [index, cells] of chunk.rows.entries()) {
        const isFirst = chunk.firstRowNumber + index === 1;
        if (cells[0] !== (isFirst ? "xk" : "k") || cells[1] !== "åäö😀☃") {
          throw new Error(
            `Row ${chunk.firstRowNumber + index} is ${cells.join("|")}`,
          );
        }
      }
      rows += chunk.rows.length;
    }
    expect(rows).toBe(500_000);
  });

  test("says which row is not UTF-8 in a file that otherwise is", async () => {
    const broken = Buffer.concat([
      Buffer.from("key,name\n" + "a,å\n".repeat(2_000_000)),
      Buffer.from([0x62, 0x2c, 0xe5, 0x0a]),
    ]);
    await expect(rowsOf(broken)).rejects.toThrow(
      "Row 2000002 holds bytes that are not UTF-8",
    );
  });

  test("asks for the fallback when a file proves late not to be UTF-8", async () => {
    const late = Buffer.concat([
      Buffer.from("key,name\n" + "a,plain\n".repeat(700_000)),
      Buffer.from([0x62, 0x2c, 0xe5, 0x0a]),
    ]);
    await expect(rowsOf(late)).rejects.toThrow(NotUtf8Error);
  });

  test("says that another encoding does not fit", async () => {
    await expect(
      rowsOf(Buffer.from([0x61, 0xff, 0xff]), { encoding: "shift_jis" }),
    ).rejects.toThrow("Choose another encoding.");
  });

  test("ends with a sentence at a quote that never closes, whatever the size", async () => {
    const text = `key,name\na,"${"x,y\n".repeat(5_000_000)}`;
    await expect(rowsOf(text)).rejects.toThrow(
      /^Row 2 has more than 8 million characters/,
    );
  });

  test("tells that a file is gone", async () => {
    const gone = new Blob(["a,b\n"]);
    gone.slice = () =>
      ({
        arrayBuffer: () => Promise.reject(new Error("NotReadable")),
      }) as unknown as Blob;
    const reading = readTable(gone, plain).next();
    await expect(reading).rejects.toThrow("cannot be read any more");
  });
});

describe("createRowParser", () => {
  const cell = fc.oneof(
    fc.string({ maxLength: 6 }),
    fc.constantFrom("", '"', ",", "\n", '""', "a\r\nb", '",', '"\n', " x "),
  );
  const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), {
    minLength: 1,
    maxLength: 8,
  });

  test("gives the same rows wherever the pieces are cut", () => {
    fc.assert(
      fc.property(
        table,
        fc.array(fc.nat(40), { maxLength: 10 }),
        fc.constantFrom("\n", "\r\n"),
        fc.boolean(),
        (rows, cuts, end, endsWithBreak) => {
          const lines = rows.map((row) =>
            row.map((text) => `"${text.replaceAll('"', '""')}"`).join(","),
          );
          let text = lines.join(end) + (endsWithBreak ? end : "");
          const parser = createRowParser({
            delimiter: ",",
            lineBreak: "\n",
            quotes: "standard",
          });
          const read: string[][] = [];
          for (const cut of cuts) {
            read.push(...parser.push(text.slice(0, cut)).rows);
            text = text.slice(cut);
          }
          const parsed = parser.push(text);
          read.push(...parsed.rows, ...parser.finish().rows);
          expect(read).toEqual(rows);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test("counts quotes that do not close a cell once, however the text comes", () => {
    const text = 'a,b\n"x" y,z"\nc,d\n';
    for (let cut = 0; cut < text.length; cut++) {
      const parser = createRowParser({
        delimiter: ",",
        lineBreak: "\n",
        quotes: "standard",
      });
      const parts = [
        parser.push(text.slice(0, cut)),
        parser.push(text.slice(cut)),
        parser.finish(),
      ];
      const problems = parts.reduce(
        (sum, { quoteProblems }) => sum + quoteProblems,
        0,
      );
      expect({ cut, problems }).toEqual({ cut, problems: 1 });
    }
  });
});
