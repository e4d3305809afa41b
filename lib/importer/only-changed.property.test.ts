import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { TableOptions } from "@/lib/domain/import-run";
import {
  ROW_LANGUAGE,
  type ColumnMapping,
  type ColumnUse,
} from "@/lib/domain/mapping";
import { tableBatchEntities, type TableBatch } from "@/lib/domain/table-batch";

import { checkFile } from "./check-file";
import { onlyChanged, type LastFile } from "./file-changes";
import { sendRun } from "./send-run";

const OPTIONS: TableOptions = {
  encoding: "utf-8",
  delimiter: ",",
  headerRow: 1,
  quotes: "standard",
};
const RECIPE = "11111111-1111-4111-8111-111111111111";
const SNAPSHOT = "22222222-2222-4222-8222-222222222222";

const property = (
  id: string,
  language: string,
  clears: boolean,
): ColumnUse => ({
  ...{ as: "property", id, language },
  emptyCell: clears ? "clear" : "skip",
});

const HEADERS = ["sku", "lang", "name", "price", "gone"];
const COLUMNS: ColumnUse[] = [
  { as: "key", property: null },
  { as: "language" },
  property("name", ROW_LANGUAGE, false),
  property("price", "", true),
  { as: "delete" },
];

type Row = [string, string, string, string, string];
const row: fc.Arbitrary<Row> = fc.tuple(
  fc.constantFrom("A", "B", "C", "D", "E", "not legal"),
  fc.constantFrom("sv", "de", "en"),
  fc.constantFrom("", "Chair", "Stol"),
  fc.constantFrom("", "1", "2"),
  fc.constantFrom("", "", "", "", "yes"),
);
/** Files that come one after another: mostly the same rows, some of them changed, added, gone or moved. */
const files = fc.array(
  fc.array(fc.record({ row, isMoved: fc.boolean() }), { maxLength: 10 }),
  { minLength: 2, maxLength: 4 },
);
const mappings = fc.record({
  repeatedKeys: fc.constantFrom(
    "merge" as const,
    "reject" as const,
    "last" as const,
  ),
  /** A file with its columns in another order is the same file. */
  isReversed: fc.boolean(),
});

type Store = Map<string, Map<string, string>>;

function apply(store: Store, batch: TableBatch): void {
  for (const entity of tableBatchEntities(batch)) {
    if (entity.delete) {
      store.delete(entity.key);
      continue;
    }
    const entry = store.get(entity.key) ?? new Map<string, string>();
    store.set(entity.key, entry);
    for (const { id, language, value } of entity.properties) {
      const name = `${id}:${language ?? ""}`;
      if (value === null) entry.delete(name);
      else entry.set(name, value);
    }
  }
}

const contentOf = (store: Store) =>
  [...store]
    .map(([key, values]) => [key, [...values].sort()] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1));

function fileOf(rows: readonly Row[], isReversed: boolean): File {
  const order = (cells: readonly string[]) =>
    isReversed ? [...cells].reverse() : cells;
  const lines = [HEADERS, ...rows].map((cells) => order(cells).join(","));
  return new File([lines.join("\n")], "a.csv");
}

function mappingOf(
  {
    repeatedKeys,
    isReversed,
  }: { repeatedKeys: ColumnMapping["repeatedKeys"]; isReversed: boolean },
  onlyChangedSince?: string,
): ColumnMapping {
  return {
    columns: isReversed ? [...COLUMNS].reverse() : COLUMNS,
    ...{ keySeparator: "-", repeatedKeys },
    recipe: { id: RECIPE, ...(onlyChangedSince && { onlyChangedSince }) },
  };
}

/** Checks and sends a file, and gives what the next one is compared with. */
async function send(
  file: File,
  mapping: ColumnMapping,
  store: Store,
  last: LastFile | undefined,
): Promise<{ last: LastFile; sent: number; left: number }> {
  const checked = await checkFile({ file, options: OPTIONS, mapping, last });
  const { memory, report } = checked;
  if (!memory) throw new Error("A file of a recipe is remembered.");
  let sent = 0;
  await sendRun({
    ...{ file, options: OPTIONS, mapping, appliedSequences: [] },
    gate: mapping.recipe?.onlyChangedSince
      ? onlyChanged(memory.hashes)
      : undefined,
    onSkipped: () => undefined,
    sender: {
      send: (batch) => {
        sent += batch.rows.length;
        apply(store, batch);
        return Promise.resolve();
      },
      finish: () => Promise.resolve(),
    },
  });
  expect(sent).toBe(report.entities);
  const left = report.rowsUnchanged ?? 0;
  expect(report.rowsRead).toBe(
    report.entities +
      report.rowsMerged +
      report.rowsRejected +
      report.rowsBlank +
      left,
  );
  return {
    ...{ sent, left },
    last: {
      packed: memory.hashes.pack(),
      snapshot: {
        ...{ id: SNAPSHOT, runId: SNAPSHOT, fileName: "a.csv" },
        ...{ at: "2026-01-01T00:00:00.000Z", keys: memory.hashes.size },
        ...{ measures: memory.measures, aside: [], isCurrent: true },
      },
    },
  };
}

describe("only what changed", () => {
  test("ends in the same store as sending all, file after file", async () => {
    await fc.assert(
      fc.asyncProperty(files, mappings, async (given, choice) => {
        const all: Store = new Map();
        const some: Store = new Map();
        let last: LastFile | undefined;
        let rows: Row[] = [];
        for (const [index, next] of given.entries()) {
          // A file begins with what the one before held.
          const fresh = next.map((one) => one.row);
          rows = [...rows.filter((_, at) => !next[at]?.isMoved), ...fresh];
          const isReversed = choice.isReversed && index % 2 === 1;
          const file = fileOf(rows, isReversed);
          await send(
            file,
            mappingOf({ ...choice, isReversed }),
            all,
            undefined,
          );
          const since = last && SNAPSHOT;
          const mapping = mappingOf({ ...choice, isReversed }, since);
          ({ last } = await send(file, mapping, some, last));
          expect(contentOf(some)).toEqual(contentOf(all));
        }
      }),
      { numRuns: 50 },
    );
  }, 60_000);

  test("leaves out everything of a file that comes again, in any order of its columns", async () => {
    const rows: Row[] = [
      ["A", "sv", "Stol", "1", ""],
      ["A", "de", "Stuhl", "", ""],
      ["B", "sv", "", "2", ""],
      ["C", "sv", "Bord", "", "yes"],
    ];
    const choice = { repeatedKeys: "merge" as const, isReversed: false };
    const store: Store = new Map();
    const first = await send(
      fileOf(rows, false),
      mappingOf(choice),
      store,
      undefined,
    );
    expect(first).toMatchObject({ sent: 3, left: 0 });
    const again = await send(
      fileOf(rows, true),
      mappingOf({ ...choice, isReversed: true }, SNAPSHOT),
      store,
      first.last,
    );
    expect(again).toMatchObject({ sent: 0, left: 4 });
  });

  test("sends what was refused last time, though it is the same", async () => {
    const rows: Row[] = [
      ["A", "sv", "Stol", "1", ""],
      ["B", "sv", "Bord", "2", ""],
    ];
    const choice = { repeatedKeys: "merge" as const, isReversed: false };
    const store: Store = new Map();
    const file = fileOf(rows, false);
    const first = await send(file, mappingOf(choice), store, undefined);
    first.last.snapshot.aside = ["B"];
    const again = await send(
      file,
      mappingOf(choice, SNAPSHOT),
      store,
      first.last,
    );
    expect(again).toMatchObject({ sent: 1, left: 1 });
  });
});
