import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { TableOptions } from "@/lib/domain/import-run";
import type { ColumnMapping, ColumnUse } from "@/lib/domain/mapping";
import { tableBatchEntities } from "@/lib/domain/table-batch";

import { checkFile, type CheckedFile } from "./check-file";
import { strayQuotesSentence } from "@/lib/wording/stray-quotes";
import { openTable } from "./open-table";
import { readTable } from "./read-table";
import { rejectedRowsCsv } from "./report";
import { runImport } from "./run-import";

const key: ColumnUse = { as: "key", property: null };
const property = (id: string): ColumnUse => ({
  as: "property",
  id,
  language: "",
  emptyCell: "skip",
});
const mapping = (
  columns: ColumnUse[],
  repeatedKeys: "merge" | "reject" = "merge",
): ColumnMapping => ({ columns, keySeparator: "-", repeatedKeys });

const plain: TableOptions = {
  encoding: "utf-8",
  delimiter: ",",
  headerRow: 1,
  quotes: "standard",
};

const check = (
  content: BlobPart,
  columns: ColumnUse[],
  more: {
    repeatedKeys?: "merge" | "reject";
    options?: Partial<TableOptions>;
  } = {},
): Promise<CheckedFile> =>
  checkFile({
    file: new Blob([content]),
    options: { ...plain, ...more.options },
    mapping: mapping(columns, more.repeatedKeys),
  });

