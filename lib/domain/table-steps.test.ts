import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { TABLE_LIMITS } from "./limits";
import { mappingProblems, type ColumnMapping } from "./mapping";
import {
  addStep,
  mappingForOtherFile,
  removeStep,
  withSteps,
} from "./step-edit";
import { createStepRunner } from "./step-runner";
import {
  addedHeader,
  columnsOf,
  headersAfter,
  stepProblems,
  tableStepsSchema,
  type TableStep,
} from "./table-steps";

const HEADERS = ["sku", "name", "__proto__", "name"];

/** What a row of the four columns becomes. */
const run = (steps: TableStep[], cells: string[], row = 2) =>
  createStepRunner(steps, HEADERS)(cells, row);

const mapping = (steps: TableStep[] = []): ColumnMapping =>
  withSteps(
    {
      columns: [
        { as: "key", property: null },
        { as: "property", id: "name", language: "", emptyCell: "skip" },
        { as: "ignore" },
        { as: "ignore" },
      ],
      keySeparator: "-",
      repeatedKeys: "merge",
    },
    HEADERS,
    steps,
  );

const text = fc
  .string({ unit: "grapheme", maxLength: 6 })
  .map((made) => made.replace(/\0/g, ""));
const cell = fc.oneof(
  text,
  fc.constantFrom("", " ", "a.b", "A,b, ,c", "__proto__", "\0#N/A", "ß"),
);
/** Steps whose columns exist when their turn comes. */
const steps = fc
  .array(
    fc.record({
      kind: fc.nat(7),
      column: fc.nat(30),
      other: fc.nat(30),
      a: text,
      b: text,
      flag: fc.boolean(),
      flag2: fc.boolean(),
      row: fc.integer({ min: 1, max: 4 }),
    }),
    { maxLength: 8 },
  )
  .map((drafts) => {
    let width = HEADERS.length;
    return drafts.map((draft): TableStep => {
      const column = draft.column % width;
      const { a, b, row } = draft;
      const step = ((): TableStep => {
        switch (draft.kind) {
          case 0:
            return { do: "edit", cells: [{ row, column, value: a }] };
          case 1:
            return {
              ...{ do: "replace", find: a || ".", replaceWith: b },
              column: draft.row === 1 ? null : column,
              ...{ isWhole: draft.flag, isCaseMatched: draft.flag2 },
            };
          case 2:
            return { do: "map", column, values: [{ from: a, to: b }] };
          case 3:
            return {
              ...{ do: "clean", column: draft.flag ? null : column },
              how: (["trim", "collapse", "lower", "upper", "title"] as const)[
                draft.row
              ] as "trim",
            };
          case 4:
            return { do: "split", column, separator: a || "," };
          case 5:
            return { do: "fill", column, value: a || "x" };
          case 6:
            return { do: "constant", header: `h${a}`, value: b };
          default:
            return {
              ...{ do: "join", header: `j${a}`, separator: b },
              columns: [column, draft.other % width],
              isEmptySkipped: draft.flag,
            };
        }
      })();
      if (addedHeader(step) !== undefined) width += 1;
      return step;
    });
  });
const row = fc.array(cell, { minLength: 0, maxLength: 6 });

