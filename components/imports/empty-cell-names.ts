import type { EmptyCell } from "@/lib/domain/mapping";

/** What an empty cell does, as the end of a sentence that starts with it. */
export const EMPTY_CELL_NAMES: [value: EmptyCell, name: string][] = [
  ["skip", "leaves the value as it is"],
  ["clear", "clears the value"],
  ["text", "sets an empty text"],
];
