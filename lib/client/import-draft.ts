import { z } from "zod";

import { columnMappingSchema, type ColumnMapping } from "@/lib/domain/mapping";

const draftSchema = z.object({
  headers: z.array(z.string()),
  mapping: columnMappingSchema,
});

/**
 * The last mapping made for a source in this tab, if it was for a file with
 * these very headers: a reload then costs one drop and not the work.
 */
export function readDraft(
  sourceId: string,
  headers: readonly string[],
): ColumnMapping | undefined {
  try {
    const stored = sessionStorage.getItem(keyOf(sourceId));
    const draft = draftSchema.safeParse(JSON.parse(stored ?? "null"));
    if (!draft.success) return undefined;
    const isSame =
      JSON.stringify(draft.data.headers) === JSON.stringify(headers);
    return isSame ? draft.data.mapping : undefined;
  } catch {
    return undefined; // No storage, or not what we wrote.
  }
}

export function writeDraft(
  sourceId: string,
  headers: readonly string[],
  mapping: ColumnMapping,
): void {
  try {
    sessionStorage.setItem(
      keyOf(sourceId),
      JSON.stringify({ headers, mapping }),
    );
  } catch {
    // Full or switched off: the draft is a convenience.
  }
}

function keyOf(sourceId: string): string {
  return `import-draft:${sourceId}`;
}
