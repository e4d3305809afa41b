import { createStepRunner } from "@/lib/domain/step-runner";
import { headersAfter, type TableStep } from "@/lib/domain/table-steps";

import type { AskContext, Table } from "./row-desk";
import type { StepPreview } from "./row-messages";
import { scanRows } from "./scan-rows";

const EXAMPLES_MAX = 5;
const CHARS_SHOWN = 200;

/** What one more step would change in the whole file, counted by going through it. */
export async function previewStep(
  scan: Table & AskContext,
  step: TableStep,
): Promise<StepPreview> {
  const columns = headersAfter(scan.mapping.steps, scan.headers);
  const width = headersAfter([step], columns).length;
  const next = createStepRunner([step], columns);
  const preview: StepPreview = { cells: 0, rows: 0, examples: [] };

  await scanRows(scan, (cells, rowNumber) => {
    const after = next(cells, rowNumber);
    if (after === cells) return;
    preview.rows += 1;
    for (let column = 0; column < width; column++) {
      const from = cells[column] ?? "";
      const to = after[column] ?? "";
      if (from === to) continue;
      preview.cells += 1;
      if (preview.examples.length < EXAMPLES_MAX) {
        preview.examples.push({
          ...{ rowNumber, column },
          ...{ from: cut(from), to: cut(to) },
        });
      }
    }
  });
  return preview;
}

const cut = (text: string) =>
  text.length > CHARS_SHOWN ? `${text.slice(0, CHARS_SHOWN)}…` : text;