describe("checkFile", () => {
  test("counts, and groups problems by rule and column with row ranges", async () => {
    const csv = [
      "key,name",
      "a,Alpha",
      ",Beta",
      ",Gamma",
      "b c,Delta",
      "",
      "d,Epsilon,extra",
      ",Zeta",
      "a,Eta",
    ].join("\n");
    const { report, entities } = await check(csv, [key, property("name")]);
    expect(report).toEqual({
      rowsRead: 8,
      rowsRejected: 5,
      rowsBlank: 1,
      rowsMerged: 1,
      entities: 1,
      deletes: 0,
      batches: 1,
      needsOrder: false,
      issues: [
        {
          code: "key_missing",
          column: 0,
          columnName: "key",
          message:
            "Column “key”: the key is empty, and every row needs one. Fill in the cell, or delete the row from the file.",
          rowCount: 3,
          ranges: [
            [3, 4],
            [8, 8],
          ],
          samples: [
            { row: 3, value: "" },
            { row: 4, value: "" },
            { row: 8, value: "" },
          ],
        },
        expect.objectContaining({
          code: "key_illegal",
          ranges: [[5, 5]],
          samples: [{ row: 5, value: "b c" }],
        }),
        expect.objectContaining({
          code: "extra_cells",
          column: null,
          columnName: "",
          ranges: [[7, 7]],
        }),
      ],
    });
    expect(entities).toEqual([
      {
        rowNumber: 2,
        entity: {
          key: "a",
          delete: false,
          properties: [{ id: "name", value: "Eta", language: null }],
        },
      },
    ]);
  });

  test("rejects the later row of a repeated key when asked", async () => {
    const csv = "key,v\na1,1\na1,2\nb,3\n";
    const { report } = await check(csv, [key, property("v")], {
      repeatedKeys: "reject",
    });
    expect(report).toMatchObject({
      rowsRead: 3,
      rowsRejected: 1,
      rowsMerged: 0,
      entities: 2,
    });
    expect(report.issues[0]).toMatchObject({
      code: "key_repeated",
      column: 0,
      ranges: [[3, 3]],
    });
  });

  test("asks for order when a key stands in two batches", async () => {
    const rows = Array.from({ length: 1_001 }, (_, i) => `k${i},x`);
    const columns = [key, property("v")];
    const apart = await check(["key,v", ...rows, "k0,y"].join("\n"), columns);
    expect(apart.report).toMatchObject({
      batches: 2,
      needsOrder: true,
      rowsMerged: 0,
      entities: 1_002,
    });
    const inside = await check(
      ["key,v", ...rows, "k1000,y"].join("\n"),
      columns,
    );
    expect(inside.report).toMatchObject({
      batches: 2,
      needsOrder: false,
      rowsMerged: 1,
    });
  });

  test("reads a file again that proves late not to be UTF-8, and says so", async () => {
    const late = Buffer.concat([
      Buffer.from("key,name\n" + "a,plain\n".repeat(100_000)),
      Buffer.from([0x62, 0x2c, 0xe5, 0x0a]),
    ]);
    const { options, notices, report } = await check(late, [
      key,
      property("name"),
    ]);
    expect(options.encoding).toBe("windows-1252");
    expect(notices).toEqual([expect.stringContaining("read as Windows-1252")]);
    expect(report.rowsRead).toBe(100_001);
  });

  test("names the row of a broken place in a UTF-8 file", async () => {
    const bytes = Buffer.from("key,name\na1,å\na2,?\n");
    bytes[bytes.indexOf("?")] = 0xe5;
    await expect(check(bytes, [key, property("name")])).rejects.toThrow(
      "Row 3 holds bytes that are not UTF-8",
    );
  });

  test("refuses a mapping that cannot be used", async () => {
    await expect(
      check("key,name\na,b\n", [property("a"), property("a")]),
    ).rejects.toThrow(/No column is the key.*both fill the property a/);
  });

  test("counts rows that end early, also those that are rejected", async () => {
    const { notices, report } = await check("key,a,b\nx,1\ny,1,2\n\n?,1\n", [
      key,
      property("a"),
      property("b"),
    ]);
    expect(notices).toEqual([
      expect.stringMatching(/^2 rows, the first of them row 2, have fewer/),
    ]);
    expect(report).toMatchObject({ rowsRejected: 1, rowsBlank: 1 });
  });

  test("warns of quotes that swallow rows", async () => {
    const { quoteProblems } = await check('key,name\na,"x" y\nb,z"\nc,w\n', [
      key,
      property("name"),
    ]);
    expect(quoteProblems).toBe(1);
    expect(strayQuotesSentence(1, "in the file")).toMatch(
      /^A quote \("\) in the file does not open/,
    );
  });

  test("counts lines that a quote has drawn into one cell", async () => {
    const lines = Array.from({ length: 30 }, (_, i) => `k${i},n`).join("\n");
    const { insights, report } = await check(`key,name\na,"x\n${lines}"\n`, [
      key,
      property("name"),
    ]);
    expect(report.rowsRead).toBe(1);
    expect(insights.lineBreaks).toEqual({
      ...{ count: 30, longCells: 1, firstRow: 2, firstColumn: 1 },
    });
  });

  test("rejects a cell of 1.2 MB and one with a NUL, and takes the rest", async () => {
    const csv = `key,name\na,${"x".repeat(1_200_000)}\nb,x\0y\nc,z\n`;
    const { report } = await check(csv, [key, property("name")]);
    expect(report).toMatchObject({ rowsRead: 3, rowsRejected: 2, entities: 1 });
    expect(report.issues.map(({ code }) => code).sort()).toEqual([
      "cell_illegal_character",
      "cell_too_long",
    ]);
    expect(
      report.issues.every(
        ({ samples }) => (samples[0]?.value.length ?? 0) <= 120,
      ),
    ).toBe(true);
  });

  test("bounds the groups of problems, with counts that stay exact", async () => {
    const width = 700;
    const header = [
      "key",
      ...Array.from({ length: width }, (_, i) => `c${i}`),
    ].join(",");
    const row = (name: string) =>
      [name, ...Array.from({ length: width }, () => "\0")].join(",");
    const columns = [
      key,
      ...Array.from({ length: width }, (_, i) => property(`c${i}`)),
    ];
    const { report } = await check(
      [header, row("a"), row("b")].join("\n"),
      columns,
    );
    expect(report.issues.length).toBeLessThanOrEqual(300);
    expect(report.issues.find(({ column }) => column === null)?.rowCount).toBe(
      2,
    );
    expect(report.rowsRejected).toBe(2);
  });

  test("leaves no row out of its counts", async () => {
    const cell = fc.constantFrom(
      "",
      "a",
      "b",
      "c d",
      "x",
      "\0",
      "yes",
      "maybe",
    );
    const table = fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), {
      maxLength: 30,
    });
    const uses = [key, property("v"), { as: "delete" } as const];
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.constantFrom("merge" as const, "reject" as const),
        async (rows, repeatedKeys) => {
          const csv =
            ["key,v,d", ...rows.map((row) => row.join(","))].join("\n") + "\n";
          const file = new Blob([csv]);
          let sent = 0;
          let rejected = 0;
          const { report } = await runImport({
            file,
            options: plain,
            headers: ["key", "v", "d"],
            mapping: mapping(uses, repeatedKeys),
            onBatch: (batch) => void (sent += tableBatchEntities(batch).length),
            onRejected: () => void (rejected += 1),
          });
          expect(report.rowsRead).toBe(rows.length);
          expect(report.entities).toBe(sent);
          expect(report.rowsRejected).toBe(rejected);
          expect(report.rowsRead).toBe(
            report.entities +
              report.rowsMerged +
              report.rowsRejected +
              report.rowsBlank,
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  test("makes the same batches every time", async () => {
    const rows = Array.from(
      { length: 5_000 },
      (_, i) => `k${i % 1_700},${"å".repeat(i % 90)}`,
    );
    const file = new Blob([["key,v", ...rows].join("\n")]);
    const pass = async () => {
      const bodies: string[] = [];
      await runImport({
        file,
        options: plain,
        headers: ["key", "v"],
        mapping: mapping([key, property("v")]),
        onBatch: (batch, sequence) =>
          void bodies.push(`${sequence} ${JSON.stringify(batch)}`),
      });
      return bodies;
    };
    expect(await pass()).toEqual(await pass());
  });

  test("stops when it is told to", async () => {
    const stopping = new AbortController();
    const file = new Blob(["key,v\n" + "a,b\n".repeat(1_000_000)]);
    const checking = checkFile({
      file,
      options: plain,
      mapping: mapping([key, property("v")]),
      signal: stopping.signal,
      onProgress: () => stopping.abort(),
    });
    await expect(checking).rejects.toThrow();
  });
});

describe("rejectedRowsCsv", () => {
  test("says in the rejected rows what becomes of those that another row was kept for", async () => {
    const file = new Blob(["key,name\na,First\na,Second\n,Third\n"]);
    const csv = await rejectedRowsCsv({
      ...{ file, options: plain },
      mapping: mapping([key, property("name")], "reject"),
    });
    const [, repeated, faulty] = (await csv.text()).split("\r\n");
    expect(repeated).toMatch(/^a,Second,.*same as an earlier row: “a”/);
    expect(repeated).toMatch(/Dropped again with this key, .* again/);
    expect(faulty).toMatch(/^,Third,/);
    expect(faulty).not.toMatch(/earlier|again/);
  });

  test("gives the rejected rows back as they were, with the reason, to be dropped again", async () => {
    const rows = [
      ["a b", '=1+1,"x"', " y "],
      ["", "line\r\nbreak", "+46701234567"],
      ["c d", "\t=1+1", "ｘ"],
    ];
    const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
    const csv = [
      "key;name;size",
      "ok;x;y",
      ...rows.map((row) => row.map(quote).join(";")),
    ].join("\r\n");
    const file = new Blob([csv]);
    const { options } = await openTable(file);
    const blob = await rejectedRowsCsv({
      file,
      options,
      mapping: mapping([key, property("name"), property("size")]),
    });
    const bytes = new Uint8Array(await blob.arrayBuffer());
    expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);

    expect(await blob.text()).toMatch(
      /^key,name,size,status,reason\r\n.*,"rejected, row 3","?Column “key”: /,
    );
    // Dropped again, it is the file that the rows come from.
    const again = await openTable(blob);
    expect(again.headers).toEqual(["key", "name", "size"]);
    expect(again.rejectedBy).toEqual({ runId: null });
    const read = [];
    for await (const chunk of readTable(blob, again.options)) {
      read.push(...chunk.rows);
    }
    expect(read.slice(1)).toEqual(rows);
  });

  test("keeps the cells that stood beyond the last column", async () => {
    const file = new Blob(["key,name\na,b,,more\nc,d\n"]);
    const blob = await rejectedRowsCsv({
      file,
      options: plain,
      mapping: mapping([key, property("name")]),
    });
    expect(await blob.text()).toMatch(
      /^key,name,status,reason\r\na,b,"rejected, row 2","The row has more.*",,more\r\n$/,
    );
  });
});
