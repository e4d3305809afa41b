import { createStepRunner } from "@/lib/domain/step-runner";
import { headersAfter } from "@/lib/domain/table-steps";

import type { OpenedFile } from "./import-session";

/**
 * The file as its table is after the steps of the mapping: with the columns
 * that they add, the first rows changed, and a mapping that has no steps left
 * to do. For pages that show columns; change the mapping by functions only.
 */
export function steppedFile(opened: OpenedFile): OpenedFile {
  const { preview, mapping } = opened;
  const { steps, ...rest } = mapping;
  if (!steps) return opened;
  const run = createStepRunner(steps, preview.headers);
  const { headerRow } = preview.options;
  return {
    ...opened,
    mapping: rest,
    preview: {
      ...preview,
      headers: [...headersAfter(steps, preview.headers)],
      firstRows: preview.firstRows.map(({ rowNumber, cells }) => ({
        rowNumber,
        cells: rowNumber > headerRow ? [...run(cells, rowNumber)] : [...cells],
      })),
    },
  };
}
