import { CircleCheck, CircleSlash } from "lucide-react";

import type { ImportRun } from "@/lib/domain/import-run";
import { runTotals } from "@/lib/domain/run-totals";
import { resultSentence, RUN_RESULT_WORDS } from "@/lib/wording/import-run";

import { NumberFacts, type NumberFact } from "./number-facts";
import { RunTotals } from "./run-totals";

/** What a run did, in one sentence and as numbers. */
export function RunResult({ run }: { run: ImportRun }) {
  const { applied, check } = run;
  const isFinished = run.status === "finished";
  const { facts: names } = RUN_RESULT_WORDS;
  const facts: NumberFact[] = [
    [names.created, applied.created, true],
    [names.updated, applied.updated, true],
    [names.unchanged, applied.unchanged, true],
    [names.deleted, applied.deleted, applied.deleted > 0 || check.deletes > 0],
    [names.aside, applied.aside, applied.aside > 0],
    [names.rejected, check.rowsRejected, true],
  ];
  const Icon = isFinished ? CircleCheck : CircleSlash;
  return (
    <div className="rounded-card border border-border bg-surface p-6 shadow-card">
      <p className="flex items-center gap-2.5 text-base font-semibold">
        <Icon
          aria-hidden
          className={
            isFinished
              ? "size-5 shrink-0 text-success-text"
              : "size-5 shrink-0 text-muted"
          }
        />
        <span role="status">{resultSentence(run)}</span>
      </p>
      <div className="mt-5">
        <NumberFacts facts={facts} />
      </div>
      <div className="mt-5">
        <RunTotals totals={runTotals(run)} />
      </div>
    </div>
  );
}
