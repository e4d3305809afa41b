import { expect, test } from "vitest";

import type { ColumnMapping } from "@/lib/domain/mapping";

import { createKeyDesk } from "./key-desk";

const OPTIONS = {
  ...{ encoding: "utf-8", delimiter: ",", headerRow: 1 },
  quotes: "standard" as const,
};
const MAPPING: ColumnMapping = {
  columns: [
    { as: "key", property: null },
    { as: "property", id: "name", language: "", emptyCell: "skip" },
    { as: "delete" },
  ],
  ...{ keySeparator: "-", repeatedKeys: "reject" },
  keyRules: [{ rule: "trim" }],
};
const context = {
  signal: new AbortController().signal,
  onProgress: () => undefined,
};

test("an entry that any row names is not missing, whatever becomes of the row", async () => {
  const file = new Blob([
    [
      "sku,name,delete",
      " a ,Sent,",
      "a,Repeated,",
      "b,Rejected for its delete flag,perhaps",
      "c,Deleted,yes",
      "d,Too many cells,,,x",
      ",No key,",
      "e f,Illegal key,",
      ",,",
    ].join("\n"),
  ]);
  const desk = createKeyDesk(() => file);
  const table = { options: OPTIONS, mapping: MAPPING };
  expect(await desk.fileKeys(table, context)).toEqual({
    ...{ rowsRead: 7, rowsWithoutKey: 2 },
  });
  const asked = ["a", "b", "c", "d", "e", "f", "g", "__proto__"];
  expect(await desk.lacking({ keys: asked }, context)).toEqual([
    ...["e", "f", "g", "__proto__"],
  ]);
});

test("says so when no file is open, and when its keys were not read", async () => {
  const desk = createKeyDesk(() => undefined);
  const table = { options: OPTIONS, mapping: MAPPING };
  await expect(desk.fileKeys(table, context)).rejects.toThrow(/No file/);
  expect(() => desk.lacking({ keys: ["a"] }, context)).toThrow(/not read/);
});
