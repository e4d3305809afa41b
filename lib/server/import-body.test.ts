import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { readAlikeText } from "@/lib/domain/alike-text";
import type { Entity } from "@/lib/domain/entity";
import { readImportBody } from "@/lib/domain/wire";
import { RefusedBodyError } from "@/lib/domain/wire-problems";

import { readImportBytes } from "./import-body";
import { parseJson } from "./json-body";

const encoder = new TextEncoder();

function readFully(bytes: Uint8Array): Entity[] {
  const { value, thirdLevelBytesLargest } = parseJson(bytes);
  return readImportBody(value, { entityBytesLargest: thirdLevelBytesLargest });
}

/** What came of it: the entities, or every problem. */
function outcome(read: (bytes: Uint8Array) => Entity[], bytes: Uint8Array) {
  try {
    return { entities: read(bytes) };
  } catch (error) {
    if (error instanceof RefusedBodyError) return { problems: error.problems };
    throw error;
  }
}

function expectAsInFull(text: string): void {
  const bytes = encoder.encode(text);
  expect(outcome(readImportBytes, bytes)).toEqual(outcome(readFully, bytes));
}

const value = fc.oneof(
  { arbitrary: fc.string({ unit: "grapheme" }), weight: 6 },
  fc.constantFrom("", '5" TFT', "a\\b", "line\nbreak", "\u0001", "å", "\u2028"),
  fc.constantFrom<unknown>(null, true, false, 7, -0.5, 1e21, 12345678901234),
);
const property = fc.record(
  {
    id: fc.constantFrom("name", "weight", "__proto__", "a-1"),
    language: fc.constantFrom<unknown>(null, "", "sv", "en-GB", undefined),
    value,
  },
  { requiredKeys: ["id", "value"] },
);
/** Ids, languages and order of properties of one kind of entity. */
const kind = fc.uniqueArray(property, {
  maxLength: 5,
  selector: ({ id, language }) => `${id}:${String(language)}`,
});
const body = fc
  .record({
    kinds: fc.array(kind, { minLength: 1, maxLength: 6 }),
    picks: fc.array(fc.tuple(fc.nat(), fc.infiniteStream(value)), {
      minLength: 60,
      maxLength: 90,
    }),
    indent: fc.constantFrom<string | number | undefined>(undefined, 2, "\t"),
    names: fc.constantFrom("lower", "upper"),
    extra: fc.constantFrom<unknown>(undefined, undefined, "text", 1, [], {}),
  })
  .map(({ kinds, picks, indent, names, extra }) => {
    const spell = (name: string) =>
      names === "upper" ? name[0]?.toUpperCase() + name.slice(1) : name;
    const entities = picks.map(([pick, values], at) => ({
      [spell("key")]: `key-${at}-${"x".repeat(80)}`,
      ...(pick % 11 === 0 && { [spell("delete")]: pick % 2 === 0 }),
      ...(extra !== undefined && { extra }),
      [spell("properties")]: (kinds[pick % kinds.length] ?? []).map(
        (known) => ({
          [spell("id")]: known.id,
          [spell("language")]: known.language,
          [spell("value")]: values.next().value as unknown,
        }),
      ),
    }));
    return JSON.stringify({ [spell("entities")]: entities }, null, indent);
  });

describe("readImportBytes", () => {
  test("gives what reading in full gives, whatever entities look like", () => {
    fc.assert(fc.property(body, expectAsInFull), { numRuns: 150 });
  });

  test("refuses what reading in full refuses, one character changed anywhere", () => {
    const piece = fc.constantFrom(
      ...['"', "\\", "{", "}", "[", "]", ",", ":", "\u0000", "\t", " ", "0"],
      ...["-", "e", "x", "\\u0000", "\\ud800", "\ud800", "null", "\ufeff"],
    );
    const change = fc.tuple(fc.nat(), fc.nat(2), piece);
    fc.assert(
      fc.property(body, change, (text, [at, removed, added]) => {
        const from = at % text.length;
        expectAsInFull(
          text.slice(0, from) + added + text.slice(from + removed),
        );
      }),
      { numRuns: 400 },
    );
  });

  const entity = (key: string, text = "v") => ({
    key,
    properties: [{ id: "name", value: text }],
  });
  const many = Array.from({ length: 200 }, (_, at) =>
    entity(`key-${at}`, "x".repeat(40)),
  );

  test.each<[string, unknown[]]>([
    ["a key that stands twice", [...many, entity("key-3")]],
    ["a key that is none", [...many, entity("no key")]],
    ["NUL in a value", [...many, entity("a", "\0")]],
    ["half of a surrogate pair", [...many, entity("a", "\ud800")]],
    ["a number beyond range", [...many, entity("a", "1e400")]],
    ["an entity that is too large", [...many, entity("a", "x".repeat(1.1e6))]],
    ["a large entity that is not", [...many, entity("a", "x".repeat(5e5))]],
    ["a removal", [...many, { key: "a", delete: true }]],
    [
      "twins of one language",
      [
        ...many,
        {
          key: "a",
          properties: [
            { id: "name", language: null, value: "1" },
            { id: "name", language: "", value: "2" },
          ],
        },
      ],
    ],
  ])("treats %s as reading in full does", (_, entities) => {
    expectAsInFull(JSON.stringify({ entities }));
    expectAsInFull(JSON.stringify({ entities: entities.toReversed() }));
  });

  test.each([
    ["a member after the entities", '],"other":1}'],
    ["entities twice", '],"entities":[]}'],
    ["nothing after them", "]"],
    ["more after the end", "]}}"],
    ["a comma too many", ",]}"],
    ["blanks at the end", "] \n\t}\r\n "],
    ["a byte that is no blank at the end", "]}\u00a0"],
  ])("treats %s as reading in full does", (_, ending) => {
    expectAsInFull(JSON.stringify({ entities: many }).slice(0, -2) + ending);
  });
});

describe("readAlikeText", () => {
  const text = (entities: unknown[]) => JSON.stringify({ entities });

  test("reads in full only one entity of a kind", () => {
    const read: string[] = [];
    const entities = Array.from({ length: 300 }, (_, at) => ({
      key: `k${at}`,
      properties: Array.from({ length: 1 + (at % 3) }, (_, n) => ({
        id: `p${n}`,
        value: `${at} "${n}"`,
      })),
    }));
    const found = readAlikeText(text(entities), (entityText) => {
      read.push(entityText);
      return readFully(encoder.encode(`{"entities":[${entityText}]}`))[0];
    });
    expect(found).toEqual(readFully(encoder.encode(text(entities))));
    expect(read).toHaveLength(3);
  });

  test("gives up soon where every entity is another", () => {
    let read = 0;
    const entities = Array.from({ length: 300 }, (_, at) => ({
      key: `k${at}`,
      properties: [{ id: `p${at}`, value: "" }],
    }));
    const found = readAlikeText(text(entities), (entityText) => {
      read += 1;
      return readFully(encoder.encode(`{"entities":[${entityText}]}`))[0];
    });
    expect(found).toBeUndefined();
    expect(read).toBeLessThan(10);
  });
});
