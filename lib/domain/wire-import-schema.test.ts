import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { readImportBytes } from "@/lib/server/import-body";
import { readSharedCases, readSharedData } from "@/lib/testing/shared-data";

import { AppError } from "./errors";
import { ACCEPT_LIMITS } from "./limits";
import { readImportBody } from "./wire";
import { importBodySchema, tokenBodySchema } from "./wire-import-schema";
import { readTokenBody } from "./wire-token";

/** Whether the readers take it: the one of parsed bodies, and the one of bytes that the route uses. */
function isRead(body: unknown): boolean {
  const isTaken = isTakenBy(() => readImportBody(body));
  const bytes = Buffer.from(JSON.stringify(body) ?? "");
  expect(isTakenBy(() => readImportBytes(bytes))).toBe(isTaken);
  return isTaken;
}

function isTakenBy(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === "invalid_input")
      return false;
    throw error;
  }
}

function isDescribed(body: unknown): boolean {
  return importBodySchema.safeParse(body).success;
}

const oddText = fc.oneof(
  fc.constantFrom("", "a", "A", "ab", "sv", "en-GB", "a b", "å", "abc\n"),
  fc.constantFrom("__proto__", "constructor", "a\0b", "\ud800", "x".repeat(11)),
  fc.constantFrom("k".repeat(256), "k".repeat(257)),
  fc.string({ unit: "binary", maxLength: 4 }),
);
const oddValue = fc.oneof(
  oddText,
  fc.constantFrom(null, true, false, undefined),
  fc.double(),
  fc.integer(),
  fc.constantFrom<unknown>([], {}, [1], { a: 1 }),
);
const mostly = <T>(usual: fc.Arbitrary<T>) =>
  fc.oneof(
    { weight: 12, arbitrary: usual },
    { weight: 1, arbitrary: oddValue },
  );

const property = mostly(
  fc.record(
    {
      id: mostly(fc.constantFrom("a", "b", "A", "c-1")),
      value: mostly(fc.string()),
      language: mostly(fc.constantFrom(null, "", "sv", "SV", "en")),
      other: oddValue,
    },
    { requiredKeys: ["id", "value"] },
  ),
);
const entity = mostly(
  fc.record(
    {
      key: mostly(fc.constantFrom("1", "2", "k_3", "K-4", "z")),
      delete: mostly(fc.boolean()),
      properties: mostly(fc.array(property, { maxLength: 4 })),
    },
    { requiredKeys: ["key"] },
  ),
);
const importBody = mostly(
  fc.record({ entities: mostly(fc.array(entity, { maxLength: 4 })) }),
);

/** As JSON has it: without what is undefined, and with null for what is no number. */
const asSent = (body: unknown): unknown =>
  JSON.parse(JSON.stringify(body) ?? "null");

describe("the described import body", () => {
  test("is taken by the reader exactly when the schema takes it", () => {
    let taken = 0;
    let refused = 0;
    fc.assert(
      fc.property(importBody.map(asSent), (body) => {
        const described = isDescribed(body);
        if (described) taken += 1;
        else refused += 1;
        return isRead(body) === described;
      }),
      { numRuns: 5_000 },
    );
    // The property would say nothing if all fell on one side.
    expect(Math.min(taken, refused)).toBeGreaterThan(300);
  });

  test("agrees also when a second entity looks like the first, which is read a faster way", () => {
    fc.assert(
      fc.property(
        fc.array(property, { maxLength: 3 }),
        fc.array(property, { maxLength: 3 }),
        fc.boolean(),
        (first, other, isAlike) => {
          const body = asSent({
            entities: [
              { key: "1", properties: first },
              { key: "2", properties: isAlike ? first : other },
              { key: "3", properties: first },
            ],
          });
          return isRead(body) === isDescribed(body);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test("agrees on entities at the limit of bytes", () => {
    for (const extra of [-1, 0, 1]) {
      const empty = { key: "k", properties: [{ id: "p", value: "" }] };
      const bytes = JSON.stringify(empty).length;
      const value = "x".repeat(ACCEPT_LIMITS.entityBytesMax - bytes + extra);
      const entities = [{ key: "k", properties: [{ id: "p", value }] }];
      expect(isDescribed({ entities })).toBe(extra <= 0);
      expect(isRead({ entities })).toBe(extra <= 0);
    }
  });

  test("agrees on the naughty strings in every place", () => {
    const strings = JSON.parse(
      readSharedData("hostile/naughty-strings.json"),
    ) as string[];
    for (const text of strings) {
      for (const one of [
        { key: text },
        { key: "k", properties: [{ id: text, value: text }] },
        { key: "k", properties: [{ id: "p", value: text, language: text }] },
      ]) {
        const body = { entities: [one] };
        expect(isRead(body), JSON.stringify(one)).toBe(isDescribed(body));
      }
    }
  });

  // What no schema of parsed JSON can say: members in another letter case, a
  // member twice, and what is refused before parsing (nesting, encoding).
  const BEFORE_PARSING = ["dup-key-member"];
  const OTHER_SPELLING =
    /"(Entities|Key|Delete|Properties|Id|Value|Language|KEY|ID)":/;
  const cases = readSharedCases<{ id: string; body?: string }>(
    "hostile/import-cases.jsonl",
  ).filter(({ body }) => body !== undefined && !OTHER_SPELLING.test(body));

  test("agrees on the hostile bodies that reach it", () => {
    let compared = 0;
    const differing: string[] = [];
    for (const { id, body = "" } of cases) {
      let sent: unknown;
      try {
        sent = JSON.parse(body);
      } catch {
        // No JSON: refused before any schema could say a word.
        continue;
      }
      compared += 1;
      const isTaken = isTakenBy(() => readImportBytes(Buffer.from(body)));
      if (isTaken !== isDescribed(sent)) differing.push(id);
    }
    expect(differing).toEqual(BEFORE_PARSING);
    expect(compared).toBeGreaterThan(60);
  });

  test("is read alike in any letter case of its members", () => {
    fc.assert(
      fc.property(importBody, fc.func(fc.boolean()), (body, isUpper) => {
        const usual = asSent(body);
        return isRead(recased(usual, isUpper)) === isRead(usual);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("the described token body", () => {
  test("is one that both members can be read from", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.record({ id: oddValue, secret: oddValue }), fc.object()),
        (body) => {
          const { success } = tokenBodySchema.safeParse(body);
          const { id, secret } = readTokenBody(body);
          return success === (id !== undefined && secret !== undefined);
        },
      ),
    );
  });
});

const MEMBERS = /^(entities|key|delete|properties|id|value|language)$/;

/** The same body with the members that the API knows in another letter case. */
function recased(value: unknown, isUpper: (name: string) => boolean): unknown {
  if (Array.isArray(value)) return value.map((one) => recased(one, isUpper));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      MEMBERS.test(name) && isUpper(name) ? name.toUpperCase() : name,
      recased(member, isUpper),
    ]),
  );
}
