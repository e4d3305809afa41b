import fc from "fast-check";
import { expect, test } from "vitest";

import type { ColumnMapping } from "@/lib/domain/mapping";
import { withPlacedEdits } from "@/lib/domain/placed-edits";
import { mappingForOtherFile, withSteps } from "@/lib/domain/step-edit";
import { addedHeader, type TableStep } from "@/lib/domain/table-steps";

import { rejectedRowsCsv } from "./report";
import { runImport } from "./run-import";
import { openInput } from "./table-input";

const TOOLS = {
  loadSheetJs: () => Promise.reject(new Error("No workbook is read here.")),
  onAlive: () => undefined,
};
const HEADERS = ["sku", "name", "note", "go"];
/** A row is rejected for it, and no step changes it. */
const UNDECIDED = "perhaps";

const text = fc.constantFrom("a", "b", "A", "a b", " b ", "ab", "|", "b,c");
const cell = fc.oneof({ weight: 2, arbitrary: text }, fc.constant(""));
const row = fc
  .tuple(
    fc.array(cell, { minLength: 3, maxLength: 3 }),
    fc.constantFrom("", "no", UNDECIDED, UNDECIDED),
    fc.array(cell, { maxLength: 1 }),
  )
  .map(([cells, go, extra]) => [...cells, go, ...extra]);
const error = row.map(([sku = "", , ...rest]) => [sku, "\0#N/A", ...rest]);
const rows = fc.array(fc.oneof({ weight: 5, arbitrary: row }, error), {
  minLength: 1,
  maxLength: 5,
});

/** Steps on the first three columns and on those that are added. */
const steps = fc
  .array(
    fc.record({
      ...{ kind: fc.nat(9), column: fc.nat(30), other: fc.nat(30) },
      ...{ a: text, b: cell, flag: fc.boolean(), row: fc.nat(4) },
    }),
    { maxLength: 7 },
  )
  .map((drafts) => {
    const columns = [0, 1, 2];
    let width = HEADERS.length;
    return drafts.map(({ kind, a, b, flag, ...draft }, at): TableStep => {
      const column = columns[draft.column % columns.length] ?? 0;
      const other = columns[draft.other % columns.length] ?? 0;
      const step = ((): TableStep => {
        switch (kind) {
          case 0:
            return {
              ...{ do: "replace", column: flag ? column : null },
              ...{ find: a, replaceWith: b, isWhole: !flag },
              isCaseMatched: true,
            };
          case 1:
            return { do: "map", column, values: [{ from: a, to: b }] };
          case 2:
            return { do: "clean", column, how: flag ? "trim" : "upper" };
          case 3:
            return { do: "fill", column, value: a };
          case 4:
            return { do: "constant", header: `h${at}`, value: b };
          case 5:
            return {
              ...{ do: "join", header: `j${at}`, separator: "-" },
              ...{ columns: [column, other], isEmptySkipped: flag },
            };
          default:
            return {
              do: "edit",
              cells: [
                { row: draft.row + 2, column, value: b },
                { row: ((draft.row + 1) % 5) + 2, column: other, value: a },
              ],
            };
        }
      })();
      if (addedHeader(step) !== undefined) columns.push(width++);
      return step;
    });
  });

const BASE: ColumnMapping = {
  columns: [
    { as: "key", property: null },
    { as: "property", id: "name", language: "", emptyCell: "clear" },
    { as: "property", id: "note", language: "", emptyCell: "skip" },
    { as: "delete" },
  ],
  ...{ keySeparator: "", repeatedKeys: "reject" },
};

function csvOf(table: string[][]): Blob {
  const quoted = table.map((cells) =>
    cells.map((one) => `"${one.replaceAll('"', '""')}"`).join(","),
  );
  return new Blob([`\uFEFF${quoted.join("\r\n")}`]);
}

/** What each row is, after the steps; with `only` of those rows alone. */
async function pass(file: Blob, mapping: ColumnMapping) {
  const { table, preview } = await openInput(
    [new File([file], "rows.csv")],
    { headerRow: 1, encoding: "utf-8", delimiter: "," },
    TOOLS,
  );
  const { options, headers, rejectedBy } = preview;
  const placed = rejectedBy
    ? withPlacedEdits(
        mappingForOtherFile(mapping),
        headers,
        rejectedBy.edits ?? [],
      )
    : mapping;
  if (!placed) throw new Error("There are too many edits.");
  const shown: unknown[] = [];
  const rejected: number[] = [];
  await runImport({
    ...{ file: table, options, headers, mapping: placed },
    onRejected: (_cells, rowNumber) => rejected.push(rowNumber),
    observers: [
      {
        row(cells, _rowNumber, mapped) {
          const last = cells.findLastIndex((one) => one !== "");
          const fate = mapped.kind === "rejected" ? mapped.issues : mapped.kind;
          shown.push([cells.slice(0, last + 1), fate]);
        },
      },
    ],
  });
  const report = () =>
    rejectedRowsCsv({ file: table, options, mapping: placed });
  return { shown, rejected, report };
}

test("rejected rows that are dropped again become, by steps and edits, what they were", async () => {
  await fc.assert(
    fc.asyncProperty(rows, steps, async (table, made) => {
      const mapping = withSteps(BASE, HEADERS, made);
      const first = await pass(csvOf([HEADERS, ...table]), mapping);
      fc.pre(first.rejected.length > 0);
      const csv = await first.report();
      const again = await pass(csv, mapping);
      const before = first.rejected.map((number) => first.shown[number - 2]);
      const repeats = new Set(
        before.flatMap((one, at) => (String(one).endsWith("entity") ? at : [])),
      );
      // A row that was left out for another one is now rejected at once.
      const others = (all: unknown[]) =>
        all.filter((_, at) => !repeats.has(at));
      expect(others(again.shown)).toEqual(others(before));
      expect(again.rejected).toHaveLength(first.rejected.length);
      expect(await (await again.report()).text()).toBe(
        renumbered(await csv.text()),
      );
    }),
    { numRuns: 150 },
  );
});

test("a cell that is corrected in them makes what the same cell makes in the file itself", async () => {
  await fc.assert(
    fc.asyncProperty(rows, steps, async (table, made) => {
      const mapping = withSteps(BASE, HEADERS, made);
      const first = await pass(csvOf([HEADERS, ...table]), mapping);
      fc.pre(first.rejected.length > 0);
      const csv = await (await first.report()).text();
      const decided = table.map((cells) =>
        cells.map((one) => one.replace(UNDECIDED, "no")),
      );
      const direct = await pass(csvOf([HEADERS, ...decided]), mapping);
      const again = await pass(
        new Blob([csv.replaceAll(`,${UNDECIDED},`, ",no,")]),
        mapping,
      );
      const isJudgedAlone = (at: number) =>
        !/same as/.test(linesOf(csv)[at] ?? "");
      const expected = first.rejected.map((number) => direct.shown[number - 2]);
      expect(again.shown.filter((_, at) => isJudgedAlone(at))).toEqual(
        expected.filter((_, at) => isJudgedAlone(at)),
      );
    }),
    { numRuns: 150 },
  );
});

/** No cell of the tables above holds a line break. */
const linesOf = (csv: string) => csv.split("\r\n").slice(1);

/** The rows are numbered anew in the file that was dropped again. */
function renumbered(csv: string): string {
  let row = 1;
  return csv.replaceAll(/"rejected, row \d+/g, () => `"rejected, row ${++row}`);
}
