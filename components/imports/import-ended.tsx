"use client";

import { FileUp, List } from "lucide-react";

import { Button } from "@/components/ui/button";
import { LinkButton } from "@/components/ui/link-button";
import type { ForecastState } from "@/lib/client/forecast-tracker";
import { paths } from "@/lib/client/paths";
import type { RunActions } from "@/lib/client/run-actions";
import { useImportRun } from "@/lib/client/use-import-run";
import type { ImportRun } from "@/lib/domain/import-run";
import { RUN_WORDS } from "@/lib/wording/import-run";
import { IMPORT_ENDED_WORDS } from "@/lib/wording/import-send";

import { ForecastCompared } from "./forecast-compared";
import { RunDelivery } from "./run-delivery";
import { ReportButton } from "./report-button";
import { RunChain } from "./run-chain";
import { RunMedia } from "./run-media";
import { RunResult } from "./run-result";
import { SetAside } from "./set-aside";
import type { Reports } from "./use-reports";

/** What happened, and what to do next. */
export function ImportEnded({
  run: ended,
  forecast,
  reports,
  actions,
  onAnother,
}: {
  run: ImportRun;
  actions: RunActions;
  /** Of the file, before it was imported. */
  forecast: ForecastState;
  reports: Reports;
  onAnother: () => void;
}) {
  // Of a remote source it ends when the endpoint has accepted the last batch.
  const { data: run = ended } = useImportRun(ended.id, ended);
  return (
    <div className="space-y-5">
      {run.status === "running" ? (
        <RunDelivery run={run} actions={actions} />
      ) : (
        <RunResult run={run} />
      )}
      <ForecastCompared run={run} forecast={forecast} />
      <RunMedia run={run} />
      <SetAside run={run} count={run.applied.aside} />
      <RunChain run={run} />
      <div className="flex flex-wrap gap-2">
        <LinkButton href={paths.sourceEntries(run.source.id)} variant="primary">
          <List aria-hidden />
          {RUN_WORDS.seeEntries}
        </LinkButton>
        {run.check.rowsRejected + run.applied.aside > 0 && (
          <ReportButton report="rejectedRows" reports={reports} />
        )}
        <ReportButton report="receipt" reports={reports} />
        <Button onClick={onAnother}>
          <FileUp aria-hidden />
          {IMPORT_ENDED_WORDS.another}
        </Button>
        <LinkButton href={paths.importRun(run.id)} variant="ghost">
          {IMPORT_ENDED_WORDS.details}
        </LinkButton>
      </div>
    </div>
  );
}
