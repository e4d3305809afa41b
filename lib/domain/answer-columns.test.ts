import { describe, expect, test } from "vitest";

import {
  answerStatus,
  findAnswerColumns,
  withoutAnswer,
} from "./answer-columns";

const RUN = "11111111-1111-4111-8111-111111111111";
const OTHER = "22222222-2222-4222-8222-222222222222";
const place = { label: "", row: 17 };
const HEADERS = ["sku", "name", "status", "reason"];
const rejected = (runId: string | undefined) => [
  ...["A-1", "Chair"],
  ...[answerStatus("rejected", place, runId), "Because."],
];

test("the status names what became of the row, its place and its run", () => {
  expect(answerStatus("rejected", place, RUN)).toBe(
    `rejected, row 17, import run ${RUN}`,
  );
  const onSheet = { label: "Sheet 2, of (x)", row: 3 };
  expect(answerStatus("aside", onSheet, undefined)).toBe(
    "set aside, row 3 of Sheet 2, of (x)",
  );
});

describe("findAnswerColumns", () => {
  test("finds the columns and the run by what stands in them", () => {
    const aside = ["B", "", answerStatus("aside", { label: "S", row: 2 }, RUN)];
    expect(findAnswerColumns(HEADERS, [rejected(RUN), aside])).toEqual({
      ...{ at: 2, runId: RUN },
    });
    const again = rejected(RUN).map((cell) => cell.toUpperCase());
    expect(findAnswerColumns([...HEADERS, "", " "], [again])?.runId).toBe(RUN);
  });

  test("knows rows that were rejected before anything was sent, and rows of two runs", () => {
    expect(findAnswerColumns(HEADERS, [rejected(undefined)])?.runId).toBeNull();
    const two = [rejected(RUN), rejected(OTHER)];
    expect(findAnswerColumns(HEADERS, two)?.runId).toBeNull();
  });

  test("takes rows that were added by hand, whose status is empty", () => {
    const added = [rejected(RUN), ["C", "New", "", ""], ["D"]];
    expect(findAnswerColumns(HEADERS, added)?.runId).toBe(RUN);
  });

  test.each([
    ["other words in them", HEADERS, [["A", "B", "rejected", "x"]]],
    [
      "one status of another kind",
      HEADERS,
      [rejected(RUN), ["", "", "in stock"]],
    ],
    ["no status at all", HEADERS, [["A", "B", "", ""]]],
    ["no row", HEADERS, []],
    ["columns behind them", [...HEADERS, "size"], [rejected(RUN)]],
    ["only these columns", ["status", "reason"], [["rejected, row 1", ""]]],
  ])("leaves columns alone that have %s", (_what, headers, rows) => {
    expect(findAnswerColumns(headers, rows)).toBeUndefined();
  });
});

test("cells behind the two columns move up; short rows stay as they are", () => {
  expect(withoutAnswer(["a", "b", "s", "r", "", "x"], 2)).toEqual([
    ...["a", "b", "", "x"],
  ]);
  expect(withoutAnswer(["a"], 2)).toEqual(["a"]);
  expect(withoutAnswer(["a", "b", "s"], 2)).toEqual(["a", "b"]);
});
