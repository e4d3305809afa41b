import { describe, expect, test } from "vitest";

import { NumberText } from "./number-text";
import { readImportBody } from "./wire";
import { RefusedBodyError, type BodyProblem } from "./wire-problems";

const property = (more: Record<string, unknown> = {}) => ({
  id: "name",
  value: "Chair",
  ...more,
});
const body = (...properties: unknown[]) => ({
  entities: [{ key: "k1", properties }],
});
const propertiesOf = (value: unknown) => readImportBody(value)[0]?.properties;

function problemsOf(value: unknown): BodyProblem[] {
  try {
    readImportBody(value);
  } catch (error) {
    if (error instanceof RefusedBodyError) return error.problems;
    throw error;
  }
  return [];
}

const messageOf = (value: unknown) => problemsOf(value)[0]?.message;
const pathsOf = (value: unknown) => problemsOf(value).map(({ paths }) => paths);

describe("readImportBody, what it takes", () => {
  test("reads camelCase, PascalCase and any other case alike", () => {
    const expected = [
      {
        key: "2",
        delete: false,
        properties: [{ id: "name", value: "Grön stol", language: "sv" }],
      },
    ];
    const sent = [
      '{"entities":[{"key":"2","delete":false,"properties":[{"id":"name","value":"Grön stol","language":"sv"}]}]}',
      '{"Entities":[{"Key":"2","Delete":false,"Properties":[{"Id":"name","Value":"Grön stol","Language":"sv"}]}]}',
      '{"ENTITIES":[{"kEY":"2","properTIES":[{"iD":"name","vaLue":"Grön stol","LANGUAGE":"sv"}]}]}',
    ];
    for (const text of sent) {
      expect(readImportBody(JSON.parse(text))).toEqual(expected);
    }
  });

  test("takes a missing, null or empty language as none", () => {
    for (const language of [undefined, null, ""]) {
      expect(propertiesOf(body(property({ language })))).toEqual([
        { id: "name", value: "Chair", language: null },
      ]);
    }
  });

  test("turns numbers and booleans into text with the digits as sent", () => {
    const values: [unknown, string][] = [
      [new NumberText("9007199254740993"), "9007199254740993"],
      [new NumberText("-0.0"), "-0.0"],
      [new NumberText("1e-400"), "1e-400"],
      [1.5, "1.5"],
      [true, "true"],
      [false, "false"],
    ];
    for (const [value, text] of values) {
      expect(propertiesOf(body(property({ value })))?.[0]?.value).toBe(text);
    }
  });

  test("keeps null, which clears, apart from the empty text", () => {
    const [first, second] =
      propertiesOf(
        body(property({ value: null }), property({ id: "b", value: "" })),
      ) ?? [];
    expect(first?.value).toBeNull();
    expect(second?.value).toBe("");
  });

  test("lets the later of null and empty language win", () => {
    expect(
      propertiesOf(
        body(
          property({ value: "a", language: null }),
          property({ id: "other", value: "o" }),
          property({ value: "b", language: "" }),
        ),
      ),
    ).toEqual([
      { id: "name", value: "b", language: null },
      { id: "other", value: "o", language: null },
    ]);
    expect(
      propertiesOf(
        body(
          property({ value: "a", language: "" }),
          property({ value: "b", language: null }),
        ),
      ),
    ).toEqual([{ id: "name", value: "b", language: null }]);
  });

  test("ignores the properties of a deleted entity, and unknown members", () => {
    expect(
      readImportBody({
        entities: [{ key: "k1", delete: true, properties: "odd", x: 1 }],
        more: [],
      }),
    ).toEqual([{ key: "k1", delete: true, properties: [] }]);
  });

  test("takes no entities, no properties and null for delete", () => {
    expect(readImportBody({ entities: [] })).toEqual([]);
    expect(
      readImportBody({
        entities: [{ key: "k", delete: null, properties: null }],
      }),
    ).toEqual([{ key: "k", delete: false, properties: [] }]);
  });

  test("keeps names of the prototype apart as key, id and language", () => {
    const names = ["__proto__", "constructor", "toString", "hasOwnProperty"];
    const read = readImportBody({
      entities: names.map((key) => ({
        key,
        properties: names.map((id) => ({ id, value: id, language: "valueOf" })),
      })),
    });
    expect(read.map(({ key }) => key)).toEqual(names);
    expect(read[0]?.properties.map(({ id }) => id)).toEqual(names);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

describe("readImportBody, what it refuses", () => {
  test("words restricted characters in keys as published", () => {
    expect(problemsOf({ entities: [{ key: "1" }, { key: "@2" }] })).toEqual([
      {
        propertyName: "entities",
        message:
          "Entity keys contain restricted characters. The following ids containing restricted characters: @2",
        paths: ["entities[1].key"],
      },
    ]);
    expect(messageOf({ entities: [{ key: "@2" }, { key: "å" }] })).toMatch(
      /: @2, å$/,
    );
  });

  test("names index and path of every broken rule", () => {
    const wrong: [unknown, string][] = [
      [{ entities: [{ key: "a" }, { properties: [] }] }, "entities[1].key"],
      [{ entities: [{ key: "a" }, { key: "a" }] }, "entities[1].key"],
      [{ entities: [{ key: "" }] }, "entities[0].key"],
      [{ entities: [{ key: "x".repeat(257) }] }, "entities[0].key"],
      [{ entities: [{ key: 7 }] }, "entities[0].key"],
      [{ entities: [null] }, "entities[0]"],
      [{ entities: [{ key: "a", delete: "true" }] }, "entities[0].delete"],
      [{ entities: [{ key: "a", properties: {} }] }, "entities[0].properties"],
      [body(null), "entities[0].properties[0]"],
      [body(property({ id: "a b" })), "entities[0].properties[0].id"],
      [body(property({ id: "" })), "entities[0].properties[0].id"],
      [body(property({ id: ["a"] })), "entities[0].properties[0].id"],
      [body({ id: "p" }), "entities[0].properties[0].value"],
      [body(property({ value: {} })), "entities[0].properties[0].value"],
      [body(property({ value: "a\0b" })), "entities[0].properties[0].value"],
      [body(property({ value: "\ud800" })), "entities[0].properties[0].value"],
      [
        body(property({ value: new NumberText("1e400") })),
        "entities[0].properties[0].value",
      ],
      [body(property({ language: "e" })), "entities[0].properties[0].language"],
      [
        body(property({ language: "x".repeat(11) })),
        "entities[0].properties[0].language",
      ],
      [body(property({ language: 1 })), "entities[0].properties[0].language"],
      [
        body(property({ language: "sv\n" })),
        "entities[0].properties[0].language",
      ],
      [body(property(), property()), "entities[0].properties[1]"],
      [
        body(property({ language: "" }), property({ language: "" })),
        "entities[0].properties[1]",
      ],
      [{ entities: null }, "entities"],
      [{ entities: {} }, "entities"],
      [{}, "entities"],
    ];
    for (const [value, path] of wrong) {
      expect(pathsOf(value), JSON.stringify(value)).toEqual([[path]]);
    }
    expect(problemsOf([])).toHaveLength(1);
    expect(problemsOf("text")).toHaveLength(1);
  });

  test("refuses two spellings of one member", () => {
    expect(
      messageOf({ entities: [{ key: "a", Key: "b", properties: [] }] }),
    ).toContain('two spellings of "key"');
    expect(messageOf(body(property({ Value: "x" })))).toContain(
      'two spellings of "value"',
    );
    expect(messageOf({ entities: [], Entities: [] })).toContain(
      "two spellings",
    );
  });

  test("does not take look-alikes of a member name for it", () => {
    expect(pathsOf({ entities: [{ "\u212aey": "a" }] })).toEqual([
      ["entities[0].key"],
    ]);
  });

  test("lists at most 100 problems, and says how many more there are", () => {
    const entities = Array.from({ length: 1_000 }, () => ({ key: 1 }));
    const problems = problemsOf({ entities });
    expect(problems).toHaveLength(100);
    expect(problems[99]?.message).toContain("901 more");
    const keys = Array.from({ length: 1_000 }, (_, i) => ({ key: `@${i}` }));
    const [restricted, ...others] = problemsOf({ entities: keys });
    expect(others).toEqual([]);
    expect(restricted?.paths).toHaveLength(100);
    expect(restricted?.message).toContain("and 900 more");
  });

  test("caps and escapes what it quotes", () => {
    const message = messageOf({
      entities: [{ key: `\u202e\0${"@".repeat(1_000_000)}` }],
    });
    expect(message?.length).toBeLessThan(300);
    expect(message).toContain("\\u202e\\u0000@@");
  });

  test("takes an entity of 1 MiB and refuses one above it", () => {
    const sized = (bytes: number) => {
      const empty = body(property({ value: "" })).entities[0];
      const own = JSON.stringify(empty).length;
      return body(property({ value: "x".repeat(bytes - own) }));
    };
    expect(problemsOf(sized(1_048_576))).toEqual([]);
    expect(pathsOf(sized(1_048_577))).toEqual([["entities[0]"]]);
  });

  test("believes the bytes that were counted as sent", () => {
    const small = body(property());
    expect(() =>
      readImportBody(small, { entityBytesLargest: 1_048_577 }),
    ).toThrow(RefusedBodyError);
    expect(
      readImportBody(small, { entityBytesLargest: 1_048_576 }),
    ).toHaveLength(1);
  });
});

describe("entities that look like the one before", () => {
  const body = (...properties: object[][]) => ({
    entities: properties.map((list, at) => ({
      key: `k${at}`,
      properties: list,
    })),
  });

  test.each([
    [
      "camelCase",
      (id: string, value: unknown, language: unknown) => ({
        id,
        value,
        language,
      }),
    ],
    [
      "PascalCase",
      (id: string, value: unknown, language: unknown) => ({
        Id: id,
        Value: value,
        Language: language,
      }),
    ],
  ])("are read the same as one by one, in %s", (_name, property) => {
    const list = (n: number) => [
      property("a", `a${n}`, null),
      property("b", n % 2 ? null : `b${n}`, "sv"),
      property("c", "", ""),
    ];
    const together = readImportBody(body(...[0, 1, 2, 3].map(list)));
    const apart = [0, 1, 2, 3].map(
      (n) => readImportBody(body(list(n)))[0]?.properties,
    );
    expect(together.map(({ properties }) => properties)).toEqual(apart);
  });

  test.each([
    ["another id", { id: "a b", value: "v" }],
    ["another language", { id: "a", value: "v", language: "x" }],
    ["a value that is an object", { id: "a", value: {} }],
    ["a value with NUL", { id: "a", value: "x\0" }],
    ["two spellings of a member", { id: "a", value: "v", Value: "w" }],
  ])("are still refused for %s", (_name, broken) => {
    const good = { id: "a", value: "v" };
    expect(() => readImportBody(body([good], [good], [broken]))).toThrow();
  });

  test("may have a member more or a property more", () => {
    const entities = readImportBody(
      body(
        [{ id: "a", value: "1" }],
        [{ id: "a", value: "2", language: "sv" }],
        [{ id: "a", value: "3", unknown: true }],
        [
          { id: "a", value: "4" },
          { id: "b", value: "5" },
        ],
      ),
    );
    expect(entities.map(({ properties }) => properties)).toEqual([
      [{ id: "a", value: "1", language: null }],
      [{ id: "a", value: "2", language: "sv" }],
      [{ id: "a", value: "3", language: null }],
      [
        { id: "a", value: "4", language: null },
        { id: "b", value: "5", language: null },
      ],
    ]);
  });
});
