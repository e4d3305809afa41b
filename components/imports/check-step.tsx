"use client";

import { ArrowLeft, Download, Rows3, Send } from "lucide-react";
import type { ReactNode } from "react";

import { Button } from "@/components/ui/button";
import { LiveRegion } from "@/components/ui/live-region";
import { Notice } from "@/components/ui/notice";
import { Progress } from "@/components/ui/progress";
import type { ForecastTracker } from "@/lib/client/forecast-tracker";
import type {
  CheckedFile,
  ImportSession,
  TimedProgress,
} from "@/lib/client/import-session";
import { progressRate } from "@/lib/client/progress-rate";
import type { TableOptions } from "@/lib/domain/import-run";
import type { ColumnMapping } from "@/lib/domain/mapping";
import { withKeyRules } from "@/lib/domain/mapping-edit";
import { headersAfter } from "@/lib/domain/table-steps";
import { CHECK_WORDS as WORDS } from "@/lib/wording/import-check";
import { changeTexts } from "@/lib/wording/recipe-changes";
import { ROW_WORDS } from "@/lib/wording/rows";

import { CheckContents } from "./check-contents";
import { CheckForecast } from "./check-forecast";
import { CheckKeys } from "./check-keys";
import { CheckQuotes } from "./check-quotes";
import { EntityPreview } from "./entity-preview";
import { KeyRepair } from "./key-repair";
import { NumberFacts, type NumberFact } from "./number-facts";
import { RecipeChanges } from "./recipe-changes";
import { issueSummary, RowIssues } from "./row-issues";

type CheckStepProps = {
  session: Extract<ImportSession, { at: "checking" | "checked" }>;
  source: { id: string; name: string };
  forecast: ForecastTracker;
  isDownloading: boolean;
  onStop: () => void;
  /** Changes the mapping and checks again. */
  onMapping: (change: (mapping: ColumnMapping) => ColumnMapping) => void;
  /** Reads the file again in another way. */
  onOptions: (options: Partial<TableOptions>) => void;
  onDownload: () => void;
  onFixRows: () => void;
  onBack: () => void;
  onSend: () => void;
  /** Lines of lesser weight, before the way on. */
  children?: ReactNode;
};

export function CheckStep(props: CheckStepProps) {
  const { session } = props;
  return session.at === "checking" ? (
    <Checking
      timed={session.timed}
      fileBytes={session.opened.file.size}
      onStop={props.onStop}
    />
  ) : (
    <Checked {...props} session={session} />
  );
}

function Checking({
  timed,
  fileBytes,
  onStop,
}: {
  timed: TimedProgress;
  fileBytes: number;
  onStop: () => void;
}) {
  const rows = timed.progress?.rows ?? 0;
  const bytes = timed.progress?.bytesRead ?? 0;
  const rate = progressRate({
    amount: rows,
    total: rows,
    elapsedMs: timed.nowMs - timed.startedAtMs,
  });
  return (
    <div className="space-y-4 rounded-card border border-border bg-surface p-6 shadow-card">
      <h2 className="text-[0.9375rem] font-semibold">{WORDS.checking}</h2>
      <Progress
        label={WORDS.checkedShare}
        value={timed.progress ? bytes : undefined}
        max={fileBytes}
      />
      <div className="flex flex-wrap items-center justify-between gap-3 text-sm text-muted">
        <p>
          {WORDS.progress({
            rows,
            perSecond: rate?.perSecond,
            bytes,
            fileBytes,
          })}
        </p>
        <Button onClick={onStop}>{WORDS.stop}</Button>
      </div>
      <LiveRegion>{WORDS.checkingSpoken}</LiveRegion>
    </div>
  );
}

