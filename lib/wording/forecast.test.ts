import { expect, test } from "vitest";

import { NO_CHANGES } from "@/lib/domain/entry-changes";

import { changesSentence, differenceSentence } from "./forecast";

test("totals are one sentence, without what does not happen", () => {
  const entries = {
    ...NO_CHANGES.entries,
    ...{ created: 120, updated: 35, deleted: 4, unchanged: 900 },
  };
  const values = { ...NO_CHANGES.values, set: 60, replaced: 12, cleared: 3 };
  expect(changesSentence({ entries, values }, 7)).toBe(
    "120 entries new, 35 changed, 4 deleted, 900 unchanged; 60 values set, 12 replaced, 3 cleared; 7 rows rejected",
  );
});

test("what does not happen is not said, and entries that all fare alike are said so", () => {
  const { entries } = NO_CHANGES;
  const sentence = (some: Partial<typeof entries>, set = 0, rejected = 0) =>
    changesSentence(
      {
        entries: { ...entries, ...some },
        values: { ...NO_CHANGES.values, set },
      },
      rejected,
    );
  expect(sentence({ created: 249 }, 4_200)).toBe(
    "249 entries, all new; 4,200 values set",
  );
  expect(sentence({ unchanged: 900 })).toBe("900 entries, all unchanged");
  expect(sentence({ created: 1 }, 3)).toBe("1 entry new; 3 values set");
  expect(sentence({ created: 2, unchanged: 1 }, 4)).toBe(
    "2 entries new, 1 unchanged; 4 values set",
  );
  expect(sentence({ aside: 5 })).toBe("5 entries that cannot be stored");
  expect(sentence({})).toBe("no entries");
  expect(sentence({}, 0, 3)).toBe("no entries; 3 rows rejected");
});

test("an import that did something else is told apart, number by number", () => {
  const said = { created: 2, updated: 0, unchanged: 5, deleted: 0, aside: 0 };
  expect(differenceSentence(said, said)).toBeUndefined();
  expect(differenceSentence(said, { ...said, created: 1, updated: 1 })).toBe(
    "This is not quite what was forecast: 1 new instead of 2, 1 changed instead of 0. Somebody else has changed the source between the two.",
  );
});
