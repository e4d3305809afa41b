import { describe, expect, test } from "vitest";

import { createBatchPacker } from "./batch";
import { SEND_LIMITS } from "./limits";
import { createRowMapper } from "./map-row";
import { mappingProblems, type ColumnMapping, type MediaUse } from "./mapping";
import { resolveMedia } from "./media-cells";
import {
  readTableBatch,
  tableBatchEntities,
  type BatchRow,
  type TableBatch,
} from "./table-batch";

const ONE: MediaUse = { idProperty: "image_id", separator: "" };
const LIST: MediaUse = { idProperty: null, separator: "|" };

const fileOf = ({ link }: { link: string }) => ({
  id: `id of ${link}`,
  url: `https://media.example/${link.slice(-1)}`,
});

function batch(media: MediaUse, ...rows: BatchRow[]): TableBatch {
  return {
    ...{ firstRow: 2, lastRow: 1 + rows.length, rows },
    columns: [
      ["name", "sv"],
      ["image", "", media],
      ["note", ""],
    ],
  };
}

describe("a batch of many links", () => {
  const mapping: ColumnMapping = {
    columns: [
      { as: "key", property: null },
      {
        ...{ as: "property", id: "image", language: "", emptyCell: "skip" },
        media: { idProperty: "image_id", separator: "|" },
      },
    ],
    ...{ keySeparator: "-", repeatedKeys: "merge" },
  };
  const fileOfRun = ({ link }: { link: string }) => ({
    id: "11111111-1111-4111-8111-111111111111",
    url: `https://media.example.com/11111111-1111-4111-8111-111111111111/11111111-1111-4111-8111-111111111111/${link.slice(-4)}`,
  });

  test("is closed before what the links become is more than a batch may be", () => {
    const mapRow = createRowMapper(mapping);
    const packer = createBatchPacker();
    const batches: TableBatch[] = [];
    for (let row = 0; row < 1_000; row += 1) {
      const links = Array.from({ length: 200 }, (_, n) => `http://x/${n}`);
      const mapped = mapRow([`K${row}`, links.join("|")], false);
      if (mapped.kind !== "entity") throw new Error(JSON.stringify(mapped));
      const { closed } = packer.add(mapped, row + 2);
      if (closed) batches.push(closed);
    }
    const last = packer.flush();
    if (last) batches.push(last);
    expect(batches.flatMap(({ rows }) => rows)).toHaveLength(1_000);
    for (const one of batches) {
      const entities = tableBatchEntities(resolveMedia(one, fileOfRun).batch);
      const bytes = Buffer.byteLength(JSON.stringify({ entities }));
      expect(bytes).toBeLessThanOrEqual(SEND_LIMITS.batchBytesMax);
      expect(readTableBatch(JSON.parse(JSON.stringify(one)))).toEqual(one);
    }
  });

  test("is refused where it was packed by somebody else", () => {
    const cell = Array.from({ length: 200 }, () => "http://x/1").join("|");
    const rows = Array.from({ length: 1_000 }, (_, row): BatchRow => [
      `K${row}`,
      0,
      0,
      cell,
    ]);
    expect(() => readTableBatch(batch(LIST, ...rows))).toThrow(
      /stands for more than 20,000,000 bytes/,
    );
  });
});

describe("resolveMedia", () => {
  test("puts the address of the file where the link was, and its id behind all columns", () => {
    const sent = batch(ONE, ["A", 0, "Stol", "http://x/1", "n"]);
    const { batch: plain, links } = resolveMedia(sent, fileOf);
    expect(plain.columns).toEqual([
      ["name", "sv"],
      ["image", ""],
      ["note", ""],
      ["image_id", ""],
    ]);
    expect(plain.rows).toEqual([
      ["A", 0, "Stol", "https://media.example/1", "n", "id of http://x/1"],
    ]);
    expect(links).toEqual([{ link: "http://x/1", filename: "1" }]);
  });

  test("names a link once, however many rows have it", () => {
    const { links } = resolveMedia(
      batch(ONE, ["A", 0, 0, "http://x/1"], ["B", 0, 0, " http://x/1 "]),
      fileOf,
    );
    expect(links).toHaveLength(1);
  });

  test("joins several files of a cell as the links were joined", () => {
    const { batch: plain, links } = resolveMedia(
      batch(LIST, ["A", 0, 0, "http://x/1| http://x/2|"]),
      fileOf,
    );
    expect(plain.rows[0]?.[3]).toBe(
      "https://media.example/1|https://media.example/2",
    );
    expect(links).toHaveLength(2);
  });

  test("keeps what an empty cell says: skipped, cleared or the empty text", () => {
    const { batch: plain, links } = resolveMedia(
      batch(
        ONE,
        ["A", 0, "x"],
        ["B", 0, 0, null],
        ["C", 0, 0, ""],
        ["D", 1],
        ["E", 0, 0, 0, "n"],
      ),
      fileOf,
    );
    expect(plain.rows).toEqual([
      ["A", 0, "x"],
      ["B", 0, 0, null, 0, null],
      ["C", 0, 0, "", 0, ""],
      ["D", 1],
      ["E", 0, 0, 0, "n"],
    ]);
    expect(links).toEqual([]);
  });

  test("leaves a batch without links as it is", () => {
    const plain: TableBatch = {
      ...{ firstRow: 2, lastRow: 2 },
      ...{ columns: [["image", ""]], rows: [["A", 0, "http://x/1"]] },
    };
    expect(resolveMedia(plain, fileOf)).toEqual({ batch: plain, links: [] });
  });
});

describe("a column of links", () => {
  const mapping = (media: MediaUse): ColumnMapping => ({
    columns: [
      { as: "key", property: null },
      {
        ...{ as: "property", id: "image", language: "" },
        ...{ emptyCell: "skip", media },
      },
    ],
    ...{ keySeparator: "-", repeatedKeys: "merge" },
  });

  test.each([
    ["ftp://x/1.jpg", true],
    ["https://user@x/1.jpg", true],
    ["  ", true],
    ["http://x/1.jpg|nothing", true],
    ["http://x/1.jpg|http://x/2.jpg", false],
    ["", false],
  ])("rejects the row of %j: %s", (cell, isRejected) => {
    const mapped = createRowMapper(mapping(LIST))(["A", cell], false);
    expect(mapped.kind).toBe(isRejected ? "rejected" : "entity");
    if (mapped.kind === "rejected") {
      expect(mapped.issues).toEqual([
        { code: "link_illegal", column: 1, value: cell },
      ]);
    }
  });

  test("is checked again where the batch arrives", () => {
    const row: BatchRow = ["A", 0, 0, "file:///etc/passwd"];
    expect(() => readTableBatch(batch(ONE, row))).toThrow("Row 1 of the batch");
    const column = ["image", "", { idProperty: "a b", separator: "" }];
    expect(() =>
      readTableBatch({ ...batch(ONE, ["A", 0]), columns: [column] }),
    ).toThrow("Column 1 of the batch");
  });

  test("must not put addresses and ids into the same property", () => {
    const same = mapping({ idProperty: "image", separator: "" });
    expect(mappingProblems(same, ["sku", "Image"])).toEqual([
      "“Image” fills the property image with addresses and with ids of files. Give the ids a property of their own.",
    ]);
    expect(mappingProblems(mapping(ONE), ["sku", "Image"])).toEqual([]);
  });
});
