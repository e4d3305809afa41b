import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { Entity, EntityProperty } from "./entity";
import { valueName } from "./identifiers";
import { createMerge, type MergeResult, type StoredValues } from "./merge";

const property = (
  id: string,
  value: string | null,
  language: string | null = null,
): EntityProperty => ({ id, value, language });

const entity = (key: string, ...properties: EntityProperty[]): Entity => ({
  key,
  delete: false,
  properties,
});
const removal = (key: string): Entity => ({
  key,
  delete: true,
  properties: [],
});

function merge(stored: Record<string, StoredValues>, ...payloads: Entity[][]) {
  const run = createMerge(new Map(Object.entries(stored)));
  const counts = payloads.map((payload) => run.apply(payload));
  return { counts, ...run.result() };
}

const deltas = (result: MergeResult) =>
  Object.fromEntries(
    [...result.seen].map(([name, { delta }]) => [name, delta]),
  );

describe("createMerge", () => {
  test("keeps what a payload does not name", () => {
    const { updates } = merge({ a: { "name:": "Chair", "color:": "red" } }, [
      entity("a", property("color", "blue")),
    ]);
    expect(updates).toEqual([{ key: "a", changes: { "color:": "blue" } }]);
  });

  test("takes (id, language) as the identity of a value", () => {
    const result = merge({ a: { "name:sv": "Stol" } }, [
      entity("a", property("name", "Chair", "en"), property("name", "S", "sv")),
    ]);
    expect(result.rewrites).toEqual([
      { key: "a", values: { "name:sv": "S", "name:en": "Chair" } },
    ]);
    expect(deltas(result)).toEqual({ "name:en": 1, "name:sv": 0, "name:*": 0 });
  });

  test("null clears one value and the id stays known", () => {
    const result = merge({ a: { "name:sv": "Stol", "name:en": "Chair" } }, [
      entity("a", property("name", null, "sv"), property("size", null)),
    ]);
    expect(result.updates).toEqual([
      { key: "a", changes: { "name:sv": null } },
    ]);
    expect(deltas(result)).toEqual({
      "name:sv": -1,
      "name:*": 0,
      "size:": 0,
      "size:*": 0,
    });
  });

  test("an unchanged entry is not written", () => {
    const result = merge({ a: { "name:": "Chair" } }, [
      entity("a", property("name", "Chair")),
    ]);
    expect(result.counts).toEqual([
      { created: 0, updated: 0, unchanged: 1, deleted: 0 },
    ]);
    expect([result.inserts, result.updates, result.rewrites]).toEqual([
      [],
      [],
      [],
    ]);
  });

  test("an entry deleted and sent again starts from nothing", () => {
    const result = merge(
      { a: { "name:": "Chair", "color:": "red" } },
      [removal("a")],
      [entity("a", property("name", "Stool"))],
    );
    expect(result.deletes).toEqual(["a"]);
    expect(result.inserts).toEqual([
      { key: "a", values: { "name:": "Stool" } },
    ]);
    expect(deltas(result)).toMatchObject({ "color:": -1, "name:": 0 });
    expect(result.entriesDelta).toBe(0);
  });

  test("deleting an unknown key is fine and counts nothing", () => {
    const result = merge({}, [removal("a")]);
    expect(result.counts[0]?.deleted).toBe(0);
    expect(result.deletes).toEqual([]);
  });

  test.each(["__proto__", "constructor", "toString", "hasOwnProperty"])(
    "%s is a key, an id and a language like any other",
    (odd) => {
      const language = odd.slice(0, 10);
      const result = merge({}, [entity(odd, property(odd, odd, language))]);
      expect(result.inserts[0]?.key).toBe(odd);
      expect(Object.entries(result.inserts[0]?.values ?? {})).toEqual([
        [`${odd}:${language}`, odd],
      ]);
      expect(result.seen.get(`${odd}:*`)).toEqual({ delta: 1, sample: odd });
    },
  );
});

/** The rules once more, as slow and plain as can be. */
function applyPlainly(
  store: Map<string, Map<string, string>>,
  payload: Entity[],
) {
  for (const { key, delete: isDelete, properties } of payload) {
    if (isDelete) {
      store.delete(key);
      continue;
    }
    const values = store.get(key) ?? new Map<string, string>();
    store.set(key, values);
    for (const { id, language, value } of properties) {
      if (value === null) values.delete(valueName(id, language));
      else values.set(valueName(id, language), value);
    }
  }
}

/** Entries that have each name, and each id in any language. */
function countPlainly(store: Map<string, Map<string, string>>) {
  const counts = new Map<string, number>();
  for (const values of store.values()) {
    const ids = [...values.keys()].map(
      (name) => `${name.split(":")[0] ?? ""}:*`,
    );
    for (const name of new Set([...values.keys(), ...ids])) {
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return counts;
}

function writePlainly(
  store: Map<string, Map<string, string>>,
  result: MergeResult,
) {
  for (const key of result.deletes) store.delete(key);
  for (const { key, values } of [...result.inserts, ...result.rewrites]) {
    store.set(key, new Map(Object.entries(values)));
  }
  for (const { key, changes } of result.updates) {
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) store.get(key)?.delete(name);
      else store.get(key)?.set(name, value);
    }
  }
}

const someProperty = fc.record({
  id: fc.constantFrom("a", "b", "__proto__"),
  language: fc.constantFrom(null, "sv", "en"),
  value: fc.option(fc.constantFrom("", "1", "2"), { nil: null, freq: 3 }),
});
const someEntity = fc.record({
  key: fc.constantFrom("k1", "k2", "toString"),
  delete: fc.boolean(),
  properties: fc.uniqueArray(someProperty, {
    selector: ({ id, language }) => valueName(id, language),
    maxLength: 6,
  }),
});
const somePayload = fc.uniqueArray(someEntity, { selector: (e) => e.key });
const someHistory = fc.array(fc.array(somePayload, { maxLength: 3 }), {
  maxLength: 5,
});

test("any history of payloads, grouped in any way, ends as the plain rules end, with exact counts", () => {
  fc.assert(
    fc.property(someHistory, (groups) => {
      const expected = new Map<string, Map<string, string>>();
      const actual = new Map<string, Map<string, string>>();
      const counted = new Map<string, number>();
      for (const payloads of groups) {
        const stored = new Map(
          [...actual].map(([key, values]) => [key, Object.fromEntries(values)]),
        );
        const run = createMerge(stored);
        const before = actual.size;
        for (const payload of payloads) {
          applyPlainly(expected, payload);
          run.apply(payload);
        }
        const result = run.result();
        writePlainly(actual, result);
        expect(actual.size - before).toBe(result.entriesDelta);
        for (const [name, { delta }] of result.seen) {
          counted.set(name, (counted.get(name) ?? 0) + delta);
        }
      }
      expect(actual).toEqual(expected);
      const nonZero = [...counted].filter(([, n]) => n !== 0);
      expect(new Map(nonZero)).toEqual(countPlainly(expected));
    }),
    { numRuns: 500 },
  );
});
