import { expect, test } from "vitest";

import {
  ROW_LANGUAGE,
  type ColumnMapping,
  type ColumnUse,
} from "@/lib/domain/mapping";
import { tableBatchEntities } from "@/lib/domain/table-batch";

import { openTable } from "./open-table";
import { rejectedRowsCsv } from "./report";
import { runImport } from "./run-import";

const KEY: ColumnUse = { as: "key", property: null };
const property = (id: string, language = ""): ColumnUse => ({
  ...{ as: "property", id, language, emptyCell: "skip" },
});

async function pass(file: Blob, mapping: ColumnMapping) {
  const { options, headers } = await openTable(file);
  const sent: string[] = [];
  const codes: string[] = [];
  await runImport({
    ...{ file, options, headers, mapping },
    onBatch(batch) {
      for (const { key, properties } of tableBatchEntities(batch)) {
        sent.push(`${key}=${properties.map(({ value }) => value).join()}`);
      }
    },
    onRejected: (_cells, _row, issues) =>
      codes.push(...issues.map(({ code }) => code)),
  });
  const csv = await rejectedRowsCsv({ file, options, mapping });
  return { sent, codes, csv: await csv.text() };
}

const places = (csv: string) => csv.replaceAll(/row \d+/g, "row");

test.each([
  ["key_repeated", { repeatedKeys: "reject" }, "a,1\na,2\nb,3\n", 1],
  ["key_replaced", { repeatedKeys: "last" }, "a,1\na,2\nb,3\n", 1],
  [
    "key_collapsed",
    { collapsedKeys: "first", keyRules: [{ rule: "lower" }] },
    "a,1\nA,2\nb,3\n",
    1,
  ],
] as const)(
  "a row that is left out as %s is left out again when it is dropped again, until its key or the choice changes",
  async (code, choice, rows, rejected) => {
    const mapping = {
      columns: [KEY, property("v")],
      ...{ keySeparator: "", repeatedKeys: "merge", ...choice },
    } as ColumnMapping;
    const first = await pass(new Blob([`key,v\n${rows}`]), mapping);
    expect(first.codes).toEqual(Array(rejected).fill(code));
    const dropped = (text: string) => pass(new Blob([text]), mapping);

    const again = await dropped(first.csv);
    expect(again.codes).toEqual(first.codes);
    expect(again.sent).toEqual([]);
    expect(places(again.csv)).toBe(places(first.csv));

    const mended = await dropped(first.csv.replace(/\r\na,/i, "\r\nc,"));
    expect(mended.sent.join()).toMatch(/^c=[12]$/);

    const released = await dropped(
      `${first.csv.replace(/"rejected[^\r\n]*/, ",")}x,9,"rejected, row 9",\r\n`,
    );
    expect(released.sent.join()).toMatch(/^a=[12],x=9$/);

    const merging = await pass(new Blob([first.csv]), {
      ...{ ...mapping, repeatedKeys: "merge", collapsedKeys: "same" },
    });
    expect(merging.sent.join()).toMatch(/^a=[12]$/);
  },
);

test("of such rows the last one that was not left out is kept", async () => {
  const mapping: ColumnMapping = {
    columns: [KEY, property("v")],
    ...{ keySeparator: "", repeatedKeys: "last" },
  };
  const { csv } = await pass(new Blob(["key,v\na,1\na,2\n"]), mapping);
  const [head, row] = csv.split("\r\n");
  const both = `${head}\r\na,3,,\r\n${row}\r\n`;
  expect((await pass(new Blob([both]), mapping)).sent).toEqual(["a=3"]);
});

test("the same key in another language is no repetition, also when dropped again", async () => {
  const mapping: ColumnMapping = {
    columns: [KEY, property("v", ROW_LANGUAGE), { as: "language" }],
    ...{ keySeparator: "", repeatedKeys: "reject" },
  };
  const { csv } = await pass(
    new Blob(["key,v,language\na,1,sv\na,2,sv\n"]),
    mapping,
  );
  expect((await pass(new Blob([csv]), mapping)).sent).toEqual([]);
  const other = csv.replace("a,2,sv", "a,2,de");
  expect((await pass(new Blob([other]), mapping)).sent).toEqual(["a=2"]);
});
