import { expect, test } from "vitest";

import type { ColumnMapping, EmptyCell } from "@/lib/domain/mapping";
import { tableBatchEntities } from "@/lib/domain/table-batch";

import { openInput } from "./table-input";
import { rejectedRowsCsv } from "./report";
import { runImport } from "./run-import";

const TOOLS = {
  loadSheetJs: () => Promise.reject(new Error("No workbook is read here.")),
  onAlive: () => undefined,
};

/** `full.csv` has all three columns, `part.csv` has no price and no text. */
const FULL = new File(
  ["sku,price,text\nA,1,\nB,,red\nbad key,,\n"],
  "full.csv",
);
const PART = new File(["sku,name\nC,Lamp\nD,\nbad too,x\n"], "part.csv");

function mappingFor(
  headers: readonly string[],
  emptyCell: EmptyCell,
): ColumnMapping {
  return {
    columns: headers.map((header) => {
      if (header === "sku") return { as: "key", property: null };
      return header === "File"
        ? { as: "ignore" }
        : { as: "property", id: header, language: "", emptyCell };
    }),
    keySeparator: "",
    repeatedKeys: "merge",
  };
}

async function entitiesOf(
  file: Blob,
  options: Awaited<ReturnType<typeof openInput>>["preview"]["options"],
  headers: string[],
  mapping: ColumnMapping,
) {
  const found: Record<string, Record<string, string | null>> = {};
  await runImport({
    ...{ file, options, headers, mapping },
    onBatch(batch) {
      for (const { key, properties } of tableBatchEntities(batch)) {
        found[key] = Object.fromEntries(
          properties.map(({ id, value }) => [id, value]),
        );
      }
    },
  });
  return found;
}

test.each([
  ["clear" as const, null],
  ["text" as const, ""],
])(
  "with empty cells that %s, a column that a file lacks is left as it is stored",
  async (emptyCell, empty) => {
    const { table, preview } = await openInput([FULL, PART], {}, TOOLS);
    const { options, headers } = preview;
    const mapping = mappingFor(headers, emptyCell);
    expect(await entitiesOf(table, options, headers, mapping)).toEqual({
      A: { price: "1", text: empty },
      B: { price: empty, text: "red" },
      C: { name: "Lamp" },
      D: { name: empty },
    });
  },
);

test("rejected rows that are dropped again still lack what their file lacked, unless a person fills it in", async () => {
  const { table, preview } = await openInput([FULL, PART], {}, TOOLS);
  const { options, headers } = preview;
  const mapping = mappingFor(headers, "clear");
  const csv = await rejectedRowsCsv({ file: table, options, mapping });
  const mended = (await csv.text())
    .replace("bad key", "E")
    .replace(/bad too,([^,]*),([^,]*),/, "F,9,$2,");
  const again = await openInput([new File([mended], "again.csv")], {}, TOOLS);
  expect(again.preview.headers).toEqual(headers);
  const { options: readAs } = again.preview;
  expect(await entitiesOf(again.table, readAs, headers, mapping)).toEqual({
    E: { price: null, text: null },
    F: { price: "9", name: "x" },
  });

  // And once more, when they are rejected a second time.
  const unmended = await openInput(
    [new File([csv], "unmended.csv")],
    {},
    TOOLS,
  );
  const twice = await rejectedRowsCsv({
    ...{ file: unmended.table, options: unmended.preview.options, mapping },
  });
  expect((await twice.text()).replaceAll(/row \d+( of [^;"]+)?/g, "row")).toBe(
    (await csv.text()).replaceAll(/row \d+( of [^;"]+)?/g, "row"),
  );
});

test("an error of a spreadsheet is still one when its row is dropped again, and a value that replaced it is a value", async () => {
  const file = new File(["sku,name\nA,\0#N/A\nB,\0#REF!\n"], "sheet.csv");
  const { table, preview } = await openInput(
    ...([[file], { encoding: "utf-8" }, TOOLS] as const),
  );
  const { options, headers } = preview;
  const mapping = mappingFor(headers, "skip");
  const csv = await rejectedRowsCsv({ file: table, options, mapping });
  expect(await csv.text()).not.toContain("\0");
  const mended = (await csv.text()).replace("#REF!", "Lamp");
  const again = await openInput([new File([mended], "again.csv")], {}, TOOLS);
  const { options: readAs } = again.preview;
  expect(await entitiesOf(again.table, readAs, headers, mapping)).toEqual({
    B: { name: "Lamp" },
  });
});
