"use client";

import { useQuery } from "@tanstack/react-query";
import { CircleCheck, CircleSlash } from "lucide-react";

import { Section } from "@/components/ui/card";
import { Notice } from "@/components/ui/notice";
import { TextLink } from "@/components/ui/text-link";
import { paths } from "@/lib/client/paths";
import type { RunActions } from "@/lib/client/run-actions";
import {
  keptCsv,
  keptCsvLines,
  KEPT_SHOWN_MAX,
} from "@/lib/client/undo-preview";
import { readAllKept, undoQueries } from "@/lib/client/undo-queries";
import { useImportRun } from "@/lib/client/use-import-run";
import type { ImportRun } from "@/lib/domain/import-run";
import { RUN_WORDS } from "@/lib/wording/import-run";
import { UNDO } from "@/lib/wording/undo";

import { KeptList } from "./kept-list";
import { NumberFacts } from "./number-facts";
import { RunBatches } from "./run-batches";
import { RunHead } from "./run-head";
import { RunUndo } from "./run-undo";
import { UndoProgress } from "./undo-progress";

/** A run that takes another one back: how far it is, what it did, what it left. */
export function UndoRunView({
  initial,
  actions,
}: {
  initial: ImportRun;
  /** Missing for who may only read. */
  actions?: RunActions | undefined;
}) {
  const { data: run = initial, error } = useImportRun(initial.id, initial);
  const isOpen = run.status === "running" || run.status === "paused";
  return (
    <>
      <RunHead
        run={run}
        title={UNDO.nameOf(run.file.name)}
        lead={
          <>
            {`${UNDO.takesBack} `}
            <TextLink href={paths.importRun(run.undoOf ?? run.id)}>
              {UNDO.theImport(run.file.name)}
            </TextLink>
            {` ${UNDO.into}`}
          </>
        }
      />
      <div className="space-y-6">
        {error && (
          <Notice tone="warning">{RUN_WORDS.outOfDate(error.message)}</Notice>
        )}
        {isOpen ? (
          <UndoProgress run={run} actions={actions} />
        ) : (
          <UndoResult run={run} />
        )}
        {run.keptCount > 0 && <Kept run={run} isDone={!isOpen} />}
        {!isOpen && <RunUndo run={run} canEdit={actions !== undefined} />}
        <Section
          title={UNDO.batches}
          description={UNDO.batchesApplied(
            run.applied.batches,
            run.batchesTotal,
          )}
          isPadded={false}
        >
          <RunBatches run={run} />
        </Section>
      </div>
    </>
  );
}

function UndoResult({ run }: { run: ImportRun }) {
  const { applied, status } = run;
  const isFinished = status === "finished";
  const Icon = isFinished ? CircleCheck : CircleSlash;
  const changed = applied.updated + applied.deleted + applied.created;
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
        <span role="status">
          {isFinished
            ? UNDO.result.finished(changed)
            : UNDO.result.cancelled(applied.batches, run.batchesTotal)}
        </span>
      </p>
      <div className="mt-5">
        <NumberFacts
          facts={[
            [UNDO.facts.updated, applied.updated, true],
            [UNDO.facts.deleted, applied.deleted, true],
            [UNDO.facts.created, applied.created, true],
            [UNDO.facts.kept, run.keptCount, true],
          ]}
        />
      </div>
    </div>
  );
}

function Kept({ run, isDone }: { run: ImportRun; isDone: boolean }) {
  const { data } = useQuery(undoQueries.kept(run.id, run.keptCount));
  if (!data) return null;
  return (
    <KeptList
      lines={data.lines.slice(0, KEPT_SHOWN_MAX)}
      count={run.keptCount}
      isDone={isDone}
      sourceId={run.source.id}
      fileName={run.file.name}
      makeCsv={() => allKept(run.id)}
    />
  );
}

async function allKept(runId: string): Promise<Blob> {
  const parts: Blob[] = [];
  for await (const lines of readAllKept(runId)) {
    parts.push(new Blob([keptCsvLines(lines)]));
  }
  return keptCsv(parts);
}
