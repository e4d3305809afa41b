import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { withSteps } from "@/lib/domain/step-edit";
import { suggestMapping } from "@/lib/domain/suggest-mapping";
import type { TableBatch } from "@/lib/domain/table-batch";
import type { TableStep } from "@/lib/domain/table-steps";

import { checkFile } from "./check-file";
import { openTable } from "./open-table";
import { rejectedRowsCsv } from "./report";
import { runImport } from "./run-import";

const REAL = readFileSync("../shared/data/shopware-article-translations.csv");

async function open(file: Blob, steps: TableStep[]) {
  const { options, headers, firstRows } = await openTable(file);
  const rows = firstRows.slice(options.headerRow).map(({ cells }) => cells);
  const mapping = withSteps(suggestMapping(headers, rows), headers, steps);
  return { file, options, headers, mapping };
}

const DOTS_TO_DASHES: TableStep = {
  ...{ do: "replace", column: 0, find: ".", replaceWith: "-" },
  ...{ isWhole: false, isCaseMatched: true },
};

test("steps mend the keys of a real file for the check and for the sending alike", async () => {
  const file = new Blob([REAL]);
  const before = await checkFile(await open(file, []));
  expect(before.report).toMatchObject({ entities: 90, rowsRejected: 13 });

  const opened = await open(file, [
    DOTS_TO_DASHES,
    { do: "constant", header: "shop", value: "main" },
  ]);
  const checked = await checkFile(opened);
  expect(checked.report).toMatchObject({ entities: 103, rowsRejected: 0 });
  expect(checked.headers).toEqual(opened.headers);

  const batches: TableBatch[] = [];
  const sent = await runImport({
    ...opened,
    onBatch: (batch) => void batches.push(batch),
  });
  expect(sent.report).toEqual(checked.report);
  const [batch] = batches;
  expect(batch?.rows[0]?.[0]).toBe("SW10002-1");
  expect(batch?.columns.at(-1)).toEqual(["shop", ""]);
  expect(batch?.rows.every((row) => row.at(-1) === "main")).toBe(true);
  expect(checked.insights.columns).toHaveLength(opened.headers.length + 1);
});

test("rejected rows come back as they stand in the file, and problems name added columns", async () => {
  const file = new Blob(["sku,name\nA.1,x\n,\nB 2,y,extra\n"]);
  const opened = await open(file, [
    DOTS_TO_DASHES,
    { do: "constant", header: "go", value: "perhaps" },
  ]);
  opened.mapping.columns[2] = { as: "delete" };
  const { report } = await checkFile(opened);
  expect(report).toMatchObject({ rowsRead: 3, rowsRejected: 2, rowsBlank: 1 });
  expect(
    report.issues.map(({ code, columnName }) => [code, columnName]),
  ).toEqual([
    ["delete_not_understood", "go"],
    ["key_illegal", "sku"],
    ["extra_cells", ""],
  ]);
  const csv = await (await rejectedRowsCsv(opened)).text();
  const [head, first, second] = csv.split("\r\n");
  expect(head).toBe("sku,name,status,reason");
  expect(first).toMatch(/^A\.1,x,"rejected, row 2",/);
  expect(second).toMatch(/^B 2,y,"rejected, row 4",/);
});
