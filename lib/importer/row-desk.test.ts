import { readFileSync } from "node:fs";

import { beforeEach, describe, expect, test } from "vitest";

import { withSteps } from "@/lib/domain/step-edit";
import { suggestMapping } from "@/lib/domain/suggest-mapping";
import type { TableStep } from "@/lib/domain/table-steps";

import { createValueCollector } from "./collect-values";
import { openTable } from "./open-table";
import { createRowDesk } from "./row-desk";
import type { RowAskName, RowAsks } from "./row-messages";

const REAL = new Blob([
  readFileSync("../shared/data/shopware-article-translations.csv"),
]);
const DOTS: TableStep = {
  ...{ do: "replace", column: 0, find: ".", replaceWith: "-" },
  ...{ isWhole: false, isCaseMatched: true },
};

async function openDesk(file: Blob) {
  const { options, headers, firstRows } = await openTable(file);
  const mapping = suggestMapping(
    headers,
    firstRows.slice(options.headerRow).map(({ cells }) => cells),
  );
  const desk = createRowDesk(() => file);
  const ask = <Name extends RowAskName>(
    name: Name,
    question: RowAsks[Name]["ask"],
  ) =>
    desk.answer(name, question, {
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
  const { rows } = await ask("open", { options, mapping });
  const change = (steps: TableStep[]) =>
    ask("change", { mapping: withSteps(mapping, headers, steps) });
  return { ask, change, rows, headers };
}

describe("the rows of a real file", () => {
  let desk: Awaited<ReturnType<typeof openDesk>>;
  beforeEach(async () => {
    desk = await openDesk(REAL);
  });

  test("are shown by their position, with what is wrong with them", async () => {
    expect(desk.rows).toBe(103);
    const shown = await desk.ask("rows", { from: 0, count: 2 });
    expect(shown.map(({ rowNumber, cells }) => [rowNumber, cells[0]])).toEqual([
      [2, "SW10002.1"],
      [3, "SW10003"],
    ]);
    expect(shown[0]?.problems).toEqual([
      {
        column: 0,
        message: expect.stringMatching(
          /^A key may hold only|^The|key/i,
        ) as string,
      },
    ]);
    expect(shown[1]?.problems).toEqual([]);
    expect(await desk.ask("rows", { from: 102, count: 200 })).toHaveLength(1);
  });

  test("with a problem are found, mended by a step, and found as changed", async () => {
    expect(await desk.ask("view", { view: { is: "problems" } })).toEqual({
      rows: 13,
    });
    expect(await desk.ask("preview", { step: DOTS })).toMatchObject({
      cells: 13,
      rows: 13,
      examples: [
        { rowNumber: 2, column: 0, from: "SW10002.1", to: "SW10002-1" },
        ...Array.from({ length: 4 }, () => expect.anything() as unknown),
      ],
    });
    expect(
      await desk.ask("view", { view: { is: "hits", step: DOTS } }),
    ).toEqual({ rows: 13 });
    await desk.change([DOTS]);
    // The rows that are looked at stay while they are mended.
    const [row] = await desk.ask("rows", { from: 0, count: 1 });
    expect(row).toMatchObject({ rowNumber: 2, changed: [0], problems: [] });
    expect(await desk.ask("view", { view: { is: "problems" } })).toEqual({
      rows: 0,
    });
    expect(await desk.ask("view", { view: { is: "changed" } })).toEqual({
      rows: 13,
    });
    const cell = await desk.ask("cell", { rowNumber: 2, column: 0 });
    expect(cell).toBe("SW10002-1");
  });

  test("are counted by the value of a column, after the steps", async () => {
    const values = await desk.ask("values", { column: 1, search: "" });
    expect(values).toEqual({
      ...{ values: [{ value: "2", rows: 103 }] },
      ...{ distinct: 1, found: 1, otherRows: 0 },
    });
    await desk.change([
      { do: "map", column: 1, values: [{ from: "2", to: "en" }] },
    ]);
    const after = await desk.ask("values", { column: 1, search: "EN" });
    expect(after.values).toEqual([{ value: "en", rows: 103 }]);
    const view = { is: "value", column: 1, value: "en" } as const;
    expect(await desk.ask("view", { view })).toEqual({ rows: 103 });
  });
});

test("a repeated key is shown as the problem it is in the view of problems", async () => {
  const { ask, change, headers } = await openDesk(
    new Blob(["sku,colour\nA,Red\nB,red\nA,RED \n,\n"]),
  );
  const mapping = suggestMapping(headers, []);
  expect(mapping.columns[0]).toMatchObject({ as: "key" });
  await ask("change", { mapping: { ...mapping, repeatedKeys: "reject" } });
  expect(await ask("view", { view: { is: "problems" } })).toEqual({ rows: 1 });
  const [row] = await ask("rows", { from: 0, count: 9 });
  expect(row?.problems[0]?.message).toMatch(/earlier row has the same key/);

  const { clusters } = await ask("clusters", {
    column: 1,
    method: "fingerprint",
  });
  expect(clusters[0]?.values.map(({ value }) => value)).toEqual([
    "Red",
    "red",
    "RED ",
  ]);
  await change([{ do: "constant", header: "shop", value: "s" }]);
  await ask("view", { view: { is: "all" } });
  const all = await ask("rows", { from: 0, count: 9 });
  expect(all.map(({ cells }) => cells[2])).toEqual(["s", "s", "s", ""]);
});

test("more different values than are kept are counted as others", () => {
  const collector = createValueCollector(2);
  for (const value of ["a", "b", "a", "c", "d", "b", "__proto__"]) {
    collector.add(value);
  }
  expect(collector.counts()).toEqual([
    { value: "a", rows: 2 },
    { value: "b", rows: 2 },
  ]);
  expect(collector.otherRows()).toBe(3);
});
