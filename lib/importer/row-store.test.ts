import { readdirSync, readFileSync } from "node:fs";

import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { TableOptions } from "@/lib/domain/import-run";

import { openTable } from "./open-table";
import { readTable } from "./read-table";
import { openRowStore } from "./row-store";

const OPTIONS: TableOptions = {
  ...{ encoding: "utf-8", delimiter: ",", headerRow: 1, quotes: "standard" },
};

async function allRows(file: Blob, options: TableOptions) {
  const rows: string[][] = [];
  for await (const chunk of readTable(file, options)) rows.push(...chunk.rows);
  return rows;
}

/** Every row by its number is what reading from the start gives. */
async function expectSame(
  file: Blob,
  options: TableOptions,
  blockChars?: number,
) {
  const expected = await allRows(file, options);
  const store = await openRowStore({
    ...{ file, options },
    ...(blockChars ? { blockChars } : {}),
  });
  expect(store.lastRow).toBe(expected.length);
  const numbers = expected.map((_, at) => at + 1).reverse();
  expect(await store.read(numbers)).toEqual(expected.reverse());
}

describe("rows by number", () => {
  test("are those of every real file, wherever its blocks begin", async () => {
    for (const name of readdirSync("../shared/data")) {
      if (!/\.(csv|tsv)$/.test(name)) continue;
      const file = new Blob([readFileSync(`../shared/data/${name}`)]);
      const { options } = await openTable(file);
      await expectSame(file, options, 1_000);
      await expectSame(file, options);
    }
  });

  test("are the same in any text with quotes, line breaks and characters of several bytes", async () => {
    const bit = fc.constantFrom(
      ...[
        "a",
        "é",
        "木",
        "😀",
        '"',
        '""',
        ",",
        "\n",
        "\r\n",
        "\uFEFF",
        " ",
        "b,c\n",
      ],
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(bit, { maxLength: 80 }),
        fc.integer({ min: 1, max: 12 }),
        fc.constantFrom("standard" as const, "text" as const),
        async (bits, blockChars, quotes) => {
          const file = new Blob([bits.join("")]);
          await expectSame(file, { ...OPTIONS, quotes }, blockChars);
        },
      ),
      { numRuns: 400 },
    );
  });

  test("are found in every kind of encoding, behind a byte order mark and a sep= line", async () => {
    const text = 'k,v\n1,żółw\n2,"a\nb"\n3,x';
    const utf16 = Buffer.from(`\uFEFF${text}`, "utf16le");
    await expectSame(
      new Blob([utf16]),
      { ...OPTIONS, encoding: "utf-16le" },
      3,
    );
    await expectSame(new Blob([`\uFEFFsep=,\r\n${text}`]), OPTIONS, 3);
    const polish = Uint8Array.from(text, (char) =>
      char.charCodeAt(0) < 128 ? char.charCodeAt(0) : 0xf3,
    );
    await expectSame(
      new Blob([polish]),
      { ...OPTIONS, encoding: "windows-1250" },
      3,
    );
    const japanese = Uint8Array.of(
      0x6b,
      0x2c,
      0x76,
      0x0a,
      0x93,
      0xfa,
      0x2c,
      0x96,
      0x7b,
      0x0a,
    );
    await expectSame(
      new Blob([japanese]),
      { ...OPTIONS, encoding: "shift_jis" },
      3,
    );
    await expectSame(new Blob(["a,b\r1,2\r3,4"]), OPTIONS, 3);
  });

  test("a row that is not there has no cells", async () => {
    const store = await openRowStore({
      file: new Blob(["a,b\n1,2\n"]),
      options: OPTIONS,
    });
    expect(await store.read([0, 2, 3, -1])).toEqual([[], ["1", "2"], [], []]);
    const empty = await openRowStore({ file: new Blob([]), options: OPTIONS });
    expect(empty.lastRow).toBe(0);
    expect(await empty.read([1])).toEqual([[]]);
  });
});
