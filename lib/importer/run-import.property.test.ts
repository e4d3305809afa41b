import fc from "fast-check";
import { expect, test } from "vitest";

import type { TableOptions } from "@/lib/domain/import-run";
import {
  mappingProblems,
  ROW_LANGUAGE,
  type ColumnMapping,
  type ColumnUse,
} from "@/lib/domain/mapping";
import { suggestPropertyId } from "@/lib/domain/suggest-id";
import { tableBatchEntities } from "@/lib/domain/table-batch";

import { runImport } from "./run-import";

const OPTIONS: TableOptions = {
  encoding: "utf-8",
  delimiter: ",",
  headerRow: 1,
  quotes: "standard",
};

/** What a source would hold of one entry after the file: what was wiped first, and the values set or cleared since. */
type Entry = { isWiped: boolean; values: Map<string, string | null> };
type Fate = "blank" | "rejected" | "taken";

const LEGAL = /^[A-Za-z0-9_-]+$/;
const YES = ["yes", "1"];
const NO = ["no", ""];

/** The rules of a mapping, one row after another, without batches and without haste. */
function reference(rows: string[][], mapping: ColumnMapping) {
  const entries = new Map<string, Entry>();
  const fates: Fate[] = [];
  const seen = new Set<string>();
  for (const row of rows) fates.push(fateOf(row));
  return { entries, fates };

  function fateOf(row: string[]): Fate {
    if (row.every((cell) => cell === "")) return "blank";
    const { columns } = mapping;
    const cell = (column: number) => row[column] ?? "";
    const used = (as: ColumnUse["as"]) =>
      columns.flatMap((use, column) => (use.as === as ? [column] : []));

    const parts = used("key").map(cell);
    const key = parts.join(mapping.keySeparator);
    if (parts.some((part) => !LEGAL.test(part))) return "rejected";
    if (!LEGAL.test(key) || key.length > 256) return "rejected";
    if (row.slice(columns.length).some((extra) => extra !== "")) {
      return "rejected";
    }
    const flag = cell(used("delete")[0] ?? -1);
    if (!YES.includes(flag) && !NO.includes(flag)) return "rejected";
    if (YES.includes(flag)) {
      if (isRefusedRepeat(key, row)) return "rejected";
      entries.set(key, { isWiped: true, values: new Map() });
      return "taken";
    }

    const set = new Map<string, string | null>();
    for (const [column, use] of columns.entries()) {
      const text = cell(column);
      if (use.as === "key" && use.property !== null) {
        set.set(`${use.property}:`, text);
      }
      if (use.as !== "property" && use.as !== "pivotValue") continue;
      if (text === "" && use.emptyCell === "skip") continue;
      if (text.includes("\0")) return "rejected";
      const language = languageOf(use, cell(used("language")[0] ?? -1));
      const id =
        use.as === "property"
          ? use.id
          : idOf(cell(used("pivotProperty")[0] ?? -1));
      if (language === undefined || id === undefined) return "rejected";
      const name = `${id}:${language}`;
      if (set.has(name)) return "rejected";
      set.set(name, text === "" && use.emptyCell === "clear" ? null : text);
    }
    if (isFilledTwice(row)) return "rejected";
    if (isRefusedRepeat(key, row)) return "rejected";
    const entry = entries.get(key) ?? { isWiped: false, values: new Map() };
    for (const [name, value] of set) entry.values.set(name, value);
    entries.set(key, entry);
    return "taken";
  }

  /** A row in another language, or of another named property, repeats nothing. */
  function isRefusedRepeat(key: string, row: string[]): boolean {
    const said = mapping.columns.map((use, column) => {
      if (use.as === "pivotProperty") return row[column] ?? "";
      return isInRowLanguage(use) ? (wordOf(row) ?? "") : "";
    });
    const scope = JSON.stringify([key, ...said]);
    const isRepeat = seen.has(scope);
    seen.add(scope);
    return isRepeat && mapping.repeatedKeys === "reject";
  }

  function isInRowLanguage(use: ColumnUse): boolean {
    return "language" in use && use.language === ROW_LANGUAGE;
  }

  function wordOf(row: string[]): string | undefined {
    const column = mapping.columns.find(({ as }) => as === "language");
    const codes = column?.as === "language" ? column.codes : undefined;
    const cell = languageCell(row);
    return codes?.find(([from]) => from === cell)?.[1] ?? cell;
  }

  function languageOf(
    use: Extract<ColumnUse, { as: "property" | "pivotValue" }>,
    rowCell: string,
  ): string | undefined {
    if (use.language !== ROW_LANGUAGE) return use.language;
    const column = mapping.columns.find(({ as }) => as === "language");
    const codes = column?.as === "language" ? column.codes : undefined;
    const translated = codes?.find(([from]) => from === rowCell)?.[1];
    const code = translated ?? rowCell;
    if (code === "") {
      return use.as === "pivotValue" || translated === "" ? "" : undefined;
    }
    const isLegal = LEGAL.test(code) && code.length >= 2 && code.length <= 10;
    return isLegal ? code : undefined;
  }

  /** A named property that a column of the file may fill in the same language is refused, filled or not. */
  function isFilledTwice(row: string[]): boolean {
    const { columns } = mapping;
    const named = columns.findIndex(({ as }) => as === "pivotProperty");
    const id = idOf(row[named] ?? "");
    const own = columns.flatMap((use, column) =>
      use.as === "pivotValue" &&
      ((row[column] ?? "") !== "" || use.emptyCell !== "skip")
        ? [languageOf(use, languageCell(row))]
        : [],
    );
    // Whether the row's language counts for a column depends on whether any column needs it.
    const isNeeded = columns.some(
      (use, column) =>
        use.as === "property" &&
        use.language === ROW_LANGUAGE &&
        ((row[column] ?? "") !== "" || use.emptyCell !== "skip"),
    );
    return columns.some((use) => {
      if (use.as === "key") return use.property === id && own.includes("");
      if (use.as !== "property" || use.id !== id) return false;
      const isOfRow = use.language === ROW_LANGUAGE;
      const language =
        isOfRow && !isNeeded ? "" : languageOf(use, languageCell(row));
      return own.includes(language);
    });
  }

  function languageCell(row: string[]): string {
    return row[mapping.columns.findIndex(({ as }) => as === "language")] ?? "";
  }

  function idOf(name: string): string | undefined {
    const use = mapping.columns.find(({ as }) => as === "pivotProperty");
    if (use?.as !== "pivotProperty") return undefined;
    const isId = LEGAL.test(name) && name.length <= 256;
    if (isId || use.illegal === "reject") return isId ? name : undefined;
    const id = suggestPropertyId(name);
    return /[A-Za-z0-9]/.test(id) ? id : undefined;
  }
}

