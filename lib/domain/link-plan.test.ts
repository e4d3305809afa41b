import { describe, expect, test } from "vitest";

import {
  planLinks,
  sendable,
  type LinkChoices,
  type TakenFile,
} from "./link-plan";
import type { LinkRow } from "./link-row";

const row = (at: number, link: string, uniqueIdentifier = ""): LinkRow => ({
  row: at,
  link,
  filename: "",
  uniqueIdentifier,
});

const choices = (some: Partial<LinkChoices> = {}): LinkChoices => ({
  forAll: "reuse",
  ofRow: new Map(),
  leftOut: new Set(),
  keepsRepeated: false,
  ...some,
});

const file: TakenFile = {
  id: "1",
  filename: "old.jpg",
  publicUrl: "http://media/old.jpg",
};
const outcomes = (
  rows: LinkRow[],
  known: [string, TakenFile | null][],
  some?: Partial<LinkChoices>,
) => planLinks(rows, new Map(known), choices(some));

describe("planLinks", () => {
  test("names a file after its link, and keeps a given name", () => {
    const { items } = outcomes(
      [
        row(1, "https://a/chair.jpg"),
        { ...row(2, "https://a/2"), filename: "table.jpg" },
      ],
      [],
    );
    expect(items.map(({ filename }) => filename)).toEqual([
      "chair.jpg",
      "table.jpg",
    ]);
  });

  test("names row, value, rule and remedy of each problem and sends the rest", () => {
    const plan = outcomes(
      [
        row(1, "https://a/1.jpg"),
        row(2, "ftp://a/2.jpg"),
        { ...row(3, "https://a/3.jpg"), filename: ".." },
        { ...row(4, ""), filename: "c.jpg" },
      ],
      [],
    );
    const problems = plan.items.flatMap((item) => item.problems);
    expect(
      problems.map(({ row, field, value }) => [row, field, value]),
    ).toEqual([
      [2, "link", "ftp://a/2.jpg"],
      [3, "filename", ".."],
      [4, "link", ""],
    ]);
    for (const { message } of problems) expect(message).toMatch(/\.$/);
    expect(sendable(plan).map((item) => item.row)).toEqual([1]);
  });

  test("leaves out a link that an earlier row has, unless it is to be kept", () => {
    const rows = [row(1, "https://a/1"), row(2, "https://a/1")];
    expect(outcomes(rows, []).items[1]?.outcome).toEqual({
      is: "leftOut",
      because: "repeated",
    });
    expect(
      outcomes(rows, [], { keepsRepeated: true }).items[1]?.outcome,
    ).toEqual({ is: "send" });
  });

  test("sends one link twice under two identifiers", () => {
    const plan = outcomes(
      [row(1, "https://a/1", "A"), row(2, "https://a/1", "B")],
      [
        ["A", null],
        ["B", null],
      ],
    );
    expect(sendable(plan)).toHaveLength(2);
  });

  test("stops a second link for the same identifier, naming the first row", () => {
    const plan = outcomes(
      [row(5, "https://a/1", "A"), row(9, "https://a/2", "A")],
      [["A", null]],
    );
    expect(plan.items[1]?.outcome).toEqual({ is: "blocked" });
    expect(plan.items[1]?.problems[0]?.message).toContain("Row 5");
  });

  test("asks about every identifier, also about those it invents", () => {
    const rows = [row(1, "https://a/1", "A")];
    expect(outcomes(rows, []).unknown).toEqual(["A"]);
    const suffixed = outcomes(rows, [["A", file]], { forAll: "suffix" });
    expect(suffixed.unknown).toEqual(["A-2"]);
    const again = outcomes(
      rows,
      [
        ["A", file],
        ["A-2", file],
        ["A-3", null],
      ],
      { forAll: "suffix" },
    );
    expect(again.unknown).toEqual([]);
    expect(again.items[0]?.uniqueIdentifier).toBe("A-3");
    expect(again.items[0]?.originalIdentifier).toBe("A");
  });

  test("gives no suffix that stands elsewhere in the list", () => {
    const plan = outcomes(
      [row(1, "https://a/1", "A"), row(2, "https://a/2", "A-2")],
      [
        ["A", file],
        ["A-2", null],
        ["A-3", null],
      ],
      { forAll: "suffix" },
    );
    expect(plan.items.map((item) => item.uniqueIdentifier)).toEqual([
      "A-3",
      "A-2",
    ]);
  });

  test("lets a row choose otherwise than all", () => {
    const plan = outcomes(
      [row(1, "https://a/1", "A"), row(2, "https://a/2", "B")],
      [
        ["A", file],
        ["B", file],
      ],
      { ofRow: new Map([[2, "replace"]]) },
    );
    expect(plan.items.map(({ outcome }) => outcome.is)).toEqual([
      "reuse",
      "replace",
    ]);
    expect(sendable(plan).map((item) => item.row)).toEqual([2]);
  });

  test("takes identifiers that are names of object members", () => {
    const plan = outcomes(
      [
        row(1, "https://a/1", "__proto__"),
        row(2, "https://a/2", "constructor"),
      ],
      [["constructor", null]],
    );
    expect(plan.unknown).toEqual(["__proto__"]);
  });

  test("counts no row as a repeat of one that is left out", () => {
    const plan = outcomes(
      [
        row(1, "https://a/1"),
        row(2, "https://a/1"),
        row(3, "https://a/3", "chair"),
        row(4, "https://a/4", "chair"),
      ],
      [["chair", null]],
      { leftOut: new Set([1, 3]) },
    );
    expect(sendable(plan).map((item) => item.row)).toEqual([2, 4]);
  });

  test("forgets the problems of a row that is left out", () => {
    const plan = outcomes([row(1, "nonsense")], [], { leftOut: new Set([1]) });
    expect(plan.items[0]).toMatchObject({
      problems: [],
      outcome: { is: "leftOut", because: "asked" },
    });
  });
});
