import { existsSync, readFileSync } from "node:fs";

import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Entity } from "@/lib/domain/entity";
import { markedCell, unmarkedCell } from "@/lib/domain/entry-export";
import { mappingProblems } from "@/lib/domain/mapping";
import { suggestMapping } from "@/lib/domain/suggest-mapping";
import { tableBatchEntities } from "@/lib/domain/table-batch";
import { openTable } from "@/lib/importer/open-table";
import { runImport } from "@/lib/importer/run-import";
import type { Context } from "@/lib/server/context";
import {
  commandContext,
  createSourceRow,
  createTenant,
} from "@/lib/testing/factories";
import { createTestDb, type TestDb } from "@/lib/testing/db";

import { indexNextBatch } from "./index-words";
import { exportEntries, getEntry, ingestEntities } from "./service";

const HOSTILE = "../shared/data/hostile";

let database: TestDb;
let ctx: Context;
beforeAll(async () => {
  if (!existsSync(HOSTILE)) throw new Error(`${HOSTILE} is missing.`);
  database = await createTestDb();
  ctx = commandContext(database.db, await createTenant(database.db));
});
afterAll(() => database.close());

async function createSource(entities: Entity[] = []): Promise<string> {
  const { id } = await createSourceRow(database.db, ctx.tenantId);
  await ingestEntities(ctx, id, entities);
  return id;
}

async function exported(
  ...args: [string, object, "csv" | "csv-raw" | "jsonl"]
) {
  let text = "";
  for await (const piece of await exportEntries(ctx, ...args)) text += piece;
  return text;
}

/** What a person does who drops the file and takes every suggestion. */
async function importAsSuggested(sourceId: string, csv: string) {
  const file = new Blob([csv]);
  const { options, headers, firstRows } = await openTable(file);
  const rows = firstRows.map(({ cells }) => cells).slice(options.headerRow);
  const mapping = suggestMapping(headers, rows);
  expect(mappingProblems(mapping, headers)).toEqual([]);
  const rejected: unknown[] = [];
  await runImport({
    file,
    options,
    mapping,
    headers,
    onRejected: (...row) => rejected.push(row),
    onBatch: async (batch) => {
      await ingestEntities(ctx, sourceId, tableBatchEntities(batch));
    },
  });
  expect(rejected).toEqual([]);
}

const entity = (key: string, values: Record<string, string>): Entity => ({
  key,
  delete: false,
  properties: Object.entries(values).map(([name, value]) => {
    const [id = "", language] = name.split(":");
    return { id, value, language: language || null };
  }),
});

const hostileValues = [
  ...(JSON.parse(
    readFileSync(`${HOSTILE}/naughty-strings.json`, "utf8"),
  ) as string[]),
  ...readFileSync(`${HOSTILE}/csv-injection.jsonl`, "utf8")
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as { value: string }).value),
  "",
  "'",
  "''",
  "'=1",
  " ",
  "-5",
  "a\r\nb",
  "\n",
  '"',
  '""',
  "007",
  "1e5",
  "2026-01-02",
  "\ufeff",
].filter((text) => !text.includes("\0"));

describe("the spreadsheet export", () => {
  test("imports back into an empty source as it was, every suggestion taken", async () => {
    const first = await createSource([
      ...hostileValues.map((value, at) =>
        entity(`v${at}`, { "text:": value, "text:sv": value }),
      ),
      entity("-1", { "key:": "a property named key", "delete:": "yes" }),
      entity("no-values", {}),
      entity("__proto__", {
        "constructor:": "toString",
        "name_sv:": "no language",
        "sv:name": "an id that is a language",
        "text:en_GB-x": "odd code",
        "locale:": "sv",
        "id:": "1",
        "sku:": "2",
        "Ord:": "case",
        "ord:": "case",
      }),
    ]);
    const csv = await exported(first, {}, "csv");
    const second = await createSource();
    await importAsSuggested(second, csv);
    expect(await exported(second, {}, "jsonl")).toBe(
      await exported(first, {}, "jsonl"),
    );
    expect(await exported(second, {}, "csv")).toBe(csv);
  });

  test("tells a missing value from an empty text", async () => {
    const first = await createSource([
      entity("a", { "x:": "", "y:": "1" }),
      entity("b", { "y:": "" }),
    ]);
    const csv = await exported(first, {}, "csv");
    expect(csv).toBe("\ufeff'key,'y,'x\r\na,1,'\r\nb,',\r\n");
    const second = await createSource();
    await importAsSuggested(second, csv);
    const { values } = await getEntry(ctx, second, "b");
    expect(values.map(({ id, value }) => [id, value])).toEqual([["y", ""]]);
  });

  test("no cell is a formula to a spreadsheet", async () => {
    const source = await createSource(
      hostileValues.map((value, at) => entity(`v${at}`, { "text:": value })),
    );
    const file = new Blob([await exported(source, {}, "csv")]);
    const { options } = await openTable(file);
    const { rows } = await readCells(file, options);
    expect(rows.length).toBeGreaterThan(hostileValues.length);
    for (const cell of rows.flat()) {
      expect(cell).not.toMatch(/^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]/u);
      expect(cell).not.toMatch(/^[\t\r\n]/);
    }
  });

  test("each text has a cell of its own, and comes back", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "grapheme" }),
          fc.string({ unit: fc.constantFrom("'", "=", "-", " ", "a", "\t") }),
        ),
        (text) => {
          const cell = markedCell(text);
          expect(unmarkedCell(cell)).toBe(text);
          expect(cell).not.toBe("");
        },
      ),
    );
  });
});

