import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { AppError, type ErrorCode } from "@/lib/domain/errors";

import { applyIsolating } from "./isolate-offenders";

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);

/** A target that takes what holds none of `bad`, and what it took, in its order. */
function target(bad: ReadonlySet<number>, code: ErrorCode = "unprocessable") {
  const taken: number[] = [];
  const apply = (part: readonly number[]) => {
    const found = part.find((entity) => bad.has(entity));
    if (found !== undefined) {
      return Promise.reject(new AppError(code, `No ${found} here.`));
    }
    taken.push(...part);
    return Promise.resolve(part.length);
  };
  return { taken, apply };
}

describe("applyIsolating", () => {
  test("applies a batch that is taken as a whole at one try", async () => {
    const { taken, apply } = target(new Set());
    const isolated = await applyIsolating(numbers(1_000), apply);
    expect(isolated).toEqual({
      applied: [{ at: 0, count: 1_000, answer: 1_000 }],
      refused: [],
      tries: 1,
    });
    expect(taken).toEqual(numbers(1_000));
  });

  test("names the one offender of a thousand, with its reason, in 21 tries at most", async () => {
    const { taken, apply } = target(new Set([617]));
    const { refused, tries } = await applyIsolating(numbers(1_000), apply);
    expect(refused).toEqual([{ at: 617, count: 1, message: "No 617 here." }]);
    expect(tries).toBeLessThanOrEqual(21);
    expect(taken).toEqual(numbers(1_000).filter((entity) => entity !== 617));
  });

  test("applies all but the offenders, in order and once, and refuses exactly them", async () => {
    const cases = fc.record({
      count: fc.integer({ min: 0, max: 300 }),
      bad: fc.uniqueArray(fc.nat(299), { maxLength: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ count, bad }) => {
        const offenders = new Set(bad.filter((entity) => entity < count));
        const { taken, apply } = target(offenders);
        const isolated = await applyIsolating(numbers(count), apply, 1_000);
        expect(taken).toEqual(numbers(count).filter((n) => !offenders.has(n)));
        expect(isolated.refused.map(({ at }) => at)).toEqual(
          [...offenders].sort((one, other) => one - other),
        );
        const halvings = Math.ceil(Math.log2(Math.max(2, count)));
        expect(isolated.tries).toBeLessThanOrEqual(
          1 + 2 * halvings * offenders.size,
        );
      }),
    );
  });

  test("gives up halving when the tries are used up: what is left is tried once, and nothing is lost", async () => {
    const odd = new Set(numbers(1_000).filter((n) => n % 2 === 1));
    const { taken, apply } = target(odd);
    const isolated = await applyIsolating(numbers(1_000), apply, 50);
    expect(isolated.tries).toBeLessThanOrEqual(60);
    const parts = [...isolated.applied, ...isolated.refused];
    const covered = parts
      .flatMap(({ at, count }) => numbers(count).map((n) => at + n))
      .sort((one, other) => one - other);
    expect(covered).toEqual(numbers(1_000));
    expect(taken.every((n) => !odd.has(n))).toBe(true);
    expect(isolated.refused.at(-1)?.count).toBeGreaterThan(1);
  });

  test.each(["invalid_input", "unprocessable", "too_large"] as const)(
    "looks for the offender of a batch that is refused as %s",
    async (code) => {
      const { apply } = target(new Set([3]), code);
      const { refused } = await applyIsolating(numbers(5), apply);
      expect(refused).toHaveLength(1);
    },
  );

  test.each([
    "unavailable",
    "internal",
    "rate_limited",
    "conflict",
    "forbidden",
    "unauthenticated",
    "not_found",
  ] as const)("never blames an entity for %s", async (code) => {
    const { taken, apply } = target(new Set([0]), code);
    await expect(applyIsolating(numbers(5), apply)).rejects.toMatchObject({
      code,
    });
    expect(taken).toEqual([]);
  });

  test("throws a bug as it is", async () => {
    const bug = new TypeError("undefined is not a function");
    await expect(
      applyIsolating([1, 2], () => Promise.reject(bug)),
    ).rejects.toBe(bug);
  });
});
