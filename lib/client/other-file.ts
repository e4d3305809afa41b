import type { ImportRun } from "@/lib/domain/import-run";

import type { InputFile } from "./input-file";

/** Why a file cannot go on with a run: its size or its contents differ. */
export function otherFile(run: ImportRun, file: InputFile): string {
  const difference =
    file.size === run.file.bytes
      ? "has the same size but other contents"
      : `has ${file.size.toLocaleString("en")} bytes, the run's file ${run.file.bytes.toLocaleString("en")}`;
  return `${file.name} is not the file of this run: it ${difference}. Drop the unchanged ${run.file.name}, or start a new import for this one.`;
}
