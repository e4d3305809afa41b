import type { CheckReport, ImportRun } from "@/lib/domain/import-run";

import type { InputFile } from "./input-file";

/** Why a file cannot go on with a run: its size or its contents differ. */
export function otherFile(run: ImportRun, file: InputFile): string {
  const difference =
    file.size === run.file.bytes
      ? "has the same size but other contents"
      : `has ${file.size.toLocaleString("en")} bytes, the run's file ${run.file.bytes.toLocaleString("en")}`;
  return `${file.name} is not the file of this run: it ${difference}. Drop the unchanged ${run.file.name}, or start a new import for this one.`;
}

const COUNTS = [
  ...(["rowsRead", "rowsRejected", "rowsBlank", "rowsMerged"] as const),
  ...(["entities", "deletes", "batches", "needsOrder"] as const),
] as const;

/**
 * Whether a check of a run's file came to what the run's own check did: only
 * then are its batches the same. The same bytes may be read otherwise, as when
 * one of several files has another name and so is not found again.
 */
export function isReadAsBefore(run: ImportRun, report: CheckReport): boolean {
  const { check } = run;
  return (
    COUNTS.every((name) => check[name] === report[name]) &&
    (check.rowsUnchanged ?? 0) === (report.rowsUnchanged ?? 0)
  );
}

/** Why a file with a run's very bytes cannot go on with it. */
export function readOtherwise(run: ImportRun, report: CheckReport): string {
  const sizeOf = ({ rowsRead, entities, batches }: CheckReport) =>
    `${rowsRead.toLocaleString("en")} rows, ${entities.toLocaleString("en")} entries and ${batches.toLocaleString("en")} batches`;
  return `The contents are those of this run's file, but they are read otherwise now: ${sizeOf(report)} instead of ${sizeOf(run.check)}. Drop all of its files together under the names they had. If that does not help, cancel the run and import the file anew.`;
}
