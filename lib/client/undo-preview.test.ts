import { expect, test } from "vitest";

import { createChangeCounter } from "@/lib/domain/entry-changes";
import type { KeptLine, UndoChange } from "@/lib/domain/undo-run";

import {
  addForecast,
  keptCsv,
  KEPT_SHOWN_MAX,
  loadUndoPage,
  NO_PREVIEW,
} from "./undo-preview";

const line = (key: string, current: string | null = null): KeptLine => ({
  ...{ key, id: "name", language: null, reason: "changed", before: "x" },
  current,
});

/** Entries of one batch: the even ones are deleted, the others change a name. */
function batch(first: number, count: number) {
  const counter = createChangeCounter();
  const changes = Array.from({ length: count }, (_, index): UndoChange => {
    const key = `K${first + index}`;
    if ((first + index) % 2 === 0) {
      counter.add({}, undefined, new Set());
      return { key, row: null, change: "deleted", values: [] };
    }
    counter.add({ "name:": "b" }, { "name:": "a" }, new Set(["name:"]));
    const values: UndoChange["values"] = [
      {
        ...{ id: "name", language: null, change: "replaced" },
        ...{ before: "b", after: "a" },
      },
    ];
    return { key, row: null, change: "updated", values };
  });
  return { totals: counter.totals(), changes };
}

const batches = [batch(0, 5), batch(5, 5), batch(10, 5)];
const perBatch = batches.map(({ totals }) => totals);

async function page(
  filter: Parameters<typeof loadUndoPage>[1],
  from: number,
  count: number,
) {
  const asked: number[] = [];
  const { entries, total } = await loadUndoPage(
    perBatch,
    filter,
    { from, count },
    (number) => {
      asked.push(number);
      return Promise.resolve(batches[number - 1]?.changes ?? []);
    },
  );
  return { keys: entries.map(({ key }) => key).join(" "), total, asked };
}

test("a page of changes asks only for the batches that it is in", async () => {
  const all = { change: null, property: null };
  expect(await page(all, 0, 3)).toEqual({
    ...{ keys: "K0 K1 K2", total: 15, asked: [1] },
  });
  expect(await page(all, 4, 3)).toEqual({
    ...{ keys: "K4 K5 K6", total: 15, asked: [1, 2] },
  });
  expect(await page(all, 12, 10)).toEqual({
    ...{ keys: "K12 K13 K14", total: 15, asked: [3] },
  });
});

test("a page of some changes counts what fits, by kind, by property and by both", async () => {
  const deleted = { change: "deleted" as const, property: null };
  expect(await page(deleted, 3, 2)).toEqual({
    ...{ keys: "K6 K8", total: 8, asked: [2] },
  });
  const named = { change: null, property: "name:" };
  expect(await page(named, 2, 2)).toEqual({
    ...{ keys: "K5 K7", total: 7, asked: [2] },
  });
  const both = { change: "updated" as const, property: "name:" };
  expect(await page(both, 2, 2)).toMatchObject({ keys: "K5 K7", total: 7 });
  const none = { change: "updated" as const, property: "size:" };
  expect(await page(none, 0, 2)).toMatchObject({ keys: "", total: 0 });
});

test("a preview adds the batches up, shows the first lines and keeps all of them", async () => {
  const parts = batches.map(({ totals }, index) => ({
    ...{ batch: index + 1, batches: 3, totals },
    kept: Array.from({ length: 150 }, (_, at) => line(`K${index}-${at}`)),
  }));
  const preview = parts.reduce(addForecast, NO_PREVIEW);
  expect(preview.totals.entries).toMatchObject({ deleted: 8, updated: 7 });
  expect(preview.kept).toHaveLength(KEPT_SHOWN_MAX);
  expect(preview.keptCount).toBe(450);
  const csv = await keptCsv(preview.keptParts).text();
  expect(csv.trimEnd().split("\r\n")).toHaveLength(451);
});

test("the list of what stays quotes cells and disarms formulas", async () => {
  const preview = addForecast(NO_PREVIEW, {
    ...{ batch: 1, batches: 1, totals: NO_PREVIEW.totals },
    kept: [line("A", '=1+"2",\n3')],
  });
  expect(await keptCsv(preview.keptParts).text()).toBe(
    'key,property,language,reason,now,before import\r\nA,name,,changed,"\'=1+""2"",\n3",x\r\n',
  );
});
