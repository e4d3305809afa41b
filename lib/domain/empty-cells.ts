import type { EmptyCell } from "./mapping";
import { SKIP, type BatchCell } from "./table-batch";

/** What an empty cell is in a batch. */
export const EMPTY_CELLS: Record<EmptyCell, BatchCell> = {
  skip: SKIP,
  clear: null,
  text: "",
};