const id = fc.constantFrom("name", "text", "a-b", "__proto__", "constructor");
const language = fc.constantFrom("", "sv", "de", ROW_LANGUAGE);
const emptyCell = fc.constantFrom(
  "skip" as const,
  "clear" as const,
  "text" as const,
);
const use: fc.Arbitrary<ColumnUse> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      as: fc.constant("property" as const),
      id,
      language,
      emptyCell,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      as: fc.constant("key" as const),
      property: fc.option(id),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ as: "ignore" as const }) },
  { weight: 1, arbitrary: fc.constant({ as: "delete" as const }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<ColumnUse>(
      { as: "language" },
      {
        as: "language",
        codes: [
          ["2", "sv"],
          ["", "de"],
        ],
      },
      { as: "language", codes: [["all", ""]] },
    ),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      as: fc.constant("pivotProperty" as const),
      illegal: fc.constantFrom("reject" as const, "clean" as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      as: fc.constant("pivotValue" as const),
      language,
      emptyCell,
    }),
  },
);

/** Cells that mean something in one column or another, and some that mean nothing anywhere. */
const cell = fc.oneof(
  { weight: 3, arbitrary: fc.constant("") },
  { weight: 6, arbitrary: fc.constantFrom("A", "B", "C-1") },
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      "sv",
      "de",
      "2",
      "all",
      "name",
      "ø name",
      "yes",
      "no",
      "1",
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom(" A", "a\nb", 'q"q', "x\0", "1,5") },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 5 }) },
);

const table = fc
  .array(use, { minLength: 1, maxLength: 6 })
  .filter(
    (columns) =>
      mappingProblems(
        mappingOf(columns),
        columns.map(() => "x"),
      ).length === 0,
  )
  .chain((columns) =>
    fc.record({
      mapping: fc
        .constantFrom("merge" as const, "reject" as const)
        .map((repeatedKeys) => ({ ...mappingOf(columns), repeatedKeys })),
      rows: fc.array(
        fc.array(cell, { minLength: 1, maxLength: columns.length + 1 }),
        { maxLength: 12 },
      ),
    }),
  );

function mappingOf(columns: ColumnUse[]): ColumnMapping {
  return { columns, keySeparator: "_", repeatedKeys: "merge" };
}

function csvOf(rows: string[][]): Blob {
  const quoted = rows.map((row) =>
    row.map((text) => `"${text.replaceAll('"', '""')}"`).join(","),
  );
  return new Blob([quoted.join("\r\n")]);
}

test("any table through any legal mapping becomes what the plain rules make of it, every row in one count", async () => {
  await fc.assert(
    fc.asyncProperty(table, async ({ mapping, rows }) => {
      const headers = mapping.columns.map((_, column) => `c${column}`);
      const found = new Map<string, Entry>();
      const rejected: number[] = [];
      const { report } = await runImport({
        file: csvOf([headers, ...rows]),
        ...{ options: OPTIONS, mapping, headers },
        onRejected: (_, rowNumber) => rejected.push(rowNumber),
        onBatch: (batch) => {
          for (const entity of tableBatchEntities(batch)) {
            const entry: Entry =
              !entity.delete && found.has(entity.key)
                ? (found.get(entity.key) as Entry)
                : { isWiped: entity.delete, values: new Map() };
            for (const { id, language, value } of entity.properties) {
              entry.values.set(`${id}:${language ?? ""}`, value);
            }
            found.set(entity.key, entry);
          }
        },
      });

      const { entries, fates } = reference(rows, mapping);
      expect(found).toEqual(entries);
      expect(rejected).toEqual(
        fates.flatMap((fate, row) => (fate === "rejected" ? [row + 2] : [])),
      );
      expect(report.rowsRead).toBe(rows.length);
      expect(report.rowsBlank).toBe(fates.filter((f) => f === "blank").length);
      expect(report.rowsRejected).toBe(rejected.length);
      expect(report.entities + report.rowsMerged).toBe(
        fates.filter((fate) => fate === "taken").length,
      );
    }),
    { numRuns: 400 },
  );
});
