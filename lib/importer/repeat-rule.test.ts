import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { createKeyCleaner } from "@/lib/domain/clean-key";
import { isEntryKey } from "@/lib/domain/identifiers";
import type { ColumnMapping, ColumnUse } from "@/lib/domain/mapping";
import { tableBatchEntities, type TableBatch } from "@/lib/domain/table-batch";

import { checkFile } from "./check-file";
import { runImport } from "./run-import";

const key: ColumnUse = { as: "key", property: null };
const property = (id: string, language = ""): ColumnUse => ({
  ...{ as: "property", id, language, emptyCell: "skip" },
});
const OPTIONS = {
  ...{ encoding: "utf-8", delimiter: ",", headerRow: 1 },
  ...{ quotes: "standard" as const },
};
const CLEAN: ColumnMapping["keyRules"] = [
  { rule: "trim" },
  { rule: "illegal", by: "-" },
];

function fileOf(rows: string[][]): Blob {
  const width = rows[0]?.length ?? 1;
  const header = Array.from({ length: width }, (_, at) => `h${at}`);
  const lines = [header, ...rows].map((row) =>
    row.map((cell) => `"${cell}"`).join(","),
  );
  return new Blob([lines.join("\n")]);
}

const mappingOf = (
  columns: ColumnUse[],
  more: Partial<ColumnMapping>,
): ColumnMapping => ({
  ...{ columns, keySeparator: "-", repeatedKeys: "merge", ...more },
});

/** What is stored after all batches, and the rows that were left out. */
async function importAll(rows: string[][], mapping: ColumnMapping) {
  const headers = mapping.columns.map((_, at) => `h${at}`);
  const stored = new Map<string, Map<string, string>>();
  const left: [row: number, code: string][] = [];
  const batches: TableBatch[] = [];
  await runImport({
    ...{ file: fileOf(rows), options: OPTIONS, mapping, headers },
    onBatch: (batch) => void batches.push(batch),
    onRejected: (_cells, row, [issue]) =>
      void left.push([row, issue?.code ?? ""]),
  });
  for (const entity of batches.flatMap(tableBatchEntities)) {
    const values = stored.get(entity.key) ?? new Map<string, string>();
    stored.set(entity.key, values);
    for (const { id, language, value } of entity.properties) {
      values.set(`${id}:${language ?? ""}`, value ?? "");
    }
  }
  return { stored, left };
}

describe("the choices for rows with the key of another", () => {
  const columns = [key, property("a"), property("b")];
  const rows = [
    ["x", "1", "1"],
    ["y", "2", "2"],
    ["x", "3", ""],
    ["x", "4", ""],
  ];

  test("merge lets later cells win, reject keeps the first row, last the last", async () => {
    const kept = async (repeatedKeys: ColumnMapping["repeatedKeys"]) => {
      const done = await importAll(rows, mappingOf(columns, { repeatedKeys }));
      return [Object.fromEntries(done.stored.get("x") ?? []), done.left];
    };
    expect(await kept("merge")).toEqual([{ "a:": "4", "b:": "1" }, []]);
    expect(await kept("reject")).toEqual([
      { "a:": "1", "b:": "1" },
      [
        [4, "key_repeated"],
        [5, "key_repeated"],
      ],
    ]);
    expect(await kept("last")).toEqual([
      { "a:": "4" },
      [
        [2, "key_replaced"],
        [4, "key_replaced"],
      ],
    ]);
  });

  test("a row that is rejected for something else is not the last", async () => {
    const mapping = mappingOf([...columns, { as: "delete" }], {
      repeatedKeys: "last",
    });
    const { stored, left } = await importAll(
      [
        ["x", "1", "1", ""],
        ["x", "2", "2", "perhaps"],
      ],
      mapping,
    );
    expect(Object.fromEntries(stored.get("x") ?? [])).toEqual({
      ...{ "a:": "1", "b:": "1" },
    });
    expect(left).toEqual([[3, "delete_not_understood"]]);
  });

  test("rows of one key in different languages are no repetition", async () => {
    const translated = [
      ["x", "de", "Eins"],
      ["x", "fr", "Un"],
      ["x", "de", "Zwei"],
    ];
    const uses: ColumnUse[] = [key, { as: "language" }, property("name", "*")];
    for (const [repeatedKeys, german] of [
      ["reject", "Eins"],
      ["last", "Zwei"],
    ] as const) {
      const mapping = mappingOf(uses, { repeatedKeys });
      const { stored, left } = await importAll(translated, mapping);
      expect(Object.fromEntries(stored.get("x") ?? [])).toEqual({
        ...{ "name:de": german, "name:fr": "Un" },
      });
      expect(left).toHaveLength(1);
    }
  });

  test("keys that differ and are cleaned to one do not flow together unless somebody says so", async () => {
    const dotted = [
      ["A.1", "1", "1"],
      ["A-1", "2", ""],
      ["A.1", "3", ""],
    ];
    const of = async (collapsedKeys?: ColumnMapping["collapsedKeys"]) => {
      const more = { keyRules: CLEAN, ...(collapsedKeys && { collapsedKeys }) };
      const done = await importAll(dotted, mappingOf(columns, more));
      return [done.stored.get("A-1")?.get("a:"), done.left];
    };
    expect(await of()).toEqual(["3", [[3, "key_collapsed"]]]);
    expect(await of("first")).toEqual(["3", [[3, "key_collapsed"]]]);
    expect(await of("same")).toEqual(["3", []]);
    const others = [["A-1", "4", ""]];
    dotted.push(...others);
    expect(await of("last")).toEqual([
      "4",
      [
        [2, "key_collapsed"],
        [4, "key_collapsed"],
      ],
    ]);
  });

  test("cells that are joined to one key are told apart too", async () => {
    const joined = [
      ["a", "b-c", "1"],
      ["a-b", "c", "2"],
    ];
    const mapping = mappingOf([key, key, property("n")], {});
    const { stored, left } = await importAll(joined, mapping);
    expect(stored.get("a-b-c")?.get("n:")).toBe("1");
    expect(left).toEqual([[3, "key_collapsed"]]);
  });
});

