import { describe, expect, test } from "vitest";

import { NumberText } from "@/lib/domain/number-text";
import { RefusedBodyError } from "@/lib/domain/wire-problems";
import { readSharedCases } from "@/lib/testing/shared-data";

import { parseJson } from "./json-body";

type JsonCase = { id: string; expect: string; base64: string };

const bytesOf = (text: string) => new TextEncoder().encode(text);
const read = (text: string) => parseJson(bytesOf(text)).value;

function refusalOf(bytes: Uint8Array): string | undefined {
  try {
    parseJson(bytes);
  } catch (error) {
    if (error instanceof RefusedBodyError) return error.problems[0]?.message;
    throw error;
  }
  return undefined;
}

describe("parseJson", () => {
  test.each(readSharedCases<JsonCase>("hostile/json-parsing.jsonl"))(
    "agrees with the JSON test suite on $id",
    ({ expect: expected, base64 }) => {
      const refusal = refusalOf(Buffer.from(base64, "base64"));
      if (expected === "valid") expect(refusal).toBeUndefined();
      if (expected === "invalid") expect(refusal).toMatch(/\.$/);
    },
  );

  test.each(readSharedCases<JsonCase>("hostile/json-transform.jsonl"))(
    "keeps or refuses $id",
    ({ id, base64 }) => {
      const bytes = Buffer.from(base64, "base64");
      if (refusalOf(bytes) !== undefined) return;
      const [value] = parseJson(bytes).value as unknown[];
      const sent = bytes.toString().trim().slice(1, -1);
      if (id.startsWith("number")) {
        expect((value as NumberText).text).toBe(sent);
      } else {
        expect(JSON.stringify(value)).toBe(
          sent.replace(/\\u[dD]\w+/g, (e) => e.toLowerCase()),
        );
      }
    },
  );

  test("keeps the digits of numbers, wherever they stand", () => {
    const numbers = ["0", "-0.0", "1E6", "9007199254740993", "1e400", "-12.50"];
    const text = `{"a":[${numbers.join(" ,")}],"b":{"c":${numbers[3]}}}`;
    const value = read(text) as { a: NumberText[]; b: { c: NumberText } };
    expect(value.a.map((number) => number.text)).toEqual(numbers);
    expect(value.b.c).toBeInstanceOf(NumberText);
    expect(value.b.c.text).toBe(numbers[3]);
  });

  test("refuses at once what only costs: swarms of numbers, of objects, of members", () => {
    const many = (item: string) =>
      bytesOf(`{"entities":[${Array(200_000).fill(item).join(",")}]}`);
    expect(refusalOf(many("1"))).toMatch(/^The body has more objects, arrays/);
    expect(refusalOf(many("{}"))).toMatch(/^The body has more objects/);
    expect(refusalOf(many("[[]]"))).toMatch(/^The body has more objects/);
    const members = Array.from({ length: 1_001 }, (_, at) => `"m${at}":""`);
    expect(refusalOf(bytesOf(`[{${members.join(",")}}]`))).toMatch(
      /^An object of the body has more than 1000 members/,
    );
    expect(refusalOf(bytesOf(`[{${members.slice(1).join(",")}}]`))).toBe(
      undefined,
    );
  });

  test("takes the smallest entities and properties there can be, in any number", () => {
    const many = (item: string) =>
      bytesOf(`[${Array(200_000).fill(item).join(",")}]`);
    expect(refusalOf(many('{"key":"a"}'))).toBeUndefined();
    expect(refusalOf(many('{"id":"a","value":1}'))).toBeUndefined();
  });

  test("leaves digits in texts and member names alone", () => {
    const text = '{"1":"2","a-3":"\\"4\\"","e":"5\\\\"}';
    expect(read(text)).toEqual(JSON.parse(text));
    expect(read('{"1":"2","n":6,"e":"5\\\\\\""}')).toMatchObject({
      1: "2",
      e: '5\\"',
    });
  });

  test("refuses a member that stands twice, equal or not, and names it", () => {
    for (const text of ['{"a":"x","a":"x"}', '{"a":"x","\\u0061":"y"}']) {
      expect(refusalOf(bytesOf(text))).toContain("Member names must be unique");
    }
    expect(refusalOf(bytesOf('{"b":{"key":"1","key":"2"}}'))).toContain(
      '"key" twice',
    );
  });

  test("keeps __proto__ as a member of its own", () => {
    const value = read('{"__proto__":{"polluted":1},"a":[{"__proto__":2}]}');
    expect(Object.keys(value as object)).toEqual(["__proto__", "a"]);
    expect(Object.prototype).not.toHaveProperty("polluted");
  });

  test("takes 32 levels and refuses 33, before parsing", () => {
    const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
    expect(refusalOf(bytesOf(nested(32)))).toBeUndefined();
    expect(refusalOf(bytesOf(nested(33)))).toContain("32 levels");
    expect(refusalOf(bytesOf("[".repeat(1_000_000)))).toContain("32 levels");
    expect(refusalOf(bytesOf(`["${"[".repeat(100)}"]`))).toBeUndefined();
  });

  test("drops a byte order mark and refuses other encodings", () => {
    expect(read('\ufeff{"a":"x"}')).toEqual({ a: "x" });
    expect(read('\ufeff{"a":7}')).toEqual({ a: new NumberText("7") });
    expect(refusalOf(Buffer.from('{"a":"å"}', "latin1"))).toContain("UTF-8");
    expect(refusalOf(Buffer.from('{"a":"å"}', "utf16le"))).toBeDefined();
  });

  test("measures the largest entity as it was sent", () => {
    const entity = '{ "key": "a",\n "properties": [] }';
    const bytes = bytesOf(`{"entities":[{"key":"b"}, ${entity}]}`);
    expect(parseJson(bytes).thirdLevelBytesLargest).toBe(entity.length);
  });

  test("never quotes the body in a refusal", () => {
    const secret = "sps_1234567890abcdef";
    for (const body of [`{"secret":"${secret}"`, `{"secret":${secret}}`]) {
      expect(refusalOf(bytesOf(body))).not.toContain("sps_");
    }
  });
});
