import type { CheckReport, ImportRun } from "@/lib/domain/import-run";
import {
  otherFileSentence,
  readOtherwiseSentence,
} from "@/lib/wording/import-failures";

import type { InputFile } from "./input-file";

/** Why a file cannot go on with a run: its size or its contents differ. */
export function otherFile(run: ImportRun, file: InputFile): string {
  return otherFileSentence({ name: file.name, bytes: file.size }, run.file);
}

const COUNTS = [
  ...(["rowsRead", "rowsRejected", "rowsBlank", "rowsMerged"] as const),
  ...(["entities", "deletes", "batches"] as const),
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
    // Also asked for by what the source holds, which no file tells.
    (check.needsOrder || !report.needsOrder) &&
    (check.rowsUnchanged ?? 0) === (report.rowsUnchanged ?? 0)
  );
}

/** Why a file with a run's very bytes cannot go on with it. */
export function readOtherwise(run: ImportRun, report: CheckReport): string {
  return readOtherwiseSentence(report, run.check);
}