describe("steps on a table", () => {
  test("edits only the cell that is meant, by the row's number in the file", () => {
    const edit: TableStep = {
      do: "edit",
      cells: [{ row: 7, column: 1, value: "Chair" }],
    };
    expect(run([edit], ["a", "Chiar", "x", ""], 7)).toEqual([
      "a",
      "Chair",
      "x",
      "",
    ]);
    const other = ["a", "Chiar", "x", ""];
    expect(run([edit], other, 8)).toBe(other);
    expect(run([edit], ["a"], 7)).toEqual(["a", "Chair"]);
  });

  test("replaces plain text: nothing in it is an expression", () => {
    const replace = (
      find: string,
      replaceWith: string,
      more: { isWhole?: boolean; isCaseMatched?: boolean } = {},
    ) =>
      run(
        [
          {
            ...{ do: "replace", column: 0, find, replaceWith },
            ...{ isWhole: false, isCaseMatched: true, ...more },
          },
        ],
        ["SW10.1 (a.b)", "", "", ""],
      )[0];
    expect(replace(".", "-")).toBe("SW10-1 (a-b)");
    expect(replace("(a.b)", "$&$1")).toBe("SW10.1 $&$1");
    expect(replace("sw", "x")).toBe("SW10.1 (a.b)");
    expect(replace("sw", "x", { isCaseMatched: false })).toBe("x10.1 (a.b)");
    expect(replace("sw10.1 (a.b)", "x", { isWhole: true })).toBe(
      "SW10.1 (a.b)",
    );
    expect(
      replace("sw10.1 (A.B)", "x", { isWhole: true, isCaseMatched: false }),
    ).toBe("x");
    expect(replace("SW", "x", { isWhole: true })).toBe("SW10.1 (a.b)");
  });

  test("maps whole values, also the error cells of a workbook and names of Object's own", () => {
    const step: TableStep = {
      ...{ do: "map", column: 1 },
      values: [
        { from: "constructor", to: "a" },
        { from: "#N/A", to: "" },
        { from: "", to: "none" },
      ],
    };
    const map = (value: string) => run([step], ["k", value, "", ""])[1];
    expect(map("constructor")).toBe("a");
    expect(map("__proto__")).toBe("__proto__");
    expect(map("\0#N/A")).toBe("");
    expect(map("")).toBe("none");
  });

  test("trims, collapses, changes case, splits into a list, fills what is empty", () => {
    const clean = (how: "trim" | "collapse" | "lower" | "upper" | "title") =>
      run(
        [{ do: "clean", column: 1, how }],
        ["k", " ÉTÉ  d'hiver\tß ", "", ""],
      )[1];
    expect(clean("trim")).toBe("ÉTÉ  d'hiver\tß");
    expect(clean("collapse")).toBe("ÉTÉ d'hiver ß");
    expect(clean("lower")).toBe(" été  d'hiver\tß ");
    expect(clean("upper")).toBe(" ÉTÉ  D'HIVER\tSS ");
    expect(clean("title")).toBe(" Été  D'hiver\tSS ");
    expect(
      run(
        [{ do: "split", column: 1, separator: "," }],
        ["k", "red, green,,blue ", "", ""],
      )[1],
    ).toBe("red|green|blue");
    expect(
      run([{ do: "fill", column: 3, value: "x" }], ["k", "", "", ""]),
    ).toEqual(["k", "", "", "x"]);
  });

  test("added columns stand behind the file's own, also in short rows and in rows with cells too many", () => {
    const added: TableStep[] = [
      { do: "constant", header: "unit", value: "mm" },
      {
        ...{ do: "join", header: "both", columns: [0, 1, 4] },
        ...{ separator: "-", isEmptySkipped: true },
      },
      { do: "clean", column: 5, how: "upper" },
    ];
    expect(headersAfter(added, HEADERS)).toEqual([...HEADERS, "unit", "both"]);
    expect(run(added, ["a"])).toEqual(["a", "", "", "", "mm", "A-MM"]);
    expect(run(added, ["a", "b", "c", "d", "extra"])).toEqual([
      "a",
      "b",
      "c",
      "d",
      "mm",
      "A-B-MM",
      "extra",
    ]);
  });

  test("a blank row stays blank, unless a cell of it is edited", () => {
    const all: TableStep[] = [
      { do: "fill", column: 1, value: "x" },
      { do: "constant", header: "unit", value: "mm" },
    ];
    const blank = ["", "", "", ""];
    expect(run(all, blank)).toBe(blank);
    const edit: TableStep = {
      do: "edit",
      cells: [{ row: 2, column: 0, value: "k" }],
    };
    expect(run([edit, ...all], blank)).toEqual(["k", "x", "", "", "mm"]);
  });

  test("what grows beyond a cell is left too long, so that the row is refused and nothing is cut unseen", () => {
    const long = "a".repeat(TABLE_LIMITS.cellCharsMax);
    const steps: TableStep[] = Array.from({ length: 5 }, () => ({
      ...{
        do: "replace",
        column: 1,
        find: "a",
        replaceWith: "a".repeat(1_000),
      },
      ...{ isWhole: false, isCaseMatched: true },
    }));
    const [, grown = ""] = run(steps, ["k", long, "", ""]);
    expect(grown).toHaveLength(TABLE_LIMITS.cellCharsMax + 1);
  });

  test("changes nothing in the cells it is given, and gives an untouched row back as it is", () => {
    fc.assert(
      fc.property(
        steps,
        row,
        fc.integer({ min: 1, max: 4 }),
        (made, cells, at) => {
          const before = [...cells];
          const after = run(made, cells, at);
          expect(cells).toEqual(before);
          expect(run(made, cells, at)).toEqual(after);
          if (made.length === 0) expect(after).toBe(cells);
        },
      ),
    );
  });

  test("leaves every cell alone that no step names", () => {
    fc.assert(
      fc.property(
        steps,
        row,
        fc.integer({ min: 1, max: 4 }),
        (made, cells, at) => {
          const named = new Set(made.flatMap(columnsOfChanged));
          const isAll = made.some(
            (step) => "column" in step && step.column === null,
          );
          fc.pre(!isAll);
          const after = run(made, cells, at);
          for (let column = 0; column < HEADERS.length; column++) {
            if (!named.has(column)) {
              expect(after[column] ?? "").toBe(cells[column] ?? "");
            }
          }
          const extra = cells.slice(HEADERS.length);
          expect(after.slice(after.length - extra.length)).toEqual(extra);
        },
      ),
    );
  });

  test("survives JSON: parsed again it does the same", () => {
    fc.assert(
      fc.property(steps, row, (made, cells) => {
        const again = tableStepsSchema.parse(JSON.parse(JSON.stringify(made)));
        expect(again).toEqual(made);
        expect(run(again, cells)).toEqual(run(made, cells));
      }),
    );
  });
});

