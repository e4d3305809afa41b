import { describe, expect, test } from "vitest";

import { readSharedBytes, readSharedData } from "@/lib/testing/shared-data";

import { readTable } from "./read-table";
import { openInput } from "./table-input";

type Case = { expect: string; why: string };

const FOLDER = "hostile/xlsx";
const TOOLS = {
  loadSheetJs: () => import("@e965/xlsx"),
  onAlive: () => undefined,
};
const cases = Object.entries(
  JSON.parse(readSharedData(`${FOLDER}/cases.json`)) as Record<string, Case>,
);

/** What the page says, for those that are refused. */
const SENTENCES: Record<string, RegExp> = {
  "01-bomb-sheet-300mb.xlsx": /it unpacks from 1.2 MB to 314.6 MB/,
  "04-lying-size-zero.xlsx": /holds more than it says it does/,
  "09-billion-laughs.xlsx": /declares a document type/,
  "13-row-number-overflow.xlsx": /at most 1,048,576 rows/,
  "32-malformed-xml.xlsx": /The file is damaged/,
};

async function open(name: string) {
  const file = new File(
    [new Uint8Array(readSharedBytes(`${FOLDER}/${name}`))],
    name,
  );
  const input = await openInput([file], {}, TOOLS);
  const rows: string[][] = [];
  for await (const chunk of readTable(input.table, input.preview.options)) {
    rows.push(...chunk.rows);
  }
  return { ...input, rows };
}

describe("hostile workbooks", () => {
  test.each(cases)(
    "%s gives its rows or a clear sentence within seconds",
    async (name, { expect: wanted }) => {
      const started = performance.now();
      const answer = await open(name).catch((error: Error) => error);
      expect(performance.now() - started).toBeLessThan(10_000);
      const sentence = SENTENCES[name];
      if (sentence) {
        expect(wanted).toMatch(/refuse/);
        expect(answer).toBeInstanceOf(Error);
        expect((answer as Error).message).toMatch(sentence);
      } else {
        if (answer instanceof Error) throw answer;
        expect(wanted).toMatch(/accept|lossless/);
        expect(answer.rows[0]?.[0]).toBe("key");
      }
      expect(Object.keys(Object.prototype)).toEqual([]);
      expect("polluted" in {}).toBe(false);
    },
    20_000,
  );

  test("lists sheets that are called __proto__ and constructor, and reads each", async () => {
    const { preview, rows } = await open("17-proto-sheet-names.xlsx");
    expect(preview.sheets?.map(({ sheet }) => sheet)).toEqual([
      "__proto__",
      "constructor",
      "prototype",
    ]);
    expect(rows).toEqual([
      ["key", "name"],
      ["a-1", "Alpha"],
    ]);
  });

  test("keeps escaped control characters as they are, so that the row is reported", async () => {
    const { rows } = await open("41-control-chars-escaped.xlsx");
    expect(rows[1]?.[1]).toBe("nul\0esc\bu_x0041_");
  });
});
