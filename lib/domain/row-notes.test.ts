import fc from "fast-check";
import { expect, test } from "vitest";

import {
  answerStatus,
  findAnswerColumns,
  notesOfStatus,
} from "./answer-columns";
import {
  columnLabels,
  notedText,
  type RepeatCode,
  type RowNotes,
} from "./row-notes";

const RUN = "11111111-1111-4111-8111-111111111111";

const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.constantFrom("“a”", "a”, “b", "; key: “x”", "__proto__", "x".repeat(90)),
);
const headers = fc.array(text, { minLength: 1, maxLength: 6 });
const notesFor = (labels: string[]): fc.Arbitrary<RowNotes> =>
  fc.record({
    lacks: fc.subarray(labels),
    errors: fc.subarray(labels),
    repeats: fc.option(
      fc.record({
        code: fc.constantFrom<RepeatCode>(
          "key_repeated",
          "key_replaced",
          "key_collapsed",
        ),
        says: fc.array(text.map(notedText), { minLength: 1, maxLength: 3 }),
      }),
      { nil: undefined },
    ),
    edits: fc.array(
      fc.record({
        column: fc.constantFrom(...labels),
        after: fc.nat({ max: 200 }),
        value: fc.option(text),
      }),
      { maxLength: 3 },
    ),
  });

test("what a status says of a row is read as it was written, and the run beside it", () => {
  fc.assert(
    fc.property(
      headers.chain((names) => notesFor(columnLabels(names))),
      text,
      fc.boolean(),
      (notes, label, hasRun) => {
        const status = answerStatus(
          ...(["rejected", { label, row: 7 }] as const),
          hasRun ? RUN : undefined,
          notes,
        );
        expect(notesOfStatus(status) ?? { ...notes, lacks: [] }).toEqual(notes);
        const found = findAnswerColumns(
          ["key", "status", "reason"],
          [["a", status, ""]],
        );
        expect(found).toEqual({ at: 1, runId: hasRun ? RUN : null });
      },
    ),
    { numRuns: 500 },
  );
});

test("columns of one name have labels of their own", () => {
  fc.assert(
    fc.property(headers, (names) => {
      expect(new Set(columnLabels(names)).size).toBe(names.length);
    }),
  );
});

test.each([
  "rejected, row 1; not in its file: “a",
  'rejected, row 1; changed by hand: “a” after 1 step = "\\x"',
  "rejected, row 1; and more",
])("says nothing where somebody changed the status by hand: %s", (status) => {
  expect(notesOfStatus(status)).toBeUndefined();
});

test("a long status is read in time that grows with its length", () => {
  for (const part of ["“a”, ", "; error in: “a”", '\\"', "“”“”", " (1)"]) {
    const status = `rejected, row 1; not in its file: “a”${part.repeat(40_000)}`;
    const from = performance.now();
    notesOfStatus(status);
    expect(performance.now() - from).toBeLessThan(1_000);
  }
});
