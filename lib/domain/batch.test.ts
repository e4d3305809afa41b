import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { createBatchPacker } from "./batch";
import { entityBytes, type Entity } from "./entity";
import { valueName } from "./identifiers";
import { SEND_LIMITS, type SendLimits } from "./limits";
import { createRowMapper } from "./map-row";
import { ROW_LANGUAGE, type ColumnMapping } from "./mapping";
import {
  readTableBatch,
  rowsOfEntity,
  tableBatchEntities,
  type TableBatch,
} from "./table-batch";

const mapping: ColumnMapping = {
  columns: [
    { as: "key", property: null },
    { as: "property", id: "a", language: "", emptyCell: "skip" },
    { as: "language" },
    { as: "property", id: "b", language: ROW_LANGUAGE, emptyCell: "clear" },
    { as: "delete" },
  ],
  keySeparator: "-",
  repeatedKeys: "merge",
};

function pack(rows: string[][], limits: Partial<SendLimits> = {}) {
  const mapRow = createRowMapper(mapping);
  const packer = createBatchPacker({ ...SEND_LIMITS, ...limits });
  const batches: TableBatch[] = [];
  let merged = 0;
  for (const [index, cells] of rows.entries()) {
    const mapped = mapRow(cells, false);
    if (mapped.kind !== "entity") throw new Error(JSON.stringify(mapped));
    const added = packer.add(mapped, index + 2);
    if (added.closed) batches.push(added.closed);
    if (added.isMerged) merged += 1;
  }
  const last = packer.flush();
  if (last) batches.push(last);
  return { batches, merged };
}

const bodyBytes = (batch: TableBatch) =>
  Buffer.byteLength(JSON.stringify({ entities: tableBatchEntities(batch) }));

/** The rule of the contract, applied entity by entity: what a source holds in the end. */
function store(entities: Entity[]) {
  const entries = new Map<string, Map<string, string>>();
  for (const entity of entities) {
    if (entity.delete) {
      entries.delete(entity.key);
      continue;
    }
    const values = entries.get(entity.key) ?? new Map<string, string>();
    for (const { id, value, language } of entity.properties) {
      if (value === null) values.delete(valueName(id, language));
      else values.set(valueName(id, language), value);
    }
    entries.set(entity.key, values);
  }
  return entries;
}

function oneByOne(rows: string[][]): Entity[] {
  return rows.flatMap((row) => pack([row]).batches.flatMap(tableBatchEntities));
}

describe("createBatchPacker", () => {
  test("closes a batch at 1,000 entities", () => {
    const rows = Array.from({ length: 2_001 }, (_, i) => [
      `k${i}`,
      "x",
      "sv",
      "y",
      "",
    ]);
    const { batches } = pack(rows);
    expect(batches.map(({ rows }) => rows.length)).toEqual([1_000, 1_000, 1]);
    expect(batches.map(({ firstRow, lastRow }) => [firstRow, lastRow])).toEqual(
      [
        [2, 1_001],
        [1_002, 2_001],
        [2_002, 2_002],
      ],
    );
  });

  test("counts the bytes of the whole body of entities", () => {
    const rows = [
      ["a", "☃", "sv", "😀", ""],
      ["b", '"\n', "de", "", ""],
    ];
    const [whole] = pack(rows).batches;
    if (!whole) throw new Error("no batch");
    const bytes = bodyBytes(whole);
    expect(pack(rows, { batchBytesMax: bytes }).batches).toHaveLength(1);
    expect(pack(rows, { batchBytesMax: bytes - 1 }).batches).toHaveLength(2);
  });

  test("folds rows of one key, later cells win", () => {
    const { batches, merged } = pack([
      ["a", "1", "sv", "ett", ""],
      ["b", "x", "sv", "y", ""],
      ["a", "", "de", "eins", ""],
      ["a", "2", "sv", "två", ""],
    ]);
    expect(merged).toBe(2);
    expect(tableBatchEntities(batches[0] as TableBatch)[0]).toEqual({
      key: "a",
      delete: false,
      properties: [
        { id: "a", value: "2", language: null },
        { id: "b", value: "två", language: "sv" },
        { id: "b", value: "eins", language: "de" },
      ],
    });
  });

  test("tells the row each entity comes from where rows are merged, and else leaves it out", () => {
    const row = (key: string) => [key, "1", "sv", "x", ""];
    const [plain] = pack(["a", "b", "c"].map(row)).batches;
    expect(plain).toMatchObject({ firstRow: 2, lastRow: 4 });
    expect(plain?.rowNumbers).toBeUndefined();
    expect(rowsOfEntity(plain as TableBatch, 2)).toEqual({ row: 4, rows: 1 });

    const [merged] = pack(["a", "b", "a", "a", "c"].map(row)).batches;
    expect(merged?.rowNumbers).toEqual([[2, 3], 3, 6]);
    expect(rowsOfEntity(merged as TableBatch, 0)).toEqual({ row: 2, rows: 3 });
    expect(readTableBatch(JSON.parse(JSON.stringify(merged)))).toEqual(merged);
  });

  test("folds a delete after values, and opens a batch for values after a delete", () => {
    const { batches } = pack([
      ["a", "1", "sv", "x", ""],
      ["a", "", "", "", "yes"],
      ["a", "2", "sv", "y", ""],
    ]);
    expect(
      batches.map((batch) =>
        tableBatchEntities(batch).map((one) => one.delete),
      ),
    ).toEqual([[true], [false]]);
  });

  test("opens a batch where folding would make an entity too large", () => {
    const limits = { entityBytesMax: 200 };
    const { batches } = pack(
      [
        ["a", "x".repeat(80), "sv", "", ""],
        ["a", "", "sv", "y".repeat(80), ""],
      ],
      limits,
    );
    expect(batches).toHaveLength(2);
  });

  const cell = fc.oneof(
    fc.constant(""),
    fc.string({ maxLength: 12 }),
    fc.constantFrom("☃☃☃", "\u0001\u0002", "😀", '""', "x".repeat(60)),
  );
  const row = fc
    .record({
      key: fc.constantFrom("a", "b", "c", "d", "e", "f", "g"),
      a: cell,
      language: fc.constantFrom("sv", "de", "toString"),
      b: cell,
      deletes: fc.constantFrom("", "", "", "yes"),
    })
    .map(({ key, a, language, b, deletes }) => [key, a, language, b, deletes]);

  test("loses no row, keeps the order of repeated keys, holds the limits", () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), (rows) => {
        const limits = {
          entitiesPerBatchMax: 4,
          batchBytesMax: 900,
          entityBytesMax: 600,
        };
        const { batches, merged } = pack(rows, limits);
        const entities = batches.flatMap(tableBatchEntities);

        expect(entities.length + merged).toBe(rows.length);
        expect(store(entities)).toEqual(store(oneByOne(rows)));
        for (const batch of batches) {
          expect(batch.rows.length).toBeLessThanOrEqual(4);
          const isAlone = batch.rows.length === 1;
          expect(bodyBytes(batch) <= 900 || isAlone).toBe(true);
          expect(new Set(batch.rows.map(([key]) => key)).size).toBe(
            batch.rows.length,
          );
          for (const entity of tableBatchEntities(batch)) {
            expect(entityBytes(entity)).toBeLessThanOrEqual(600);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  test("makes batches that the server's reader takes unchanged", () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 40 }), (rows) => {
        for (const batch of pack(rows).batches) {
          const read = readTableBatch(JSON.parse(JSON.stringify(batch)));
          expect(read).toEqual(batch);
        }
      }),
    );
  });
});
