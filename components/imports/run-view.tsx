"use client";

import { Section } from "@/components/ui/card";
import { DescriptionList } from "@/components/ui/description-list";
import { Notice } from "@/components/ui/notice";
import { RelativeTime } from "@/components/ui/relative-time";
import { formatBytes } from "@/lib/client/format-number";
import type { RunActions } from "@/lib/client/run-actions";
import { useImportRun } from "@/lib/client/use-import-run";
import { isHandedOver, type ImportRun } from "@/lib/domain/import-run";
import { RUN_WORDS as WORDS } from "@/lib/wording/import-run";

import { issueSummary, RowIssues } from "./row-issues";
import { RemoteBatches } from "./remote-batches";
import { RunBatches } from "./run-batches";
import { RunChain } from "./run-chain";
import { RunDelivery } from "./run-delivery";
import { RunHead } from "./run-head";
import { RunMapping } from "./run-mapping";
import { RunMedia } from "./run-media";
import { RunMirror } from "./run-mirror";
import { RunProgress } from "./run-progress";
import { RunReports } from "./run-reports";
import { RunResult } from "./run-result";
import { RunResume } from "./run-resume";
import { SetAside } from "./set-aside";
import { RunUndo } from "./run-undo";

type RunViewProps = {
  initial: ImportRun;
  /** Missing for who may only read. */
  actions?: RunActions | undefined;
};

/** One import run: what it does or did, how to go on with it, and its report. */
export function RunView({ initial, actions }: RunViewProps) {
  const { data: run = initial, error } = useImportRun(initial.id, initial);
  const isOpen = run.status === "running" || run.status === "paused";
  return (
    <>
      <RunHead run={run} title={run.file.name} lead={WORDS.into} />
      <div className="space-y-6">
        {error && (
          <Notice tone="warning">{WORDS.outOfDate(error.message)}</Notice>
        )}
        {!isOpen && <RunResult run={run} />}
        {run.delivery && (isOpen || run.delivery.batches > 0) && (
          <RunDelivery run={run} actions={actions} />
        )}
        {isOpen && !actions && <RunProgress run={run} />}
        {isOpen && actions && !isHandedOver(run) && (
          <RunResume run={run} actions={actions} />
        )}
        <RunMirror run={run} />
        <RunMedia run={run} />
        {(!isOpen || !actions) && (
          <SetAside run={run} count={run.applied.aside} />
        )}
        <RunChain run={run} />
        {!isOpen && <RunUndo run={run} canEdit={actions !== undefined} />}
        <Facts run={run} />
        {run.check.issues.length > 0 && (
          <section aria-label={WORDS.rejected} className="space-y-3">
            <h2 className="text-[0.9375rem] font-semibold">
              {issueSummary(run.check.rowsRejected, run.check.issues)}
            </h2>
            <RowIssues
              issues={run.check.issues}
              parts={run.tableOptions.parts}
            />
          </section>
        )}
        {!isOpen && <RunReports run={run} />}
        <Section title={WORDS.mapping} isPadded={false}>
          <RunMapping run={run} />
        </Section>
        <Section
          title={WORDS.batches}
          description={(run.delivery
            ? WORDS.batchesAccepted
            : WORDS.batchesApplied)(run.applied.batches, run.batchesTotal)}
          isPadded={false}
        >
          {run.delivery ? (
            <RemoteBatches run={run} />
          ) : (
            <RunBatches run={run} />
          )}
        </Section>
      </div>
    </>
  );
}

function Facts({ run }: { run: ImportRun }) {
  const { check, file, tableOptions } = run;
  return (
    <Section title={WORDS.file}>
      <DescriptionList
        facts={[
          { name: WORDS.size, value: formatBytes(file.bytes) },
          {
            name: WORDS.readAs,
            value: WORDS.readAsText(tableOptions),
          },
          {
            name: WORDS.rows,
            value: WORDS.rowCounts(check),
          },
          {
            name: WORDS.finished,
            value: <RelativeTime at={run.finishedAt} empty={WORDS.notYet} />,
          },
        ]}
      />
    </Section>
  );
}
