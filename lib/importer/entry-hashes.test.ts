import { describe, expect, test } from "vitest";

import type { EntityRow, RowColumns } from "@/lib/domain/map-row";
import { SKIP, type BatchCell } from "@/lib/domain/table-batch";
import { TextHasher } from "@/lib/domain/text-hash";

import { EntryHashes, findPacked } from "./entry-hashes";

const columns = (...names: [string, string][]): RowColumns => ({
  ...{ columns: names, frameBytes: [] },
});
const NAME_AND_SIZE = columns(["name", "sv"], ["size", ""]);

const entity = (
  key: string,
  cells: BatchCell[],
  of: RowColumns = NAME_AND_SIZE,
): EntityRow => ({
  ...{ kind: "entity", columns: of, bytesAtMost: 0 },
  row: [key, 0, ...cells],
});

const hashesOf = (...rows: EntityRow[]): EntryHashes => {
  const hashes = new EntryHashes();
  for (const row of rows) hashes.add(row);
  return hashes;
};

const isSame = (one: EntityRow[], other: EntityRow[]): boolean =>
  hashesOf(...other).compare(hashesOf(...one).pack()).unchanged === 1;

describe("EntryHashes", () => {
  test("counts what is new, changed, gone and as it was", () => {
    const before = hashesOf(
      entity("a", ["x", "1"]),
      entity("b", ["x", "1"]),
      entity("c", ["x", "1"]),
    );
    const now = hashesOf(
      entity("b", ["x", "2"]),
      entity("c", ["x", "1"]),
      entity("d", ["x", "1"]),
    );
    const hasher = new TextHasher();
    hasher.hash("a");
    expect(now.compare(before.pack())).toEqual({
      ...{ added: 1, changed: 1, unchanged: 1, gone: 1 },
      goneHashes: [[hasher.low, hasher.high]],
    });
    expect(["a", "b", "c", "d"].filter((key) => now.isUnchanged(key))).toEqual([
      "c",
    ]);
  });

  test("tells a text from another, from none, from the empty one and from one that is cleared", () => {
    const kinds: BatchCell[] = ["x", "y", "", null, SKIP];
    for (const one of kinds) {
      for (const other of kinds) {
        expect(
          isSame([entity("a", [one, "1"])], [entity("a", [other, "1"])]),
        ).toBe(one === other);
      }
    }
  });

  test("tells the property and the language of a value, not its place", () => {
    const turned = columns(["size", ""], ["name", "sv"]);
    const german = columns(["name", "de"], ["size", ""]);
    const row = entity("a", ["x", "1"]);
    expect(isSame([row], [entity("a", ["1", "x"], turned)])).toBe(true);
    expect(isSame([row], [entity("a", ["x", "1"], turned)])).toBe(false);
    expect(isSame([row], [entity("a", ["x", "1"], german)])).toBe(false);
  });

  test("tells links from text, and where and how the ids of their files are kept", () => {
    const uses = [
      undefined,
      { idProperty: null, separator: "" },
      { idProperty: null, separator: "|" },
      { idProperty: "image_file_id", separator: "" },
    ] as const;
    const rows = uses.map((use) =>
      entity("a", ["https://example.org/a.png"], {
        columns: [use ? ["image", "", use] : ["image", ""]],
        frameBytes: [],
      }),
    );
    for (const one of rows) {
      for (const other of rows) {
        expect(isSame([one], [other])).toBe(one === other);
      }
    }
  });

  test("takes the rows of one key together, in their order", () => {
    const [one, other] = [entity("a", ["x", SKIP]), entity("a", ["y", "1"])];
    expect(isSame([one, other], [one, other])).toBe(true);
    expect(isSame([one, other], [other, one])).toBe(false);
    expect(isSame([one, other], [other])).toBe(false);
  });

  test("packs a hundred thousand keys sorted, and finds each", () => {
    const count = 100_000;
    const hashes = new EntryHashes();
    for (let n = 0; n < count; n += 1) hashes.add(entity(`k-${n}`, [`${n}`]));
    const packed = hashes.pack();
    expect(packed.length).toBe(count * 4);
    const hasher = new TextHasher();
    for (let n = 0; n < count; n += 997) {
      hasher.hash(`k-${n}`);
      expect(findPacked(packed, hasher.low, hasher.high)).toBeDefined();
      hasher.hash(`j-${n}`);
      expect(findPacked(packed, hasher.low, hasher.high)).toBeUndefined();
    }
    expect(hashes.compare(packed).unchanged).toBe(count);
  });
});