/** A join reads its columns and changes none of them. */
const columnsOfChanged = (step: TableStep) =>
  step.do === "join" ? [] : columnsOf(step);

describe("the list of steps", () => {
  const changed = (change: ReturnType<typeof addStep>) => {
    if (!change.ok) throw new Error(change.message);
    return change.steps;
  };

  test("refuses texts that cannot be stored, and too much text", () => {
    const constant = (value: string) => ({
      do: "constant",
      header: "h",
      value,
    });
    expect(tableStepsSchema.safeParse([constant("a\0b")]).success).toBe(false);
    expect(tableStepsSchema.safeParse([constant("\ud83d")]).success).toBe(
      false,
    );
    expect(tableStepsSchema.safeParse([constant("😀")]).success).toBe(true);
    const much = Array.from({ length: 3 }, () => constant("x".repeat(99_000)));
    expect(tableStepsSchema.safeParse(much).success).toBe(false);
  });

  test("edits that follow each other are one step, and the later one of a cell wins", () => {
    const edit = (row: number, value: string): TableStep => ({
      do: "edit",
      cells: [{ row, column: 0, value }],
    });
    const one = changed(addStep([], HEADERS, edit(2, "a")));
    const two = changed(addStep(one, HEADERS, edit(3, "b")));
    expect(changed(addStep(two, HEADERS, edit(2, "c")))).toEqual([
      {
        do: "edit",
        cells: [
          { row: 3, column: 0, value: "b" },
          { row: 2, column: 0, value: "c" },
        ],
      },
    ]);
    expect(mappingForOtherFile(mapping(two)).steps).toBeUndefined();
  });

  test("an added column is a property of its own, keeps its use, and is gone with its step", () => {
    const added: TableStep[] = [
      { do: "constant", header: "unit", value: "mm" },
      { do: "constant", header: "name", value: "x" },
      { do: "clean", column: 5, how: "trim" },
    ];
    const made = mapping(added);
    expect(made.columns.slice(4)).toEqual([
      { as: "property", id: "unit", language: "", emptyCell: "skip" },
      { as: "ignore" },
    ]);
    const used = {
      ...made,
      columns: made.columns.with(5, { as: "delete" as const }),
    };
    const without = removeStep(added, HEADERS, 0);
    expect(changed(without).at(-1)).toEqual({
      do: "clean",
      column: 4,
      how: "trim",
    });
    const left = withSteps(used, HEADERS, changed(without));
    expect(left.columns.slice(4)).toEqual([{ as: "delete" }]);
    expect(mappingProblems(left, HEADERS)).toEqual([]);
  });

  test("a step that another one needs stays, and the sentence names the other", () => {
    const added: TableStep[] = [
      { do: "constant", header: "unit", value: "mm" },
      { do: "clean", column: 4, how: "trim" },
    ];
    expect(removeStep(added, HEADERS, 0)).toEqual({
      ok: false,
      message: expect.stringContaining("Step 2") as string,
    });
  });

  test("removing any step that may be removed leaves steps that can be used", () => {
    fc.assert(
      fc.property(steps, fc.nat(7), (made, index) => {
        fc.pre(index < made.length);
        const removed = removeStep(made, HEADERS, index);
        if (!removed.ok) return;
        expect(stepProblems(removed.steps, HEADERS)).toEqual([]);
        const left = withSteps(mapping(made), HEADERS, removed.steps);
        expect(left.columns).toHaveLength(
          headersAfter(removed.steps, HEADERS).length,
        );
      }),
    );
  });

  test("a column that is not there is a problem of the mapping", () => {
    const steps: TableStep[] = [{ do: "clean", column: 9, how: "trim" }];
    expect(mappingProblems(mapping(steps), HEADERS)[0]).toMatch(/column 10/);
  });
});
