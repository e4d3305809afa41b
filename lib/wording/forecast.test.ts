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
  expect(changesSentence(NO_CHANGES)).toBe(
    "0 entries new, 0 changed, 0 unchanged",
  );
});

test("an import that did something else is told apart, number by number", () => {
  const said = { created: 2, updated: 0, unchanged: 5, deleted: 0, aside: 0 };
  expect(differenceSentence(said, said)).toBeUndefined();
  expect(differenceSentence(said, { ...said, created: 1, updated: 1 })).toBe(
    "This is not quite what was forecast: 1 new instead of 2, 1 changed instead of 0. Somebody else has changed the source between the two.",
  );
});
