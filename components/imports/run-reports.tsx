"use client";

import { useEffect, useState } from "react";

import { Section } from "@/components/ui/card";
import { LiveRegion } from "@/components/ui/live-region";
import { Notice } from "@/components/ui/notice";
import { Progress } from "@/components/ui/progress";
import { formatBytes } from "@/lib/client/format-number";
import { startImportWorker } from "@/lib/client/import-worker";
import { RunFile, type RunFileState } from "@/lib/client/run-file";
import type { ImportRun } from "@/lib/domain/import-run";
import { RUN_PROGRESS_WORDS } from "@/lib/wording/import-run";
import { RECEIPTS } from "@/lib/wording/receipts";

import { FileDrop } from "./file-drop";
import { ReportButton } from "./report-button";
import { useReports } from "./use-reports";

/** Reports of a run whose file is not open: it is dropped again, compared with the run, and read. */
export function RunReports({ run }: { run: ImportRun }) {
  const [state, setState] = useState<RunFileState>({ is: "none" });
  const [file] = useState(
    () =>
      new RunFile({ run, startWorker: startImportWorker, onState: setState }),
  );
  useEffect(() => () => file.close(), [file]);
  const reports = useReports((report) => file.report(report), run.file.name);
  if ((run.check.rowsUnchanged ?? 0) > 0) {
    return (
      <Section
        title={RECEIPTS.reportsTitle}
        description={RECEIPTS.reportsOnlyThen}
      />
    );
  }
  const hasRejected = run.check.rowsRejected + run.applied.aside > 0;

  return (
    <Section title={RECEIPTS.reportsTitle} description={RECEIPTS.reportsHint}>
      <div className="space-y-3">
        {state.is === "refused" && (
          <Notice tone="danger">{state.message}</Notice>
        )}
        {reports.problem && <Notice tone="danger">{reports.problem}</Notice>}
        {(state.is === "none" || state.is === "refused") && (
          <FileDrop
            isCompact
            variant="secondary"
            title={RUN_PROGRESS_WORDS.dropHere(run.file.name)}
            hint={formatBytes(run.file.bytes)}
            onFile={(...files) => file.open(files)}
            onProblem={(message) => setState({ is: "refused", message })}
          />
        )}
        {state.is === "reading" && (
          <div role="status" className="space-y-2 text-sm">
            <p>{RECEIPTS.reading}</p>
            <Progress
              label={RECEIPTS.readingShare}
              value={state.bytesRead}
              max={run.file.bytes}
            />
          </div>
        )}
        {state.is === "ready" && (
          <>
            <LiveRegion>{RECEIPTS.reportsReady}</LiveRegion>
            <div className="flex flex-wrap gap-2">
              {hasRejected && (
                <ReportButton report="rejectedRows" reports={reports} />
              )}
              <ReportButton report="receipt" reports={reports} />
            </div>
          </>
        )}
      </div>
    </Section>
  );
}
