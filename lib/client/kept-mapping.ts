import type { ColumnMapping } from "@/lib/domain/mapping";
import { rowNumbering } from "@/lib/domain/row-numbering";
import { mappingForOtherFile } from "@/lib/domain/step-edit";
import type { TablePreview } from "@/lib/importer/messages";

/** Told when a file is read in a way that gives its rows other numbers. */
export const EDITS_LEFT_OUT =
  "The changes of single cells were left out: the rows are others now. All other changes are kept.";

/**
 * The mapping of a file that is read in another way and has the same columns:
 * edits of single cells only stay while the same rows have the same numbers.
 */
export function mappingKept(
  before: { preview: TablePreview; mapping: ColumnMapping },
  preview: TablePreview,
): { mapping: ColumnMapping; isWithoutEdits: boolean } {
  const { mapping } = before;
  const isWithoutEdits =
    mapping.steps?.some((step) => step.do === "edit") === true &&
    rowNumbering(before.preview.options) !== rowNumbering(preview.options);
  return {
    mapping: isWithoutEdits ? mappingForOtherFile(mapping) : mapping,
    isWithoutEdits,
  };
}
