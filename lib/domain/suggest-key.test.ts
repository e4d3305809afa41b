import { describe, expect, test } from "vitest";

import { keysToLookUp } from "./suggest-key";
import { suggestMapping } from "./suggest-mapping";

const HEADERS = ["slug", "sku", "parent_sku", "name"];
const ROWS = [
  ["espresso-machine", "EM-1", "", "Espresso machine"],
  ["espresso-machine", "EM-2", "EM-1", ""],
  ["kettle", "K-1", "", "Kettle"],
];

function keyColumn(existingKeys: string[], rows = ROWS): string | undefined {
  const { columns } = suggestMapping(HEADERS, rows, [], new Set(existingKeys));
  return HEADERS[columns.findIndex(({ as }) => as === "key")];
}

describe("the suggested key", () => {
  test("is the column with the surest name for a source without entries", () => {
    expect(keyColumn([])).toBe("sku");
  });

  test("is the column whose cells are keys of the source", () => {
    expect(keyColumn(["espresso-machine", "kettle"])).toBe("slug");
    expect(keyColumn(["EM-1", "EM-2"])).toBe("sku");
  });

  test("stays with the surest name when the source has few of the other column's keys", () => {
    const rows = ["a", "b", "c"].map((slug) => [slug, `${slug}-1`, "", ""]);
    expect(keyColumn(["a"], rows)).toBe("sku");
  });

  test("is never a column that names other entries", () => {
    expect(keyColumn(["EM-1"], [["em-2", "EM-2", "EM-1", ""]])).toBe("sku");
  });
});

describe("keysToLookUp", () => {
  test("names the legal cells of columns that look like keys, each once", () => {
    expect(keysToLookUp(HEADERS, ROWS)).toEqual([
      "EM-1",
      "espresso-machine",
      "EM-2",
      "K-1",
      "kettle",
    ]);
  });

  test("fits into an address, however long the cells are", () => {
    const rows = Array.from({ length: 50 }, (_, row) => [
      `${row}${"s".repeat(254)}`,
      `${row}${"k".repeat(254)}`,
      "",
      "not a key",
    ]);
    const keys = keysToLookUp(HEADERS, rows);
    expect(keys.length).toBeGreaterThan(10);
    expect(keys.join("").length).toBeLessThanOrEqual(4_000);
  });
});