/** Plain and slow: all rows in hand. */
function reference(rows: string[][], mapping: ColumnMapping) {
  const clean = createKeyCleaner(mapping.keyRules) ?? ((cell: string) => cell);
  const good = rows
    .map((cells, at) => {
      const raw = cells.slice(0, 2);
      const parts = raw.map(clean);
      const isGood =
        parts.every((part) => part !== "") && isEntryKey(parts.join("-"));
      return { cells, rowNumber: at + 2, raw, key: parts.join("-"), isGood };
    })
    .filter(({ isGood }) => isGood);
  type Row = (typeof good)[number];
  const same = (a: Row, b: Row) => a.raw.every((cell, i) => cell === b.raw[i]);
  const ofKey = (row: Row) => good.filter(({ key }) => key === row.key);
  const { collapsedKeys = "first", repeatedKeys } = mapping;
  const isOwner = (row: Row) => {
    const others = ofKey(row);
    const owner = collapsedKeys === "last" ? others.at(-1) : others[0];
    return collapsedKeys === "same" || !owner || same(row, owner);
  };
  const owned = good.filter(isOwner);
  const sent = owned.filter((row) => {
    const others = owned.filter(({ key }) => key === row.key);
    if (repeatedKeys === "merge") return true;
    return row === (repeatedKeys === "last" ? others.at(-1) : others[0]);
  });
  const stored = new Map<string, Map<string, string>>();
  for (const { key, cells } of sent) {
    const values = stored.get(key) ?? new Map<string, string>();
    stored.set(key, values);
    for (const [at, id] of ["a:", "b:"].entries()) {
      const cell = cells[at + 2];
      if (cell) values.set(id, cell);
    }
  }
  const first = (row: Row) => ofKey(row)[0] ?? row;
  const collapsed = good.filter((row) => !same(row, first(row)));
  const repeated = good.filter(
    (row) => row !== first(row) && same(row, first(row)),
  );
  return {
    stored,
    sent: sent.map(({ rowNumber }) => rowNumber),
    good: good.map(({ rowNumber }) => rowNumber),
    collapsedRows: collapsed.length,
    collapsedKeys: new Set(collapsed.map(({ key }) => key)).size,
    repeatedRows: repeated.length,
    repeatedKeys: new Set(repeated.map(({ key }) => key)).size,
  };
}

const cell = fc.constantFrom("a", "a.", "a-", "b", " b", "ä", "b.c", "", "-");
const row = fc
  .tuple(cell, cell, fc.constantFrom("", "1", "2"), fc.constantFrom("", "x"))
  .map((cells) => [...cells] as string[]);
const choices = fc.record({
  repeatedKeys: fc.constantFrom("merge", "reject", "last"),
  collapsedKeys: fc.constantFrom("first", "last", "same"),
  keyRules: fc.constantFrom<NonNullable<ColumnMapping["keyRules"]>>(
    [],
    [{ rule: "trim" }],
    [...(CLEAN ?? [])],
    [{ rule: "transliterate" }, { rule: "illegal", by: "-" }],
    [{ rule: "illegal", by: "-" }, { rule: "collapse" }],
  ),
});

describe("over random tables", () => {
  const columns = [key, key, property("a"), property("b")];

  test("first, last and merge do what plain references do", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 25 }),
        choices,
        async (rows, more) => {
          const mapping = mappingOf(columns, more);
          const expected = reference(rows, mapping);
          const { stored, left } = await importAll(rows, mapping);
          expect(stored).toEqual(expected.stored);
          const leftOut = left.flatMap(([row, code]) =>
            /^key_(repeated|replaced|collapsed)$/.test(code) ? [row] : [],
          );
          expect([...leftOut, ...expected.sent].sort((a, b) => a - b)).toEqual(
            expected.good,
          );
        },
      ),
    );
  });

  test("no collapse and no repetition goes unreported, whatever is chosen", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 25 }),
        choices,
        async (rows, more) => {
          const mapping = mappingOf(columns, more);
          const expected = reference(rows, mapping);
          const { insights } = await checkFile({
            ...{ file: fileOf(rows), options: OPTIONS, mapping },
          });
          const { collapsedRows, collapsedKeys, repeatedRows, repeatedKeys } =
            insights.repeatedKeys;
          expect({
            ...{ collapsedRows, collapsedKeys, repeatedRows, repeatedKeys },
          }).toEqual({
            collapsedRows: expected.collapsedRows,
            collapsedKeys: expected.collapsedKeys,
            repeatedRows: expected.repeatedRows,
            repeatedKeys: expected.repeatedKeys,
          });
        },
      ),
    );
  });
});
