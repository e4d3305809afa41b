import { CircleCheck, CircleSlash } from "lucide-react";

import { formatCount, formatNumber } from "@/lib/client/format-number";
import type { ImportRun } from "@/lib/domain/import-run";
import { runTotals } from "@/lib/domain/run-totals";

import { NumberFacts, type NumberFact } from "./number-facts";
import { RunTotals } from "./run-totals";

/** What a run did, in one sentence and as numbers. */
export function RunResult({ run }: { run: ImportRun }) {
  const { applied, check } = run;
  const isFinished = run.status === "finished";
  const facts: NumberFact[] = [
    ["entries created", applied.created, true],
    ["updated", applied.updated, true],
    ["unchanged", applied.unchanged, true],
    ["deleted", applied.deleted, applied.deleted > 0 || check.deletes > 0],
    ["set aside", applied.aside, applied.aside > 0],
    ["rows rejected", check.rowsRejected, true],
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

function resultSentence({ status, applied, check }: ImportRun): string {
  const sent = formatCount(
    applied.entities - applied.aside,
    "entry",
    "entries",
  );
  const aside =
    applied.aside > 0 ? `, ${formatNumber(applied.aside)} set aside` : "";
  const rejected =
    check.rowsRejected > 0
      ? `, ${formatCount(check.rowsRejected, "row")} rejected`
      : "";
  return status === "finished"
    ? `${sent} imported${aside}${rejected}`
    : `Cancelled after ${sent} of ${formatNumber(check.entities)}${aside}`;
}
