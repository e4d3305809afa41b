/** What can become of an entity that was sent. `absent`: a delete of a key that is not there. `aside`: refused alone, the rest of its batch was applied. */
export const OUTCOMES = [
  "created",
  "updated",
  "unchanged",
  "deleted",
  "absent",
  "aside",
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** As the ledger keeps them: a letter each. Stored; never change one. */
const LETTERS: Record<Outcome, string> = {
  created: "c",
  updated: "u",
  unchanged: "s",
  deleted: "d",
  absent: "n",
  aside: "a",
};
const BY_LETTER = new Map(
  OUTCOMES.map((outcome) => [LETTERS[outcome], outcome]),
);

/** One letter for each outcome, in order. */
export function writeOutcomes(outcomes: readonly Outcome[]): string {
  return outcomes.map((outcome) => LETTERS[outcome]).join("");
}

/** What became of the entity at that place of its batch; `undefined` for a letter we do not know. */
export function readOutcome(letters: string, at: number): Outcome | undefined {
  return BY_LETTER.get(letters[at] ?? "");
}
