import { z } from "zod";

import type { TableOptions } from "@/lib/domain/import-run";
import { columnMappingSchema, type ColumnMapping } from "@/lib/domain/mapping";
import { rowNumbering } from "@/lib/domain/row-numbering";
import { mappingForOtherFile } from "@/lib/domain/step-edit";

type Reading = { headers: readonly string[]; options: TableOptions };
type DroppedFile = Pick<File, "name" | "size" | "lastModified">;

const draftSchema = z.object({
  headers: z.array(z.string()),
  /** Edits of single cells belong to one file. */
  file: z.string().optional(),
  mapping: columnMappingSchema,
});

/**
 * The last mapping made for a source in this tab, if it was for a file with
 * these very headers: a reload then costs one drop and not the work. Edits of
 * single cells come back for the same file only, when its rows are the same.
 */
export function readDraft(
  sourceId: string,
  { headers, options }: Reading,
  file: DroppedFile,
): ColumnMapping | undefined {
  try {
    const stored = sessionStorage.getItem(keyOf(sourceId));
    const draft = draftSchema.safeParse(JSON.parse(stored ?? "null"));
    if (!draft.success) return undefined;
    const isSame =
      JSON.stringify(draft.data.headers) === JSON.stringify(headers);
    if (!isSame) return undefined;
    const { mapping } = draft.data;
    return draft.data.file === markOf(file, options)
      ? mapping
      : mappingForOtherFile(mapping);
  } catch {
    return undefined; // No storage, or not what we wrote.
  }
}

export function writeDraft(
  sourceId: string,
  { headers, options }: Reading,
  mapping: ColumnMapping,
  file: DroppedFile,
): void {
  try {
    sessionStorage.setItem(
      keyOf(sourceId),
      JSON.stringify({ headers, mapping, file: markOf(file, options) }),
    );
  } catch {
    // Full or switched off: the draft is a convenience.
  }
}

/** Other sheets of the same file have other rows under the same numbers. */
function markOf(
  { name, size, lastModified }: DroppedFile,
  options: TableOptions,
): string {
  return JSON.stringify([name, size, lastModified, rowNumbering(options)]);
}

function keyOf(sourceId: string): string {
  return `import-draft:${sourceId}`;
}
