import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { Entity } from "./entity";
import { valueName } from "./identifiers";
import { createMerge, type StoredValues } from "./merge";
import {
  isAsWritten,
  readUndoRecord,
  undoRecordOf,
  undoRecordSize,
  writeUndoRecord,
} from "./undo-record";
import { VALUE_HASH_BYTES, valueHash } from "./value-hash";

function recordOf(stored: Record<string, StoredValues>, entities: Entity[]) {
  const before = new Map(Object.entries(stored));
  const merge = createMerge(before);
  merge.apply(entities);
  return undoRecordOf(before, merge.result());
}

const set = (key: string, values: Record<string, string | null>): Entity => ({
  key,
  delete: false,
  properties: Object.entries(values).map(([name, value]) => {
    const [id = "", language = ""] = name.split(":");
    return { id, language: language || null, value };
  }),
});

describe("what a batch changed", () => {
  test("is, of a new entry, its key and what its values are known by", () => {
    const record = recordOf({}, [set("A", { "name:": "Chair" })]);
    expect(record).toEqual({
      created: [
        {
          key: "A",
          values: [
            { name: "name:", before: null, written: valueHash("Chair") },
          ],
        },
      ],
      updated: [],
      deleted: [],
    });
  });

  test("is, of an entry that stays, only the values that changed, with what they were", () => {
    const stored = { A: { "name:": "Chair", "name:sv": "Stol", "size:": "1" } };
    const record = recordOf(stored, [
      set("A", {
        "name:": "Table",
        "name:sv": "Stol",
        "size:": null,
        "new:": "x",
        "gone:": null,
      }),
    ]);
    expect(record.created).toEqual([]);
    expect(record.updated).toEqual([
      {
        key: "A",
        values: [
          { name: "name:", before: "Chair", written: valueHash("Table") },
          { name: "size:", before: "1", written: valueHash(null) },
          { name: "new:", before: null, written: valueHash("x") },
        ],
      },
    ]);
  });

  test("is, of an entry of which no value stays, the same", () => {
    const record = recordOf({ A: { "a:": "1" } }, [
      set("A", { "a:": "2", "b:": "3" }),
    ]);
    expect(record.updated[0]?.values.map(({ before }) => before)).toEqual([
      "1",
      null,
    ]);
  });

  test("is, of a deleted entry, all of it; of one that nobody has, nothing", () => {
    const remove = (key: string) => ({ key, delete: true, properties: [] });
    const record = recordOf({ A: { "a:": "1" } }, [remove("A"), remove("B")]);
    expect(record.deleted).toEqual([{ key: "A", values: { "a:": "1" } }]);
    expect(undoRecordSize(record)).toBe(1);
  });

  test("is nothing when nothing changed", () => {
    const record = recordOf({ A: { "a:": "1" } }, [set("A", { "a:": "1" })]);
    expect(undoRecordSize(record)).toBe(0);
  });
});

const id = fc.constantFrom("a", "__proto__", "constructor", "name");
const language = fc.constantFrom("", "sv", "en-GB");
const name = fc
  .tuple(id, language)
  .map(([one, other]) => valueName(one, other || null));
const values = fc.dictionary(name, fc.string({ unit: "binary" }), {
  maxKeys: 6,
});

test("a record written and read is the same record", () => {
  const key = fc.constantFrom("__proto__", "K1", "k1", "toString");
  const changes = fc.array(
    fc.record({
      name,
      before: fc.option(fc.string()),
      written: fc.maxSafeNat(),
    }),
    { maxLength: 6 },
  );
  const hashed = changes.map((all) =>
    all.map((one) => ({ ...one, written: one.written % 2 ** 48 })),
  );
  fc.assert(
    fc.property(
      fc.array(fc.record({ key, values: hashed })),
      fc.array(fc.record({ key, values: hashed })),
      fc.array(fc.record({ key, values })),
      (created, updated, deleted) => {
        const record = {
          created: created.map(({ key, values }) => ({
            key,
            values: values.map((one) => ({ ...one, before: null })),
          })),
          updated,
          deleted,
        };
        const bytes = writeUndoRecord(record);
        expect(readUndoRecord(bytes)).toEqual(record);
        const count = [...created, ...updated].flatMap((one) => one.values);
        expect(bytes.hashes).toHaveLength(count.length * VALUE_HASH_BYTES);
      },
    ),
  );
});

test("a value is known again by its hash, and another one is another", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (one, other) => {
      expect(isAsWritten(valueHash(one), one)).toBe(true);
      expect(isAsWritten(valueHash(one), null)).toBe(false);
      expect(isAsWritten(valueHash(null), one)).toBe(false);
      expect(isAsWritten(valueHash(one), other)).toBe(one === other);
    }),
    { numRuns: 2_000 },
  );
  expect(isAsWritten(valueHash(null), undefined)).toBe(true);
});

test("a hundred thousand similar values have a hundred thousand hashes", () => {
  const hashes = new Set<number>();
  for (let i = 0; i < 100_000; i += 1) hashes.add(valueHash(String(i)));
  expect(hashes.size).toBe(100_000);
  expect([...hashes].every((hash) => hash > 0 && hash < 2 ** 48)).toBe(true);
});
