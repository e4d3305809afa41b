"use client";

import { useQueryClient } from "@tanstack/react-query";
import { Undo2 } from "lucide-react";
import { useRouter } from "next/navigation";

import { PageHeader } from "@/components/shell/page-header";
import { AlertDialog } from "@/components/ui/alert-dialog";
import { Button } from "@/components/ui/button";
import { Section } from "@/components/ui/card";
import { LinkButton } from "@/components/ui/link-button";
import { LiveRegion } from "@/components/ui/live-region";
import { Notice } from "@/components/ui/notice";
import { Progress } from "@/components/ui/progress";
import { importQueries } from "@/lib/client/import-queries";
import { paths } from "@/lib/client/paths";
import { tabId } from "@/lib/client/tab-id";
import { keptCsv } from "@/lib/client/undo-preview";
import type { ImportRun } from "@/lib/domain/import-run";
import type { ActionResult } from "@/lib/domain/result";
import { needsTypedConfirmation } from "@/lib/domain/undo-run";
import { UNDO } from "@/lib/wording/undo";

import { KeptList } from "./kept-list";
import { NumberFacts } from "./number-facts";
import { UndoChanges } from "./undo-changes";
import { useUndoPreview } from "./use-undo-preview";

type UndoPreviewProps = {
  run: ImportRun;
  /** Entries of the source: much of it is confirmed by typing. */
  entryCount: number;
  startUndo: (runId: string, tabId: string) => Promise<ActionResult<ImportRun>>;
};

/** What undoing a run would do, before it is done. */
export function UndoPreview({ run, entryCount, startUndo }: UndoPreviewProps) {
  const router = useRouter();
  const client = useQueryClient();
  const { preview, isComplete, problem, turn, again } = useUndoPreview(run.id);
  const { entries } = preview.totals;
  const changed = entries.updated + entries.deleted + entries.created;

  async function start(): Promise<string | undefined> {
    const started = await startUndo(run.id, tabId());
    if (!started.ok) return started.error.message;
    void client.invalidateQueries({ queryKey: importQueries.all() });
    router.push(paths.importRun(started.data.id));
    return undefined;
  }

  return (
    <>
      <PageHeader
        title={
          <span className="break-all">
            {UNDO.previewTitle[run.kind](run.file.name)}
          </span>
        }
        breadcrumbs={[
          { label: UNDO.runs, href: paths.imports() },
          { label: run.file.name, href: paths.importRun(run.id) },
        ]}
      />
      <div className="space-y-6">
        <LiveRegion>{isComplete ? UNDO.compared : undefined}</LiveRegion>
        {problem && (
          <Notice
            tone="danger"
            actions={
              <>
                <Button size="sm" onClick={again}>
                  {UNDO.compareAgain}
                </Button>
                <LinkButton size="sm" href={paths.importRun(run.id)}>
                  {run.file.name}
                </LinkButton>
              </>
            }
          >
            {problem}
          </Notice>
        )}
        {!problem && (
          <Section title={UNDO.whatWillHappen}>
            <div className="space-y-5">
              {!isComplete && (
                <div className="space-y-2">
                  <Progress
                    label={UNDO.compareProgress}
                    value={preview.batches > 0 ? preview.batch : undefined}
                    max={preview.batches}
                  />
                  <p className="text-sm text-muted">
                    {UNDO.comparing}
                    {preview.batches > 0 &&
                      ` ${UNDO.comparingOf(preview.batch, preview.batches)}.`}
                  </p>
                </div>
              )}
              <NumberFacts
                facts={[
                  [UNDO.facts.updated, entries.updated, true],
                  [UNDO.facts.deleted, entries.deleted, true],
                  [UNDO.facts.created, entries.created, true],
                  [UNDO.facts.kept, preview.keptCount, true],
                ]}
              />
              {isComplete && changed === 0 && (
                <p className="text-sm">{UNDO.nothingLeft}</p>
              )}
              {isComplete && changed > 0 && (
                <AlertDialog
                  trigger={
                    <Button variant="primary">
                      <Undo2 aria-hidden />
                      {UNDO.confirm[run.kind]}
                    </Button>
                  }
                  tone="primary"
                  title={UNDO.confirmTitle[run.kind]}
                  description={UNDO.confirmText(entries)}
                  confirmLabel={UNDO.confirm[run.kind]}
                  {...(needsTypedConfirmation(changed, entryCount) && {
                    typedConfirmation: run.source.identifier,
                  })}
                  onConfirm={start}
                />
              )}
            </div>
          </Section>
        )}
        {preview.keptCount > 0 && (
          <KeptList
            lines={preview.kept}
            count={preview.keptCount}
            isDone={false}
            sourceId={run.source.id}
            fileName={run.file.name}
            makeCsv={() => Promise.resolve(keptCsv(preview.keptParts))}
          />
        )}
        {isComplete && changed > 0 && (
          <UndoChanges key={turn} run={run} turn={turn} preview={preview} />
        )}
      </div>
    </>
  );
}
