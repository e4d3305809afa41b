import fc from "fast-check";
import { describe, expect, test } from "vitest";

import {
  compareEntry,
  sumChanges,
  VALUE_CHANGES,
  type ValueChange,
} from "./entry-changes";
import type { Entity } from "./entity";
import {
  forecastBatch,
  type ForecastAnswer,
  type RepeatedEntry,
} from "./forecast";
import { valueName } from "./identifiers";
import { createMerge, type StoredValues } from "./merge";

const entity = (
  key: string,
  values: Record<string, string | null>,
): Entity => ({
  key,
  delete: false,
  properties: Object.entries(values).map(([name, value]) => {
    const [id = "", language = ""] = name.split(":");
    return { id, value, language: language || null };
  }),
});
const removal = (key: string): Entity => ({
  key,
  delete: true,
  properties: [],
});

type Answer = Omit<ForecastAnswer, "at">;

/** Forecasts batches as the worker and the server do together. */
function forecastAll(
  stored: ReadonlyMap<string, StoredValues>,
  batches: Entity[][],
  askedTwice: ReadonlySet<number> = new Set(),
): Answer[] {
  const mentions = new Map<string, number>();
  for (const { key } of batches.flat()) {
    mentions.set(key, (mentions.get(key) ?? 0) + 1);
  }
  const seen = new Set<string>();
  const kept = new Map<string, RepeatedEntry>();
  const answers: Answer[] = [];
  for (const [index, entities] of batches.entries()) {
    const repeats = { first: [] as number[], again: [] as number[] };
    for (const [position, { key }] of entities.entries()) {
      if ((mentions.get(key) ?? 0) < 2) continue;
      (seen.has(key) ? repeats.again : repeats.first).push(position);
      seen.add(key);
    }
    const ask = () => {
      const { answer, repeated } = forecastBatch({
        ...{ sequence: index + 1, entities, repeats, stored, earlier: kept },
      });
      for (const [key, entry] of repeated) kept.set(key, entry);
      return answer;
    };
    const answer = ask();
    if (askedTwice.has(index)) expect(ask()).toEqual(answer);
    answers.push(answer);
  }
  return answers;
}

/** Imports the batches one after another; gives the counts of the receipts and the store afterwards. */
function importAll(
  stored: ReadonlyMap<string, StoredValues>,
  batches: Entity[][],
) {
  const after = new Map(stored);
  const receipts = batches.map((entities) => {
    const merge = createMerge(after);
    const counts = merge.apply(entities);
    for (const { key } of entities) {
      const values = merge.valuesOf(key);
      if (values) after.set(key, values);
      else after.delete(key);
    }
    return counts;
  });
  return { receipts, after };
}

const someName = fc.constantFrom(
  ...["a:", "a:sv", "b:", "b:en", "__proto__:", "constructor:sv"],
);
const someEntity = fc.record({
  key: fc.constantFrom("k1", "k2", "k3", "__proto__", "toString"),
  isDelete: fc.oneof(
    { weight: 3, arbitrary: fc.constant(false) },
    fc.boolean(),
  ),
  values: fc.uniqueArray(
    fc.tuple(someName, fc.constantFrom("", "1", "2", null)),
    { selector: ([name]) => name, maxLength: 5 },
  ),
});
const someBatches = fc
  .array(fc.uniqueArray(someEntity, { selector: ({ key }) => key }), {
    maxLength: 5,
  })
  .map((batches) =>
    batches.map((batch) =>
      batch.map(({ key, isDelete, values }) =>
        isDelete ? removal(key) : entity(key, Object.fromEntries(values)),
      ),
    ),
  );
const someStore = fc
  .uniqueArray(
    fc.tuple(
      fc.constantFrom("k1", "k2", "k4", "__proto__"),
      fc.uniqueArray(fc.tuple(someName, fc.constantFrom("", "1", "2")), {
        selector: ([name]) => name,
        maxLength: 4,
      }),
    ),
    { selector: ([key]) => key },
  )
  .map(
    (entries) =>
      new Map(
        entries.map(([key, values]): [string, StoredValues] => [
          key,
          Object.fromEntries(values),
        ]),
      ),
  );