describe("the raw export and JSON lines", () => {
  test("have every value as it is", async () => {
    const source = await createSource([
      entity("a", { "phone:": "+46701234567", "name:sv": "=1+1" }),
      entity("b", { "phone:": "" }),
    ]);
    expect(await exported(source, {}, "csv-raw")).toBe(
      "key,phone,name (sv)\r\na,+46701234567,=1+1\r\nb,,\r\n",
    );
    const lines = (await exported(source, {}, "jsonl")).trim().split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        key: "a",
        properties: [
          { id: "phone", value: "+46701234567", language: null },
          { id: "name", value: "=1+1", language: "sv" },
        ],
      },
      { key: "b", properties: [{ id: "phone", value: "", language: null }] },
    ]);
  });
});

describe("what an export holds", () => {
  test("the entries of the filter, each once, in bounded pieces", async () => {
    const source = await createSource(
      Array.from({ length: 2_100 }, (_, at) =>
        entity(`K-${at}`, {
          "name:": at % 3 === 0 ? "fizz" : "plain",
          ...(at % 2 === 0 && { "even:": "1" }),
        }),
      ),
    );
    await expect(
      exportEntries(ctx, source, { text: "fizz" }, "jsonl"),
    ).rejects.toMatchObject({ code: "unavailable" });
    while ((await indexNextBatch(database.db)) > 0);

    const cases: [object, number][] = [
      [{}, 2_100],
      [{ text: "fizz" }, 700],
      [{ text: "K-10" }, 111],
      [{ property: "even" }, 1_050],
      [{ property: "even", presence: "missing" }, 1_050],
      [{ text: "fizz", property: "even" }, 350],
      [{ text: "nothing" }, 0],
    ];
    for (const [filter, count] of cases) {
      const sizes: number[] = [];
      const keys: string[] = [];
      for await (const piece of await exportEntries(
        ctx,
        source,
        filter,
        "jsonl",
      )) {
        sizes.push(piece.length);
        for (const line of piece.trim().split("\n")) {
          keys.push((JSON.parse(line) as { key: string }).key);
        }
      }
      expect(keys.length, JSON.stringify(filter)).toBe(count);
      expect(new Set(keys).size).toBe(count);
      expect(Math.max(0, ...sizes)).toBeLessThan(100_000);
    }
  });

  test("a table with more columns than the import page reads is refused", async () => {
    const values = Array.from({ length: 1_000 }, (_, at) => [`p${at}:`, "x"]);
    const source = await createSource([
      entity("a", Object.fromEntries(values) as Record<string, string>),
    ]);
    await expect(exportEntries(ctx, source, {}, "csv")).rejects.toMatchObject({
      code: "unprocessable",
      message: expect.stringContaining("1001 columns") as string,
    });
    expect(await exported(source, {}, "jsonl")).toContain('"p999"');
  });
});

async function readCells(
  file: Blob,
  options: Awaited<ReturnType<typeof openTable>>["options"],
) {
  const { readTable } = await import("@/lib/importer/read-table");
  const rows: string[][] = [];
  for await (const chunk of readTable(file, options)) rows.push(...chunk.rows);
  return { rows };
}
