import { expect, test } from "vitest";

import type { ColumnMeasure } from "@/lib/domain/column-measures";
import type { ColumnUse } from "@/lib/domain/mapping";
import type { StoredRecipe } from "@/lib/domain/recipe";
import { suggestMapping } from "@/lib/domain/suggest-mapping";
import { openTable } from "@/lib/importer/open-table";

import { driftOf, offerRecipe } from "./recipe-offer";

const property = (id: string): ColumnUse => ({
  ...{ as: "property", id, language: "", emptyCell: "skip" },
});

const HEADERS = ["sku", "name", "price", "Status"];
const stored: StoredRecipe = {
  id: "11111111-1111-4111-8111-111111111111",
  sourceId: "22222222-2222-4222-8222-222222222222",
  ...{ name: "Prices", headers: HEADERS, headerRow: 1, authorName: "Ann" },
  ...{ createdAt: "2026-01-01T00:00:00.000Z", lastUsedAt: null },
  updatedAt: "2026-01-01T00:00:00.000Z",
  recipe: {
    ...{ version: 1, headers: HEADERS },
    tableOptions: {
      ...{ encoding: "utf-8", delimiter: ",", headerRow: 1 },
      quotes: "standard",
    },
    mapping: {
      columns: [
        { as: "key", property: null },
        ...["name", "price", "status"].map(property),
      ],
      ...{ keySeparator: "-", repeatedKeys: "merge" },
    },
  },
};

const measure = (
  header: string,
  values: [string, number][] | null,
): ColumnMeasure => ({
  ...{ header, isUsed: true, filled: 3, lengthMin: 1, lengthMax: 20 },
  ...{ numbers: 0, numberMin: null, numberMax: null, values },
});

async function driftFor(csv: string, columns: ColumnMeasure[] | undefined) {
  const preview = await openTable(new Blob([csv]));
  const offered = await offerRecipe(
    {
      list: () => Promise.resolve([stored]),
      get: () => Promise.resolve(stored),
      lastFile: () =>
        columns
          ? Promise.resolve({ measures: { rows: 3, columns } })
          : Promise.reject(new Error("The server is away.")),
    },
    preview,
  );
  if (!offered) throw new Error("The recipe does not fit.");
  const suggested = suggestMapping(preview.headers, []);
  const { renamed } = driftOf(offered.stored, { preview, suggested });
  return renamed.map(({ from, to }) => `${from.header} > ${to.header}`);
}

const FILE = "sku,name,price,Lager\nA,Chair,1,in stock\nB,Table,2,sold out\n";

test("a renamed column is known by the values of the last file, whatever its name", async () => {
  const columns = [
    ...[measure("sku", null), measure("price", null), measure("name", null)],
    measure("Status", [
      ["sold out", 2],
      ["in stock", 1],
    ]),
  ];
  expect(await driftFor(FILE, columns)).toEqual(["Status > Lager"]);
});

test("a column of much the same name that holds something else is another one", async () => {
  const csv = FILE.replace("Lager", "Stature").replace(/in stock/, "tall");
  const columns = [
    measure("Status", [
      ["active", 2],
      ["archived", 1],
    ]),
  ];
  expect(await driftFor(csv, columns)).toEqual([]);
});

test("without the values names decide", async () => {
  expect(await driftFor(FILE, undefined)).toEqual([]);
  const alike = FILE.replace("Lager", "Status_");
  expect(
    await driftFor(alike.replace("Status_", "Statuss"), undefined),
  ).toEqual(["Status > Statuss"]);
});