describe("a forecast over any batches", () => {
  test("says of each batch what its receipt will say", () => {
    fc.assert(
      fc.property(someStore, someBatches, (stored, batches) => {
        const answers = forecastAll(stored, batches);
        expect(answers.map(({ counts }) => counts)).toEqual(
          importAll(stored, batches).receipts,
        );
      }),
      { numRuns: 250 },
    );
  });

  test("adds up to the difference of the stored values before and after", () => {
    fc.assert(
      fc.property(someStore, someBatches, (stored, batches) => {
        const { after } = importAll(stored, batches);
        const totals = sumChanges(
          forecastAll(stored, batches).map((answer) => answer.totals),
        );
        const expected = new Map<string, Record<ValueChange, number>>();
        const entries = new Map<string, number>();
        const sentTo = new Map<string, Set<string>>();
        for (const { key, delete: isDelete, properties } of batches.flat()) {
          const sent = sentTo.get(key) ?? new Set<string>();
          sentTo.set(key, sent);
          if (isDelete) continue;
          for (const { id, language } of properties) {
            sent.add(valueName(id, language));
          }
        }
        for (const [key, sent] of sentTo) {
          const change = compareEntry(
            stored.get(key),
            after.get(key),
            sent,
            (name, to) => {
              const counts = expected.get(name) ?? {
                ...{ set: 0, replaced: 0, cleared: 0 },
                ...{ removed: 0, same: 0, left: 0 },
              };
              counts[to] += 1;
              expected.set(name, counts);
            },
          );
          entries.set(change, (entries.get(change) ?? 0) + 1);
        }
        for (const [change, count] of Object.entries(totals.entries)) {
          expect(count, change).toBe(entries.get(change) ?? 0);
        }
        const actual = new Map(
          totals.properties.map(({ id, language, ...counts }) => [
            `${id}:${language ?? ""}`,
            counts,
          ]),
        );
        expect(actual).toEqual(expected);
        for (const change of VALUE_CHANGES) {
          const sum = [...expected.values()].reduce((n, c) => n + c[change], 0);
          expect(totals.values[change], change).toBe(sum);
        }
      }),
      { numRuns: 250 },
    );
  });

  test("answers a batch that is asked twice in the same way", () => {
    fc.assert(
      fc.property(someStore, someBatches, (stored, batches) => {
        const all = new Set(batches.keys());
        expect(forecastAll(stored, batches, all)).toEqual(
          forecastAll(stored, batches),
        );
      }),
      { numRuns: 100 },
    );
  });
});

describe("forecastBatch", () => {
  const stored = new Map<string, StoredValues>([
    ["a", { "name:": "Chair", "name:sv": "Stol", "color:": "red" }],
    ["b", { "name:": "Table" }],
    ["c", { "name:": "Lamp", "size:": "L" }],
  ]);

  test("tells new, changed, unchanged, deleted entries and deletes of unknown keys apart", () => {
    const [answer] = forecastAll(stored, [
      [
        entity("new", { "name:": "Desk" }),
        entity("a", { "name:": "Stool", "name:sv": null, "size:": "M" }),
        entity("b", { "name:": "Table" }),
        removal("c"),
        removal("nowhere"),
      ],
    ]);
    expect(answer?.changes).toBe("01234");
    expect(answer?.totals.entries).toEqual({
      ...{ created: 1, updated: 1, unchanged: 1, deleted: 1, unknown: 1 },
      aside: 0,
    });
    expect(answer?.totals.values).toEqual({
      ...{ set: 2, replaced: 1, cleared: 1, removed: 2, same: 1, left: 1 },
    });
  });

  test("gives the old texts of what is replaced or cleared, and only these", () => {
    const [answer] = forecastAll(stored, [
      [
        entity("a", {
          ...{ "size:": "M", "name:": "Stool", "name:sv": null },
          "color:": "red",
        }),
      ],
    ]);
    expect(answer?.details).toEqual([[0, "+~-=", ["Chair", "Stol"]]]);
  });

  test("counts an entry that two batches name once, from what is stored to the end", () => {
    const answers = forecastAll(stored, [
      [entity("a", { "name:": "Stool" }), entity("new", { "name:": "Desk" })],
      [entity("a", { "color:": "blue" }), entity("new", { "size:": "S" })],
    ]);
    const totals = sumChanges(answers.map((answer) => answer.totals));
    expect(totals.entries).toMatchObject({ created: 1, updated: 1 });
    expect(totals.values).toMatchObject({ set: 2, replaced: 2, left: 1 });
    expect(answers[1]?.supersedes).toEqual([
      [0, 1, 0],
      [1, 1, 1],
    ]);
    expect(answers[1]?.others).toEqual([
      [0, "name:", "~", "Chair", "Stool"],
      [1, "name:", "+", null, "Desk"],
    ]);
  });

  test("shows where long texts differ", () => {
    const before = `${"x".repeat(5_000)}old${"y".repeat(500)}`;
    const after = `${"x".repeat(5_000)}new${"y".repeat(500)}`;
    const [answer] = forecastAll(new Map([["a", { "text:": before }]]), [
      [entity("a", { "text:": after })],
    ]);
    const [old] = answer?.details[0]?.[2] ?? [];
    expect(old?.[0]).toContain("old");
    expect(old?.[0]?.length).toBeLessThan(300);
  });

  test("leaves out what cannot be stored, also before a later mention of the same entry", () => {
    const refused = forecastBatch({
      ...{ sequence: 1, entities: [entity("a", { "name:": "\0" })], stored },
      repeats: { first: [0], again: [] },
      earlier: new Map(),
      refused: new Set([0]),
    });
    expect(refused.answer.changes).toBe("5");
    const later = forecastBatch({
      ...{ sequence: 2, entities: [entity("a", { "name:": "Stool" })] },
      ...{ stored: new Map<string, StoredValues>() },
      repeats: { first: [], again: [0] },
      earlier: refused.repeated,
    });
    expect(later.answer.counts).toMatchObject({ created: 0, updated: 1 });
    const { entries } = sumChanges([
      refused.answer.totals,
      later.answer.totals,
    ]);
    expect(entries).toMatchObject({ aside: 1, updated: 1 });
  });

  test("refuses a later mention of which it knows no earlier one", () => {
    expect(() =>
      forecastBatch({
        sequence: 2,
        entities: [entity("a", {})],
        repeats: { first: [], again: [0] },
        stored,
        earlier: new Map(),
      }),
    ).toThrow(/Start it again/);
  });
});
