"use client";

import { Download, FileUp, List } from "lucide-react";

import { Button } from "@/components/ui/button";
import { LinkButton } from "@/components/ui/link-button";
import type { ForecastState } from "@/lib/client/forecast-tracker";
import { paths } from "@/lib/client/paths";
import type { ImportRun } from "@/lib/domain/import-run";

import { ForecastCompared } from "./forecast-compared";
import { RunMedia } from "./run-media";
import { RunResult } from "./run-result";

/** What happened, and what to do next. */
export function ImportEnded({
  run,
  forecast,
  isDownloading,
  onDownload,
  onAnother,
}: {
  run: ImportRun;
  /** Of the file, before it was imported. */
  forecast: ForecastState;
  isDownloading: boolean;
  onDownload: () => void;
  onAnother: () => void;
}) {
  return (
    <div className="space-y-5">
      <RunResult run={run} />
      <ForecastCompared run={run} forecast={forecast} />
      <RunMedia run={run} />
      <div className="flex flex-wrap gap-2">
        <LinkButton href={paths.sourceEntries(run.source.id)} variant="primary">
          <List aria-hidden />
          See the entries
        </LinkButton>
        {run.check.rowsRejected > 0 && (
          <Button isLoading={isDownloading} onClick={onDownload}>
            <Download aria-hidden />
            Download rejected rows
          </Button>
        )}
        <Button onClick={onAnother}>
          <FileUp aria-hidden />
          Import another file
        </Button>
        <LinkButton href={paths.importRun(run.id)} variant="ghost">
          Details of this run
        </LinkButton>
      </div>
    </div>
  );
}
