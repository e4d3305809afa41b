"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ChevronDown, ChevronUp, Eye, RefreshCw } from "lucide-react";
import { useState, useSyncExternalStore } from "react";

import { Button } from "@/components/ui/button";
import { LiveRegion } from "@/components/ui/live-region";
import { Notice } from "@/components/ui/notice";
import { Progress } from "@/components/ui/progress";
import type {
  ForecastState,
  ForecastTracker,
} from "@/lib/client/forecast-tracker";
import { formatCount, formatNumber } from "@/lib/client/format-number";
import { formatTimeOfDay } from "@/lib/client/format-time";
import { sourceQueries } from "@/lib/client/source-queries";
import type { CheckReport } from "@/lib/domain/import-run";
import { changesSentence, FORECAST } from "@/lib/wording/forecast";

import { CheckForecastChanges } from "./check-forecast-changes";

const SOURCE_EVERY_MS = 15_000;

type CheckForecastProps = {
  forecast: ForecastTracker;
  sourceId: string;
  report: Pick<CheckReport, "entities" | "rowsRejected">;
};

/** What the checked file would change in the source, once it is worked out; the import does not wait for it. */
export function CheckForecast(props: CheckForecastProps) {
  const { forecast, report } = props;
  const state = useForecast(forecast);
  if (report.entities === 0) return null;
  return (
    <section
      aria-label={FORECAST.title}
      className="rounded-card border border-border bg-surface px-5 py-4 shadow-card"
    >
      <LiveRegion>{spoken(state, report.rowsRejected)}</LiveRegion>
      {state.is === "none" && <NotYet {...props} />}
      {state.is === "running" && (
        <Running state={state} onCancel={forecast.cancel} />
      )}
      {state.is === "failed" && (
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p className="min-w-0 text-sm text-muted">
            {`${FORECAST.failed} ${state.message} ${FORECAST.failedHint}`}
          </p>
          <Button size="sm" onClick={forecast.start}>
            <RefreshCw aria-hidden />
            {FORECAST.again}
          </Button>
        </div>
      )}
      {state.is === "done" && (
        <Done key={state.forecastId} {...props} state={state} />
      )}
    </section>
  );
}

/** The state of a forecast, as it changes. */
export function useForecast(forecast: ForecastTracker): ForecastState {
  return useSyncExternalStore(
    forecast.subscribe,
    forecast.state,
    forecast.state,
  );
}

function NotYet({ forecast, report }: CheckForecastProps) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-3">
      <p className="min-w-0 text-sm text-muted">
        {FORECAST.startHint(formatCount(report.entities, "entry", "entries"))}
      </p>
      <Button onClick={forecast.start}>
        <Eye aria-hidden />
        {FORECAST.start}
      </Button>
    </div>
  );
}

function Running({
  state: { batches, batchesTotal },
  onCancel,
}: {
  state: Extract<ForecastState, { is: "running" }>;
  onCancel: () => void;
}) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
      <div className="min-w-48 flex-1 space-y-2">
        <p className="flex flex-wrap justify-between gap-x-3 text-sm">
          <span>{FORECAST.running}</span>
          <span className="text-muted tabular-nums">
            {FORECAST.progressOf(
              formatNumber(batches),
              formatNumber(batchesTotal),
            )}
          </span>
        </p>
        <Progress
          label={FORECAST.progress}
          value={batches}
          max={batchesTotal}
        />
      </div>
      <Button size="sm" onClick={onCancel}>
        {FORECAST.cancel}
      </Button>
    </div>
  );
}

function Done({
  forecast,
  sourceId,
  report,
  state: { forecastId, result },
}: CheckForecastProps & { state: Extract<ForecastState, { is: "done" }> }) {
  const [isOpen, setIsOpen] = useState(false);
  const queryClient = useQueryClient();
  const asOf = new Date(result.asOf);
  const changedAt = useLaterChange(sourceId, asOf);
  function again() {
    queryClient.removeQueries({ queryKey: ["forecast"] });
    forecast.start();
  }
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2">
        <div className="min-w-0 flex-1 basis-64">
          <h2 className="text-[0.9375rem] font-semibold">
            {FORECAST.title}{" "}
            <span className="text-[0.8125rem] font-normal text-muted">
              {FORECAST.asOf(formatTimeOfDay(asOf))}
            </span>
          </h2>
          <p className="mt-0.5 text-sm">
            {changesSentence(result.totals, report.rowsRejected)}
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          <Button size="sm" variant="ghost" onClick={again}>
            <RefreshCw aria-hidden />
            {FORECAST.again}
          </Button>
          <Button
            size="sm"
            aria-expanded={isOpen}
            onClick={() => setIsOpen(!isOpen)}
          >
            {isOpen ? <ChevronUp aria-hidden /> : <ChevronDown aria-hidden />}
            {isOpen ? FORECAST.hide : FORECAST.show}
          </Button>
        </div>
      </div>
      {changedAt && (
        <Notice tone="warning">
          {FORECAST.stale(formatTimeOfDay(changedAt))}
        </Notice>
      )}
      {isOpen && (
        <CheckForecastChanges
          {...{ forecast, sourceId, forecastId }}
          totals={result.totals}
        />
      )}
    </div>
  );
}

/** When the source was last imported into after that moment, if it was. */
function useLaterChange(sourceId: string, after: Date): Date | undefined {
  const { data } = useQuery({
    ...sourceQueries.one(sourceId),
    refetchInterval: SOURCE_EVERY_MS,
  });
  if (!data?.lastImportAt) return undefined;
  const at = new Date(data.lastImportAt);
  return at > after ? at : undefined;
}

function spoken(state: ForecastState, rowsRejected: number): string {
  if (state.is === "running") return FORECAST.running;
  if (state.is === "failed") return FORECAST.failed;
  if (state.is !== "done") return "";
  return `${FORECAST.title}: ${changesSentence(state.result.totals, rowsRejected)}`;
}