function Checked({
  session: { opened, checked, isStarting, problem },
  source,
  forecast,
  isDownloading,
  onMapping,
  onOptions,
  onDownload,
  onFixRows,
  onBack,
  onSend,
  children,
}: Omit<CheckStepProps, "session"> & {
  session: Extract<ImportSession, { at: "checked" }>;
}) {
  const { report, entities } = checked;
  return (
    <div className="space-y-6">
      <LiveRegion>
        {WORDS.done(report.entities, report.rowsRejected)}
      </LiveRegion>
      {problem && <Notice tone="danger">{problem}</Notice>}
      <CheckQuotes {...{ opened, checked, onOptions }} />
      {checked.notices.map((notice) => (
        <Notice key={notice} tone="warning">
          {notice}
        </Notice>
      ))}
      <CheckTotals checked={checked} />
      <RecipeChanges {...{ opened, checked, onMapping }} onAdjust={onBack} />
      <CheckForecast {...{ forecast, report }} sourceId={source.id} />
      {report.entities === 0 && (
        <Notice tone="warning" title={WORDS.nothing}>
          {whyNothing(checked)}
        </Notice>
      )}
      <CheckKeys
        found={checked.insights.repeatedKeys}
        mapping={opened.mapping}
        headers={headersAfter(opened.mapping.steps, opened.preview.headers)}
        onMapping={onMapping}
      />
      <KeyRepair
        repair={checked.insights.keyRepair}
        onRules={(rules) =>
          onMapping((mapping) => withKeyRules(mapping, rules))
        }
      />
      {report.issues.length > 0 && (
        <section aria-label={WORDS.rejected} className="space-y-3">
          <div className="flex flex-wrap items-center justify-between gap-2">
            <div>
              <h2 className="text-[0.9375rem] font-semibold">
                {issueSummary(report.rowsRejected, report.issues)}
              </h2>
              <p className="text-[0.8125rem] text-muted">
                {WORDS.rejectedHint}
              </p>
            </div>
            <span className="flex flex-wrap gap-2">
              <Button onClick={onFixRows}>
                <Rows3 aria-hidden />
                {ROW_WORDS.fix}
              </Button>
              <Button isLoading={isDownloading} onClick={onDownload}>
                <Download aria-hidden />
                {WORDS.downloadRejected}
              </Button>
            </span>
          </div>
          <RowIssues
            issues={report.issues}
            parts={opened.preview.options.parts}
          />
        </section>
      )}
      <CheckContents {...{ sourceId: source.id, opened, checked, onMapping }} />
      <EntityPreview entities={entities} total={report.entities} />
      {children}
      <div className="sticky bottom-0 z-20 -mx-1 flex flex-wrap items-center justify-between gap-3 border-t border-border bg-background/95 px-1 py-3 backdrop-blur">
        <Button onClick={onBack}>
          <ArrowLeft aria-hidden />
          {WORDS.back}
        </Button>
        {report.entities > 0 && (
          <Button variant="primary" isLoading={isStarting} onClick={onSend}>
            <Send aria-hidden />
            {WORDS.send(report.entities)}
            <span className="sr-only">{` ${WORDS.sendInto(source.name)}`}</span>
          </Button>
        )}
      </div>
    </div>
  );
}

function CheckTotals({ checked: { report } }: { checked: CheckedFile }) {
  const { facts: names } = WORDS;
  const facts: NumberFact[] = [
    [names.read, report.rowsRead, true],
    [names.entities, report.entities, true],
    [names.deletes, report.deletes, report.deletes > 0],
    [names.merged, report.rowsMerged, report.rowsMerged > 0],
    [names.unchanged, report.rowsUnchanged ?? 0, !!report.rowsUnchanged],
    [names.rejected, report.rowsRejected, true],
    [names.blank, report.rowsBlank, report.rowsBlank > 0],
    [names.batches, report.batches, report.batches > 1],
  ];
  return (
    <div className="rounded-card border border-border bg-surface px-5 py-4 shadow-card">
      <NumberFacts facts={facts} />
    </div>
  );
}

function whyNothing({ report }: CheckedFile): string {
  if (report.rowsRead === 0) {
    return WORDS.noRow;
  }
  if (report.rowsRead === report.rowsBlank) {
    return WORDS.allBlank;
  }
  if (report.rowsUnchanged) return changeTexts.nothingChanged;
  return WORDS.allRejected;
}
