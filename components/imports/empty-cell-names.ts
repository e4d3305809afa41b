import type { EmptyCell } from "@/lib/domain/mapping";

/** What an empty cell does: as the end of a sentence that starts with it, and on its own. */
export const EMPTY_CELL_NAMES: [
  value: EmptyCell,
  name: string,
  label: string,
][] = [
  ["skip", "leaves the value as it is", "Empty: leave as is"],
  ["clear", "clears the value", "Empty: clear it"],
  ["text", "sets an empty text", "Empty: empty text"],
];
