import { expect, test } from "vitest";

import {
  MISSING_MAX,
  mirrorDoubt,
  needsTyping,
  type KeyPage,
} from "@/lib/domain/mirror";

import { findMissing } from "./find-missing";
import type { RowsClient } from "./rows-client";

const TABLE = {
  options: {
    ...{ encoding: "utf-8", delimiter: ",", headerRow: 1 },
    quotes: "standard" as const,
  },
  mapping: {
    ...{ columns: [], keySeparator: "-", repeatedKeys: "merge" as const },
  },
};

/** A worker whose file has the keys. */
function fileWith(keys: string[], rowsWithoutKey = 0): RowsClient["ask"] {
  return ((is: string, ask: { keys?: string[] }) =>
    Promise.resolve(
      is === "fileKeys"
        ? { rowsRead: keys.length + rowsWithoutKey, rowsWithoutKey }
        : (ask.keys ?? []).filter((key) => !keys.includes(key)),
    )) as RowsClient["ask"];
}

/** A server that gives its keys in pages. */
function sourceWith(pages: string[][]) {
  const asked: (string | null)[] = [];
  const readKeys = (after: string | null): Promise<KeyPage> => {
    const at = asked.push(after) - 1;
    const keys = pages[at] ?? [];
    const isLast = at >= pages.length - 1;
    const time = `2026-01-01T00:00:0${at % 10}.000Z`;
    return Promise.resolve({
      ...{ keys, at: time, next: isLast ? null : (keys.at(-1) ?? null) },
    });
  };
  return { asked, readKeys };
}

const find = (
  ask: RowsClient["ask"],
  source: ReturnType<typeof sourceWith>,
  signal = new AbortController().signal,
) =>
  findMissing({
    ...{ table: TABLE, ask, readKeys: source.readKeys, signal },
    onProgress: () => undefined,
  });

test("goes through all pages, and keeps the time of the first", async () => {
  const source = sourceWith([["a", "b"], ["c", "d"], ["e"]]);
  const found = await find(fileWith(["b", "c", "x"]), source);
  expect(found).toEqual({
    ...{ keys: ["a", "d", "e"], sourceEntries: 5, isCut: false },
    ...{ rowsRead: 3, rowsWithoutKey: 0, at: "2026-01-01T00:00:00.000Z" },
  });
  expect(source.asked).toEqual([null, "b", "d"]);
  expect(mirrorDoubt(found)).toBeUndefined();
});

test("stops between pages when it is called off", async () => {
  const stopping = new AbortController();
  const source = sourceWith([["a"], ["b"]]);
  const readKeys = (after: string | null) => {
    stopping.abort(new Error("called off"));
    return source.readKeys(after);
  };
  await expect(
    find(fileWith([]), { ...source, readKeys }, stopping.signal),
  ).rejects.toThrow("called off");
  expect(source.asked).toEqual([null]);
});

test("reads no further than can be reviewed", async () => {
  const page = (from: number) =>
    Array.from({ length: MISSING_MAX / 2 + 1 }, (_, at) => `k${from + at}`);
  const source = sourceWith([page(0), page(1_000_000), ["z"]]);
  const found = await find(fileWith(["z"]), source);
  expect(found).toMatchObject({ isCut: true });
  expect(found.keys).toHaveLength(MISSING_MAX);
  expect(source.asked).toHaveLength(2);
  expect(mirrorDoubt(found)).toBe("too_many");
});

test("doubts a list where the file names nothing of the source, or too many keys cannot be read", async () => {
  const nothing = await find(fileWith(["x"]), sourceWith([["a", "b"]]));
  expect(mirrorDoubt(nothing)).toBe("nothing_known");
  const many = Array.from({ length: 95 }, (_, at) => `k${at}`);
  const source = () => sourceWith([[...many, "gone"]]);
  const some = await find(fileWith(many, 5), source());
  expect(mirrorDoubt(some)).toBeUndefined();
  const more = await find(fileWith(many, 6), source());
  expect(mirrorDoubt(more)).toBe("unreadable_keys");
  const empty = await find(fileWith(["x"]), sourceWith([[]]));
  expect(mirrorDoubt(empty)).toBeUndefined();
});

test("asks for typing above 5 % of the source", () => {
  expect(needsTyping(5, 100)).toBe(false);
  expect(needsTyping(6, 100)).toBe(true);
  expect(needsTyping(1, 1)).toBe(true);
});
