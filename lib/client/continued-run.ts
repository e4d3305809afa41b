import type { ImportRun } from "@/lib/domain/import-run";
import type { ColumnMapping } from "@/lib/domain/mapping";
import { withPlacedEdits } from "@/lib/domain/placed-edits";
import { withoutRecipe } from "@/lib/domain/recipe";
import { mappingForOtherFile } from "@/lib/domain/step-edit";
import type { TablePreview } from "@/lib/importer/messages";

/** What is known of the run whose rejected rows a file holds. */
export type ContinuedRun = {
  /** `null`: the run is not there, is of another source, or nothing was sent. */
  run: (Pick<ImportRun, "id" | "startedAt"> & { fileName: string }) | null;
  /** That of the run; `undefined` when its columns are others. */
  mapping: ColumnMapping | undefined;
  /** More cells of the rows were changed one by one than can be changed again. */
  isWithoutEdits: boolean;
};

/** Looks for the run that a file of rejected rows names; `undefined` for any other file. */
export async function findContinuedRun(
  preview: TablePreview,
  sourceId: string,
  findRun: (runId: string) => Promise<ImportRun>,
): Promise<ContinuedRun | undefined> {
  if (!preview.rejectedBy) return undefined;
  const { runId, edits = [] } = preview.rejectedBy;
  // Without an answer the file is imported as any other.
  const run = runId && (await findRun(runId).catch(() => undefined));
  if (!run || run.source.id !== sourceId || run.kind !== "import") {
    return { run: null, mapping: undefined, isWithoutEdits: false };
  }
  const { id, startedAt, file, headers } = run;
  const isSame = JSON.stringify(headers) === JSON.stringify(preview.headers);
  // Rejected rows are not the next file of a recipe.
  const plain = isSame
    ? withoutRecipe(mappingForOtherFile(run.mapping))
    : undefined;
  const mapping = plain && withPlacedEdits(plain, preview.headers, edits);
  return {
    run: { id, startedAt, fileName: file.name },
    mapping: mapping ?? plain,
    isWithoutEdits: plain !== undefined && mapping === undefined,
  };
}

/** The mapping with the edits that a file of rejected rows notes, as far as they can be made again. */
export function withNotedEdits(
  mapping: ColumnMapping,
  { headers, rejectedBy }: TablePreview,
): ColumnMapping {
  const edits = rejectedBy?.edits;
  return (edits && withPlacedEdits(mapping, headers, edits)) || mapping;
}
