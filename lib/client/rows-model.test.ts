import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { withSteps } from "@/lib/domain/step-edit";
import { suggestMapping } from "@/lib/domain/suggest-mapping";
import { openTable } from "@/lib/importer/open-table";
import type { RowEvent } from "@/lib/importer/row-messages";

import { createRowAnswers } from "./row-answers";
import { CalledOff, RowsClient } from "./rows-client";
import { RowsModel } from "./rows-model";

const REAL = new Blob([
  readFileSync("../shared/data/shopware-article-translations.csv"),
]);

/** The page's and the worker's side, with nothing between them but time. */
async function openModel() {
  const { options, headers, firstRows } = await openTable(REAL);
  const mapping = suggestMapping(
    headers,
    firstRows.slice(1).map(({ cells }) => cells),
  );
  let tell: (event: RowEvent) => void = () => undefined;
  const answer = createRowAnswers(
    () => REAL,
    (event) => queueMicrotask(() => tell(event)),
  );
  const client = new RowsClient((request) =>
    queueMicrotask(() => answer(request)),
  );
  tell = client.onEvent;
  const model = new RowsModel(client);
  await model.open(options, mapping, { is: "all" });
  return { model, client, mapping, headers };
}

/** Resolves when the model has come to a state that was wanted. */
function until(model: RowsModel, isThere: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!isThere()) return;
      stop();
      resolve();
    };
    const stop = model.subscribe(look);
    look();
  });
}

test("rows on screen come page by page, and stay until the changed ones are there", async () => {
  const { model, mapping, headers } = await openModel();
  expect(model.state()).toMatchObject({ at: "ready", rows: 103 });
  model.need(100, 3);
  await until(model, () => model.row(102) !== undefined);
  expect(model.row(102)?.rowNumber).toBe(104);
  expect(model.row(103)).toBeUndefined();

  const before = model.row(102);
  const column = 1;
  const done = model.change(
    withSteps(mapping, headers, [
      { do: "edit", cells: [{ row: 104, column, value: "mended" }] },
    ]),
  );
  expect(model.row(102)).toBe(before);
  await done;
  await until(model, () => model.row(102)?.cells[column] === "mended");
  await model.show({ is: "changed" });
  expect(model.state()).toMatchObject({ rows: 1, view: { is: "changed" } });
});

test("a look that is stopped leaves what was looked at before", async () => {
  const { model } = await openModel();
  const look = model.show({ is: "problems" });
  model.stop();
  await look;
  expect(model.state()).toMatchObject({
    ...{ rows: 103, wanted: null, message: null, view: { is: "all" } },
  });
});

test("questions to a worker that has ended are called off", async () => {
  const { client } = await openModel();
  const asked = client.ask("values", { column: 0, search: "" });
  client.end();
  await expect(asked).rejects.toThrow(CalledOff);
});
